"""The cycles of timers, worked out by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from support.policies.timed_desk import TimedTicket, at
from ticketcore.events import Breached, Event, Opened, Replied, Scheduled, Timer, Warned
from ticketcore.metrics import TimerCycle, timer_cycles

HOUR = timedelta(hours=1)


def cycles(ticket: TimedTicket, timer: str) -> list[TimerCycle]:
    """Return the cycles of one timer of a ticket."""
    return [each for each in timer_cycles(ticket.events) if each.timer.name == timer]


def outcomes(ticket: TimedTicket, timer: str) -> list[str]:
    """Return what became of the cycles of one timer of a ticket."""
    return [each.outcome for each in cycles(ticket, timer)]


def test_an_answer_at_the_due_instant_meets_the_timer_in_time() -> None:
    """Four working hours from 9:00 end at 13:00, which is still in time."""
    (reply,) = cycles(TimedTicket().do(5, 13, "reply"), "reply")

    assert ("met-in-time", "met", at(5), at(5, 13)) == (
        reply.outcome,
        reply.end,
        reply.set_at,
        reply.ended_at,
    )
    assert (at(5, 13), False, None, None) == (
        reply.timer.due,
        reply.late,
        reply.fired_at,
        reply.late_by,
    )


def test_a_late_answer_is_late_by_the_time_since_the_deadline() -> None:
    """A late answer is late by the time since its deadline, such as 21.5 hours."""
    (reply,) = cycles(TimedTicket().do(6, 10.5, "reply"), "reply")

    assert ("met-late", True, at(5, 13)) == (reply.outcome, reply.late, reply.fired_at)
    assert timedelta(hours=21.5) == reply.late_by


def test_a_late_cycle_is_missed_until_it_is_met() -> None:
    """A late cycle is missed until it is met, and stays missed if it is cancelled."""
    ticket = TimedTicket().until(8)
    (reply,) = cycles(ticket, "reply")

    assert ("missed", None, None) == (reply.outcome, reply.end, reply.late_by)
    (reply,) = cycles(ticket.do(8, 10, "close"), "reply")
    assert ("missed", "cancelled", None) == (reply.outcome, reply.end, reply.late_by)


def test_each_question_is_a_cycle_of_its_own() -> None:
    """Each question starts a cycle of its own, such as one in time and one late."""
    ticket = TimedTicket().do(5, 10, "reply").do(6, 9, "reply", by="customer")
    ticket.do(6, 16, "reply").do(6, 17, "close")

    assert ["met-in-time", "met-late"] == outcomes(ticket, "reply")
    assert ["met-in-time"] == outcomes(ticket, "solution")


def test_a_pause_is_counted_for_the_timers_that_it_stops() -> None:
    """A pause counts for the timers that it stops, and has no length while it lasts."""
    ticket = TimedTicket().do(5, 12, "set-field", field="supplier-awaited", value=True)
    ticket.do(6, 8, "set-field", field="supplier-awaited", value=False)
    ticket.do(6, 10, "set-field", field="supplier-awaited", value=True)
    (solution,), (reply,) = cycles(ticket.do(6, 13, "reply"), "solution"), cycles(ticket, "reply")

    assert (timedelta(hours=20), timedelta()) == (solution.paused, reply.paused)
    ticket.do(6, 14, "close")
    (solution,) = cycles(ticket, "solution")
    assert ("met-in-time", timedelta(hours=24)) == (solution.outcome, solution.paused)


def test_a_withdrawn_ticket_cancels_its_timers() -> None:
    """The timers of a withdrawn ticket are cancelled, since nobody has met them."""
    ticket = TimedTicket().do(5, 10, "withdraw", by="customer")

    assert ["cancelled"] == outcomes(ticket, "reply")
    assert ["cancelled"] == outcomes(ticket, "solution")
    assert ["cancelled"] == [each.end for each in cycles(ticket, "solution")]


def test_a_reopening_goes_on_with_the_cycle() -> None:
    """A reopened ticket goes on with its cycle; the closed time is not paused time."""
    ticket = TimedTicket().do(5, 10, "close").do(6, 9, "reopen")

    (solution,) = cycles(ticket, "solution")
    assert ("running", None) == (solution.outcome, solution.ended_at)
    (solution,) = cycles(ticket.do(9, 9, "close"), "solution")
    assert ("met-late", at(5), at(9)) == (solution.outcome, solution.set_at, solution.ended_at)
    assert timedelta() == solution.paused


def test_a_deadline_that_closes_the_ticket_has_fired() -> None:
    """A deadline that closes the ticket ends its cycle as fired."""
    ticket = TimedTicket().do(5, 10, "reply").do(6, 10, "reply", by="customer")
    ticket.do(6, 11, "reply").until(20)

    assert ["cancelled", "fired"] == outcomes(ticket, "silence")
    assert [None, at(13, 11)] == [each.fired_at for each in cycles(ticket, "silence")]
    assert ["met-late"] == outcomes(ticket, "solution")  # by the closing


def test_a_deadline_moved_behind_the_end_leaves_the_cycle_late_by_nothing() -> None:
    """A breached cycle is late by zero time if its deadline is moved to after its end."""
    ticket = TimedTicket().until(6).do(6, 10, "set-deadline", timer="reply", due=at(9))

    (reply,) = cycles(ticket.do(7, 10, "reply"), "reply")
    assert ("met-late", timedelta()) == (reply.outcome, reply.late_by)


def test_a_snooze_is_a_cycle_too() -> None:
    """Each snooze is a cycle, even if two begin at one instant."""
    ticket = TimedTicket()
    opened = ticket.events[0]
    first, second = (Timer("snooze", at(6), at(5), cycle=number) for number in (2, 3))
    events = (
        opened,
        Scheduled(at=at(5), timers=(first,)),
        Scheduled(at=at(5), timers=(second,)),
    )

    assert ["running", "running"] == [each.outcome for each in timer_cycles(events)]


OPENED = Opened(at=at(5), by="customer", type="request", zone="UTC")


def listed(**values: Any) -> Scheduled:
    """Return a plan with one timer, due an hour after the opening."""
    return Scheduled(at=at(5), timers=(Timer("nudge", at(5, 10), at(5), cycle=2, **values),))


@pytest.mark.parametrize(
    ("events", "fired_at"),
    [
        ([listed(), Warned(at=at(5, 10), timer="nudge")], at(5, 10)),
        ([listed(), Warned(at=at(5, 10), timer="nudge", level="half")], None),
        ([listed(), Warned(at=at(5, 10), timer="other")], None),
        ([listed(), listed(passed=True)], at(5)),
        ([listed(dispute="D1"), Warned(at=at(5, 10), timer="nudge")], at(5, 10)),
    ],
)
def test_a_deadline_has_fired_if_it_caused_an_event_or_is_listed_as_passed(
    events: list[Event], fired_at: datetime | None
) -> None:
    """A deadline has fired if it caused an event, or is listed as passed."""
    (cycle,) = timer_cycles((OPENED, *events))

    assert fired_at == cycle.fired_at


def test_a_breach_marks_one_cycle() -> None:
    """A breach marks one cycle: with two disputes, each breach belongs to its own."""
    timers = tuple(
        Timer("response", at(5, 10), at(5), dispute=dispute, cycle=2) for dispute in ("D1", "D2")
    )
    breached = Breached(at=at(5, 10), timer="response")
    plan = Scheduled(at=at(5), timers=timers)

    assert [True, False] == [each.late for each in timer_cycles((OPENED, plan, breached))]
    both = timer_cycles((OPENED, plan, breached, breached))
    assert [True, True] == [each.late for each in both]


def test_an_imported_ticket_has_no_cycles() -> None:
    """An imported ticket has no cycles, because its events record no timers."""
    ended = TimedTicket().do(5, 10, "reply").events[-1]
    assert isinstance(ended, Scheduled)

    assert () == timer_cycles((OPENED, Replied(at=at(5, 10), by="support")))
    assert {"silence", "solution"} == {each.timer.name for each in timer_cycles((OPENED, ended))}
    assert () == timer_cycles(())
