"""`ticketcore replay` shows one ticket as recorded and under each policy."""

from pathlib import Path

import pytest

from support.command_line import ticketcore
from support.histories.backtests import CLICKBANK, opened, replied
from ticketcore import events as e
from ticketcore.backtest import replay_tickets
from ticketcore.errors import CodecError, HistoryError, UnknownPolicyError
from ticketcore.events import write_histories
from ticketcore.policies import PolicyVersions, parse_policy

LATER = parse_policy('extends = "clickbank"\nname = "later"\neffective = 2030-01-01\n')


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return one ticket that the system closed, and one whose opening clickbank refuses."""
    solved = [
        opened(),
        replied(1, "support", solution=True),
        e.Closed(at=replied(150, "support").at, by="system"),
    ]
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", solved), ("T2", [opened(type="refund"), replied(1, "vendor")])])
    return path


def test_marks_say_where_an_event_happens(history: Path) -> None:
    """A column of letters shows in which histories an event happens."""
    ran = ticketcore("replay", history, "T1", "--policy", "service-desk", "--policy", "office")
    lines = ran.out.splitlines()
    assert 0 == ran.code
    assert ["ticket T1", "r  record", "a  service-desk 2016-01-01"] == lines[:3]
    assert any(line.startswith("10:00  r a ·  support   answered") for line in lines)
    assert any(line.startswith("10:00  · a ·  system    closed the ticket") for line in lines)
    assert "r  closed at Sun 2026-01-11 15:00" in lines
    assert "a  closed at Sat 2026-01-10 10:00" in lines
    assert "b  not opened: the policy refuses the opening" in lines


def test_an_open_ticket_has_no_closing(tmp_path: Path) -> None:
    """The status of an open ticket is shown without a closing."""
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", [opened()])])
    assert "r  open" in ticketcore("replay", path, "T1", "--policy", "service-desk").out


def test_a_missing_ticket_is_an_error(history: Path) -> None:
    """A ticket number that is not in the file is an error."""
    ran = ticketcore("replay", history, "T9", "--policy", "service-desk")
    assert (2, True) == (ran.code, "not found in" in ran.err)
    with pytest.raises(HistoryError, match="not found"):
        replay_tickets(history, ["T9"], [CLICKBANK])


def test_the_error_of_a_broken_ticket_is_raised(history: Path) -> None:
    """If the selected ticket cannot be read or replayed, its error is raised."""
    with pytest.raises(UnknownPolicyError):
        replay_tickets(history, ["T2"], [PolicyVersions.of(LATER)])
    lines = history.read_text("utf-8").splitlines(keepends=True)
    history.write_text(lines[0].replace('"by"', '"from"') + "".join(lines[1:]), "utf-8")
    with pytest.raises(CodecError):
        replay_tickets(history, ["T1"], [CLICKBANK])
    with pytest.raises(HistoryError, match="not found"):
        replay_tickets(history, ["T9"], [CLICKBANK])
    assert "T2" == replay_tickets(history, ["T2"], [CLICKBANK])["T2"][0].history.ticket
