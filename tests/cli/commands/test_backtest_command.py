"""`ticketcore backtest` replays recorded tickets under a policy."""

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, process, ticketcore, usage_error
from ticketcore.events import Closed, Event, Opened, Replied, parse_instant, write_histories

EXAMPLE = EXAMPLES / "histories/service-desk.jsonl"
AT = parse_instant("2026-01-05T09:00:00.000000Z")
PARTS = ("Timers", "Refused", "Closings", "Broken", "Assumptions")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A history with one ticket and 101 broken lines."""
    path = tmp_path / "broken.jsonl"
    events: list[Event] = [
        Opened(at=AT, by="customer", type="other", zone="UTC"),
        Replied(at=AT, by="system"),
        Replied(at=AT, by="vendor"),
    ]
    write_histories(path, [("T1", events)])
    path.write_text(path.read_text("utf-8") + "?\n" * 101, "utf-8")
    return path


@pytest.fixture
def one_broken(broken: Path) -> Path:
    """Return a history with one ticket and one broken line."""
    broken.write_text("".join(broken.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    return broken


@pytest.mark.parametrize("width", [80, 120])
def test_the_large_numbers_come_first(width: int) -> None:
    """A report begins with the large numbers, and no line is wider than the screen."""
    args = ("backtest", EXAMPLE, "--policy", "service-desk", "--compare-recorded")
    ran = ticketcore(*args, width=width)
    lines = ran.out.splitlines()

    assert (0, "") == (ran.code, ran.err)
    assert "service-desk 2016-01-01  over service-desk.jsonl" == lines[0]
    assert "300  tickets replayed" == lines[3].strip()
    assert ["Timers", "Closings", "Assumptions"] == [
        line.split()[0] for line in lines[4:] if line and line.split()[0] in PARTS
    ]
    assert [] == [line for line in lines if len(line) > width or line != line.rstrip()]


def test_json_is_the_whole_report() -> None:
    """JSON has the whole report, for any number of workers."""
    args = ("backtest", EXAMPLE, "--policy", "service-desk", "--compare-recorded", "--json")
    ran = ticketcore(*args, "--workers", "2")
    report = json.loads(ran.out)

    assert ticketcore(*args, "--workers", "1") == ran
    assert (300, 0) == (report["tickets"], report["broken"])


def test_several_policies_are_versions_of_one(broken: Path) -> None:
    """C21: the version in force when a ticket was opened applies to it."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank", "--policy", "clickbank-24-7")

    assert 0 == ran.code
    assert "clickbank 2013-01-01  then  clickbank-24-7" in ran.out


def test_a_report_with_many_parts_fits_80_columns() -> None:
    """A report with many parts fits 80 columns, with the timers in one table."""
    args = ("backtest", EXAMPLE, "--policy", "clickbank", "--type", "technical")
    lines = ticketcore(*args, width=80).out.splitlines()

    assert 1 == [line.split()[:1] for line in lines].count(["timer"])
    assert "Refused  actions that the policy does not allow, each with its first case" in lines
    assert [] == [line for line in lines if len(line) > 80 or line != line.rstrip()]


def test_rules_of_timers_are_listed_if_a_timer_has_one() -> None:
    """The table of timers has a column for rule ids only if a timer of it has one."""
    run = partial(ticketcore, "backtest", EXAMPLE, "--policy", width=80)
    with_rules = run("clickbank", "--type", "technical").out.splitlines()
    without_rules = run("service-desk").out.splitlines()

    assert ["timer", "rule", "effect"] in [line.split()[:3] for line in with_rules]
    assert ["timer", "effect", "set"] in [line.split()[:3] for line in without_rules]


def test_nouns_agree_with_their_numbers(one_broken: Path) -> None:
    """A single ticket is printed as "1 ticket", and a narrow screen wraps between words."""
    lines = ticketcore("backtest", one_broken, "--policy", "clickbank", width=60).out.splitlines()

    assert "2026-01-05 to 2026-01-05, 3 recorded events" == lines[1]
    assert ["1  ticket replayed", "1  treated as another type  100.0 % of the tickets"] == lines[
        3:5
    ]
    assert lines[9].startswith("1  ticket broken")
    assert "   pending timer fires" in lines


def test_broken_tickets_are_listed_and_stop_nothing(broken: Path) -> None:
    """Broken tickets do not stop a backtest, and the first twenty are listed."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank")

    assert 0 == ran.code
    assert "Broken  the first 20 of 101" in ran.out
    assert "\nline 4: " in ran.out
    assert "never set:  refund-at-once" in ran.out
    assert (
        "-  1 ticket with a type that the policy does not declare: its default type is used\n"
    ) in ran.out


def test_a_few_broken_tickets_are_listed_without_a_count(one_broken: Path) -> None:
    """The heading says "the first ... of ..." only if some broken tickets are not listed."""
    ran = ticketcore("backtest", one_broken, "--policy", "clickbank")

    assert "\nBroken\n" in ran.out


def test_strict_stops_at_the_first_broken_ticket(broken: Path) -> None:
    """With --strict, a backtest stops at the first broken ticket with exit code 2."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank", "--strict")

    assert (2, "") == (ran.code, ran.out)
    assert f"error: {broken}: line 4: " in ran.err


def test_all_tickets_can_be_treated_as_one_type(broken: Path) -> None:
    """With a type for all tickets, a refund without an order is refused with its first case."""
    ran = ticketcore(
        "backtest", broken, "--policy", "clickbank", "--type", "refund", "--compare-recorded"
    )

    assert "order-required  open by customer, such as ticket T1 at 2026-01-05 09:00" in ran.out
    assert "-  every ticket is of type refund\n" in ran.out
    assert "-  1 ticket left out, because the opening was refused\n" in ran.out
    assert "5 %" not in ran.out


def test_an_unknown_type_is_refused(broken: Path) -> None:
    """An unknown type is refused with the types of the policy."""
    ran = ticketcore("backtest", broken, "--policy", "clickbank", "--type", "refnd")

    assert 2 == ran.code
    assert (
        'unknown type "refnd": policy clickbank has refund, cancellation, technical'
    ) in usage_error(ran)


def test_a_history_without_readable_tickets_is_an_error(tmp_path: Path) -> None:
    """An empty file gets a report and exit code 2; a missing file gets an error."""
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    ran = ticketcore("backtest", empty, "--policy", "clickbank")
    missing = ticketcore("backtest", tmp_path / "none.jsonl", "--policy", "clickbank")

    assert 2 == ran.code
    assert "0  tickets broken" in ran.out
    assert "\nBroken\n" in ran.out
    assert (2, "") == (missing.code, missing.out)
    assert "none.jsonl: no such file" in missing.err


def test_a_ticket_that_cannot_be_replayed_is_named_with_its_line(tmp_path: Path) -> None:
    """A ticket that cannot be replayed is named with its line and the reason."""
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


def test_a_directory_is_no_history(tmp_path: Path) -> None:
    """A directory is refused as a history, even if its name ends in .gz."""
    packed = tmp_path / "history.jsonl.gz"
    packed.mkdir()
    for path in (tmp_path, packed):
        ran = ticketcore("backtest", path, "--policy", "clickbank", "--strict")

        assert (2, "") == (ran.code, ran.out)


def test_piped_output_has_no_progress_bar() -> None:
    """Piped output is a report without colours and without a progress bar."""
    ran = process("backtest", EXAMPLE, "--policy", "service-desk")

    assert (0, "") == (ran.code, ran.err)
    assert "\x1b" not in ran.out


def test_long_differences_are_given_in_days(tmp_path: Path) -> None:
    """A difference of days, such as between ten and five, is given in days."""
    path = tmp_path / "late.jsonl"
    events: list[Event] = [
        Opened(at=AT, by="customer", type="x", zone="UTC"),
        Replied(at=AT, by="support", solution=True),
        Closed(at=AT + timedelta(days=10), by="system"),
    ]
    write_histories(path, [("T1", events)])
    ran = ticketcore("backtest", path, "--policy", "service-desk", "--compare-recorded")

    assert 5 == ran.out.count("-5 d")
