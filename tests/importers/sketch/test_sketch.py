"""The sketch of a log: its columns are recognized, and its first mapping works."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.histories.logs import imported
from support.histories.servicenow import log_maker
from ticketcore.errors import LogError
from ticketcore.importers import ImportReport, LogSketch, import_log, parse_mapping, sketch_log


def sketched(folder: Path, content: str | Any) -> LogSketch:
    """Write a log and sketch it; other values than text become JSON."""
    path = folder / "log"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return sketch_log(path)


ACTIVITIES = """Case,Activity,When,Agent,Product
17,Assign,05.01.2026 09:12,Ada,TV
17,Wait for customer,05.01.2026 10:12,Ada,TV
17,Resolve,05.01.2026 11:30,Ada,TV
17,Closed,20.01.2026 09:00,Batch,TV
18,Assign,06.01.2026 09:12,Eve,TV
18,Closed,06.02.2026 09:00,Batch,TV
"""


def test_the_columns_of_a_table_are_recognized(tmp_path: Path) -> None:
    """The sketch recognizes the columns for ticket, time, state and person, and the states."""
    found = sketched(tmp_path, ACTIVITIES)

    assert ("Case", "When", "Activity", "Agent") == (
        found.ticket,
        found.time,
        found.state,
        found.person,
    )
    assert (6, ("day-first",), (), ("Batch",)) == (
        found.rows,
        found.time_format,
        found.lists,
        found.machines,
    )
    assert ("Assign", 2, {"Wait for customer": 1, "Closed": 1}) == found.states[0]
    assert ("Closed", 2, {None: 2}) == found.states[1]
    assert ("Product", 1, "TV") == found.columns[-1]


def test_the_first_mapping_of_a_table_works(tmp_path: Path) -> None:
    """The first mapping of a table has a rule for each known state, and a comment for others."""
    text = sketched(tmp_path, ACTIVITIES).to_toml()

    assert '# where = { Activity = "Assign" }\n' in text
    assert [
        "05T09:12 opened customer incident Ada",
        "05T10:12 replied support Ada",
        "05T11:30 replied support solution Ada",
        "20T09:00 closed system Batch",
    ] == imported(tmp_path, ACTIVITIES, text)["17"]


def test_a_row_for_each_ticket_is_recognized(tmp_path: Path) -> None:
    """A log with a row for each ticket gets a rule for each column with instants."""
    log = "number,opened,solved,closed\n" + "".join(
        f"{n},2026-01-0{n},2026-01-1{n},2026-01-2{n}\n" for n in (1, 2, 3)
    )
    found = sketched(tmp_path, log)

    assert ("number", None, ("opened", "solved", "closed")) == (
        found.ticket,
        found.time,
        found.instants,
    )
    assert [
        "01T00:00 opened customer incident",
        "11T00:00 replied support solution",
        "21T00:00 closed support",
    ] == imported(tmp_path, log, found.to_toml())["1"]


def test_the_time_of_a_row_is_the_one_that_changes(tmp_path: Path) -> None:
    """The column whose times change is that of the row, and cells without a value are noticed."""
    log = log_maker(tmp_path)(*[{}] * 4, {"number": "INC2"}, {"number": "INC2"})
    found = sketch_log(log)

    assert ("number", "sys_updated_at", ("?",)) == (found.ticket, found.time, found.missing)
    assert 2 == len(imported(tmp_path, log.read_text(), found.to_toml()))


def test_the_rows_of_nested_json_are_found(tmp_path: Path) -> None:
    """The sketch finds the rows of nested JSON in the deepest list of objects."""
    issues = [
        {
            "key": f"A-{n}",
            "aims": [{"x": 1}],
            "labels": [],
            "fields": {"created": f"2026-01-0{n}T09:00:00Z", "open": True},
            "log": {
                "changes": [
                    {"at": f"2026-01-0{n}T10:00:00Z", "state": "open", "author": {"name": "Ada"}},
                    {"at": f"2026-01-0{n}T11:00:00Z", "state": "closed", "x": None},
                ]
            },
        }
        for n in range(1, 4)
    ]
    found = sketched(tmp_path, [*issues, 7])

    assert ("[].log.changes[]", "[].key", "at", "state", "author.name") == (
        found.lists[0][0],
        found.ticket,
        found.time,
        found.state,
        found.person,
    )
    assert ["01T09:00 opened customer incident Ada", "01T11:00 closed support"] == imported(
        tmp_path, issues, found.to_toml()
    )["A-1"]


def test_json_lines_and_epochs_are_recognized(tmp_path: Path) -> None:
    """The sketch reads each line of JSON Lines as a row, and recognizes epochs."""
    lines = [{"id": n // 2, "ts": 1_767_600_000_000 + n, "action": str(n)} for n in range(6)]
    del lines[3]["action"]
    found = sketched(tmp_path, "\n".join(map(json.dumps, lines)))

    assert ((("[]", 6),), "id", ("epoch-ms",)) == (found.lists, found.ticket, found.time_format)
    assert 3 == len(imported(tmp_path, "\n".join(map(json.dumps, lines)), found.to_toml()))


def test_a_log_of_xes_is_recognized(tmp_path: Path) -> None:
    """The sketch names attributes of an XES trace by their path."""
    event = (
        '<event><string key="concept:name" value="{}"/>'
        '<date key="time:timestamp" value="2026-01-0{}T09:00:00Z"/></event>'
    )
    events = event.format("open", 5) + event.format("closed", 6)
    trace = '<trace><string key="concept:name" value="{}"/>{}</trace>'
    log = f"<log>{trace.format(1, events)}{trace.format(2, events)}</log>"
    found = sketched(tmp_path, log)

    assert ("traces[].concept:name", "time:timestamp", "concept:name") == (
        found.ticket,
        found.time,
        found.state,
    )
    assert 2 == len(imported(tmp_path, log, found.to_toml())["2"])


def test_a_log_with_unusual_names_and_cells_is_sketched_too(tmp_path: Path) -> None:
    """A log with unusual names is recognized by its cells, and quotes in states stay text."""
    found = sketched(
        tmp_path,
        'a,b,c,d,{e}\nx,1,"""\x7f\x01",2026-01-05,\nx,2,y,2026-01-05,\n'
        "x,2,y,2026-01-06,\nx,3,y,,1\n",
    )

    assert ("b", "d", "c") == (found.ticket, found.time, found.state)
    assert "\\u007f\\u0001" in found.to_toml()
    with pytest.raises(LogError, match="has no rows"):
        sketched(tmp_path, "a,b\n")


def test_the_names_of_columns_say_what_happens_at_their_instants(tmp_path: Path) -> None:
    """Names of columns in English and German say what happens at their instants."""
    log = (
        "Nr.;Ticketnummer;Erstellt;Geändert;Erste Antwort;Gelöst;Geschlossen;Typ;Priorität;"
        "Besitzer;Kunde\n"
        "1;20250001;05.01.2026 9:00;08.01.2026 9:00;06.01.2026 9:00;07.01.2026 9:00;"
        "08.01.2026 9:00;Störung;hoch;Ada;K1\n"
        "2;20250002;05.01.2026 9:00;31.01.2026 9:00;06.01.2026 9:00;-;-;Anfrage;normal;Eve;K2\n"
    ).encode("cp1252")
    path = tmp_path / "log"
    path.write_bytes(log)
    found = sketch_log(path)
    text = found.to_toml()

    assert ("Ticketnummer", "Erstellt", "cp1252", ("-",)) == (
        found.ticket,
        found.opened,
        found.encoding,
        found.missing,
    )
    assert ("Typ", {"priority": "Priorität"}, "Kunde") == (
        found.type,
        found.fields,
        found.customer,
    )
    assert '# at = "Geändert"\n' in text
    assert [
        "05T09:00 opened customer Störung K1",
        "06T09:00 replied support Ada",
        "07T09:00 replied support solution Ada",
        "08T09:00 closed support Ada",
    ] == imported(tmp_path, log, text)["20250001"]


def test_the_states_follow_in_the_order_of_time(tmp_path: Path) -> None:
    """The sketch sorts rows by time before it lists which state follows which."""
    lines = ACTIVITIES.splitlines(keepends=True)
    log = "".join([lines[0], *reversed(lines[1:]), "18,Assign,,Ada,TV\n"])

    assert {
        "Assign": {"Wait for customer", "Closed"},
        "Wait for customer": {"Resolve"},
        "Resolve": {"Closed"},
        "Closed": {None},
    } == {state: {*following} for state, _, following in sketched(tmp_path, log).states}


def test_a_state_of_one_row_is_counted_in_the_singular(tmp_path: Path) -> None:
    """The comment of a state that one row has counts "1 row"."""
    draft = sketched(tmp_path, ACTIVITIES).to_toml()

    assert '# "Resolve": 1 row, then "Closed" 1' in draft.splitlines()


def test_rows_without_states_are_messages(tmp_path: Path) -> None:
    """Rows without states are messages: the thread is the ticket, and the sender acts."""
    mails = [
        {
            "message-id": f"<{n}>",
            "thread": f"t{n // 3}",
            "from": f"{'ada' if n % 2 else 'eve'}@x",
            "date": f"Mon, {n + 5:02} Jan 2026 09:00:00 +0100",
        }
        for n in range(6)
    ]
    lines = "\n".join(map(json.dumps, mails))
    found = sketched(tmp_path, lines)

    assert ("thread", "from", ("email",), None) == (
        found.ticket,
        found.person,
        found.time_format,
        found.state,
    )
    assert [
        "05T08:00 opened customer incident eve@x",
        "05T08:00 replied support eve@x",
        "06T08:00 replied support ada@x",
        "07T08:00 replied support eve@x",
    ] == imported(tmp_path, lines, found.to_toml())["t0"]


def test_messages_without_a_person_are_of_support(tmp_path: Path) -> None:
    """Messages without a person get a rule with the party support."""
    log = "id,at\n1,2026-01-05\n1,2026-01-06\n2,2026-01-05\n"

    assert ["05T00:00 opened customer incident", "05T00:00 replied support"] == imported(
        tmp_path, log, sketched(tmp_path, log).to_toml()
    )["2"]


def test_changes_of_fields_are_the_states(tmp_path: Path) -> None:
    """In an audit trail, a row names a field and its new value, which is the state."""
    issues = [
        {
            "id": n,
            "created_on": f"2026-01-0{n}T09:00:00Z",
            "author": {"name": "Eve"},
            "journals": [
                {
                    "user": {"name": name},
                    "created_on": f"2026-01-1{day}T09:0{n}:00Z",
                    "details": [
                        {"property": "attr", "name": name_, "new_value": value}
                        for name_, value in (("status", status), ("team", "b"))
                    ],
                }
                for day, (name, status) in enumerate([("Eve", "2"), ("Robot", "5")])
            ],
            "watchers": [{"name": "Ada"}],
        }
        for n in range(1, 4)
    ]
    found = sketched(tmp_path, {"total": 3, "issues": issues})

    assert (
        ("issues[].journals[].details[]", 12),
        ("issues[].journals[]", 6),
        ("issues[]", 3),
    ) == found.lists
    assert ("issues[].id", "issues[].created_on", "{name} {new_value}") == (
        found.ticket,
        found.opened,
        found.state,
    )
    assert ("issues[].journals[].user.name", "issues[].author.name", ("Robot",)) == (
        found.person,
        found.customer,
        found.machines,
    )
    assert {"status 2", "status 5", "team b"} == {name for name, *_ in found.states}
    assert (
        '# rows = { details = "issues[].journals[].details[]", journals = "issues[].journals[]", '
        'issues = "issues[]" }\n'
    ) in found.to_toml()


def test_who_changed_a_field_is_neither_its_old_nor_its_new_value(tmp_path: Path) -> None:
    """Objects with numbers as keys are tables of persons, and not columns."""
    change = {"type": "updated", "attribute": "state", "value_from": "new", "id_from": 1}
    history = [
        {**change, "value_to": state, "created_by_id": 7, "created_at": f"2026-01-0{day}"}
        for day, state in ((5, "open"), (6, "pending close"), (7, "closed"))
    ]
    other = {"type": "created", "created_by_id": 8, "created_at": "2026-01-05"}
    persons = {"7": {"login": "ada"}}
    ticket = {"ticket_id": 3, "history": [*history, other], "assets": {"User": persons}}
    found = sketched(tmp_path, [ticket, {**ticket, "ticket_id": 4}])

    assert ("created_by_id", None, None) == (found.person, found.customer, found.type)
    assert ["state open", "state pending close", "state closed"] == [s[0] for s in found.states]
    assert not [name for name, _, _ in found.columns if "login" in name]
    assert '# customer = "…" # the column with the customer' in found.to_toml()


def test_the_name_of_a_machine_is_quoted_as_toml_wants_it(tmp_path: Path) -> None:
    """The name of a machine is quoted as TOML wants it, such as DEL as an escape."""
    rows = [
        {"ticket": t, "at": f"2026-01-0{n}T10:00:00Z", "state": f"s{n}", "user": user}
        for t in range(1, 4)
        for n, user in enumerate(("ann", "robot \x7f"), 1)
    ]
    found = sketched(tmp_path, rows)
    people = parse_mapping(found.to_toml()).people

    assert ("robot \x7f",) == found.machines
    assert people is not None
    assert ("robot \x7f",) == people.system


def test_only_the_most_frequent_states_are_listed(tmp_path: Path) -> None:
    """The sketch lists the most frequent states and counts the others."""
    states = [n for n in range(30) for _ in range(2)]
    lines = [f"{n},2026-01-05,state {state}" for n, state in enumerate(states)]
    text = sketched(tmp_path, "\n".join(["id,at,state", *lines, "0,2026-01-06,x"])).to_toml()

    assert 20 == text.count('to_state = "')
    assert "# and 11 rarer states\n" in text


@pytest.mark.parametrize("content", ['{"a": 1}', '{"a": 1}\nx', '{"a": "\udcff"}', '{"a": '])
def test_json_without_a_list_is_looked_at_too(tmp_path: Path, content: str) -> None:
    """A JSON document without a list is one row; a broken line is left out."""
    path = tmp_path / "log"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    if content != '{"a": ':
        found = sketch_log(path)
        assert 1 == found.rows
        assert ("?",) == parse_mapping(found.to_toml()).log.time.columns  # type: ignore[union-attr]
    else:
        with pytest.raises(LogError, match="is not JSON"):
            sketch_log(path)


def test_times_of_several_forms_are_recognized(tmp_path: Path) -> None:
    """A column of times may have cells of several forms, even unreadable ones."""
    usual = [f"{n},{n % 12 + 1}.1.2026 10:00,new" for n in range(1, 40)]
    found = sketched(
        tmp_path, "\n".join(["id,at,state", *usual, "40,2026-01-05,new", "41,1.1.2026 25 Uhr,new"])
    )

    assert ("at", ("day-first", "iso")) == (found.time, found.time_format)
    assert 'time_format = ["day-first", "iso"]\n' in found.to_toml()


def test_the_form_that_reads_most_times_counts(tmp_path: Path) -> None:
    """The form that reads most cells of a column counts."""
    found = sketched(tmp_path, "id,at\n" + "1,1/2/2026\n2,2/1/2026\n" * 20 + "3,1/31/2026\n")

    assert ("month-first",) == found.time_format


def test_long_texts_are_neither_states_nor_columns_nor_machines(tmp_path: Path) -> None:
    """Long texts are neither states nor columns nor machines, so the mapping stays short."""
    long = "robot " * 20_000
    rows = ["1,2026-01-05,new,Ada", f"1,2026-01-06,{long},{long}", "1,2026-01-07,new,Ada"]
    rows += ["2,2026-01-05,new,robot", "2,2026-01-06,closed,Ada"]
    head = f"id,at,state,agent,{long}"
    found = sketched(tmp_path, "\n".join([head, *(f"{row},1" for row in rows)]))

    assert ["new", "closed"] == [name for name, _, _ in found.states]
    assert ("robot",) == found.machines
    assert ["id", "at", "state", "agent"] == [name for name, _, _ in found.columns]
    assert len(found.to_toml()) < 1000


def test_a_log_without_times_says_so(tmp_path: Path) -> None:
    """A mapping for a log without times names the column that a person must fill in."""
    text = sketched(tmp_path, "id,state,at\n1,new,noon\n1,closed,night\n2,new,x\n").to_toml()

    assert "# No column was recognized as a time: name it, and say how it is written.\n" in text
    assert ("?",) == parse_mapping(text).log.time.columns  # type: ignore[union-attr]
    assert '\n[[event]]\nevent = "closed"\nto_state = "closed"\n' in text


def test_a_table_in_utf_16_needs_no_encoding(tmp_path: Path) -> None:
    """A table in UTF-16 needs no encoding in the mapping, because of its byte order mark."""
    (tmp_path / "log").write_bytes("id,at\n1,5.1.2026 Grüße".encode("utf-16"))

    assert "utf-8" == sketch_log(tmp_path / "log").encoding


def test_states_that_differ_by_case_are_one(tmp_path: Path) -> None:
    """States that differ by case or outer white space are one state."""
    states = ["New", " NEW", "Pending close", "", "Reopened"]
    lines = [f"1,2026-01-0{day},{state}" for day, state in enumerate(states, 1)]
    found = sketched(tmp_path, "\n".join(["id,at,state", *lines]))

    assert [("New", 2), ("Pending close", 1), ("Reopened", 1)] == [s[:2] for s in found.states]
    assert 'event = "replied"\nto_state = "Pending close"' in found.to_toml()
    assert 'event = "reopened"\nto_state = "Reopened"' in found.to_toml()


def test_a_ticket_that_an_export_repeats_is_one(tmp_path: Path) -> None:
    """A ticket that an export repeats is recognised as one ticket."""
    tickets = [f"{n},a{n},2026-01-{n:02},2026-02-{n:02}" for n in range(1, 21)]
    head = "id,created_by,created_at,closed_at"
    found = sketched(tmp_path, "\n".join([head, *tickets, tickets[0]]))

    assert (None, "created_at", None) == (found.time, found.opened, found.person)


def test_the_number_of_the_ticket_is_not_that_of_a_message(tmp_path: Path) -> None:
    """The column that recurs is the ticket's number, not that of a message."""
    notes = [
        {"id": n, "body": "x", "noteable_id": n // 3, "created_at": f"2026-01-{n + 1:02}"}
        for n in range(9)
    ]
    found = sketched(tmp_path, notes)

    assert "noteable_id" == found.ticket
    assert '# customer = "…"' not in found.to_toml()  # nobody is known


def test_a_large_document_is_read_up_to_its_list(tmp_path: Path) -> None:
    """A large document is read up to its list; its first fifty elements show the lists."""
    issues = [{"id": n, "at": "2026-01-05", "notes": [{"at": "2026-01-06"}]} for n in range(80)]
    found = sketched(tmp_path, {"data": {"issues": issues}})

    assert (("data.issues[].notes[]", 50), ("data.issues[]", 50)) == found.lists
    assert 80 == found.rows


def test_times_with_the_names_of_zones_are_recognized(tmp_path: Path) -> None:
    """Each name of a time zone gives a pattern in the mapping, which can be imported."""
    times = [
        "Jan 5, 2026 1:02:03 PM PST",
        "Jul 6, 2026 11:02:03 AM PDT",
        "Jan 7, 2026 1:00:00 PM PST",
    ]
    lines = [f'{n % 2},"{time}",new,a PDF' for n, time in enumerate(times)]
    found = sketched(tmp_path, "\n".join(["Ticket,Updated,State,Text", *lines, ""]))

    assert "Updated" == found.time
    assert ("%b %d, %Y %I:%M:%S %p PDT", "%b %d, %Y %I:%M:%S %p PST") == found.time_format
    report = ImportReport()
    mapping = parse_mapping(found.to_toml())
    assert 2 == len([*import_log(tmp_path / "log", mapping, "America/Boise", report=report)])
    assert 0 == report.wrong

    log = "Ticket,Updated,State\n" + "1,2026-01-05 10:00 UTC,new\n1,2026-01-06 10:00 UTC,old\n"
    assert ("iso",) == sketched(tmp_path, log).time_format


def test_a_damaged_row_may_lack_the_ticket(tmp_path: Path) -> None:
    """A damaged row may lack the ticket; the person is who changed the row."""
    header = "ID,Created By,Assigned To,Changed By,Changed Date,State"
    lines = [f"{n // 2},Eve,Ada,Ben{n % 3},2026-01-05 10:{n % 60:02},new" for n in range(200)]
    found = sketched(tmp_path, "\n".join([header, *lines, ",,,,2026-01-06,old", ""]))

    assert ("ID", "Changed By") == (found.ticket, found.person)


def test_a_log_of_created_rows_has_their_creators(tmp_path: Path) -> None:
    """If no other column has a person, the creator of a row is the person who acted."""
    log = "ticket,created,created by\n" + "".join(
        f"{n // 2},2026-01-0{n},x{n}\n" for n in range(1, 9)
    )

    assert "created by" == sketched(tmp_path, log).person


def test_the_name_of_a_changed_field_is_preferred(tmp_path: Path) -> None:
    """The name of a changed field is preferred to a property that gives its kind."""
    changes = [
        {"property": "attr", "name": "status_id", "new_value": "5"},
        {"property": "cf", "name": "6", "new_value": "x"},
    ]
    log = [
        {"id": n, "journals": [{"created_on": "2026-01-05", "details": changes}]} for n in (1, 2)
    ]

    assert "{name} {new_value}" == sketched(tmp_path, log).state
