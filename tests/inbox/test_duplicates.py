"""Tests of possible duplicates (O4)."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from ticketcore.commands import Open
from ticketcore.events import Money, Opened, Order
from ticketcore.inbox import TicketSummary, possible_duplicates

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
OPEN = TicketSummary(
    number="1",
    seq=1,
    opened_at=AT,
    changed_at=AT,
    type="request",
    default_handler="support",
    handler="support",
    waiting_for="support",
    status="open",
    customer="anna",
    category="payroll",
)
OPENING = Open(at=AT, by="customer", customer="anna", category="payroll")


@pytest.mark.parametrize(
    ("changes", "is_duplicate"),
    [
        ({}, True),
        ({"customer": "ben"}, False),
        ({"customer": None}, False),
        ({"category": "servers"}, False),
        ({"order": Order(number="M1", sold_at=AT, amount=Money(100, "EUR"))}, False),
    ],
)
def test_tickets_with_the_same_customer_order_and_category_are_duplicates(
    changes: dict[str, Any], is_duplicate: bool
) -> None:
    """O4: tickets with the same customer, order and category are possible duplicates."""
    opening = attrs.evolve(OPENING, **changes)
    without_customer = attrs.evolve(OPEN, number="2", customer=None)

    expected = [OPEN] if is_duplicate else []
    assert expected == possible_duplicates(opening, [OPEN, without_customer])


@pytest.mark.parametrize(("vendor", "is_duplicate"), [("acme", True), ("zenith", False)])
def test_an_order_belongs_to_a_vendor(vendor: str, is_duplicate: bool) -> None:
    """O4: one order number of two vendors is two orders."""
    order = Order(number="M1", sold_at=AT, amount=Money(100, "EUR"))
    opening = attrs.evolve(OPENING, order=order, vendor=vendor)
    known = attrs.evolve(OPEN, order="M1", vendor="acme")

    assert ([known] if is_duplicate else []) == possible_duplicates(opening, [known])


def test_a_closed_ticket_is_no_duplicate() -> None:
    """O4: the customer may open a second ticket once the first one is closed."""
    closed = attrs.evolve(OPEN, status="closed", closed_at=AT, waiting_for=None)

    assert [] == possible_duplicates(OPENING, [closed])


def test_a_ticket_is_no_duplicate_of_itself() -> None:
    """A ticket is no duplicate of itself, even if the list has it already."""
    opened = Opened(
        at=AT, by="customer", type="request", zone="UTC", customer="anna", category="payroll"
    )
    other = attrs.evolve(OPEN, number="2")

    assert [other] == possible_duplicates(opened, [OPEN, other], number="1")
