"""The pending timers of a ticket: which there are, and when they are due."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from support.policies.permissive_policy import T0, at
from support.policies.small_policies import names, opened, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide, decide_and_apply, due, plan
from ticketcore.errors import CalendarRangeError, NaiveDatetimeError
from ticketcore.events import Rescheduled, Scheduled, Timer
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

OPEN = c.Open(at=T0, by="customer")


def test_the_earliest_timer_comes_first() -> None:
    """Pending timers are listed with the earliest first."""
    late = timer_text("late", "warn", "48 hours", "opened")
    soon = timer_text("soon", "warn", "24 hours", "opened")
    ticket, _ = decide_and_apply(None, OPEN, policy_of(late + soon))

    assert ["soon", "late"] == [timer.name for timer in ticket.timers]


def test_timers_with_one_name_are_alternatives() -> None:
    """If several timers have one name, the first whose condition holds applies."""
    policy = policy_of(
        timer_text("w", "warn", "1 hour")
        + 'when = { type = "other" }\n'
        + timer_text("w", "warn", "2 hours")
    )

    assert (Timer("w", at(2), T0, cycle=2),) == opened(policy).timers
    assert (Timer("w", at(1), T0, cycle=2),) == opened(policy, type="other").timers
    assert (Timer("w", at(2), T0, cycle=2),) == plan(opened(policy), policy, T0)


def test_a_timer_from_the_closing_runs_on_a_closed_ticket_only() -> None:
    """A timer that counts from the closing runs on a closed ticket only."""
    policy = policy_of(timer_text("forget", "warn", since="closed"))
    ticket = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)[0]

    assert () == opened(policy).timers
    assert (Timer("forget", at(25), at(1), cycle=3),) == ticket.timers


def test_a_recorded_deadline_moves_only_by_reschedule() -> None:
    """A recorded deadline moves only by `Reschedule`, which records its party and person."""
    first, second = (
        policy_of(timer_text("w", "warn")),
        policy_of(timer_text("w", "warn", "48 hours")),
    )
    ticket, _ = decide_and_apply(opened(first), c.Reply(at=at(1), by="vendor"), second)

    assert (Timer("w", at(24), T0, cycle=2),) == ticket.timers == plan(ticket, second, at(2))
    assert (Timer("w", at(48), T0, cycle=2),) == plan(ticket, second, at(2), keep=())
    command = c.Reschedule(at=at(2), by="support", actor="ann", command_id="c-1")
    assert (
        Rescheduled(at=at(2), by="support", actor="ann", command_id="c-1"),
        Scheduled(at=at(2), command_id="c-1", timers=(Timer("w", at(48), T0, cycle=2),)),
    ) == decide(ticket, command, second)
    assert () == decide(ticket, c.Reschedule(at=at(2), by="support"), first)


def test_a_timer_that_fires_leaves_other_deadlines() -> None:
    """When a timer fires, the deadlines of other timers stay, even under an edited policy file."""
    call = timer_text("call", "escalate", "24 hours", "opened")
    slow, fast = (
        policy_of(call + timer_text("end", "close", f"{days} days", "opened")) for days in (9, 2)
    )
    ticket, _ = decide_and_apply(None, OPEN, slow)
    after, _ = advance_ticket(ticket, fast, at(24))

    assert [("end", at(9 * 24))] == [(timer.name, timer.due) for timer in after.pending_timers]


def test_the_deadline_of_a_dispute_stays_until_it_is_rescheduled() -> None:
    """A1: an edited timer does not change the recorded deadline of a running dispute."""
    timer = '[[timer]]\nname = "answer"\nfrom = "dispute-opened"\nafter = "{}"\n'
    timer += 'effect = "lose-dispute"\nwhen = {{ dispute_kind = "claim" }}\n'
    slow, fast = (policy_of(timer.format(span)) for span in ("9 days", "2 days"))
    claims = [
        c.OpenDispute(at=at(hour), by="customer", dispute=f"D{hour}", kind="claim")
        for hour in (1, 2)
    ]
    ticket = _ticket(slow, *claims)
    kept, _ = decide_and_apply(ticket, c.Reply(at=at(3), by="vendor"), fast)
    moved, _ = decide_and_apply(ticket, c.Reschedule(at=at(3), by="support"), fast)

    assert [at(1 + 9 * 24), at(2 + 9 * 24)] == [timer.due for timer in kept.timers]
    assert [at(1 + 2 * 24), at(2 + 2 * 24)] == [timer.due for timer in moved.timers]


def test_a_plan_is_in_utc() -> None:
    """A plan accepts an instant of any zone, and has its deadlines in UTC."""
    slow, fast = (
        policy_of(timer_text("w", "warn", "48 hours")),
        policy_of(timer_text("w", "warn", "1 hour")),
    )
    (planned,) = plan(opened(slow), fast, at(5).astimezone(ZoneInfo("Asia/Tokyo")), keep=())

    assert (at(1), UTC) == (planned.due, planned.due.tzinfo)
    with pytest.raises(NaiveDatetimeError):
        plan(opened(slow), fast, at(5).replace(tzinfo=None))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Rome"])
def test_hours_are_elapsed_time_across_a_change_of_clocks(zone: str) -> None:
    """24 hours of elapsed time end 24 hours later in UTC, over a change of clocks too."""
    policy = policy_of(timer_text("soon", "warn", "24 hours", "opened"))
    ticket, _ = decide_and_apply(None, OPEN, policy)
    since = datetime(2026, 3, 28, 11, tzinfo=UTC)
    end = due(ticket, policy, policy.timers[0], since.astimezone(ZoneInfo(zone)))

    assert end is not None
    assert (datetime(2026, 3, 29, 11, tzinfo=UTC), UTC) == (end, end.tzinfo)
    with pytest.raises(NaiveDatetimeError):
        due(ticket, policy, policy.timers[0], since.replace(tzinfo=None))


def test_the_due_instant_of_working_hours_is_counted_in_the_calendar_of_the_timer() -> None:
    """`due` counts working hours in the calendar that the timer names, in the ticket's zone."""
    office = '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
    timer = timer_text("answer", "warn", "4 working hours", "closed") + 'calendar = "office"\n'
    policy = policy_of(office + timer)
    ticket = opened(policy, zone="Europe/Rome")

    assert at(27) == due(ticket, policy, policy.timers[0], at(7))


@pytest.mark.parametrize(("boundary", "end"), [("close", at(32)), ("next-open", at(48))])
def test_a_chain_of_spans_ends_at_its_boundary(boundary: str, end: datetime) -> None:
    """A chain of spans whose last span fills a day ends at the closing or the next opening."""
    chain = timer_text("answer", "warn", "24 hours", "opened")
    chain += f'then = ["8 working hours"]\ncalendar = "office"\nboundary = "{boundary}"\n'
    chain += '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
    ticket, _ = decide_and_apply(None, OPEN, policy_of(chain))

    assert [end] == [timer.due for timer in ticket.timers]


def test_a_deadline_beyond_the_supported_years_is_an_error() -> None:
    """A deadline beyond the supported years is an error, such as one after 100 working years."""
    week = '[calendars.week]\nhours = "mon-fri 09:00-17:00"\n'
    with pytest.raises(CalendarRangeError):
        opened(
            policy_of(timer_text("w", "warn", "36525 working days") + 'calendar = "week"\n' + week)
        )


def test_a_reschedule_that_changes_no_deadline_is_not_recorded() -> None:
    """A reschedule that changes no deadline is not recorded, on a closed ticket too."""
    policy = policy_of(timer_text("forget", "warn", since="closed"))
    other = policy_of(timer_text("forget", "warn", "48 hours", since="closed"))
    closed, _ = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)
    command = c.Reschedule(at=at(2), by="support")

    assert () == decide(closed, command, policy)
    assert ["Rescheduled", "Scheduled"] == names(decide(closed, command, other))


def test_a_timer_of_the_waiting_party_ends_with_the_closing() -> None:
    """A timer of the waiting party ends with the closing, and starts again with a reopening."""
    policy = policy_of(timer_text("late", "breach", since="waiting-since"))
    closed, _ = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)
    reopened, _ = decide_and_apply(closed, c.Reopen(at=at(2), by="customer"), policy)

    assert () == closed.timers
    assert (Timer("late", at(26), at(2), fires="after", cycle=6),) == reopened.timers


def _ticket(policy: Policy, *commands: c.Command) -> Ticket:
    ticket, _ = decide_and_apply(None, OPEN, policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket
