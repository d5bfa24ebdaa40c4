from datetime import UTC, datetime

import pytest

from support.scenario_texts import CLOSED, LATE_CLOSE, REFUND, REFUSED
from ticketcore.errors import UnknownPolicyError
from ticketcore.events import Closed, Opened, PolicyChanged, Refunded
from ticketcore.scenarios import ScenarioRun, parse_scenario, run_scenario
from ticketcore.ticket import fold

BOTH = REFUND.replace('"clickbank"', '["clickbank-24-7", "clickbank"]')


def play(text: str) -> ScenarioRun:
    """Read and run a scenario."""
    return run_scenario(parse_scenario(text))


def test_the_clock_advances_before_each_step() -> None:
    """C5: what fell due between two steps happens at its due instant, and before the second."""
    run = play(REFUND + LATE_CLOSE + REFUSED + CLOSED)
    due = datetime(2026, 1, 12, 22, tzinfo=UTC)
    opening, clock, refused = run.steps
    assert (None, "ticket-closed") == (clock.command, refused.refusal and refused.refusal.code)
    assert [(Refunded, due), (Closed, due)] == [(type(e), e.at) for e in clock.events]
    assert () == refused.events
    assert [1, 2, 3, 4] == [recorded.seq for recorded in run.recorded]
    assert Opened is type(opening.events[0])


def test_the_recorded_events_make_the_ticket() -> None:
    """A run's history is whole: folded, it is the ticket at the end."""
    run = play(REFUND + LATE_CLOSE)
    events = [recorded.event for recorded in run.recorded]
    assert fold(events) == run.ticket


def test_the_clock_stops_at_the_last_step() -> None:
    """Without until, and without a later event expected, nothing happens after the last step."""
    run = play(REFUND)
    assert ["refund"] == [timer.name for timer in (run.ticket.timers if run.ticket else ())]


def test_the_clock_runs_until_the_last_event_that_is_expected() -> None:
    """An expected event with its instant need not be waited for in so many words."""
    later = '[[expect.event]]\nevent = "closed"\nat = 2026-01-12T15:00:00'
    assert () == play(REFUND + later).failures


def test_the_clock_runs_until_it_is_told() -> None:
    """An until lets the timers act after the last step."""
    run = play("until = 2026-01-12T15:00:00-07:00\n" + REFUND + CLOSED)
    assert () == run.failures


def test_the_opening_date_picks_the_version() -> None:
    """C21: of two versions the later one counts for a ticket opened under it."""
    run = play(BOTH + LATE_CLOSE.replace("12T16", "09T16"))
    assert "clickbank-24-7" == (run.ticket and run.ticket.policy)
    assert ("customer",) == (run.ticket and run.ticket.closed_by)


def test_an_opening_before_the_first_version_is_no_scenario() -> None:
    """Where no version is in force yet, the run says so."""
    with pytest.raises(UnknownPolicyError, match="clickbank begins on 2013-01-01"):
        play(BOTH.replace("2026", "2012"))


@pytest.mark.parametrize("text", [REFUND, BOTH])
def test_an_opening_in_no_zone_is_refused(text: str) -> None:
    """With one version as with two, none of which can be picked by a date there."""
    (moment,) = play(text.replace('type = "refund"', 'type = "refund"\nzone = "Mars/X"')).steps
    assert "unknown-zone" == (moment.refusal and moment.refusal.code)


def test_a_change_of_policy_goes_to_the_newest_version() -> None:
    """An open ticket keeps its version until change-policy puts it under the newest."""
    change = '[[step]]\nat = 2026-01-09T15:30:00\ncommand = "change-policy"\nby = "support"\n'
    text = BOTH.replace("2026-01-09T15:00:00", "2018-01-05T15:00:00").replace("2026", "2018")
    run = play(text + change.replace("2026-01-09", "2018-01-05"))
    assert "clickbank" == next(r.event.policy for r in run.recorded if type(r.event) is Opened)
    assert PolicyChanged in [type(recorded.event) for recorded in run.recorded]
    assert run.ticket is not None
    assert "clickbank-24-7" == run.ticket.policy
    assert [datetime(2018, 1, 6, 22, tzinfo=UTC)] == [t.due for t in run.ticket.timers]


def test_a_ticket_that_is_never_opened_meets_no_expectation() -> None:
    """A refused opening leaves no ticket, and what was expected of it failed."""
    text = REFUND.replace('type = "refund"', 'type = "refundd"') + LATE_CLOSE + CLOSED
    run = play(text + 'deadlines = [{ timer = "refund" }]')
    assert (None, ()) == (run.ticket, run.recorded)
    assert [
        "step 1, open by customer, is granted",
        "step 2, close by customer, is granted",
        "deadlines: refund",
        "status: closed",
    ] == [check.expected for check in run.failures]
