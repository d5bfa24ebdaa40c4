"""The sketch of several files, and of JSON that is no list of objects."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.histories.logs import imported, short
from ticketcore.errors import LogError
from ticketcore.importers import import_log, parse_mapping, sketch_log

TICKETS = """id,subject,requester,created_at,solved_at,closed_at
1,Late,eve,2026-01-05 09:00,2026-01-06 09:00,2026-01-09 09:00
2,Lost,eve,2026-01-05 10:00,2026-01-06 10:00,2026-01-09 10:00
3,Torn,cara,2026-01-05 11:00,2026-01-06 11:00,2026-01-09 11:00
"""
COMMENTS = """id;ticket_id;written_at;author;body
4;1;2026-01-05 12:00;ada;Where?
5;1;2026-01-05 13:00;eve;Here.
6;2;2026-01-05 14:00;ada;A new one is on its way to you.
7;2;2026-01-05 15:00;ada;It has left our house.
"""
CHANGES = """change,ticket_id,at,user,status
4,1,2026-01-05 12:00,ada,pending
5,1,2026-01-05 13:00,eve,open
6,2,2026-01-05 14:00,ada,pending
7,2,2026-01-06 10:00,ada,solved
"""


def written(folder: Path, **files: str) -> list[Path]:
    """Write files by name, and return their paths."""
    paths = [folder / f"{name}.csv" for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_text(content)
    return paths


def test_tables_become_one_mapping(tmp_path: Path) -> None:
    """The first mapping of several tables names each, and gives it rules of its own."""
    paths = written(tmp_path, tickets=TICKETS, comments=COMMENTS)
    text = sketch_log(paths).to_toml()

    assert 'ticket = ["ticket_id", "id"]\n' in text
    assert 'time = ["created_at", "written_at"]\n' in text
    assert 'rows = { tickets = "tickets.csv", comments = "comments.csv" }\n' in text
    assert 'customer = "requester"\nopener = "customer"\n' in text
    tickets = import_log(paths, parse_mapping(text), "UTC")
    assert [
        "05T09:00 opened customer incident eve eve",
        "05T12:00 replied support ada",
        "05T13:00 replied customer eve",
        "06T09:00 replied support solution",
        "09T09:00 closed support",
    ] == [*map(short, dict(tickets)["1"])]


def test_the_rules_of_states_are_for_their_table(tmp_path: Path) -> None:
    """A rule for a state is for the rows of its table, also if it is a comment."""
    paths = written(tmp_path, comments=COMMENTS, changes=CHANGES)
    text = sketch_log(paths).to_toml()

    assert 'actor = ["author", "user"]\n' in text
    assert '[[event]]\nevent = "replied"\nrows = "comments"\n' in text
    assert '[[event]]\nevent = "replied"\nrows = "changes"\nto_state = "pending"\n' in text
    assert '# event = "replied"\n# rows = "changes"\n# to_state = "open"\n' in text
    parse_mapping(text)


def test_files_with_the_same_columns_are_one_log(tmp_path: Path) -> None:
    """Files that share most of their columns are parts of one log."""
    more = "id,subject,requester,created_at,solved_at,due\n4,Odd,cara,2026-01-07,2026-01-08,\n"
    found = sketch_log(written(tmp_path, january=TICKETS, february=more))

    assert (4, "", ()) == (found.rows, found.file, found.others)
    assert "rows" not in found.to_toml()
    assert found.to_toml() == sketch_log([tmp_path / "january.csv"]).to_toml()


def test_the_rows_are_shared_out_among_files(tmp_path: Path) -> None:
    """A sketch reads ten thousand rows, of each file as many."""
    rows = "".join(f"{n},2026-01-05,new\n" for n in range(6_000))
    paths = written(tmp_path, a=f"id,at,state\n{rows}", b=f"id,at,state\n{rows}")

    assert 10_000 == sketch_log(paths).rows


def test_files_without_rows_are_left_out(tmp_path: Path) -> None:
    """A file with nothing but a header is no table; at least one file must have rows."""
    paths = written(tmp_path, empty="a,b\n", tickets=TICKETS)

    assert sketch_log(paths) == sketch_log(paths[1])
    with pytest.raises(LogError, match=r"^has no rows$"):
        sketch_log(paths[:1])


def test_an_error_names_the_file(tmp_path: Path) -> None:
    """If one of several files cannot be read, the error names it."""
    paths = written(tmp_path, tickets=TICKETS, other="x")

    with pytest.raises(LogError, match=r"other\.csv: is not a table"):
        sketch_log(paths)


def test_tables_of_one_name_get_different_names(tmp_path: Path) -> None:
    """If two files differ only by their ending, the second gets a number; JSON has a path."""
    paths = written(tmp_path, log=TICKETS)
    changes: list[Any] = [
        {"nr": n // 2, "on": f"2026-01-0{n}", "what": "call"} for n in range(2, 8)
    ]
    for name, content in (("log.json", {"changes": changes}), ("-.json", changes)):
        (tmp_path / name).write_text(json.dumps(content))
        paths.append(tmp_path / name)
    text = sketch_log(paths).to_toml()

    assert 'rows = { log = "log.csv", log-2 = "changes[]", all = "-.json" }\n' in text
    assert 3 == len([*import_log(paths, parse_mapping(text), "UTC")])


def test_the_number_of_the_ticket_may_be_far_inside(tmp_path: Path) -> None:
    """The number of a ticket inside an event is preferred to the number of the event."""
    days = [(n, day) for n in range(1, 9) for day in range(1, 5)]
    log = [
        {
            "id": f"e{n}-{day}",
            "time": f"2026-01-0{day}",
            "detail": {"event": {"at": f"2026-01-0{day}", "ticket": {"id": n}}},
        }
        for n, day in days
    ]
    (tmp_path / "log").write_text(json.dumps(log))

    assert "detail.event.ticket.id" == sketch_log(tmp_path / "log").ticket


def test_the_keys_of_an_object_are_the_tickets(tmp_path: Path) -> None:
    """The key of a ticket is preferred to the number of its change."""
    change = {"id": 0, "issue_id": 7, "created_at": "2026-01-05", "state": "closed"}
    log = {str(n): [{**change, "id": 10 * n + k} for k in range(3)] for n in range(1, 9)}
    (tmp_path / "log").write_text(json.dumps(log))

    assert "*[]" == sketch_log(tmp_path / "log").ticket


def history(number: int) -> list[dict[str, str]]:
    """Return the changes of a ticket."""
    states = ["new", "waiting for customer", "closed"]
    return [
        {"at": f"2026-01-{number:02} {9 + n}:00", "state": state, "who": "ada"}
        for n, state in enumerate(states)
    ]


BY_NUMBER = {
    f"T{n}": {"created": f"2026-01-{n:02} 08:00", "priority": "high", "history": history(n)}
    for n in range(1, 9)
}


@pytest.mark.parametrize(
    ("log", "tickets", "rows"),
    [
        (BY_NUMBER, "*[]", "*[].history[]"),
        (
            {"ok": True, "data": {"tickets": BY_NUMBER}},
            "data.tickets[]",
            "data.tickets[].history[]",
        ),
        ({"users": {"7": {}, "8": {}}, "tickets": BY_NUMBER}, "tickets[]", "tickets[].history[]"),
        ({key: ticket["history"] for key, ticket in BY_NUMBER.items()}, "*[]", "*[]"),
    ],
    ids=["outermost", "inner", "beside others", "lists"],
)
def test_tickets_by_number_are_a_list(tmp_path: Path, log: Any, tickets: str, rows: str) -> None:
    """An object whose keys have digits is a list, whose keys are the numbers of tickets."""
    path = tmp_path / "log.json"
    path.write_text(json.dumps(log))
    found = sketch_log(path)

    assert (tickets, "at", "state", rows) == (
        found.ticket,
        found.time,
        found.state,
        found.lists[0][0],
    )
    events = imported(tmp_path, log, found.to_toml())
    assert [*BY_NUMBER] == [*events]
    assert ["01T10:00 replied support ada", "01T11:00 closed support ada"] == events["T1"][-2:]


@pytest.mark.parametrize(
    "log",
    [
        {"v2": {"issues": [{"at": "2026-01-05"}]}},
        {"v2": {"issues": [{"at": "2026-01-05"}]}, "count3": 1},
        {"v2": {"issues": [{"at": "2026-01-05"}]}, "meta": {}},
    ],
    ids=["one key", "a number", "a word"],
)
def test_an_object_with_other_keys_is_no_list(tmp_path: Path, log: Any) -> None:
    """A single key with a digit, a value that is a number, and a word are no tickets."""
    (tmp_path / "log").write_text(json.dumps(log))

    assert (("v2.issues[]", 1),) == sketch_log(tmp_path / "log").lists


def test_a_list_that_no_path_can_name_is_not_chosen(tmp_path: Path) -> None:
    """Keys with brackets cannot be in a path, so another list is read."""
    log = {"a[1]": [{"at": "2026-01-05"}] * 3, "b": [{"at": "2026-01-05"}]}
    (tmp_path / "log").write_text(json.dumps(log))

    assert (("b[]", 1),) == sketch_log(tmp_path / "log").lists


def test_rows_that_are_lists_have_columns_by_number(tmp_path: Path) -> None:
    """The columns of lists of cells are ``1``, ``2`` and so on."""
    log = [
        ["nr", "at", "state"],
        *([n, e["at"], e["state"]] for n in range(1, 9) for e in history(n)),
    ]
    (tmp_path / "log").write_text(json.dumps(log))
    found = sketch_log(tmp_path / "log")

    assert ("1", "2", "3") == (found.ticket, found.time, found.state)
