"""Runs of scenarios: steps are decided in order, and timers fire in between."""

from datetime import UTC, datetime

import pytest

from support.stories.scenarios import CLOSED, LATE_CLOSE, REFUND, REFUSED
from ticketcore.errors import UnknownPolicyError
from ticketcore.events import Closed, Opened, PolicyChanged, Refunded, Scheduled
from ticketcore.scenarios import ScenarioRun, parse_scenario, run_scenario, timeline_of
from ticketcore.ticket import fold

TWO_VERSIONS = REFUND.replace('"clickbank"', '["clickbank-24-7", "clickbank"]')


def run(text: str) -> ScenarioRun:
    """Read and run a scenario."""
    return run_scenario(parse_scenario(text))


def test_timers_fire_before_each_step() -> None:
    """C5: a timer that is due between two steps fires at its due instant, before the second."""
    result = run(REFUND + LATE_CLOSE + REFUSED + CLOSED)
    due = datetime(2026, 1, 12, 22, tzinfo=UTC)
    opening, timers, refused = result.steps
    assert (None, "ticket-closed") == (timers.command, refused.refusal and refused.refusal.code)
    effects = [Refunded, Closed, Scheduled]
    assert [(effect, due) for effect in effects] == [(type(e), e.at) for e in timers.events]
    assert () == refused.events
    assert [1, 2, 3, 4, 5] == [recorded.seq for recorded in result.recorded]
    assert Opened is type(opening.events[0])


def test_the_recorded_events_fold_to_the_ticket() -> None:
    """The history of a run is complete: its events give the ticket at the end."""
    result = run(REFUND + LATE_CLOSE)
    assert fold(recorded.event for recorded in result.recorded) == result.ticket


def test_the_clock_stops_at_the_last_step() -> None:
    """Without `until` and without a later expected event, no timer fires after the last step."""
    result = run(REFUND)
    assert result.ticket is not None
    assert ["refund"] == [timer.name for timer in result.ticket.timers]


def test_the_clock_runs_to_the_last_expected_event() -> None:
    """The instant of an expected event extends the run."""
    later = '[[expect.event]]\nevent = "closed"\nat = 2026-01-12T15:00:00'
    assert () == run(REFUND + later).failures


def test_the_clock_runs_to_until() -> None:
    """`until` lets timers fire after the last step."""
    result = run("until = 2026-01-12T15:00:00-07:00\n" + REFUND + CLOSED)
    assert () == result.failures


def test_the_opening_date_selects_the_version() -> None:
    """C21: the version that is in force at the opening decides the ticket."""
    result = run(TWO_VERSIONS + LATE_CLOSE.replace("12T16", "09T16"))
    assert result.ticket is not None
    assert "clickbank-24-7" == result.ticket.policy
    assert ("customer",) == result.ticket.closed_by


def test_an_opening_before_the_first_version_raises() -> None:
    """If no version is in force at the opening, the run raises UnknownPolicyError."""
    with pytest.raises(UnknownPolicyError, match="clickbank begins on 2013-01-01"):
        run(TWO_VERSIONS.replace("2026", "2012"))


@pytest.mark.parametrize("text", [REFUND, TWO_VERSIONS])
def test_an_opening_in_an_unknown_zone_is_refused(text: str) -> None:
    """An unknown zone is refused, also if it was needed to select a version by date."""
    unknown_zone = text.replace('type = "refund"', 'type = "refund"\nzone = "Mars/X"')
    (step,) = run(unknown_zone).steps
    assert "unknown-zone" == (step.refusal and step.refusal.code)


def test_a_change_of_policy_goes_to_the_newest_version() -> None:
    """C21: a ticket keeps its version until `change-policy` moves it to the newest."""
    change = '[[step]]\nat = 2026-01-09T15:30:00\ncommand = "change-policy"\nby = "support"\n'
    text = TWO_VERSIONS.replace("2026-01-09T15:00:00", "2018-01-05T15:00:00")
    result = run(text.replace("2026", "2018") + change.replace("2026-01-09", "2018-01-05"))
    opened = [r.event for r in result.recorded if isinstance(r.event, Opened)]
    assert ["clickbank"] == [event.policy for event in opened]
    assert PolicyChanged in [type(recorded.event) for recorded in result.recorded]
    assert result.ticket is not None
    assert "clickbank-24-7" == result.ticket.policy
    assert [datetime(2018, 1, 6, 22, tzinfo=UTC)] == [t.due for t in result.ticket.timers]


def test_without_a_ticket_every_expectation_fails() -> None:
    """A refused opening leaves no ticket, so no expectation about it is met."""
    text = REFUND.replace('type = "refund"', 'type = "refundd"') + LATE_CLOSE + CLOSED
    result = run(text + 'deadlines = [{ timer = "refund" }]')
    assert (None, ()) == (result.ticket, result.recorded)
    assert [
        "step 1, open by customer, is allowed",
        "step 2, close by customer, is allowed",
        "deadlines: refund",
        "status: closed",
    ] == [failure.expected for failure in result.failures]


def test_the_timeline_of_a_run_has_rules_and_refusals() -> None:
    """Each entry has an actor, a text and a rule; a refusal has its own entry."""
    entries = [entry for _, entry in timeline_of(run(REFUND + LATE_CLOSE))]
    assert [
        ("customer", "opened a ticket: refund, order MZ8X2K (49.00 USD)", "C1"),
        ("timer", "due Mon 2026-01-12 15:00", "refund (C5)"),
        ("system", "refunded 49.00 USD", "refund (C5)"),
        ("system", "closed the ticket", "refund (C5)"),
    ] == [(entry.actor, entry.text, entry.rule) for entry in entries[:4]]
    assert "refusal" == entries[4].kind
    assert entries[4].text.startswith("close refused, ticket-closed: the ticket was already")


def test_the_timeline_of_a_refused_opening_has_the_refusal() -> None:
    """Without a ticket and a zone, the instants of a timeline are in UTC."""
    step = '[[step]]\nat = 2026-01-12T10:00:00Z\ncommand = "open"\nby = "customer"\n'
    ((_, entry),) = timeline_of(run(f'policy = "clickbank"\n{step}'))
    assert "open refused, zone-required" == entry.text[:27]
