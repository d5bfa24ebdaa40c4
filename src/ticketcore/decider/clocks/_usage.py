"""The time that a timer has counted, and the time that remains to its deadline."""

from datetime import datetime, timedelta
from typing import NamedTuple

from ticketcore.decider.clocks._deadlines import Count, target_of
from ticketcore.events import Timer, utc
from ticketcore.policies import Policy, Target
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
    While it is paused, the time stands still. The result is None if the policy lacks the
    timer, or a target for the ticket.

    Raises InstantError or NaiveDatetimeError for a wrong *at*, and CalendarRangeError if an
    instant lies outside the supported years of the timer's calendar.
    """
    count = count_of(ticket, policy, timer)
    if count is None:
        return None
    now = utc(at) if timer.paused is None else timer.paused
    if now <= timer.due:
        remaining = count.between(now, timer.due)
    else:
        remaining = -count.between(timer.due, now)
    counted = count.between(timer.since, max(now, timer.since))
    if not timer.by_hand and timer.dispute is None:
        # Pauses moved the deadline by exactly the time that they took from the count.
        counted -= count.between(count.due(timer.since), timer.due)
    return Usage(counted, remaining)


def count_of(ticket: Ticket, policy: Policy, timer: Timer) -> Count | None:
    """Return how a timer of the ticket counts, by its recorded target.

    The result is None if the policy does not have the timer, or has no target for the ticket.
    """
    definition = policy.timer(timer.name, ticket)
    if definition is None:
        return None
    target = target_of(ticket, definition) if timer.target is None else Target.parse(timer.target)
    return None if target is None else Count(ticket, policy, definition, target)
