"""The party that a ticket waits for, and what each event leaves of the state before it."""

from datetime import UTC, datetime, timedelta

import pytest

from ticketcore.events import (
    Acknowledged,
    Closed,
    Escalated,
    Event,
    InfoRequested,
    Opened,
    Party,
    Reopened,
    Replied,
    Scheduled,
    Timer,
    TypeChanged,
)
from ticketcore.ticket import Ticket, fold

T0 = datetime(2026, 1, 5, 17, tzinfo=UTC)
OPENED = Opened(at=T0, by="customer", type="technical", zone="Europe/Rome")
PROMISED = Scheduled(at=T0, timers=(Timer("late", T0 + timedelta(hours=9), T0),))


def at(hours: float) -> datetime:
    """Return the instant this many hours after the opening."""
    return T0 + timedelta(hours=hours)


def after(*events: Event) -> Ticket:
    """Return the ticket after its opening and these events."""
    return fold((OPENED, *events))


@pytest.mark.parametrize(
    ("by", "waiting_for"), [("vendor", "customer"), ("customer", "vendor"), ("support", "vendor")]
)
def test_a_change_of_type_counts_as_an_answer(by: Party, waiting_for: Party) -> None:
    """The ticket then waits for the other side; a change by a third party is no answer."""
    answered = Replied(at=at(1), by="vendor")
    before = (answered,) if by == "customer" else ()
    ticket = after(*before, TypeChanged(at=at(2), by=by, type="refund"))
    moved = by != "support"

    assert (waiting_for, at(2) if moved else T0) == (ticket.waiting_for, ticket.waiting_since)


def test_the_system_answers_for_nobody() -> None:
    """C17: a message by the system is not activity."""
    ticket = after(Replied(at=at(1), by="system"))

    assert T0 == ticket.active_at


@pytest.mark.parametrize(
    ("event", "answered"),
    [
        (Replied(at=at(1), by="vendor"), True),
        (Replied(at=at(1), by="customer"), False),
        (InfoRequested(at=at(1), by="vendor"), True),
    ],
)
def test_an_answer_comes_from_anybody_but_the_customer(event: Event, answered: bool) -> None:
    """A request for information is an answer too."""
    assert answered is after(event).answered


@pytest.mark.parametrize(
    "event",
    [
        TypeChanged(at=at(2), by="customer", type="refund"),
        Escalated(at=at(2), by="customer"),
        Reopened(at=at(2), by="customer"),
        Replied(at=at(2), by="customer"),
    ],
)
def test_a_ticket_that_goes_on_is_not_solved(event: Event) -> None:
    """A solution lasts until the ticket changes, is handed on, or continues."""
    solved = Replied(at=at(1), by="vendor", solution=True)

    assert True is after(solved).solved
    assert False is after(solved, event).solved


def test_each_reopening_is_counted() -> None:
    """A ticket that was closed and reopened twice has two reopenings."""
    twice = [
        event
        for hour in (1, 2)
        for event in (Closed(at=at(hour), by="vendor"), Reopened(at=at(hour), by="customer"))
    ]

    assert 2 == after(*twice).reopenings


@pytest.mark.parametrize(
    "event",
    [
        Escalated(at=at(9), by="system", to="support", timer="late"),
        Acknowledged(at=at(9), by="system", timer="late"),
        Closed(at=at(9), by="system", timer="late"),
    ],
)
def test_a_timer_with_an_effect_has_fired(event: Event) -> None:
    """It is no longer pending, and the instant from which it counted is kept."""
    ticket = after(PROMISED, event)

    assert ((), (("late", T0, None),)) == (ticket.timers, ticket.fired)
