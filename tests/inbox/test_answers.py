"""An answer is in time, late, or not counted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ticketcore import commands as c
from ticketcore.calendar import Span
from ticketcore.decider import decide
from ticketcore.errors import CalendarError, NaiveDatetimeError
from ticketcore.events import (
    Breached,
    Closed,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    Opened,
    Reopened,
    Replied,
    Scheduled,
    Timer,
    TypeChanged,
)
from ticketcore.inbox import Answer, Target, answers
from ticketcore.policies import load_policy
from ticketcore.ticket import fold

KAUFLAND = load_policy("kaufland")
CLICKBANK = load_policy("clickbank")
MICROSECOND = timedelta(microseconds=1)


def at(day: int, hour: int = 9) -> datetime:
    """An instant of January 2026; the 12th is a Monday, and Berlin is an hour ahead."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


OPENED = Opened(at=at(12), by="customer", type="request", zone="Europe/Berlin", storefront="de")
DUE = at(14)  # K2: 48 hours on working days


def of(*events: Event) -> list[Answer]:
    """The answers that a ticket's customer was owed after it was opened."""
    return list(answers((OPENED, *events), KAUFLAND))


@pytest.mark.parametrize(
    ("then", "outcome", "in_time"),
    [
        ([Replied(at=DUE, by="vendor")], "answered", True),
        ([Replied(at=DUE + MICROSECOND, by="vendor")], "answered", False),
        ([InfoRequested(at=DUE, by="vendor")], "answered", True),
        ([TypeChanged(at=DUE, by="vendor", type="other")], "answered", True),
        ([Closed(at=DUE, by="vendor")], "answered", True),
        ([Closed(at=DUE + MICROSECOND, by="vendor")], "answered", False),
        ([Closed(at=DUE, by="customer")], "dropped", None),
        ([Closed(at=DUE + MICROSECOND, by="customer")], "dropped", False),
        ([Replied(at=DUE, by="support")], "pending", None),
        ([Replied(at=DUE, by="customer")], "pending", None),
        ([Replied(at=DUE, by="vendor", interim=True)], "pending", None),
        ([Replied(at=DUE + MICROSECOND, by="vendor", interim=True)], "pending", False),
        ([Breached(at=DUE, timer="response")], "pending", False),
    ],
)
def test_an_answer_at_the_instant_it_is_due_is_in_time(
    then: list[Event], outcome: str, in_time: bool | None
) -> None:
    """K2. One that is needless before it is due counts neither way; K9: an interim is none."""
    (answer,) = of(*then)

    assert (outcome, in_time, DUE) == (answer.outcome, answer.in_time, answer.due)


def test_an_answer_after_the_promise_is_late_though_nothing_was_recorded() -> None:
    """A host that never advanced its tickets did not answer in time for that."""
    promised = Scheduled(at=at(12), timers=(Timer("response", at(12, 10), at(12)),))
    (answer,) = of(promised, Replied(at=at(12, 11), by="vendor"))

    assert (at(12, 10), False) == (answer.due, answer.in_time)


def test_what_was_recorded_as_overdue_is_never_erased() -> None:
    """K2: an answer is late once it was recorded so, whatever a later reschedule promises."""
    promised = Scheduled(at=at(12), timers=(Timer("response", at(13), at(12)),))
    overdue = Breached(at=at(13), timer="response")
    moved = Scheduled(at=at(13), timers=(Timer("response", at(20), at(12)),))
    (answer,) = of(promised, overdue, moved, Replied(at=at(14), by="vendor"))

    assert (at(13), False) == (answer.due, answer.in_time)


def test_the_promise_that_was_recorded_last_counts() -> None:
    """A reschedule moves it, and it is not worked out again by the policy."""
    first = Scheduled(at=at(12), timers=(Timer("response", at(13), at(12)),))
    moved = Scheduled(at=at(12, 10), timers=(Timer("response", at(16), at(12)),))
    (answer,) = of(first, moved, Replied(at=at(15), by="vendor"))

    assert (at(16), True) == (answer.due, answer.in_time)


def test_a_ticket_is_judged_alike_with_its_promises_and_without() -> None:
    """What the policy would have promised is what it did promise."""
    asked = c.Open(at=at(12), by="customer", storefront="de")
    events = decide(None, asked, KAUFLAND)
    events += decide(fold(events), c.Reply(at=at(15), by="vendor", text="Yes."), KAUFLAND)
    bare = [event for event in events if not isinstance(event, Scheduled | Breached)]

    assert list(answers(bare, KAUFLAND)) == list(answers(events, KAUFLAND))


def test_passing_a_ticket_on_stops_the_clock_of_one_party_only() -> None:
    """K6: support owes the answer then, and the customer has waited all the while."""
    vendors, supports, back = of(
        Escalated(at=at(13), by="vendor"),
        HandedBack(at=at(14), by="support"),
        Replied(at=at(15), by="vendor"),
    )

    assert [("vendor", "passed-on", None), ("support", "passed-on", None)] == [
        (one.by, one.outcome, one.in_time) for one in (vendors, supports)
    ]
    assert ("vendor", at(14), True) == (back.by, back.since, back.in_time)
    assert [True, True, True] == [one.first for one in (vendors, supports, back)]
    assert (timedelta(days=3), timedelta(days=3)) == (back.waited, back.worked)


def test_a_late_first_answer_counts_once() -> None:
    """K11: what was late when the ticket was passed on was the first, and no later one is."""
    late, supports = of(
        Escalated(at=at(20), by="vendor"),
        Replied(at=at(21), by="support"),
    )

    assert [(True, False), (False, None)] == [(a.first, a.in_time) for a in (late, supports)]


def test_working_time_stands_still_at_weekends() -> None:
    """Waiting from Friday to Monday is three days, of which the calendar counts what it opens."""
    _, answer = of(
        Replied(at=at(13), by="vendor"),
        Replied(at=at(16), by="customer"),
        Replied(at=at(19), by="vendor"),
    )

    assert (timedelta(days=3), timedelta(days=1)) == (answer.waited, answer.worked)


def test_only_one_answer_is_the_first() -> None:
    """A ticket that lives again is owed further answers, and waiting begins anew."""
    found = of(
        Replied(at=at(13), by="vendor"),
        Closed(at=at(14), by="customer"),
        Reopened(at=at(15), by="customer"),
        Replied(at=at(16), by="vendor"),
    )

    assert [(True, at(12)), (False, at(15))] == [(one.first, one.since) for one in found]
    assert [timedelta(days=1)] * 2 == [one.waited for one in found]


def test_a_pending_answer_is_judged_as_of_an_instant() -> None:
    """Before it is due it is not counted; without an instant the last event is the last look."""
    pending = [
        next(answers((OPENED,), KAUFLAND, until=until)).in_time
        for until in (None, DUE, DUE + MICROSECOND)
    ]

    assert [None, None, False] == pending


def test_the_instant_of_the_last_look_is_in_any_zone_but_has_one() -> None:
    """And a target goes by a calendar that the policy has."""
    late = DUE + MICROSECOND
    (pending,) = answers((OPENED,), KAUFLAND, until=late.astimezone(ZoneInfo("Asia/Tokyo")))
    assert pending.in_time is False
    with pytest.raises(NaiveDatetimeError):
        next(answers((OPENED,), KAUFLAND, until=late.replace(tzinfo=None)))
    target = Target(span=Span.parse("24 working hours"), calendar="office")
    with pytest.raises(
        CalendarError, match="clickbank has no calendar 'office': it has saving, weekd"
    ):
        next(answers((OPENED,), CLICKBANK, target=target))


def test_a_target_counts_where_the_policy_promises_nothing() -> None:
    """Without either, nothing can be in time or late; the wait is measured all the same."""
    events = (OPENED, Replied(at=at(19), by="vendor"))
    target = Target(span=Span.parse("24 working hours"), calendar="weekdays")
    (without,) = answers(events, CLICKBANK)
    (by_target,) = answers(events, CLICKBANK, target=target)

    assert (None, None, timedelta(days=7), None) == (
        without.due,
        without.in_time,
        without.waited,
        without.worked,
    )
    assert (at(13), False, timedelta(days=5)) == (
        by_target.due,
        by_target.in_time,
        by_target.worked,
    )


def test_a_policy_without_calendar_counts_every_hour() -> None:
    """Round the clock, working time is time."""
    target = Target(span=Span.parse("24 hours"))
    (answer,) = answers((OPENED, Replied(at=at(19), by="vendor")), CLICKBANK, target=target)

    assert (timedelta(days=7), timedelta(days=7)) == (answer.waited, answer.worked)


def test_a_promise_that_was_withdrawn_counts_no_more() -> None:
    """Once nothing is promised, the policy says when an answer would have been due."""
    promised = Scheduled(at=at(12), timers=(Timer("response", at(12, 10), at(12)),))
    (answer,) = of(promised, Scheduled(at=at(12)), Replied(at=at(13), by="vendor"))

    assert (DUE, True) == (answer.due, answer.in_time)
