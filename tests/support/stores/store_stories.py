"""A ticket in a store: its commands, for tests of stores."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ticketcore.commands import Open, Reply
from ticketcore.events import Money, Order

AT = datetime(2026, 1, 12, 17, tzinfo=UTC)
ONE, TWO = "00000000001", "00000000002"
ORDER = Order(number="B-7", sold_at=AT, amount=Money(4900, "USD"))


def opening(number: str = ONE, **facts: Any) -> Open:
    """Return a command of Anna's that opens a refund ticket under clickbank."""
    given: dict[str, Any] = {"customer": "anna", "actor": "anna", "order": ORDER}
    return Open(
        at=AT,
        by="customer",
        number=number,
        type="refund",
        zone="America/Boise",
        **(given | facts),
    )


def reply(minutes: float, text: str = "hello") -> Reply:
    """Return a reply of the vendor's some minutes after the opening."""
    return Reply(at=AT + timedelta(minutes=minutes), by="vendor", text=text)
