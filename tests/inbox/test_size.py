"""A row is small."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ticketcore.events import (
    Assigned,
    Event,
    Money,
    Opened,
    Order,
    Recorded,
    Replied,
    Shared,
    Unit,
    from_line,
    to_line,
)
from ticketcore.inbox import Inbox

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
TICKETS = 2000


def _events(number: int) -> Iterator[Recorded]:
    at = AT + timedelta(minutes=number)
    order = Order(
        number=f"M{number:08}", sold_at=at, amount=Money(1999, "EUR"), units=(Unit(id="u1"),)
    )
    events: list[Event] = [
        Opened(
            at=at,
            by="customer",
            actor=f"person-{number}",
            type="request",
            zone="Europe/Berlin",
            storefront="de",
            order=order,
            customer=f"customer-{number}",
            account=f"account-{number}",
            category="orders",
            subcategory="status",
            reason="not-delivered",
            subject=f"Where is my order number {number}?",
            text="Nothing came. " * 50,
        ),
        Assigned(at=at, assignee=f"team-{number % 9}"),
        Shared(at=at, by="customer", with_person=f"friend-{number}"),
        Replied(at=at, by="vendor", text="It is on its way. " * 50),
    ]
    return (Recorded(f"{number:011}", seq, event) for seq, event in enumerate(events, 1))


def test_a_ticket_takes_at_most_two_kilobytes_of_an_inbox() -> None:
    """Its texts are left to the conversation; measured on events as a file brings them."""
    lines = [to_line(recorded) for number in range(TICKETS) for recorded in _events(number)]
    inbox = Inbox()
    tracemalloc.start()
    try:
        inbox.fold(map(from_line, lines))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert TICKETS == len(inbox)
    assert held / TICKETS <= 2048
