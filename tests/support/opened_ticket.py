"""A ticket that a customer opened, and the instants and events after its opening."""

from datetime import UTC, datetime, timedelta

from ticketcore.events import Event, Opened
from ticketcore.ticket import Ticket, fold

T0 = datetime(2026, 1, 5, 17, tzinfo=UTC)
OPENED = Opened(at=T0, by="customer", type="technical", zone="Europe/Rome")


def at(hours: float) -> datetime:
    """Return the instant *hours* hours after the opening."""
    return T0 + timedelta(hours=hours)


def after(*events: Event) -> Ticket:
    """Return the ticket after its opening and these events."""
    return fold((OPENED, *events))
