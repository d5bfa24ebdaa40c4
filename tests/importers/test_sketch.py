"""The sketch of a log: its columns are recognized, and its first mapping works."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.logs import imported
from support.servicenow import log_maker
from ticketcore.errors import LogError
from ticketcore.importers import LogSketch, sketch_log


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
    """Ticket, time, state and person, and the states with those that follow them."""
    found = sketched(tmp_path, ACTIVITIES)

    assert ("Case", "When", "Activity", "Agent") == (
        found.ticket,
        found.time,
        found.state,
        found.person,
    )
    assert (6, "day-first", None) == (found.rows, found.time_format, found.path)
    assert ("Assign", 2, {"Wait for customer": 1, "Closed": 1}) == found.states[0]
    assert ("Closed", 2, {None: 2}) == found.states[1]
    assert ("Product", 1, "TV") == found.columns[-1]


def test_the_first_mapping_of_a_table_works(tmp_path: Path) -> None:
    """States that are called closed, resolved or waiting have a rule; the others a comment."""
    text = sketched(tmp_path, ACTIVITIES).to_toml()

    assert '# to_state = "Assign"\n' in text
    assert [
        "05T09:12 opened customer incident",
        "05T10:12 replied support Ada",
        "05T11:30 replied support solution Ada",
        "20T09:00 closed support Batch",
    ] == imported(tmp_path, ACTIVITIES, text)["17"]


def test_a_row_for_each_ticket_is_recognized(tmp_path: Path) -> None:
    """Its mapping has a rule for each column with instants."""
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
        "11T00:00 replied support",
        "21T00:00 closed support",
    ] == imported(tmp_path, log, found.to_toml())["1"]


def test_the_time_of_a_row_is_the_one_that_changes(tmp_path: Path) -> None:
    """Question marks that stand for no value are noticed."""
    log = log_maker(tmp_path)(*[{}] * 4, {"number": "INC2"}, {"number": "INC2"})
    found = sketch_log(log)

    assert ("number", "sys_updated_at", True) == (
        found.ticket,
        found.time,
        found.has_question_marks,
    )
    assert 2 == len(imported(tmp_path, log.read_text(), found.to_toml()))


def test_the_rows_of_nested_json_are_found(tmp_path: Path) -> None:
    """The deepest list of objects has the rows; they see the elements around them."""
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
        found.path,
        found.ticket,
        found.time,
        found.state,
        found.person,
    )
    assert ["01T10:00 opened customer incident", "01T11:00 closed support"] == imported(
        tmp_path, issues, found.to_toml()
    )["A-1"]


def test_json_lines_and_epochs_are_recognized(tmp_path: Path) -> None:
    """Each line is a row."""
    lines = [{"id": n // 2, "ts": 1_767_600_000_000 + n, "action": str(n)} for n in range(6)]
    del lines[3]["action"]
    found = sketched(tmp_path, "\n".join(map(json.dumps, lines)))

    assert ("", "id", "epoch-ms") == (found.path, found.ticket, found.time_format)
    assert 3 == len(imported(tmp_path, "\n".join(map(json.dumps, lines)), found.to_toml()))


def test_a_log_of_xes_is_recognized(tmp_path: Path) -> None:
    """Attributes of a trace are named by its path."""
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
    """The cells tell the columns; states with quotes and control characters stay text."""
    found = sketched(
        tmp_path, 'a,b,c,d\nx,1,"""\x7f\x01",2026-01-05\nx,2,y,2026-01-05\nx,3,y,2026-01-06\n'
    )

    assert ("b", "d", "c") == (found.ticket, found.time, found.state)
    assert "\\u007f\\u0001" in found.to_toml()
    with pytest.raises(LogError, match="has no rows"):
        sketched(tmp_path, "a,b\n")
