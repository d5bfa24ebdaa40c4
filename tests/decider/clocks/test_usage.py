"""The time that a timer has used and has left; random stories compare it with the reference."""

from datetime import UTC, datetime, timedelta

import pytest

from support.policies.permissive_policy import at
from support.policies.small_policies import PLAIN, opened, policy_of
from ticketcore import commands as c
from ticketcore.decider import Usage, decide_and_apply, usage
from ticketcore.ticket import Ticket

TIMER = """
[[timer]]
name = "solution"
from = "opened"
after = "4 hours"
met_by = "closed"
effect = "breach"
"""


def test_a_timer_has_used_the_time_since_its_start() -> None:
    """A timer has used the time since its start, and has the rest left."""
    policy = policy_of(TIMER)
    ticket = opened(policy)

    expected = Usage(timedelta(hours=3), timedelta(hours=1))
    assert expected == usage(ticket, policy, ticket.timers[0], at(3))
    late = Usage(timedelta(hours=6), timedelta(hours=-2))
    assert late == usage(ticket, policy, ticket.timers[0], at(6))


def test_a_timer_that_the_policy_does_not_have_has_no_usage() -> None:
    """A timer that the policy lacks has no used time."""
    ticket = opened(policy_of(TIMER))

    assert usage(ticket, PLAIN, ticket.timers[0], at(3)) is None


def test_a_timer_without_a_target_under_the_policy_has_no_usage() -> None:
    """A timer without a span for the ticket's category has no used time."""
    ticket = opened(policy_of(TIMER))
    selecting = TIMER.replace('after = "4 hours"', 'after = { other = "4 hours" }')
    policy = policy_of(
        selecting.replace('from = "opened"', 'from = "opened"\nafter_by = "category"')
    )

    assert usage(ticket, policy, ticket.timers[0], at(3)) is None


WITHOUT_PAUSES = """
[fields.priority]
choices = ["low", "high"]
default = "low"
[fields.state]
choices = ["open", "pending"]
default = "open"
[calendars.work]
hours = "mon-fri 08:00-16:00"
[pauses.pending]
when = { fields.state = "pending" }
[[timer]]
name = "solution"
from = "opened"
pauses = ["pending"]
after_by = "fields.priority"
after = { low = "8 working hours", high = "4 working hours" }
calendar = "work"
on_target_change = "recalculate-without-pauses"
met_by = "closed"
effect = "breach"
"""


def day(day: int, hour: float) -> datetime:
    """Return an instant of January 2026; the 5th is a Monday."""
    return datetime(2026, 1, day, tzinfo=UTC) + timedelta(hours=hour)


def opened_on(at: datetime) -> Ticket:
    """Return a ticket that a customer opened at an instant."""
    return decide_and_apply(None, c.Open(at=at, by="customer"), policy_of(WITHOUT_PAUSES))[0]


def state(at: datetime, value: str) -> c.SetField:
    """Return the command by which the pause begins or ends."""
    return c.SetField(at=at, by="support", field="state", value=value)


PAUSED = (state(day(5, 9), "pending"), state(day(5, 10), "open"))
RAISED = (*PAUSED, c.SetField(at=day(5, 11), by="support", field="priority", value="high"))
RESCHEDULED = (*RAISED, c.Reschedule(at=day(5, 11.25), by="support"))
BY_HAND = (
    *RAISED,
    c.SetDeadline(at=day(5, 11.25), by="support", timer="solution", due=day(7, 10)),
)


@pytest.mark.parametrize(
    ("commands", "at", "used", "due"),
    [
        (PAUSED, day(5, 11), 2, day(6, 9)),
        (RAISED, day(5, 11.5), 3.5, day(5, 12)),
        ((*RAISED, state(day(5, 11.5), "pending")), day(5, 15), 3.5, day(5, 12)),
        (
            (*RAISED, state(day(5, 11.5), "pending"), state(day(5, 12.5), "open")),
            day(5, 12.75),
            3.75,
            day(5, 13),
        ),
        (RESCHEDULED, day(5, 11.5), 3.5, day(5, 12)),
        (BY_HAND, day(6, 10), 10, day(7, 10)),
        (
            (*RAISED, state(day(5, 13), "pending"), state(day(5, 14), "open")),
            day(5, 15),
            7,
            day(5, 12),
        ),
    ],
    ids="pause change paused paused-again rescheduled by-hand after-the-breach".split(),
)
def test_pauses_before_a_change_without_pauses_count_as_used(
    commands: tuple[c.Command, ...], at: datetime, used: float, due: datetime
) -> None:
    """After "recalculate-without-pauses", the pauses before the change count as used time."""
    policy = policy_of(WITHOUT_PAUSES)
    ticket = opened_on(day(5, 8))
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)

    (timer,) = ticket.timers
    counted = usage(ticket, policy, timer, at)
    assert counted is not None
    assert (timedelta(hours=used), due) == (counted.used, timer.due)


@pytest.mark.parametrize(
    ("commands", "used"),
    [((), 1.5), ((state(day(5, 14.5), "pending"), state(day(5, 15), "open")), 1)],
)
def test_a_closure_that_is_announced_later_changes_no_used_time(
    commands: tuple[c.Command, ...], used: float
) -> None:
    """A closure that is announced later does not change the time used so far."""
    policy = policy_of(WITHOUT_PAUSES)
    hours = 'hours = "mon-fri 08:00-16:00"\n'
    closed = policy_of(WITHOUT_PAUSES.replace(hours, hours + "holidays = { 2026-01-06 = 'x' }\n"))
    ticket = opened_on(day(5, 14))
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)

    counted = usage(ticket, closed, ticket.timers[0], day(5, 15.5))
    assert counted is not None
    assert timedelta(hours=used) == counted.used


def test_a_recorded_calendar_that_the_policy_lacks_is_replaced() -> None:
    """A recorded calendar that the policy lacks is replaced by the policy's own calendar."""
    hours = '[calendars.{}]\nhours = "mon-sun 00:00-24:00"\n'
    selecting = TIMER.replace(
        'after = "4 hours"',
        'after_by = "type"\nafter = {{ request = "4 working hours", other = "1 working hour" }}\n'
        'calendar = "{}"',
    )
    recorded, other = (
        policy_of(hours.format(name) + selecting.format(name)) for name in ("first", "second")
    )
    ticket = opened(recorded)

    assert "4 working hours, first" == ticket.timers[0].target
    expected = Usage(timedelta(hours=3), timedelta(hours=1))
    assert expected == usage(ticket, other, ticket.timers[0], at(3))
