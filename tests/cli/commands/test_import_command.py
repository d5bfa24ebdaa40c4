"""`ticketcore history import servicenow` converts a log into a history file."""

from pathlib import Path

import pytest

from support.command_line import ticketcore, usage_error
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
    """Times are local to the given zone; the summary counts the rows read and skipped."""
    target = log.with_name("tickets.jsonl")
    args = ("history", "import", "servicenow", log, "--zone", "America/Sao_Paulo", "-o", target)
    ran = ticketcore(*args, "--skip-checksum")
    (history,) = read_histories(target)

    assert (0, "") == (ran.code, ran.err)
    assert (
        f"{target}: 3 events of 1 ticket, from 3 rows; skipped 1 row without a state, "
        f"corrected 0 times out of order\n"
    ) == ran.out
    assert ["11:00", "12:00", "12:00"] == [f"{event.at:%H:%M}" for event in history.events]
    assert [log, target] == sorted(log.parent.iterdir())


def test_escalations_can_be_inferred(log: Path) -> None:
    """With --infer-escalations, a raised reassignment count is recorded as an escalation."""
    target = log.with_name("tickets.jsonl")
    log.write_text(log.read_text().replace("INC1,Resolved,0,1", "INC1,Resolved,1,1"))
    args = ("history", "import", "servicenow", log, "--zone", "UTC", "-o", target)
    ticketcore(*args, "--skip-checksum", "--infer-escalations")
    (history,) = read_histories(target)

    assert "escalated" in [getattr(event, "NAME", "") for event in history.events]


def test_an_error_on_a_full_disk_names_the_file(log: Path) -> None:
    """The operating system does not name the file that could not be written."""
    args = ("history", "import", "servicenow", log, "--zone", "UTC", "--skip-checksum")
    ran = ticketcore(*args, "-o", "/dev/full")

    assert (2, "error: /dev/full: no space left on device\n") == (ran.code, ran.err)


def test_a_log_with_another_checksum_is_refused(log: Path) -> None:
    """Damaged copies of the published log exist: without --skip-checksum only that log is read."""
    target = log.with_name("tickets.jsonl")
    ran = ticketcore("history", "import", "servicenow", log, "--zone", "UTC", "-o", target)

    assert 2 == ran.code
    assert ran.err.startswith(f"error: {log}: ")
    assert "sha256" in ran.err
    assert not target.exists()


def test_a_failed_import_leaves_an_existing_history_unchanged(log: Path) -> None:
    """A mistake in the middle is named with its line, and no incomplete file is left."""
    target = log.with_name("tickets.jsonl")
    target.write_text("older\n")
    log.write_text(log.read_text() + "INC2,New,zero\n")
    args = ("history", "import", "servicenow", log, "--zone", "UTC", "-o", target)
    ran = ticketcore(*args, "--skip-checksum")

    assert (2, "") == (ran.code, ran.out)
    assert f"error: {log}: line 5: " in ran.err
    assert "older\n" == target.read_text()
    assert [log, target] == sorted(log.parent.iterdir())


def test_a_log_is_not_overwritten(log: Path) -> None:
    """The output cannot be the file that is read."""
    before = log.read_text()
    ran = ticketcore("history", "import", "servicenow", log, "--zone", "UTC", "-o", log, width=200)

    assert (2, before) == (ran.code, log.read_text())
    assert "the file being read: choose another file" in usage_error(ran)


def test_the_zone_is_required_and_checked(log: Path) -> None:
    """The log has no time zone, so the caller must give one that exists."""
    target = log.with_name("tickets.jsonl")
    missing = ticketcore("history", "import", "servicenow", log, "-o", target)
    wrong = ticketcore("history", "import", "servicenow", log, "-o", target, "--zone", "Mars/Base")

    assert (2, 2) == (missing.code, wrong.code)
    assert "--zone" in missing.err
    assert 'unknown zone "Mars/Base"' in wrong.err
