"""`ticketcore history import` converts logs into a history file, as a mapping says."""

import json
from pathlib import Path

import pytest

from support.command_line import ticketcore, usage_error
from ticketcore.events import read_histories
from ticketcore.importers import mapping_text, mappings

MAP = """
[log]
ticket = "id"
time = "at"
state = "state"
where = { state = { not = "spam" } }

[opened]
type = "incident"
default_handler = "support"

[[event]]
event = "replied"
to_state = "answered"
by = "support"

[[event]]
event = "assigned"
changed = "team"
by = "support"
assignee = "{team}"

[[event]]
event = "closed"
to_state = "closed"
by = "system"
"""
ROWS = """id,at,state,team
T2,2026-01-05 09:00,new,a
T1,2026-01-05 08:00,new,a
T1,2026-01-05 10:00,answered,
T1,2026-01-05 11:00,on hold,
T1,2026-01-06 10:00,closed,
T1,2026-01-06 12:00,answered,
T1,2026-01-06 11:00,spam,
T2,2026-01-05 10:00,on hold,b
T2,yesterday,closed,b
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log with a row for each change, and its mapping."""
    (tmp_path / "map.toml").write_text(MAP)
    file = tmp_path / "log.csv"
    file.write_text(ROWS)
    return file


def imported(
    log: Path, *more: Path, zone: str = "Europe/Berlin", to: str | Path | None = None
) -> list[str | Path]:
    """Return the arguments of `history import` for a log, or several."""
    target, mapping = to or log.with_name("tickets.jsonl"), log.with_name("map.toml")
    return ["history", "import", log, *more, "--map", mapping, "--zone", zone, "-o", target]


def test_a_log_becomes_a_history(log: Path) -> None:
    """An import reports the rows that it used, and the decisions that it made."""
    ran = ticketcore(*imported(log), width=100)
    first, second = read_histories(log.with_name("tickets.jsonl"))

    assert [
        str(log.with_name("tickets.jsonl")),
        "7 events of 2 tickets, from 9 rows",
        "1  row left out, as log.where says",
        "1  mistake in rows or cells, which were left out",
        "1  reopening added before an action on a closed ticket",
        "1  event left out, since a field of assigned has no value",
        "1  row that no rule took",
        "",
        "Rows that no rule took  by state, each with an example",
        "1  on hold  ticket T1, line 5",
    ] == ran.out.splitlines()
    assert (0, "line 10: expected a time (iso), found 'yesterday'") == (ran.code, ran.err[:49])
    assert ["opened", "replied", "closed", "reopened", "replied"] == [
        getattr(event, "NAME", "") for event in first.events
    ]
    assert ("T2", "07:00") == (second.ticket, f"{first.events[0].at:%H:%M}")


def test_parts_of_the_mapping_without_effect_are_listed(log: Path) -> None:
    """A rule that fits no row, and a column that is always empty, are listed."""
    rule = '[[event]]\nevent = "replied"\nby = "support"\nto_state = "anwered"\ntext = "{text}"\n'
    mapping = log.with_name("map.toml")
    mapping.write_text(MAP + rule)
    rows = [*ROWS.splitlines(), "T2,2026-01-05 09:00,new,a"]
    log.write_text("".join(f"{line},\n" for line in rows).replace("team,", "team,text"))
    ran = ticketcore(*imported(log), width=100)

    equal = "another of its ticket has the same log.id, or the same cells"
    assert f"1  row left out, as {equal}" in ran.out.splitlines()
    assert [
        "Without effect  parts of the mapping that no row fits or has a value for",
        f'{mapping}:27:1: event[3]: no row fits this rule for "replied"',
        f'{mapping}:31:1: event[3].text: no row has a value in the column "text"',
    ] == ran.out.splitlines()[-3:]

    mapping.write_text(MAP + rule * 12)
    ran = ticketcore(*imported(log), width=100)
    assert "and 4 more" == ran.out.splitlines()[-1]


def test_a_column_that_the_log_lacks_is_named(log: Path) -> None:
    """A column that the log lacks is reported with its place in the mapping."""
    mapping = log.with_name("map.toml")
    mapping.write_text(MAP.replace('"team"', '"taem"'))
    ran = ticketcore(*imported(log))

    assert 2 == ran.code
    assert f'{mapping}:19:1: event[1].changed: the log has no column "taem"; ' in ran.err
    assert 'did you mean "team"?' in ran.err
    assert not log.with_name("tickets.jsonl").exists()


def test_a_log_without_usable_rows_is_an_error(log: Path) -> None:
    """A log without usable rows is an error that lists the mistakes of at most 20 rows."""
    log.write_text("id,at,state,team\n" + "".join(f"T1,day {n},new,a\n" for n in range(30)))
    ran = ticketcore(*imported(log))

    assert 2 == ran.code
    assert "0 events of 0 tickets, from 30 rows" in ran.out
    assert ["line 2: ", "line 21:", "and 10 p"] == [
        ran.err.splitlines()[place][:8] for place in (0, 19, 20)
    ]


def test_a_log_without_rows_is_an_error(log: Path) -> None:
    """A log without rows is an error, and the message suggests checking the path to the rows."""
    log.write_text('{"issue": []}')
    target = log.with_name("tickets.jsonl")
    ran = ticketcore("history", "import", log, "--map", "jira", "--zone", "UTC", "-o", target)

    error = "no rows: look at log.rows of the mapping; history sketch shows lists\n"
    assert (2, error) == (ran.code, ran.err)


def test_a_log_that_cannot_be_read_is_an_error(log: Path) -> None:
    """A log that cannot be read is an error, and an existing history stays as it was."""
    log.write_bytes(b"\x1f\x8b")
    target = log.with_name("tickets.jsonl")
    target.write_text("older\n")
    ran = ticketcore(*imported(log))

    assert (2, "older\n") == (ran.code, target.read_text())
    assert ran.err.startswith(f"error: {log}: cannot be unpacked: ")


def test_several_logs_are_read_together(log: Path) -> None:
    """The rows of a ticket may be in several logs, which are read together."""
    other = log.with_name("other.csv")
    other.write_text("id,at,state,team\nT2,2026-01-07 09:00,closed,b\n")
    ran = ticketcore(*imported(log, other))

    assert "from 10 rows" in ran.out
    other.write_bytes(b"PK\x03\x04")
    assert ticketcore(*imported(log, other)).err.startswith("error: other.csv: cannot be unpacked")


def test_an_error_on_a_full_disk_names_the_file(log: Path) -> None:
    """An error of a full disk names the file, which the operating system does not do."""
    ran = ticketcore(*imported(log, to="/dev/full"))

    assert (2, "error: /dev/full: no space left on device\n") == (ran.code, ran.err)


def test_a_log_is_not_overwritten(log: Path) -> None:
    """An import never writes over the log."""
    before = log.read_text()
    ran = ticketcore(*imported(log, to=log), width=200)

    assert (2, before) == (ran.code, log.read_text())
    assert "the file being read: choose another file" in usage_error(ran)


def test_the_zone_is_required_and_checked(log: Path) -> None:
    """An import without a zone, or with an unknown one, is refused."""
    wrong = ticketcore(*imported(log, zone="Mars/Base"))
    missing = ticketcore("history", "import", log, "--map", "servicenow-log", "-o", "x")

    assert (2, 2) == (missing.code, wrong.code)
    assert "--zone" in missing.err
    assert 'unknown zone "Mars/Base"' in wrong.err


def test_the_included_mappings_are_listed_and_printed() -> None:
    """Each included mapping has a title; a printed copy can be edited."""
    listed = ticketcore("history", "mappings").out.splitlines()
    ran = ticketcore("history", "mappings", "servicenow-log")

    assert [*mappings()] == [line.split()[0] for line in listed]
    assert (0, mapping_text("servicenow-log")) == (ran.code, ran.out)
    assert 'no such mapping; did you mean "jira"?' in ticketcore("history", "mappings", "jra").err


def test_a_log_is_sketched(log: Path) -> None:
    """A first mapping for a log is printed, or written to a file that is not the log."""
    mapping = log.with_name("sketch.toml")
    printed = ticketcore("history", "sketch", log)
    ran = ticketcore("history", "sketch", log, "-o", mapping, width=100)
    log.write_text("a;b\n1;2\n")
    plain = ticketcore("history", "sketch", log, "-o", mapping)

    assert 'ticket = "id"\n' in printed.out
    assert [str(mapping), "a first mapping, from 9 rows: edit it"] == ran.out.splitlines()[:2]
    assert "id     ticket  2  'T2'" in ran.out
    assert "closed    2  answered 1, the end 1" in ran.out
    assert "States" not in plain.out
    assert 2 == ticketcore("history", "sketch", log, "-o", log).code


def test_several_tables_are_sketched(log: Path) -> None:
    """The sketch of tables with different columns shows each by its name."""
    notes, output = log.with_name("notes.csv"), log.with_name("map.toml")
    notes.write_text("note,ticket,written\n1,T1,2026-01-05 10:00\n2,T1,2026-01-06 10:00\n")
    ran = ticketcore("history", "sketch", log, notes, "-o", output)

    assert "a first mapping, from 11 rows: edit it\n\nlog.csv\n\nColumns" in ran.out
    assert "\n\nnotes.csv\n\nColumns" in ran.out
    assert 'rows = { log = "log.csv", notes = "notes.csv" }\n' in output.read_text()
    assert 2 == ticketcore("history", "sketch", log, notes, "-o", notes).code


def test_a_sketch_shows_the_lists_of_json_and_the_most_frequent_states(tmp_path: Path) -> None:
    """The list that was read comes first; frequent states are listed, the others counted."""
    notes = [{"at": "2026-01-06", "state": f"state {n}"} for n in range(22)]
    log, output = tmp_path / "log.json", tmp_path / "map.toml"
    log.write_text(json.dumps([{"id": "1", "at": "2026-01-05", "notes": notes}]))
    ran = ticketcore("history", "sketch", log, "-o", output)

    assert (0, "") == (ran.code, ran.err)
    assert "[].notes[]  22\n[]           1\n" in ran.out
    assert "\nand 2 rarer states\n" in ran.out
