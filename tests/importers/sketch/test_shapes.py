"""The sketch of logs as other systems write them is right, and its first mapping imports them."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.histories.logs import imported
from ticketcore.importers import LogSketch, parse_mapping, sketch_log

NOON = 1_767_614_400  # 5 January 2026 at 12:00 UTC


def sketched(folder: Path, content: str | Any) -> LogSketch:
    """Write a log and sketch it; other values than text become JSON."""
    path = folder / "log"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return sketch_log(path)


def conversation(number: int) -> dict[str, Any]:
    """Return a conversation in the form of Intercom, with times in seconds since 1970."""
    eve, ada = ({"type": kind, "name": name} for kind, name in [("user", "Eve"), ("admin", "Ada")])
    parts = [("note", ada), ("comment", ada), ("comment", ada), ("comment", eve), ("close", ada)]
    return {
        "id": str(number),
        "created_at": NOON,
        "source": {"author": eve},
        "conversation_parts": {
            "conversation_parts": [
                {"id": f"{number}{n}", "part_type": part, "created_at": NOON + n, "author": author}
                for n, (part, author) in enumerate(parts, 1)
            ]
        },
    }


def test_conversations_of_messages(tmp_path: Path) -> None:
    """Parts of a conversation are activities, of which two in succession count as two."""
    log = "\n".join(json.dumps(conversation(n)) for n in range(1, 4))
    found = sketched(tmp_path, log)

    assert ("[].id", "part_type", ("epoch",)) == (found.ticket, found.state, found.time_format)
    assert [
        "05T12:00 opened customer incident Eve Eve",
        "05T12:00 replied support Ada",
        "05T12:00 replied support Ada",
        "05T12:00 replied customer Eve",
        "05T12:00 closed support Ada",
    ] == imported(tmp_path, log, found.to_toml())["1"]


def test_values_of_changes_in_lists(tmp_path: Path) -> None:
    """Lists of added and removed values belong to the change that has them."""

    def change(n: int, field: str, added: str, removed: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "timestamp": (NOON + n) * 1_000,
            "author": {"login": "eve" if n == 3 else "ada", "name": f"Person {n}"},
            "field": {"name": field},
            "added": [{"name": added}],
            "removed": removed,
        }

    log = [
        {
            "id": f"P-{number}",
            "created": NOON * 1_000,
            "reporter": {"login": "eve"},
            "activities": [
                change(1, "Assignee", "solver", []),
                change(2, "State", "Waiting for customer", [{"name": "New"}]),
                change(3, "State", "Reopened", [{"name": "Fixed"}]),
                change(4, "State", "Fixed", [{"name": "Open"}]),
            ],
        }
        for number in (1, 2)
    ]
    found = sketched(tmp_path, log)

    assert (("[].activities[]", 8), ("[]", 2)) == found.lists
    assert ("{field.name} {added.name}", "author.login", "[].reporter.login") == (
        found.state,
        found.person,
        found.customer,
    )
    assert [
        "05T12:00 opened customer incident eve eve",
        "05T12:00 replied support ada",
        "05T12:00 replied support solution ada",
    ] == imported(tmp_path, log, found.to_toml())["P-1"]


def test_the_longest_list_with_times_is_read(tmp_path: Path) -> None:
    """The rows of a document are the list with the greatest number of elements with a time."""
    labels = [{"name": f"label {n}"} for n in range(90)]
    actions = [
        {
            "type": kind,
            "date": f"2026-01-0{day}T09:00:00.000Z",
            "data": {"card": {"idShort": card}, "list": {"name": "Doing"}},
            "memberCreator": {"id": f"5f{day}", "fullName": name},
        }
        for day, kind, name in [(7, "commentCard", "Ada"), (5, "createCard", "Eve")]
        for card in (7, 8)
    ]
    log = {"item": {"at": "2026"}, "labels": labels, "actions": actions, "lists": [{"at": 1}]}
    found = sketched(tmp_path, log)

    assert ("actions[]", "type", "memberCreator.fullName") == (
        found.lists[0][0],
        found.state,
        found.person,
    )
    assert ["05T09:00 opened customer incident Eve", "07T09:00 replied support Ada"] == imported(
        tmp_path, log, found.to_toml()
    )["7"]


def test_values_of_one_field(tmp_path: Path) -> None:
    """If each row gives a new value of one field, the values are the states."""
    log = {
        "results": [
            {
                "id": str(n),
                "createdate": "2026-01-05T08:00:00Z",
                "stages": [
                    {"value": value, "timestamp": f"2026-01-0{n}T09:0{value}:00Z", "sourceType": s}
                    for value, s in (("1", "UI"), ("2", "UI"), ("4", "AUTO"))
                ],
            }
            for n in (5, 6)
        ]
    }
    found = sketched(tmp_path, log)

    assert ("value", None) == (found.state, found.type)


UPPER = """ID,CASEID,CREATEDBYID,CREATEDDATE,FIELD,OLDVALUE,NEWVALUE
1,500A,003E,2026-01-05T09:00:00Z,created,,
2,500A,005A,2026-01-05T10:00:00Z,resolution,,Fixed
3,500A,005A,2026-01-05T10:00:00Z,Status,New,Solved
4,500A,005A,2026-01-06T10:00:00Z,Status,Solved,Closed
5,500B,003F,2026-01-06T09:00:00Z,created,,
6,500B,005A,2026-01-07T10:00:00Z,Status,New,Waiting for vendor
"""


def test_words_without_a_boundary_are_split(tmp_path: Path) -> None:
    """Names such as CREATEDBYID are read word by word; only changes of the state make events."""
    found = sketched(tmp_path, UPPER)

    assert ("CASEID", "CREATEDBYID", "{FIELD} {NEWVALUE}", "ID") == (
        found.ticket,
        found.person,
        found.state,
        found.order,
    )
    assert {
        "500A": [
            "05T09:00 opened customer incident 003E",
            "05T10:00 replied support solution 005A",
            "06T10:00 closed support 005A",
        ],
        "500B": ["06T09:00 opened customer incident 003F"],
    } == imported(tmp_path, UPPER, found.to_toml())


@pytest.mark.parametrize(
    ("numbers", "order"),
    [("1 2 3 4", "seq"), ("4 3 2 1", None), ("1 2 2 4", None), ("2 1 3 4", "seq")],
    ids=["in order", "against time", "not unique", "against the rows"],
)
def test_rows_of_one_instant_may_be_numbered(
    tmp_path: Path, numbers: str, order: str | None
) -> None:
    """A column numbers the rows if it is unique, and never contradicts the instants."""
    times = ["05 09:00", "05 09:00", "06 09:00", "06 09:00"]
    lines = [f"7,{n},2026-01-{at},x" for n, at in zip(numbers.split(), times, strict=True)]
    found = sketched(tmp_path, "\n".join(["ticket,seq,at,state", *lines, "8,1,2026-01-05,y", ""]))

    assert order == found.order
    assert (order is not None) is ('order = "seq"' in found.to_toml())


SNAPSHOTS = """number,state,mod_count,opened_at,done_at,sys_updated_at,sys_updated_by,assigned_to
7,New,0,2026-01-05 08:00,2026-01-06 09:00,2026-01-05 09:00,Eve,Ada
7,Waiting for a problem,1,2026-01-05 08:00,2026-01-06 09:00,2026-01-05 09:00,Cara,Ada
7,Resolved,2,2026-01-05 08:00,2026-01-06 09:00,2026-01-06 09:00,Ada,Ada
8,New,0,2026-01-05 07:00,,2026-01-05 07:30,Eve,Ben
"""


def test_snapshots_of_a_ticket(tmp_path: Path) -> None:
    """The opening is the column named so, and the actor is the person who changed the row."""
    found = sketched(tmp_path, SNAPSHOTS)

    assert ("sys_updated_at", "opened_at", "mod_count", "sys_updated_by") == (
        found.time,
        found.opened,
        found.order,
        found.person,
    )
    assert {
        "7": ["05T08:00 opened customer incident Eve", "06T09:00 replied support solution Ada"],
        "8": ["05T07:00 opened customer incident Eve"],
    } == imported(tmp_path, SNAPSHOTS, found.to_toml())


@pytest.mark.parametrize(
    ("day", "clock", "at"),
    [
        ("2026-01-05", "9:30", "05T09:30"),
        ("5/1/2026", "09:30 PM", "05T21:30"),
        ("2026-01-05 00:00", "09:30", "05T00:00"),
        ("05-Jan-2026", "09:30", None),
    ],
)
def test_the_time_of_day_may_have_a_column(
    tmp_path: Path, day: str, clock: str, at: str | None
) -> None:
    """A column with dates and one with times of day are joined, if that can be read."""
    lines = [f"{n // 2},x,{day},{clock},new" for n in range(4)]
    log = "\n".join(["ticket,note,created date,created time,state", *lines, ""])
    found = sketched(tmp_path, log)

    joined = "{created date} {created time}"
    assert (at is not None and not at.endswith("00:00")) is (joined == found.time)
    if at is not None:
        events = imported(tmp_path, log, found.to_toml())["0"]
        assert f"{at} opened customer incident" == events[0]


STATUSES = """ticket,at,status,sub status,opened by,owner,type
1,2026-01-05 09:00,Open,Waiting for support,Eve,Ada,M
1,2026-01-05 10:00,Open,Customer reply,Eve,Ben,R
1,2026-01-05 11:00,Open,On hold,Eve,Ada,M
2,2026-01-05 09:00,Open,Agent replied,Cara,Ben,R
2,2026-01-05 10:00,Closed,Closed,Cara,Ada,R
"""


def test_a_state_in_two_columns(tmp_path: Path) -> None:
    """Of two columns with states, the one with more states counts."""
    found = sketched(tmp_path, STATUSES)

    assert ("sub status", "owner", None) == (found.state, found.person, found.type)
    assert [
        "05T09:00 opened customer incident Ada",
        "05T10:00 replied customer Ben",
        "05T11:00 replied support Ada",
    ] == imported(tmp_path, STATUSES, found.to_toml())["1"]


def test_a_type_that_differs_within_a_ticket_is_an_activity(tmp_path: Path) -> None:
    """Without a column for the state, a type that differs within a ticket is the activity."""
    log = (
        "thread,created,type,staff id,poster\n1,2026-01-05,M,0,Eve\n1,2026-01-06,R,1,Ada\n"
        "2,2026-01-05,M,0,Cara\n2,2026-01-06,N,1,Ada\n"
    )
    found = sketched(tmp_path, log)

    assert ("type", None, "poster") == (found.state, found.type, found.person)


def test_texts_that_are_repeated_are_activities(tmp_path: Path) -> None:
    """A few texts that recur in many tickets are activities, while other texts are messages."""
    texts = ["opened", "changed to Pending", "changed to Closed"]
    lines = [f"{n // 3},2026-01-0{1 + n % 3},{texts[n % 3]},{n}" for n in range(15)]
    log = "\n".join(["ticket,at,source.message,text", *lines, ""])

    found = sketched(tmp_path, log)
    assert "source.message" == found.state
    assert '\nto_state = "changed to Pending"\n' in found.to_toml()
    assert None is sketched(tmp_path, "\n".join(["ticket,at,message,text", *lines[:3], ""])).state


def test_the_later_of_two_solutions_closes(tmp_path: Path) -> None:
    """If two columns are instants of a solution and none of a closing, the later one closes."""
    log = (
        "Request,Created,Resolved,Completed\n1,2026-01-05,2026-01-06,2026-01-07\n"
        "2,2026-01-08,2026-01-09,2026-01-10\n"
    )

    assert ["06T00:00 replied support solution", "07T00:00 closed support"] == imported(
        tmp_path, log, sketched(tmp_path, log).to_toml()
    )["1"][1:]


def test_the_customer_is_written_as_the_actor_is(tmp_path: Path) -> None:
    """Of several columns for a person, those whose cells agree are chosen."""
    log = "ticket,at,state,created by id,created by name,customer id\n" + "".join(
        f"{n // 2},2026-01-05 0{n}:00,s{n},{by},{'Eve' if by == 7 else 'Ada'},7\n"
        for n, by in enumerate([7, 3, 7, 4])
    )
    found = sketched(tmp_path, log)

    assert ("created by id", "customer id") == (found.person, found.customer)


@pytest.mark.parametrize(
    "log",
    [
        [{"id": n, "[x]": [{"at": "2026-01-05"}, {"at": "2026-01-06"}]} for n in (1, 2)],
        {"": [{"id": 1, "at": "2026-01-05"}]},
        {"a[b": [{"id": 1, "at": "2026-01-05"}], "rows": [{"id": 1}]},
        "id,user,state\n1,Ada,open\n1,Ben,resolved\n",
        "id,,at\n1,2026-01-05,9:30\n1,2026-01-06,9:30\n",
        "id,date,{time}\n1,2026-01-05,9:30\n1,2026-01-06,9:30\n",
    ],
    ids=["list", "empty list", "bracket", "no time", "empty column", "braces"],
)
def test_the_first_mapping_loads_whatever_the_names_are(tmp_path: Path, log: object) -> None:
    """Names that a mapping cannot contain are left out, so that the first mapping loads."""
    found = sketched(tmp_path, log)

    assert found.ticket in (parse_mapping(found.to_toml()).log.ticket.columns[0], None)


def test_rows_of_no_ticket_hide_no_ticket_number(tmp_path: Path) -> None:
    """A board's log of actions has some that concern no card; the cards are the tickets."""
    actions: list[dict[str, Any]] = [
        {
            "id": f"a{n}",
            "date": f"2026-01-05T10:{n:02}:00Z",
            "data": {"card": {"id": f"c{n % 3}"}},
        }
        for n in range(9)
    ]
    renamed = {"id": "a9", "date": "2026-01-05T11:00:00Z", "data": {"board": {"id": "b"}}}
    assert "data.card.id" == sketched(tmp_path, {"actions": [*actions, renamed]}).ticket


def test_lists_of_one_name_have_names_that_tell_them_apart(tmp_path: Path) -> None:
    """The answers of GraphQL call each list `nodes`; as keys of TOML they need different names."""
    nodes = [{"createdAt": f"2026-01-05T10:0{n}:00Z", "state": f"s{n % 2}"} for n in range(3)]
    issues = [
        {"id": f"E-{n}", "history": {"nodes": nodes}, "comments": {"nodes": nodes}}
        for n in range(3)
    ]
    draft = sketched(tmp_path, {"issues": {"nodes": issues}}).to_toml()
    (line,) = [line for line in draft.splitlines() if line.startswith("# rows = ")]
    rows = tomllib.loads(line.removeprefix("# "))["rows"]
    assert {"history-nodes", "comments-nodes", "issues-nodes"} == {*rows}
    assert "issues.nodes[].comments.nodes[]" == rows["comments-nodes"]


def test_lists_at_the_top_may_have_one_name_and_different_depths(tmp_path: Path) -> None:
    """A list that has the name of the list around it is named by all of its keys."""
    rows = [{"id": f"{n}", "at": f"2026-01-05T10:0{n}:00Z"} for n in range(3)]
    draft = sketched(tmp_path, {"rows": [{"id": "7", "rows": rows}]}).to_toml()
    assert '# rows = { rows-rows = "rows[].rows[]", rows = "rows[]" }' in draft
