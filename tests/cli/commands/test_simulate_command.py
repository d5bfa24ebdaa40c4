"""`ticketcore simulate` runs a scenario and shows it as a timeline."""

from datetime import timedelta
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, process, ticketcore
from support.stories.scenarios import CLOSED, LATE_CLOSE, REFUND, REFUSED
from ticketcore.cli.views._timeline import duration
from ticketcore.events import from_line

STORY = 'name = "A story"\ndescription = "Of a refund."\n' + REFUND + LATE_CLOSE + REFUSED
SHOWN = """\
A story
Of a refund.
ticket 00123456789, clickbank 2013-01-01, times in America/Boise

Fri 2026-01-09  UTC-07:00
●  15:00  customer  opened a ticket: refund, order MZ8X2K (49.00 USD)           C1
○  15:00  timer     due Mon 2026-01-12 15:00                                    refund (C5)

Mon 2026-01-12  UTC-07:00
◆  15:00  system    refunded 49.00 USD                                          refund (C5)
◆  15:00  system    closed the ticket                                           refund (C5)
✗  16:00  customer  close refused, ticket-closed: the ticket was already
                    closed by the system on Mon 2026-01-12 15:00 UTC-07:00

Nothing is pending

The ticket is closed

Expected  all met
✓  step 2, close by customer, is refused: ticket-closed
✓  status: closed
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return a file with the scenario."""
    file = tmp_path / "story.toml"
    file.write_text(STORY + CLOSED)
    return file


def test_a_scenario_is_shown_as_a_timeline(scenario: Path) -> None:
    """The output has days, times, parties, events, rules, pending deadlines and expectations."""
    ran = ticketcore("simulate", scenario, width=91)

    assert (0, "") == (ran.code, ran.err)
    assert SHOWN.splitlines() == ran.out.splitlines()


def test_several_tickets_have_one_timeline() -> None:
    """C8: each line has the number of its ticket; the status of each ticket follows."""
    story = EXAMPLES / "clickbank" / "two-refund-tickets-about-one-charge.toml"
    lines = ticketcore("simulate", story, width=100).out.splitlines()

    assert "tickets 00123456789, 00123456790, clickbank 2013-01-01" in lines[1]
    assert "◆  11:05  00123456790  system    refunded 49.00 USD" in "\n".join(lines)
    assert "◆  10:00  00123456789  system    closed the ticket" in "\n".join(lines)
    assert ["Ticket 00123456789 is closed", "Ticket 00123456790 is closed"] == [
        line for line in lines if line.startswith("Ticket ")
    ]


@pytest.mark.parametrize("width", [80, 120, 300])
def test_a_timeline_fits_the_screen(scenario: Path, width: int) -> None:
    """No line is wider than the screen or 100 characters, and none ends with a blank."""
    lines = ticketcore("simulate", scenario, width=width).out.splitlines()

    assert min(width, 100) >= max(map(len, lines))
    assert lines == [line.rstrip() for line in lines]


def test_a_rule_stays_beside_its_event_at_80_columns(tmp_path: Path) -> None:
    """Long names of persons and rules wrap, so that the timeline is one table."""
    story = (EXAMPLES / "clickbank" / "silent-vendor.toml").read_text()
    file = tmp_path / "story.toml"
    named = story.replace('by = "customer"', 'by = "customer"\nactor = "maria.carmen@example.org"')
    file.write_text(named)

    lines = ticketcore("simulate", file, width=80).out.splitlines()

    (first,) = (line for line in lines if "10:00  customer" in line and "opened" in line)
    assert "(maria.carmen@example.org)" in lines[lines.index(first) + 1]
    (closing,) = (line for line in lines if "closed the ticket" in line)
    assert closing.endswith("vendor-silent-close")
    assert "(C15)" == lines[lines.index(closing) + 1].strip()


def test_pending_deadlines_are_complete_at_80_columns() -> None:
    """Each deadline is shown in local time and in UTC, and how far away it is."""
    file = EXAMPLES / "readings/c14-checked-when-due.scenario.toml"
    lines = ticketcore("simulate", file, width=80).out.splitlines()
    first = lines.index("Pending  as of Mon 2026-03-02 10:01") + 1

    assert [
        "○  Wed 2026-03-04 10:01  2026-03-04T17:01:00Z  in 2 days    vendor-silent-first",
        "                                                            (C15)",
        "○  Fri 2026-03-06 10:01  2026-03-06T17:01:00Z  in 4 days    vendor-silent-second",
        "                                                            (C15)",
        "○  Mon 2026-03-09 00:00  2026-03-09T06:00:00Z  in 6 days    vendor-silent-close",
        "                                               12 h         (C15)",
    ] == lines[first : first + 6]


def test_a_change_of_the_clocks_is_shown(tmp_path: Path) -> None:
    """A change of clocks is shown in the heading of its day."""
    file = tmp_path / "story.toml"
    story = REFUND.replace("2026-01-09T15:00:00-07:00", "2026-03-06T15:00:00")
    story = story.replace("2026-01-02", "2026-02-02")
    file.write_text("until = 2026-03-09T16:00:00\n" + story)
    out = ticketcore("simulate", file).out

    assert "Fri 2026-03-06  UTC-07:00\n" in out
    assert "Mon 2026-03-09  UTC-06:00, the clocks changed\n" in out


def test_json_is_the_history_and_nothing_else(scenario: Path) -> None:
    """--json prints one event per line, as in a history file."""
    ran = ticketcore("simulate", "--json", scenario)
    lines = [from_line(line) for line in ran.out.splitlines()]

    assert (0, "") == (ran.code, ran.err)
    assert ["opened", "scheduled", "refunded", "closed", "scheduled"] == [
        line.event.NAME for line in lines if hasattr(line.event, "NAME")
    ]
    assert [("00123456789", seq) for seq in range(1, 6)] == [
        (line.ticket, line.seq) for line in lines
    ]


def test_a_failed_expectation_shows_the_actual_value(scenario: Path) -> None:
    """A failed expectation shows the actual value, and the exit code is 1."""
    scenario.write_text(STORY + CLOSED.replace("closed", "open"))
    failure = "✗  status: open\n   found: closed\n"
    shown, printed = process("simulate", scenario), ticketcore("simulate", "--json", scenario)

    assert (1, 1) == (shown.code, printed.code)
    assert shown.out.endswith(
        "Expected  1 of 2 failed\n"
        "✓  step 2, close by customer, is refused: ticket-closed\n" + failure
    )
    assert failure == printed.err
    assert 5 == len(printed.out.splitlines())


def test_all_mistakes_of_an_invalid_file_are_listed(scenario: Path) -> None:
    """An invalid scenario lists all its mistakes with their places; the exit code is 2."""
    scenario.write_text(STORY.replace('command = "close"', 'command = "closse"') + "[expct]\n")
    ran = ticketcore("simulate", scenario)

    assert (2, "") == (ran.code, ran.out)
    assert f'error: 2 problems\n{scenario}:23:1: step[1].command: unknown "closse"' in ran.err
    assert 'expct: unknown key; did you mean "expect"?' in ran.err


def test_a_ticket_that_was_never_opened_has_no_status(tmp_path: Path) -> None:
    """A scenario whose opening is refused is shown without a status."""
    file = tmp_path / "story.toml"
    file.write_text(REFUND.replace('type = "refund"', 'type = "refundd"'))
    ran = ticketcore("simulate", file)

    assert 1 == ran.code
    assert "open refused, unknown-type" in ran.out
    assert "The ticket is" not in ran.out
    assert "pending" not in ran.out


def test_symbols_are_replaced_if_the_encoding_lacks_them(scenario: Path) -> None:
    """Symbols are replaced by letters if the output's encoding lacks them."""
    ran = process("simulate", scenario, encoding="ascii")

    assert "ok  status: closed\n" in ran.out
    assert ran.out.isascii()


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(days=3), "3 days"),
        (timedelta(days=1, hours=2, minutes=5), "1 day 2 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(seconds=59), "less than a minute"),
    ],
)
def test_durations_are_shown_in_their_two_largest_units(time: timedelta, words: str) -> None:
    """A duration is shown in its two largest units."""
    assert words == duration(time)


def test_a_paused_timer_is_pending_without_a_distance(tmp_path: Path) -> None:
    """A paused timer is listed without a distance, because its deadline is not known."""
    story = tmp_path / "story.toml"
    story.write_text(
        'policy = "help-desk"\n'
        '[[step]]\nat = 2026-03-02T09:00:00\ncommand = "open"\nby = "customer"\n'
        '[[step]]\nat = 2026-03-02T10:00:00\ncommand = "reply"\nby = "support"\n'
        'text = "which one?"\n[expect]\nstatus = "pending"\n'
    )
    ran = ticketcore("simulate", story, width=100)

    assert [
        "○  Wed 2026-03-11 10:00  2026-03-11T10:00:00Z  in 9 days  silence",
        "○  Wed 2026-03-04 17:00  2026-03-04T17:00:00Z  paused     resolution",
    ] == [line for line in ran.out.splitlines() if "Z  " in line and "update" not in line]
