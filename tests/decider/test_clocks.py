"""Timers in their order, and what is recorded as they fire."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import attrs
import pytest

from support.permissive_policy import T0, at
from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide, decide_and_apply, due
from ticketcore.errors import NaiveDatetimeError, RefusedError
from ticketcore.events import Scheduled
from ticketcore.policies import parse_policy
from ticketcore.ticket import fold

_BASE = """
name = "timed"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = ["open", "change-policy"]
by = "customer"
"""
_TIMER = '[[timer]]\nname = "{}"\nfrom = "{}"\nafter = "{}"\neffect = "{}"\n'
OPEN = c.Open(at=T0, by="customer")


def test_the_earliest_timer_comes_first() -> None:
    """Whatever their order in the file: a host asks for the first only."""
    late = _TIMER.format("late", "opened", "48 hours", "warn")
    soon = _TIMER.format("soon", "opened", "24 hours", "warn")
    ticket, _ = decide_and_apply(None, OPEN, parse_policy(_BASE + late + soon))

    assert ["soon", "late"] == [timer.name for timer in ticket.timers]


def test_what_a_timer_leads_to_is_pending_at_once() -> None:
    """A call for support starts support's own timer; the ticket is that of the events."""
    call = _TIMER.format("call", "opened", "24 hours", "escalate")
    answer = _TIMER.format("answer", "waiting-since", "10 hours", "breach")
    policy = parse_policy(_BASE + call + answer + 'when = { waiting_for = "support" }\n')
    ticket, _ = decide_and_apply(None, OPEN, policy)
    after, events = advance_ticket(ticket, policy, at(24))

    assert isinstance(events[-1], Scheduled)
    assert fold(events, ticket) == after
    assert [("answer", at(34))] == [(timer.name, timer.due) for timer in after.timers]


def test_what_fires_moves_no_other_promise() -> None:
    """Nor under a file that was edited: that takes a Reschedule."""
    call = _TIMER.format("call", "opened", "24 hours", "escalate")
    slow, fast = (
        parse_policy(_BASE + call + _TIMER.format("end", "opened", f"{days} days", "close"))
        for days in (9, 2)
    )
    ticket, _ = decide_and_apply(None, OPEN, slow)
    after, _ = advance_ticket(ticket, fast, at(24))

    assert [("end", at(9 * 24))] == [(timer.name, timer.due) for timer in after.timers]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Rome"])
def test_hours_are_hours_whatever_the_clocks_show(zone: str) -> None:
    """A day of 24 hours ends in UTC, also where it began by clocks that go forward in it."""
    policy = parse_policy(_BASE + _TIMER.format("soon", "opened", "24 hours", "warn"))
    ticket, _ = decide_and_apply(None, OPEN, policy)
    since = datetime(2026, 3, 28, 11, tzinfo=UTC)
    end = due(ticket, policy, policy.timers[0], since.astimezone(ZoneInfo(zone)))

    assert (datetime(2026, 3, 29, 11, tzinfo=UTC), UTC) == (end, end.tzinfo)
    with pytest.raises(NaiveDatetimeError):
        due(ticket, policy, policy.timers[0], since.replace(tzinfo=None))


def test_a_policy_changes_before_its_timers_are_overdue() -> None:
    """From the due instant on the old policy has to act first."""
    policy = parse_policy(_BASE + _TIMER.format("soon", "opened", "24 hours", "warn"))
    other = attrs.evolve(policy, name="another")
    ticket, _ = decide_and_apply(None, OPEN, policy)

    assert decide(ticket, c.ChangePolicy(at=at(23.9), by="customer"), other)
    with pytest.raises(RefusedError) as refused:
        decide(ticket, c.ChangePolicy(at=at(24), by="customer"), other)
    assert (
        "timers-due: a timer is due at 2026-01-06 09:00:00+00:00:"
        " advance the ticket under its present policy first"
    ) == str(refused.value)


@pytest.mark.parametrize(("boundary", "end"), [("close", at(32)), ("next-open", at(48))])
def test_a_chain_of_spans_ends_at_the_boundary_that_is_asked_for(
    boundary: str, end: datetime
) -> None:
    """Where the last span fills a day, that is its closing or the next opening."""
    chain = _TIMER.format("answer", "opened", "24 hours", "warn")
    chain += f'then = ["8 working hours"]\ncalendar = "office"\nboundary = "{boundary}"\n'
    chain += '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
    ticket, _ = decide_and_apply(None, OPEN, parse_policy(_BASE + chain))

    assert [end] == [timer.due for timer in ticket.timers]
