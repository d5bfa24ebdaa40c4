"""The time that a timer has counted, and the time that remains to its deadline."""

from datetime import datetime, timedelta
from typing import NamedTuple

from ticketcore.decider.clocks._deadlines import (
    PausedTime,
    TimerCount,
    pauses_since,
    recorded_target,
    target_of,
)
from ticketcore.events import Timer, utc
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


class Usage(NamedTuple):
    """Counted time of a cycle: working time if its target is working time, else elapsed time.

    *remaining* is negative after the deadline.
    """

    used: timedelta
    remaining: timedelta


def usage(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> Usage | None:
    """Return the time that a timer of the ticket has used and has left at an instant.

    The timer is a pending one, or one of the ticket's last ended cycles at the instant of its end.
    While it is paused, no time is used. The result is None if the policy lacks the timer, or a
    target for the ticket.

    Raises InstantError or NaiveDatetimeError for a wrong *at*, and CalendarRangeError if an
    instant lies outside the supported years of the timer's calendar.
    """
    count = count_of(ticket, policy, timer)
    if count is None:
        return None
    now = utc(at) if timer.paused is None else timer.paused
    if now < timer.since <= timer.due:  # a count that starts in the future
        now = timer.since
    if now <= timer.due:
        remaining = count.between(now, timer.due)
    else:
        remaining = -count.between(timer.due, now)
    counted = count.between(timer.since, max(now, timer.since))
    return Usage(counted - _paused(timer, count, now), remaining)


def _paused(timer: Timer, count: TimerCount, now: datetime) -> timedelta:
    """Return the counted time in which pauses held the timer until *now*."""
    first, last = timer.pauses_from or timer.since, min(now, timer.pauses_until or now)
    pauses, holding = pauses_since(count.ticket, count.definition.pauses, first)
    if holding is not None:
        pauses.append(PausedTime(holding, last))
    paused = timedelta()
    for since, until in pauses:
        if since < last and count.holds(since, timer.due):
            paused += count.between(since, min(until, last))
    return paused


def count_of(ticket: Ticket, policy: Policy, timer: Timer) -> TimerCount | None:
    """Return how a timer of the ticket counts, by its recorded target if the policy can count it.

    The result is None if the policy does not have the timer, or has no target for the ticket.
    """
    definition = policy.timer(timer.name, ticket)
    if definition is None:
        return None
    target = recorded_target(timer, policy) or target_of(ticket, definition)
    return None if target is None else TimerCount(ticket, policy, definition, target)
