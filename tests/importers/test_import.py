"""The import of logs of any shape, and what it does where a log is not perfect."""

import csv
import json
from pathlib import Path

import pytest

from support.histories.logs import HEAD, imported
from ticketcore.errors import CalendarError, LogError, MappingError
from ticketcore.events import FieldSet, Opened
from ticketcore.importers import ImportReport, import_log, parse_mapping

REPLIED = '[[event]]\nevent = "replied"\nby = "support"\n'
CLOSED = '[[event]]\nevent = "closed"\nby = "system"\n'
CHANGES = f"""{HEAD}
{REPLIED}to_state = "answered"
{CLOSED}to_state = "closed"
[[event]]
event = "replied"
by = "customer"
from_state = "answered"
to_state = {{ not = "closed" }}
"""


def rows(*lines: str, header: str = "id,at,state") -> str:
    """Return a CSV file."""
    return "\n".join([header, *lines, ""])


def test_a_row_for_each_change(tmp_path: Path) -> None:
    """The states before and after a row say what happened, in any order of the rows."""
    log = rows(
        "1,2026-01-08 12:00,closed",
        "2,2026-01-05 10:00,new",
        "1,2026-01-05 09:00,new",
        "1,2026-01-05 11:00,open",
        "1,2026-01-05 10:00,answered",
        "1,2026-01-06 12:00,answered",
        "2,2026-01-05 10:00,answered",
    )

    assert {
        "1": [
            "05T09:00 opened customer incident",
            "05T10:00 replied support",
            "05T11:00 replied customer",
            "06T12:00 replied support",
            "08T12:00 closed system",
        ],
        "2": ["05T10:00 opened customer incident", "05T10:00 replied support"],
    } == imported(tmp_path, log, CHANGES)


def test_a_row_for_each_activity(tmp_path: Path) -> None:
    """Every row with an activity makes its event, even twice in succession."""
    mapping = f'{HEAD}\n{REPLIED}where = {{ state = ["Reply", "Answer"] }}\nactor = "{{who}}"\n'
    log = rows(
        "1,2026-01-05,New,",
        "1,2026-01-06,Reply,Ada",
        "1,2026-01-07,Reply,",
        header="id,at,state,who",
    )

    assert {
        "1": [
            "05T00:00 opened customer incident",
            "06T00:00 replied support Ada",
            "07T00:00 replied support",
        ]
    } == imported(tmp_path, log, mapping)


def test_a_row_for_each_ticket(tmp_path: Path) -> None:
    """In a row for each ticket, each event has a column with its instant."""
    mapping = f"""
[log]
ticket = "id"
[opened]
at = "opened"
type = ["{{kind}}", "other"]
[[event]]
event = "closed"
at = "closed"
by = {{ column = "by", map = {{ robot = "system" }}, otherwise = "support" }}
{REPLIED}at = "solved"
solution = true
{REPLIED}at = "first"
where = {{ kind = "" }}
"""
    log = rows(
        "1,2026-01-05T09:00Z,2026-01-06T09:00Z,2026-01-05T10:00Z,2026-01-09T09:00Z,,robot",
        "2,2026-01-05T09:00Z,,2026-01-05T10:00Z,2026-01-04T09:00Z,bug,Ada",
        header="id,opened,solved,first,closed,kind,by",
    )
    report = ImportReport()

    assert {
        "1": [
            "05T09:00 opened customer other",
            "05T10:00 replied support",
            "06T09:00 replied support solution",
            "09T09:00 closed system",
        ],
        "2": ["05T09:00 opened customer bug", "05T09:00 closed support"],
    } == imported(tmp_path, log, mapping, report=report)
    assert (1, 0) == (report.moved, report.unused.total())


def test_an_event_without_a_value_that_it_needs_is_left_out(tmp_path: Path) -> None:
    """An event without a required value is left out and counted by its name."""
    mapping = f"""
[log]
ticket = "id"
[opened]
at = "opened"
type = "incident"
{REPLIED}at = "solved"
text = "{{text}}"
[[event]]
event = "assigned"
at = "opened"
by = "support"
assignee = "{{text}}"
[[event]]
event = "closed"
at = "closed"
by = {{ column = "text", map = {{ robot = "system" }} }}
"""
    log = rows(
        "1,2026-01-05,2026-01-06,2026-01-07,",
        "2,2026-01-05,soon,,robot",
        header="id,opened,solved,closed,text",
    )
    report = ImportReport()

    assert {
        "1": ["05T00:00 opened customer incident", "06T00:00 replied support"],
        "2": ["05T00:00 opened customer incident", "05T00:00 assigned support robot"],
    } == imported(tmp_path, log, mapping, report=report)
    assert ({"assigned": 1, "closed": 1}, 1) == (report.incomplete, report.wrong)
    assert "line 3: expected a time (iso), found 'soon'" in str(report.wrong_examples[0])


def test_columns_that_change_rise_and_fall(tmp_path: Path) -> None:
    """A column that changes, rises or falls is compared with the row before it."""
    mapping = f"""{HEAD}
[[event]]
event = "assigned"
changed = ["team", "person"]
by = "support"
assignee = ["{{person}}", "{{team}}"]
[[event]]
event = "escalated"
falls = "priority"
by = "support"
reason = "priority"
[[event]]
event = "escalated"
rises = "moves"
by = "support"
reason = "moved"
"""
    log = rows(
        "1,2026-01-05,new,a,,2 - High,0",
        "1,2026-01-06,new,b,,1 - Top,1",
        "1,2026-01-07,new,b,Ada,,2",
        "1,2026-01-08,new,,,3,2",
        header="id,at,state,team,person,priority,moves",
    )
    report = ImportReport()

    assert {
        "1": [
            "05T00:00 opened customer incident",
            "06T00:00 assigned support b",
            "06T00:00 escalated support priority",
            "07T00:00 assigned support Ada",
            "07T00:00 escalated support moved",
        ]
    } == imported(tmp_path, log, mapping, report=report)
    assert {"assigned": 1} == report.incomplete


def test_two_cells_can_be_compared(tmp_path: Path) -> None:
    """A condition may compare a cell with another column of its row."""
    mapping = f"""{HEAD}
{REPLIED}where = {{ who = {{ not = {{ column = "owner" }} }} }}
[[event]]
event = "replied"
by = "customer"
where = {{ who = {{ column = "owner" }} }}
"""
    log = rows(
        "1,2026-01-05,new,x,x",
        "1,2026-01-06,new,y,x",
        "1,2026-01-07,new,x,x",
        header="id,at,state,who,owner",
    )

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 replied support",
        "07T00:00 replied customer",
    ] == imported(tmp_path, log, mapping)["1"]


def test_case_and_outer_white_space_do_not_count(tmp_path: Path) -> None:
    """Cells are compared without case and outer white space."""
    mapping = f"""{HEAD}
[people]
actor = "who"
customer = "owner"
system = "ROBOT"
[fields]
product = "{{product}}"
[[event]]
event = "closed"
to_state = "Closed "
[[event]]
event = "replied"
where = {{ kind = "Mail" }}
[[event]]
event = "escalated"
changed = "product"
by = {{ column = "product", map = {{ tv = "vendor" }} }}
reason = "changed"
[[event]]
event = "acknowledged"
where = {{ who = {{ column = "kind" }} }}
"""
    log = rows(
        "1,2026-01-05,new,Eve,eve,TV,",
        " 1 , 2026-01-06 , MAIL , EVE ,Eve, tv,mAIL\t",
        "1,2026-01-07,CLOSED\u00a0,Robot,Eve,,ROBOT",
        "1,2026-01-08,closed,Ada,Eve,tV,x",
        header="id , at,state,who,owner,product,kind",
    )

    assert {
        "1": [
            "05T00:00 opened customer incident eve",
            "06T00:00 replied customer EVE",
            "07T00:00 closed system Robot",
            "07T00:00 reopened system Robot",
            "07T00:00 acknowledged system Robot",
            "08T00:00 escalated vendor changed Ada",
        ]
    } == imported(tmp_path, log, mapping)


def test_a_cell_can_contain_a_text(tmp_path: Path) -> None:
    """A condition may ask for a part of a cell in any case, or for its absence."""
    mapping = f"""{HEAD}
{REPLIED}where = {{ state = {{ contains = ["@Shop.example", "bot"] }} }}
[[event]]
event = "replied"
by = "customer"
where = {{ state = {{ not = {{ contains = "@shop" }} }} }}
"""
    log = rows(
        "1,2026-01-05,",
        "1,2026-01-06,Ada <ada@shop.example>",
        "1,2026-01-07,eve@home.example",
        "1,2026-01-08,",
    )

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 replied support",
        "07T00:00 replied customer",
        "08T00:00 replied customer",
    ] == imported(tmp_path, log, mapping)["1"]


def test_texts_and_parts_are_alternatives(tmp_path: Path) -> None:
    """Texts and parts in a list are alternatives, and `not` excludes all of them."""
    mapping = f"""{HEAD}
{REPLIED}where = {{ state = {{ not = ["", {{ contains = "[internal]" }}, "New"] }} }}
[[event]]
event = "note-added"
by = "support"
text = "{{state}}"
where = {{ state = ["Note", {{ contains = ["[internal]"] }}] }}
"""
    log = rows(
        "1,2026-01-05,New",
        "1,2026-01-06,",
        "1,2026-01-07,<div>[Internal] x</div>",
        "1,2026-01-08,Hello",
        "1,2026-01-09,note",
    )

    assert [
        "05T00:00 opened customer incident",
        "07T00:00 note-added support <div>[Internal] x</div>",
        "08T00:00 replied support",
        "09T00:00 note-added support note",
        "09T00:00 replied support",
    ] == sorted(imported(tmp_path, log, mapping)["1"])


@pytest.mark.parametrize(
    ("lookup", "expected"),
    [
        ('after = "<", before = ">"', ["ada@shop", "None", "ben@shop"]),
        ('before = "<"', ["Ada", "Robot", "Ben"]),
        ('after = ["a", "a"], before = ">"', ["da@shop", "None", "None"]),
        ('after = "<"', ["ada@shop>", "None", "ben@shop"]),
        ('before = "<", map = { ADA = "1", Ben = "2" }', ["1", "None", "2"]),
        (
            'after = "<", before = ">", map = { "ada@shop" = "1" }, otherwise = "x"',
            ["1", "x", "x"],
        ),
        ('after = "<", otherwise = "x"', ["ada@shop>", "x", "ben@shop"]),
        ('where = { id = ["1", "2"] }', ["Ada <ada@shop>", "Robot", "None"]),
        ('where = { id = "2" }, map = { Ada = "1" }, otherwise = "x"', ["None", "x", "None"]),
    ],
)
def test_a_value_can_be_a_part_of_a_cell(tmp_path: Path, lookup: str, expected: list[str]) -> None:
    """A value can be the part of a cell between two marks, or be that of some rows only."""
    mapping = f'{HEAD}subject = [{{ column = "state", {lookup} }}, "None"]'
    log = rows("1,2026-01-05,Ada <ada@shop>", "2,2026-01-05,Robot", "3,2026-01-05,Ben < ben@shop")

    assert expected == [
        opened.split(" ", 4)[4] for (opened,) in imported(tmp_path, log, mapping).values()
    ]


def test_columns_with_one_name_are_numbered(tmp_path: Path) -> None:
    """A repeated column name gets the next number that no other column has."""
    mapping = f"""{HEAD}
subject = "{{note}}, {{note 3}}, {{note 4}}, {{note 2}}"
"""
    log = rows(
        "1,2026-01-05,new,a,b,,c,d,",
        "id,at,state,note,note,,note 2,note,",
        header="id,at,state,note,note,,note 2,note,",
    )

    assert {"1": ["05T00:00 opened customer incident a, b, d, c"]} == imported(
        tmp_path, log, mapping
    )


def test_a_field_can_be_that_of_some_rows(tmp_path: Path) -> None:
    """A field with a condition keeps its value in the rows that do not fit."""
    mapping = f"""{HEAD}
[fields]
priority = {{ column = "to", where = {{ state = ["priority", "new"] }} }}
"""
    log = rows(
        "1,2026-01-05,new,low",
        "1,2026-01-06,status,open",
        "1,2026-01-07,Priority,high",
        header="id,at,state,to",
    )

    assert {
        "1": [
            "05T00:00 opened customer incident",
            "07T00:00 field-set support priority text high",
        ]
    } == imported(tmp_path, log, mapping)


def test_a_column_can_identify_rows(tmp_path: Path) -> None:
    """The last of several rows with one identity counts."""
    head = HEAD.replace("time =", 'id = "n"\ntime =')
    mapping = f"""{head}
[[event]]
event = "note-added"
by = "support"
text = "{{state}}"
where = {{ state = {{ not = "new" }} }}
"""
    log = rows(
        "1,2026-01-05,new,1",
        "1,2026-01-06,first,2",
        "1,2026-01-07,other,",
        "1,2026-01-07,other,",
        "1,2026-01-07,third,",
        "1,2026-01-06,edited,2",
        header="id,at,state,n",
    )
    report = ImportReport()

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 note-added support edited",
        "07T00:00 note-added support other",
        "07T00:00 note-added support third",
    ] == imported(tmp_path, log, mapping, report=report)["1"]
    assert 2 == report.repeated


def test_rows_that_repeat_another_one_are_left_out(tmp_path: Path) -> None:
    """Rows whose cells repeat those of another row are left out."""
    mapping = f'{HEAD}\n{REPLIED}where = {{ state = "Reply" }}\n'
    log = rows(
        "1,2026-01-05,New,1",
        "1,2026-01-06,Reply,2",
        "1,2026-01-06, Reply,2",
        "1,2026-01-06,Reply,3",
        header="id,at,state,n",
    )
    counts = []
    for text in (mapping, mapping.replace("[opened]", 'order = "n"\n[opened]')):
        report = ImportReport()
        made = imported(tmp_path, log, text, report=report)["1"]
        counts.append((len(made), report.repeated))

    assert [(2, 2), (3, 1)] == counts


def test_people_say_who_acted(tmp_path: Path) -> None:
    """The mapping says who acted: the customer of a column, a listed machine, or one party."""
    mapping = f"""{HEAD}
[people]
actor = "who"
customer = "owner"
system = "robot"
otherwise = "vendor"
[[event]]
event = "replied"
where = {{ state = "x" }}
"""
    log = rows(
        "1,2026-01-05,x,Eve,Eve",
        "1,2026-01-06,x,robot,Eve",
        "1,2026-01-07,x,Ada,Eve",
        "1,2026-01-08,x,,Eve",
        header="id,at,state,who,owner",
    )

    assert [
        "05T00:00 opened customer incident Eve",
        "06T00:00 replied system robot",
        "07T00:00 replied vendor Ada",
        "08T00:00 replied vendor",
    ] == imported(tmp_path, log, mapping)["1"]


def test_fields_are_read_by_their_types(tmp_path: Path) -> None:
    """Fields are read by their types, and a wrong amount is reported."""
    mapping = f"""{HEAD}
[[event]]
event = "refunded"
by = "vendor"
where = {{ state = "refund" }}
amount = "{{amount}} EUR"
units = "{{units}}"
awaits_confirmation = true
[[event]]
event = "dispute-opened"
by = "system"
where = {{ state = "claim" }}
dispute = "D-{{id}}"
kind = "claim"
deadline = "{{due}}"
[[event]]
event = "dispute-resolved"
by = "system"
where = {{ state = "over" }}
dispute = "D-{{id}}"
outcome = {{ column = "units", map = {{ lost = "lost" }}, otherwise = "won" }}
"""
    log = rows(
        "1,2026-01-05,refund,9.50,u1; u2,",
        "1,2026-01-06,refund,much,,",
        "1,2026-01-07,claim,,,2026-02-01",
        "1,2026-01-08,over,,lost,",
        "1,2026-01-09,claim,,,soon",
        header="id,at,state,amount,units,due",
    )
    report = ImportReport()

    assert [
        "05T00:00 opened customer incident",
        "05T00:00 refunded vendor 9.50 EUR u1+u2 awaits_confirmation",
        "07T00:00 dispute-opened system D-1 claim 2026-02-01T00:00:00.000000Z",
        "08T00:00 dispute-resolved system D-1 lost",
    ] == imported(tmp_path, log, mapping, report=report)["1"]
    assert ["line 3: 'much EUR' is no", "line 6: expected a time "] == [
        str(error)[:24] for error in report.wrong_examples
    ]


def test_a_log_that_lists_the_newest_row_first_is_read_from_its_end(tmp_path: Path) -> None:
    """A log with the newest row first is read from its end."""
    log = rows("1,2026-01-06,closed", "1,2026-01-05,answered", "1,2026-01-05,new")

    assert ["opened", "replied", "closed"] == [
        text.split()[1] for text in imported(tmp_path, log, CHANGES)["1"]
    ]


def test_columns_become_fields(tmp_path: Path) -> None:
    """A column becomes a field: the first row gives its value at the opening."""
    mapping = f"""{CHANGES}
[fields]
priority = "{{prio}}"
product = ["{{product}}", "unknown"]
"""
    log = rows(
        "1,2026-01-05,new,high,",
        "1,2026-01-06,answered,,TV",
        "1,2026-01-07,closed,low,TV",
        "2,2026-01-05,new,,TV",
        header="id,at,state,prio,product",
    )
    (first, second) = [
        events for _, events in import_log(_written(tmp_path, log), parse_mapping(mapping), "UTC")
    ]

    assert [("high", "unknown"), (None, "TV")] == [
        tuple(
            events[0].fields[name].value if name in events[0].fields else None  # type: ignore[attr-defined]
            for name in ("priority", "product")
        )
        for events in (first, second)
    ]
    assert ["opened", "replied", "field-set", "closed", "field-set"] == [
        getattr(event, "NAME", "") for event in first
    ]


def _written(folder: Path, log: str) -> Path:
    path = folder / "log"
    path.write_text(log)
    return path


def test_an_event_that_is_too_long_for_a_history_is_left_out(tmp_path: Path) -> None:
    """An event that is too long for a history is left out, or the ticket if it is the opening."""
    mapping = f'{HEAD}subject = "{{text}}"\n{REPLIED}text = "{{text}}{{text}}"\n'
    cells = [
        ("1", "2026-01-05", "x"),
        ("1", "2026-01-06", "x" * 600_000),
        ("1", "2026-01-07", "y"),
        ("2", "2026-01-05", "ä" * 200_000),
        ("3" * 1_000_000, "2026-01-05", "x"),
    ]
    log = [dict(zip(("id", "at", "text"), each, strict=True)) for each in cells]
    report = ImportReport()
    made = imported(tmp_path, log, mapping, report=report)

    assert {
        "1": [
            "05T00:00 opened customer incident x",
            "05T00:00 replied support xx",
            "07T00:00 replied support yy",
        ],
    } == made
    too_long = "expected a line of at most 1,000,000 bytes"
    assert [
        f"ticket '1': cannot make \"replied\": {too_long}",
        f"ticket '2': cannot make \"opened\": {too_long}",
    ] == [str(error) for error in report.wrong_examples[:2]]
    assert 3 == report.wrong


def test_nothing_follows_a_final_closing(tmp_path: Path) -> None:
    """Events after a final closing are left out and counted."""
    mapping = CHANGES.replace('to_state = "closed"', 'to_state = "closed"\nfinal = true', 1)
    log = rows("1,2026-01-05,new", "1,2026-01-06,closed", "1,2026-01-07,answered")
    report = ImportReport()

    assert 2 == len(imported(tmp_path, log, mapping, report=report)["1"])
    assert (1, 0) == (report.after_closing, report.reopened)


def test_an_action_on_a_closed_ticket_reopens_it(tmp_path: Path) -> None:
    """An action on a closed ticket reopens it, and a second closing is left out."""
    log = rows(
        "1,2026-01-05,new",
        "1,2026-01-06,closed",
        "1,2026-01-07,new",
        "1,2026-01-08,closed",
        "1,2026-01-09,answered",
    )
    report = ImportReport()

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 closed system",
        "09T00:00 reopened support",
        "09T00:00 replied support",
    ] == imported(tmp_path, log, CHANGES, report=report)["1"]
    assert (1, 1) == (report.reopened, report.after_closing)


@pytest.mark.parametrize(
    ("order", "expected"), [("2", ["open", "answered"]), ("x", ["answered", "open"])]
)
def test_a_column_can_order_the_rows(tmp_path: Path, order: str, expected: list[str]) -> None:
    """A column can order the rows: numbers by size, then texts."""
    mapping = (
        CHANGES.replace('time = "at"', 'time = "at"\norder = "n"')
        + """
[[event]]
event = "assigned"
by = "support"
to_state = "open"
assignee = "x"
"""
    )
    log = rows(
        "1,2026-01-05,new,1",
        f"1,2026-01-07,open,{order}",
        "1,2026-01-06,answered,10",
        header="id,at,state,n",
    )
    report = ImportReport()
    made = [text.split()[1:3] for text in imported(tmp_path, log, mapping, report=report)["1"]]

    assert ["assigned" if state == "open" else "replied" for state in expected] == [
        name for name, by in made if by == "support"
    ]
    assert (order == "2") == report.moved


def test_rows_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    """A row that cannot be read is left out and reported with its place."""
    log = rows(
        "1,2026-01-05,new",
        ",2026-01-05,new",
        "1,,new",
        "1,31/1/2026,new",
        "1,2026-01-05",
        "",
        '1,2026-01-05,"a" b',
        "2,2026-01-06,new",
        "\N{ZERO WIDTH SPACE},2026-01-06,new",
    )
    report = ImportReport()

    assert ["1", "2"] == [*imported(tmp_path, log, CHANGES, report=report)]
    assert [
        "line 3: has no ticket number",
        "line 6: expected 3 cells, as in the header, found 2",
        "line 8: cannot be read: ',' expected after '\"'",
        "line 10: has no ticket number",
        "line 4: has no time",
        "line 5: expected a time (iso), found '31/1/2026': time_format = \"day-first\" reads it",
    ] == [str(error) for error in report.wrong_examples]


def test_a_ticket_that_cannot_be_opened_is_left_out(tmp_path: Path) -> None:
    """An opening needs a type, and an instant that can be read."""
    mapping = HEAD.replace('"incident"', '"{state}"').replace("[opened]", '[opened]\nat = "since"')
    log = rows(
        "1,2026-01-05,,",
        "2,2026-01-05,new,never",
        "3,2026-01-06,new,2026-01-05",
        header="id,at,state,since",
    )
    report = ImportReport()

    assert {"3": ["05T00:00 opened customer new"]} == imported(
        tmp_path, log, mapping, report=report
    )
    assert ({"opened": 1}, 1) == (report.incomplete, report.wrong)


def test_hostile_cells_are_harmless(tmp_path: Path) -> None:
    """Formulas stay text; NUL and broken bytes are replaced and counted; long cells are kept."""
    mapping = f'{HEAD}\n{REPLIED}where = {{ state = {{ not = "" }} }}\ntext = "{{state}}"\n'
    cells = [b"=cmd|'/c calc'!A1", b"a\0b", b"\xff", b"x" * 100_000, "à\u202e".encode()]
    log = b"id,at,state\n" + b"".join(b"1,2026-01-05,%s\n" % cell for cell in cells)
    report = ImportReport()
    events = imported(tmp_path, log, mapping, report=report)["1"]
    expected = ["=cmd|'/c calc'!A1", "a\ufffdb", "\ufffd", "x" * 100_000, "à\u202e"]

    assert ["incident", *expected] == [text.split(" ", 3)[3] for text in events]
    assert 2 == report.damaged


def test_a_cell_of_a_megabyte_is_read(tmp_path: Path) -> None:
    """A cell of a megabyte is read, whatever limit the program has, and that limit stays."""
    before = csv.field_size_limit(5)
    log = rows("1,2026-01-05,new", f"1,2026-01-06,{'x' * 1_000_000}", "1,2026-01-07,answered")
    mapping = CHANGES.replace('to_state = "answered"', 'where = { state = { contains = "xx" } }')
    report = ImportReport()

    events = imported(tmp_path, log, mapping, report=report)["1"]
    limit = csv.field_size_limit(before)

    assert (2, 0, 5) == (len(events), report.wrong, limit)


def test_states_of_unused_rows_are_counted_up_to_a_limit(tmp_path: Path) -> None:
    """States of unused rows are counted one by one up to a limit, then together."""
    log = rows(*(f"1,2026-01-05,s{n}" for n in range(50)))
    report = ImportReport()
    imported(tmp_path, log, CHANGES, report=report)

    assert (21, 49, 29) == (len(report.unused), report.unused.total(), report.unused["…"])


def test_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    """An import with an unknown time zone is refused."""
    with pytest.raises(CalendarError):
        import_log(tmp_path, parse_mapping(CHANGES), "Boise")


def test_columns_are_compared_with_the_header(tmp_path: Path) -> None:
    """A column that the header lacks is a problem, unless an alternative has all its columns."""
    mapping = (
        CHANGES.replace('"id"', '["key", "id"]')
        .replace('"at"', '"when"')
        .replace('state = "state"', 'state = "stat"')
        .replace('"incident"', '["{state} {sate}", "incident"]')
    )
    with pytest.raises(MappingError) as caught:
        imported(tmp_path, rows("1,2026-01-05,new"), mapping)

    assert [
        ("log.time", 'the log has no column "when"; expected one of "at", "id", "state"'),
        ("log.state", 'the log has no column "stat"; did you mean "state"?'),
        ("opened.type", 'the log has no column "sate"; did you mean "state"?'),
    ] == [(problem.path, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b'"id', "line 1: the header cannot be read: unexpected end of data"),
        (b"\x1f\x8b\x08", "cannot be unpacked: "),
        (b"\x7fELF\0\0,\n", "line 1: is not text: give a CSV, JSON or XES file"),
    ],
)
def test_a_file_that_is_no_log_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that is not a log raises one error that says what is wrong with it."""
    with pytest.raises(LogError) as caught:
        imported(tmp_path, content, CHANGES)

    assert str(caught.value).startswith(message)


UNMAPPED = """
    [log]
    ticket = "id"
    time = "at"
    state = "state"
    unmapped = "fields"
    [opened]
    type = "incident"
    [fields]
    team = "{Group}"
    [[event]]
    event = "closed"
    to_state = "closed"
    by = "support"
"""


def test_columns_that_the_mapping_does_not_name_become_fields(tmp_path: Path) -> None:
    """Each has its value at the opening, a later value sets it; named columns have no other."""
    log = (
        "id,at,state,Group,Assignment Group,Priorität,_,team\n"
        "1,2026-01-05T10:00,open,a,x,hoch,?,T\n"
        "1,2026-01-05T11:00,closed,a,y,hoch,?,T\n"
    )
    (tmp_path / "log").write_text(log, "utf-8")
    report = ImportReport()
    [(_, events)] = import_log(tmp_path / "log", parse_mapping(UNMAPPED), "UTC", report=report)
    opened, _, changed = events
    assert isinstance(opened, Opened)
    assert {"team": "a", "assignment-group": "x", "priorität": "hoch"} == {
        name: field.value for name, field in opened.fields.items()
    }
    assert isinstance(changed, FieldSet)
    assert ("assignment-group", "y") == (changed.field, changed.value)
    assert () == report.without_effect


def opening_fields(tmp_path: Path, log: str, mapping: str = UNMAPPED) -> dict[str, str]:
    """Return the fields of the only ticket of a log at its opening."""
    (tmp_path / "log").write_text(log, "utf-8")
    report = ImportReport()
    [(_, events)] = import_log(tmp_path / "log", parse_mapping(mapping), "UTC", report=report)
    assert isinstance(events[0], Opened)
    assert 0 == report.wrong
    return {name: field.value for name, field in events[0].fields.items()}


@pytest.mark.parametrize("lines", [True, False])
def test_paths_of_json_that_the_mapping_does_not_name_become_fields(
    tmp_path: Path, *, lines: bool
) -> None:
    """A path to a text, a number or a list of texts is a column; objects in lists are none."""
    first = {
        "id": "1",
        "at": "2026-01-05T10:00",
        "state": "open",
        "Group": "a",
        "Product": {"Name": "b", "Version": 2, "Old": None},
        "labels": ["x", "y"],
        "urgent": True,
        "comments": [{"text": "left out"}],
    }
    later = {**first, "at": "2026-01-05T11:00", "region": "north"}
    log = f"{json.dumps(first)}\n{json.dumps(later)}" if lines else json.dumps([first, later])
    assert {
        "team": "a",
        "product-name": "b",
        "product-version": "2",
        "labels": "x, y",
        "urgent": "true",
    } == opening_fields(tmp_path, log)
    [(_, events)] = import_log(tmp_path / "log", parse_mapping(UNMAPPED), "UTC")
    assert ["region"] == [event.field for event in events if isinstance(event, FieldSet)]


NESTED = (
    UNMAPPED.replace('"id"', '"issues[].id"')
    .replace('unmapped = "fields"', 'unmapped = "fields"\nrows = "issues[].changes[]"')
    .replace('team = "{Group}"', 'team = "{issues[].Group}"')
)


def test_elements_around_the_rows_have_columns_too(tmp_path: Path) -> None:
    """The path of a field has no level; a column that the mapping names with its level is none."""
    issue = {
        "id": "1",
        "Group": "a",
        "priority": {"name": "high"},
        "changes": [{"id": "c7", "at": "2026-01-05T10:00", "state": "open", "via": "mail"}],
    }
    assert {"team": "a", "priority-name": "high", "id": "c7", "via": "mail"} == opening_fields(
        tmp_path, json.dumps({"issues": [issue]}), NESTED
    )


def test_attributes_of_traces_and_events_become_fields(tmp_path: Path) -> None:
    """Each attribute of XES that the mapping does not name is a field."""
    log = """<log><trace><string key="concept:name" value="1"/><string key="Group" value="a"/>
        <string key="Case Owner" value="ada"/><event><string key="state" value="open"/>
        <date key="at" value="2026-01-05T10:00:00Z"/><string key="org:role" value="x"/></event>
        </trace></log>"""
    mapping = UNMAPPED.replace('"id"', '"traces[].concept:name"')
    assert {"team": "a", "case-owner": "ada", "org-role": "x"} == opening_fields(
        tmp_path, log, mapping
    )


def test_the_paths_of_a_json_log_are_limited(tmp_path: Path) -> None:
    """An object with a key for each person, say, is refused with what to do."""
    rows = [
        {"id": "1", "at": "2026-01-05T10:00", "state": "open", "Group": "", "people": {f"p{n}": 1}}
        for n in range(1_001)
    ]
    (tmp_path / "log").write_text(json.dumps(rows), "utf-8")
    with pytest.raises(LogError, match="more than 1,000 columns would become fields"):
        next(import_log(tmp_path / "log", parse_mapping(UNMAPPED), "UTC"))


def test_not_too_many_columns_become_fields(tmp_path: Path) -> None:
    """A log with more columns than the limit is refused before its rows are read."""
    names = ",".join(f"c{n}" for n in range(1_001))
    (tmp_path / "log").write_text(f"id,at,state,Group,{names}\n", "utf-8")
    with pytest.raises(LogError, match="more than 1,000 columns would become fields"):
        next(import_log(tmp_path / "log", parse_mapping(UNMAPPED), "UTC"))
