"""The time that a timer has used and has left; random stories compare it with the reference."""

from datetime import timedelta

from support.permissive_policy import at
from support.small_policies import PLAIN, opened, policy_of
from ticketcore.decider import Usage, usage

TIMER = """
[[timer]]
name = "solution"
from = "opened"
after = "4 hours"
met_by = "closed"
effect = "breach"
"""


def test_a_timer_has_used_the_time_since_its_start() -> None:
    """After three of four hours, one hour remains."""
    policy = policy_of(TIMER)
    ticket = opened(policy)

    expected = Usage(timedelta(hours=3), timedelta(hours=1))
    assert expected == usage(ticket, policy, ticket.timers[0], at(3))
    late = Usage(timedelta(hours=6), timedelta(hours=-2))
    assert late == usage(ticket, policy, ticket.timers[0], at(6))


def test_a_timer_that_the_policy_does_not_have_has_no_usage() -> None:
    """The policy may be another than that of the ticket's history."""
    ticket = opened(policy_of(TIMER))

    assert usage(ticket, PLAIN, ticket.timers[0], at(3)) is None


def test_a_timer_without_a_target_under_the_policy_has_no_usage() -> None:
    """The policy has the timer, but no span for a ticket without a category."""
    ticket = opened(policy_of(TIMER))
    selecting = TIMER.replace('after = "4 hours"', 'after = { other = "4 hours" }')
    policy = policy_of(
        selecting.replace('from = "opened"', 'from = "opened"\nafter_by = "category"')
    )

    assert usage(ticket, policy, ticket.timers[0], at(3)) is None


def test_a_recorded_calendar_that_the_policy_lacks_is_replaced() -> None:
    """The policy may be another than that of the history; its own calendar counts then."""
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
