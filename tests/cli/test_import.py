from pathlib import Path

import pytest

from cli_runs import ticketcore
from ticketcore.events import read_histories

COLUMNS = (
    "number,incident_state,reassignment_count,sys_mod_count,caller_id,opened_at,sys_updated_at,"
    "contact_type,category,priority,resolved_at,closed_at"
)
ROWS = (
    "INC1,New,0,0,Caller 7,1/3/2016 08:00,1/3/2016 08:05,Phone,Category 5,3 - Moderate,?,?",
    "INC1,Resolved,0,1,Caller 7,1/3/2016 08:00,1/3/2016 09:00,Phone,Category 5,3 - Moderate,"
    "1/3/2016 09:00,6/3/2016 09:00",
    "INC1,-100,0,2,Caller 7,1/3/2016 08:00,1/3/2016 10:00,Phone,Category 5,3 - Moderate,?,?",
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A short log in the form of the published one."""
    file = tmp_path / "log.csv"
    file.write_text("\n".join((COLUMNS, *ROWS)) + "\n")
    return file


def test_a_log_becomes_a_history(log: Path) -> None:
    """Times are local to the zone that is given; the summary counts what was read and left."""
    target = log.with_name("tickets.jsonl")
    args = ("history", "import", "servicenow", log, "--zone", "America/Sao_Paulo", "-o", target)
    ran = ticketcore(*args, "--skip-checksum")
    assert (0, "") == (ran.code, ran.err)
    assert (
        f"{target}: 3 events of 1 ticket, from 3 rows; 1 row without a state left out, "
        f"0 times put in order\n"
    ) == ran.out
    (history,) = read_histories(target)
    assert ["11:00", "12:00", "12:00"] == [f"{event.at:%H:%M}" for event in history.events]
    assert [log, target] == sorted(log.parent.iterdir())


def test_a_full_disk_is_told_with_the_file(log: Path) -> None:
    """The system does not name it."""
    args = ("history", "import", "servicenow", log, "--zone", "UTC", "--skip-checksum")
    ran = ticketcore(*args, "-o", "/dev/full")
    assert (2, "error: /dev/full: no space left on device\n") == (ran.code, ran.err)


def test_another_log_is_refused(log: Path) -> None:
    """Damaged copies circulate: one that is not the published log exits with 2, named."""
    target = log.with_name("tickets.jsonl")
    ran = ticketcore("history", "import", "servicenow", log, "--zone", "UTC", "-o", target)
    assert 2 == ran.code
    assert ran.err.startswith(f"error: {log}: is not the published log: ")
    assert not target.exists()


def test_a_log_that_breaks_leaves_what_was_there(log: Path) -> None:
    """A mistake in the middle is named with its line; an older history is not half replaced."""
    target = log.with_name("tickets.jsonl")
    target.write_text("older\n")
    log.write_text(log.read_text() + "INC2,New,zero\n")
    args = (
        "history",
        "import",
        "servicenow",
        log,
        "--zone",
        "UTC",
        "-o",
        target,
        "--skip-checksum",
    )
    ran = ticketcore(*args)
    assert (2, "") == (ran.code, ran.out)
    assert f"error: {log}: line 5: " in ran.err
    assert "older\n" == target.read_text()
    assert [log, target] == sorted(log.parent.iterdir())


def test_a_log_is_not_written_over(log: Path) -> None:
    """It is what is read."""
    before = log.read_text()
    ran = ticketcore("history", "import", "servicenow", log, "--zone", "UTC", "-o", log, width=200)
    assert (2, before) == (ran.code, log.read_text())
    assert "name another file" in ran.err


def test_the_zone_must_be_one(log: Path) -> None:
    """The log does not say in which zone it was written, so it is asked for."""
    target = log.with_name("tickets.jsonl")
    missing = ticketcore("history", "import", "servicenow", log, "-o", target)
    wrong = ticketcore("history", "import", "servicenow", log, "-o", target, "--zone", "Mars/Base")
    assert (2, 2) == (missing.code, wrong.code)
    assert "--zone" in missing.err
    assert "there is no zone 'Mars/Base'" in wrong.err
