import json
from datetime import timedelta
from pathlib import Path

import pytest

from cli_runs import process, ticketcore
from ticketcore.events import Closed, Event, Opened, Replied, parse_instant, write_histories

EXAMPLE = Path(__file__).parents[2] / "examples/histories/service-desk.jsonl"
AT = parse_instant("2026-01-05T09:00:00.000000Z")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A ticket that is well, and a hundred and one lines that are none."""
    path = tmp_path / "broken.jsonl"
    events: list[Event] = [
        Opened(at=AT, by="customer", type="other", zone="UTC"),
        Replied(at=AT, by="system"),
        Replied(at=AT, by="vendor"),
    ]
    write_histories(path, [("T1", events)])
    path.write_text(path.read_text("utf-8") + "?\n" * 101, "utf-8")
    return path


@pytest.mark.parametrize("width", [80, 120])
def test_the_big_numbers_come_first(width: int) -> None:
    """Then the timers, the closings, and what was assumed; nothing wider than the screen."""
    ran = ticketcore(
        "backtest", EXAMPLE, "--policy", "service-desk", "--compare-recorded", width=width
    )
    assert (0, "") == (ran.code, ran.err)
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert "service-desk 2016-01-01  over service-desk.jsonl" == lines[0]
    assert "300  tickets replayed" == lines[3].strip()
    assert ["Timers", "ClosingComparison", "Assumed"] == [
        line.split()[0] for line in lines[4:] if line and line.split()[0] in _PARTS
    ]
    assert max(map(len, lines)) <= width


_PARTS = ("Timers", "Refused", "ClosingComparison", "Broken", "Assumed")


def test_json_is_the_report() -> None:
    """All of it, for programs, whatever the number of workers."""
    args = ("backtest", EXAMPLE, "--policy", "service-desk", "--compare-recorded", "--json")
    ran = ticketcore(*args, "--workers", "2")
    assert ticketcore(*args, "--workers", "1") == ran
    assert (300, 0) == (json.loads(ran.out)["tickets"], json.loads(ran.out)["broken"])


def test_versions_of_a_policy(broken: Path) -> None:
    """C21: several policies are versions of one, by their effective dates."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank", "--policy", "clickbank-24-7")
    assert "clickbank 2013-01-01  then  clickbank-24-7" in ran.out
    assert 0 == ran.code


def test_one_is_not_several(broken: Path) -> None:
    """Of a single ticket each number has its noun."""
    broken.write_text("".join(broken.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    lines = ticketcore("backtest", broken, "--policy", "clickbank", width=60).out.splitlines()
    assert "2026-01-05 to 2026-01-05, 3 recorded events" == lines[1]
    assert ["1  ticket replayed", "2  actions of people"] == [line.rstrip() for line in lines[3:5]]
    assert lines[8].startswith("1  ticket broken")
    assert "  every pending timer falls due" in [line.rstrip() for line in lines]


def test_what_is_broken_is_shown_and_stops_nothing(broken: Path) -> None:
    """The first hundred are named, with their lines; so are timers that were never set."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank")
    assert 0 == ran.code
    assert "Broken  the first 100 of 101" in ran.out
    assert "\nline 4: is not JSON" in ran.out
    assert "never set: refund-at-once" in ran.out
    assert "- what is of a type that the policy lacks has its default type: 1" in ran.out


def test_few_broken_ones_are_all_named(broken: Path) -> None:
    """No count is needed then."""
    broken.write_text("".join(broken.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    ran = ticketcore("backtest", broken, "--policy", "clickbank")
    assert "\nBroken\n" in ran.out


def test_strict_exits_with_two(broken: Path) -> None:
    """The first broken ticket is named on stderr."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank", "--strict")
    assert (2, "") == (ran.code, ran.out)
    assert f"error: {broken}: line 4: is not JSON" in ran.err


def test_a_type_for_every_ticket(broken: Path) -> None:
    """A refund needs an order: the refusal is shown with its first case."""
    ran = ticketcore(
        "backtest", broken, "--policy", "clickbank", "--type", "refund", "--compare-recorded"
    )
    assert "order-required  open by customer, such as ticket T1 at 2026-01-05 09:00" in ran.out
    assert "every ticket is one of type refund" in ran.out
    assert "- tickets whose opening was refused took no part: 1" in ran.out
    assert "5 %" not in ran.out


def test_an_unknown_type_is_refused(broken: Path) -> None:
    """With the types that there are."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank", "--type", "refnd")
    assert 2 == ran.code
    assert "no type of clickbank: refund, cancellation, technical" in " ".join(
        ran.err.replace("│", " ").split()
    )


def test_a_history_without_a_ticket_exits_with_two(tmp_path: Path) -> None:
    """An empty file, or none at all."""
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    ran = ticketcore("backtest", empty, "--policy", "clickbank")
    assert 2 == ran.code
    assert "0  tickets broken" in ran.out
    assert "there is not one event" in ran.out
    ran = ticketcore("backtest", tmp_path / "none.jsonl", "--policy", "clickbank")
    assert (2, "") == (ran.code, ran.out)
    assert "none.jsonl: no such file" in ran.err


def test_a_failure_in_the_replay_is_named_with_its_line(tmp_path: Path) -> None:
    """Calendars end in 2100, and the deadline lies beyond."""
    path = tmp_path / "far.jsonl"
    opened = Opened(
        at=AT.replace(year=2100, month=12, day=31), by="customer", type="x", zone="UTC"
    )
    write_histories(path, [("T1", [opened])])
    ran = ticketcore("backtest", path, "--policy", "clickbank", width=200)
    strict = ticketcore("backtest", path, "--policy", "clickbank", "--strict")
    assert (2, 2) == (ran.code, strict.code)
    assert "\nline 1: ticket T1: " in ran.out
    assert strict.err.startswith(f"error: {path}: line 1: ticket T1: ")


def test_a_file_that_cannot_be_worked_on_exits_with_two(tmp_path: Path) -> None:
    """A directory is no history; one that looks packed is found out by the work on it."""
    packed = tmp_path / "history.jsonl.gz"
    packed.mkdir()
    for path in (tmp_path, packed):
        ran = ticketcore("backtest", path, "--policy", "clickbank", "--strict")
        assert (2, "") == (ran.code, ran.out)


def test_piped_output_has_no_progress_bar() -> None:
    """Nor a colour; a pipe gets the report, and stderr nothing."""
    ran = process("backtest", EXAMPLE, "--policy", "service-desk")
    assert (0, "") == (ran.code, ran.err)
    assert "\x1b" not in ran.out


def test_long_differences_are_given_in_days(tmp_path: Path) -> None:
    """The policy closes after five days what was closed after ten."""
    path = tmp_path / "late.jsonl"
    events: list[Event] = [
        Opened(at=AT, by="customer", type="x", zone="UTC"),
        Replied(at=AT, by="support", solution=True),
        Closed(at=AT + timedelta(days=10), by="system"),
    ]
    write_histories(path, [("T1", events)])
    ran = ticketcore("backtest", path, "--policy", "service-desk", "--compare-recorded")
    assert 5 == ran.out.count("-5 d 0 h")
