from datetime import timedelta
from pathlib import Path

import pytest

from cli_runs import process, ticketcore
from support.scenario_texts import CLOSED, LATE_CLOSE, REFUND, REFUSED
from ticketcore.cli._timeline_view import duration
from ticketcore.events import from_line

STORY = 'name = "A story"\ndescription = "Of a refund."\n' + REFUND + LATE_CLOSE + REFUSED

SHOWN = """\
A story
Of a refund.
ticket 00123456789, clickbank 2013-01-01, times in America/Boise

Fri 2026-01-09  UTC-07:00
●  15:00  customer  opened a ticket: refund, order MZ8X2K (49.00 USD)                  C1
○  15:00  timer     due Mon 2026-01-12 15:00                                           refund (C5)

Mon 2026-01-12  UTC-07:00
◆  15:00  system    refunded 49.00 USD                                                 refund (C5)
◆  15:00  system    closed the ticket                                                  refund (C5)
✗  16:00  customer  close refused, ticket-closed: the ticket was already closed, by
                    system at Mon 2026-01-12 15:00

Nothing is pending

The ticket is closed

Expected  all met
✓  step 2, close by customer, is refused: ticket-closed
✓  status: closed
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The story in a file."""
    file = tmp_path / "story.toml"
    file.write_text(STORY + CLOSED)
    return file


def test_a_scenario_is_shown_as_a_timeline(scenario: Path) -> None:
    """Days, times, who, what and by which rule; what is pending; what was expected."""
    ran = ticketcore("simulate", scenario)
    assert (0, "") == (ran.code, ran.err)
    assert SHOWN.splitlines() == [line.rstrip() for line in ran.out.splitlines()]


@pytest.mark.parametrize("width", [80, 120])
def test_a_timeline_fits_the_screen(scenario: Path, width: int) -> None:
    """No line of the timeline is wider than the screen."""
    ran = ticketcore("simulate", scenario, width=width)
    assert width >= max(map(len, ran.out.splitlines()))


def test_pending_timers_say_when_and_in_how_long(tmp_path: Path) -> None:
    """What is pending is told in local time, in UTC, and from where the clock stands."""
    file = tmp_path / "story.toml"
    file.write_text(REFUND)
    lines = ticketcore("simulate", file).out.splitlines()
    assert "Pending  seen from Fri 2026-01-09 15:00" in lines
    words = next(line for line in lines if "2026-01-12T22:00:00Z" in line).split("  ")
    assert ["○", "refund (C5)", "Mon 2026-01-12 15:00", "2026-01-12T22:00:00Z", "in 3 days"] == [
        word.strip() for word in words
    ]


def test_a_change_of_clocks_is_seen(tmp_path: Path) -> None:
    """The day's heading gives the offset, and says when it is another than before."""
    file = tmp_path / "story.toml"
    file.write_text("until = 2026-03-09T16:00:00\n" + REFUND.replace("2026-01-09", "2026-03-06"))
    file.write_text(file.read_text().replace("2026-03-06T15:00:00-07:00", "2026-03-06T15:00:00"))
    file.write_text(file.read_text().replace("2026-01-02", "2026-02-02"))
    out = ticketcore("simulate", file).out
    assert "Fri 2026-03-06  UTC-07:00\n" in out
    assert "Mon 2026-03-09  UTC-06:00, the clocks were changed\n" in out


def test_json_is_the_history_and_nothing_else(scenario: Path) -> None:
    """--json prints one event a line, as a history file holds them."""
    ran = ticketcore("simulate", "--json", scenario)
    assert (0, "") == (ran.code, ran.err)
    lines = [from_line(line) for line in ran.out.splitlines()]
    assert ["opened", "scheduled", "refunded", "closed"] == [
        line.event.NAME for line in lines if hasattr(line.event, "NAME")
    ]
    assert [("00123456789", seq) for seq in range(1, 5)] == [(li.ticket, li.seq) for li in lines]


def test_a_failed_expectation_shows_what_did_happen(scenario: Path) -> None:
    """It exits with 1; with --json what failed stands on stderr."""
    scenario.write_text(STORY + CLOSED.replace("closed", "open"))
    failure = "✗  status: open\n   found: closed\n"
    shown, printed = process("simulate", scenario), ticketcore("simulate", "--json", scenario)
    assert (1, 1) == (shown.code, printed.code)
    assert shown.out.endswith(
        "Expected  1 of 2 failed\n"
        "✓  step 2, close by customer, is refused: ticket-closed\n" + failure
    )
    assert failure == printed.err
    assert 4 == len(printed.out.splitlines())


def test_a_broken_file_tells_all_its_mistakes(scenario: Path) -> None:
    """It exits with 2, every mistake on stderr with its place."""
    scenario.write_text(STORY.replace('command = "close"', 'command = "closse"') + "[expct]\n")
    ran = ticketcore("simulate", scenario)
    assert (2, "") == (ran.code, ran.out)
    assert f'error: 2 problems\n{scenario}:23:1: step[1].do: unknown "closse"' in ran.err
    assert 'expct: unknown key; did you mean "expect"?' in ran.err


def test_a_ticket_that_was_never_opened_has_no_end(tmp_path: Path) -> None:
    """Only the refusal is told."""
    file = tmp_path / "story.toml"
    file.write_text(REFUND.replace('type = "refund"', 'type = "refundd"'))
    ran = ticketcore("simulate", file)
    assert 1 == ran.code
    assert "open refused, unknown-type" in ran.out
    assert "The ticket is" not in ran.out


def test_signs_are_plain_where_others_cannot_be_shown(scenario: Path) -> None:
    """On a screen that knows ASCII only, signs and marks are letters."""
    ran = process("simulate", scenario, encoding="ascii")
    assert "ok  status: closed\n" in ran.out
    assert ran.out.isascii()


def test_durations_are_told_in_their_two_largest_units() -> None:
    """Days and hours, hours and minutes; the rest is left out."""
    assert "3 days" == duration(timedelta(days=3))
    assert "1 day 2 h" == duration(timedelta(days=1, hours=2, minutes=5))
    assert "2 h 5 min" == duration(timedelta(hours=2, minutes=5))
    assert "less than a minute" == duration(timedelta(seconds=59))
