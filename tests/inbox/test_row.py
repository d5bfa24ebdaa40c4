"""A row follows its ticket event by event."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given

from support.strategies import histories
from ticketcore.errors import HistoryError
from ticketcore.events import (
    Assigned,
    Event,
    InfoRequested,
    Money,
    Opened,
    Order,
    Recorded,
    Replied,
    Shared,
    Unknown,
    Unshared,
)
from ticketcore.inbox import Row, follow
from ticketcore.ticket import fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
LATER = datetime(2026, 1, 12, 10, tzinfo=UTC)
OPENED = Opened(
    at=AT,
    by="customer",
    type="request",
    zone="Europe/Berlin",
    storefront="de",
    order=Order(number="M1", sold_at=AT, amount=Money(1999, "EUR")),
    customer="anna",
    account="shop-1",
    category="orders",
    subcategory="status",
    reason="defective",
    subject="Broken lid",
)


def row_of(*events: Event) -> Row:
    """The row of a ticket with these events."""
    row = None
    for seq, event in enumerate(events, 1):
        row = follow(row, Recorded("00123456789", seq, event))
    assert row is not None
    return row


def test_a_ticket_is_listed_with_the_facts_of_its_opening() -> None:
    """What people search for stands in the row, the number with its leading zeros (K3, K4)."""
    expected = Row(
        number="00123456789",
        seq=1,
        opened_at=AT,
        changed_at=AT,
        type="request",
        default_handler="vendor",
        handler="vendor",
        waiting_for="vendor",
        status="open",
        storefront="de",
        order="M1",
        customer="anna",
        account="shop-1",
        category="orders",
        subcategory="status",
        reason="defective",
        subject="Broken lid",
    )

    assert expected == row_of(OPENED)


@given(histories())
def test_a_row_says_of_a_ticket_what_the_ticket_says(
    history: tuple[str, tuple[Event, ...]],
) -> None:
    """Type, turn, state, assignment, sharing and closing are the folded ticket's."""
    _, events = history
    row, ticket = row_of(*events), fold(events)

    assert (
        ticket.version,
        ticket.at,
        ticket.opened.at,
        ticket.type,
        ticket.handler,
        ticket.waiting_for,
        ticket.status,
        ticket.assigned_to,
        ticket.shared_with,
        ticket.closed_at,
        ticket.closed_by,
    ) == (
        row.seq,
        row.changed_at,
        row.opened_at,
        row.type,
        row.handler,
        row.waiting_for,
        row.status,
        row.assigned_to,
        row.shared_with,
        row.closed_at,
        row.closed_by,
    )


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        (Replied(at=LATER, by="vendor"), {"turn": "customer", "status": "waiting"}),
        (Replied(at=LATER, by="vendor", interim=True), {}),
        (Replied(at=LATER, by="support"), {}),
        (InfoRequested(at=LATER, by="vendor"), {"turn": "customer", "status": "waiting"}),
        (Assigned(at=LATER, assignee="warehouse"), {"assigned_to": "warehouse"}),
        (Unknown(name="promoted", schema=1, at=LATER), {}),
    ],
)
def test_an_event_changes_its_columns_only(event: Event, changes: dict[str, Any]) -> None:
    """An interim notice keeps the turn (K9), and an unknown event moves the row on unchanged."""
    expected = attrs.evolve(row_of(OPENED), seq=2, changed_at=LATER, **changes)

    assert expected == row_of(OPENED, event)


def test_sharing_ends() -> None:
    """A person whom the ticket is no longer shared with leaves the row (W5)."""
    shared = row_of(OPENED, Shared(at=LATER, by="customer", with_person="ben"))
    ended = follow(
        shared, Recorded("00123456789", 3, Unshared(at=LATER, by="customer", with_person="ben"))
    )

    assert (("ben",), ()) == (shared.shared_with, ended.shared_with)


def test_an_event_delivered_twice_changes_nothing() -> None:
    """A host that repeats an event after a crash gets the same row."""
    row = row_of(OPENED, Replied(at=LATER, by="vendor"))

    assert row == follow(row, Recorded("00123456789", 2, Replied(at=LATER, by="vendor")))


def test_a_gap_is_refused() -> None:
    """A row that missed an event would lie: it says which one it has."""
    with pytest.raises(HistoryError, match="event 1 is followed by event 3") as caught:
        follow(row_of(OPENED), Recorded("00123456789", 3, Replied(at=LATER, by="vendor")))

    assert ("gap", "00123456789", 3) == (
        caught.value.problem,
        caught.value.ticket,
        caught.value.seq,
    )


def test_an_event_of_another_ticket_is_refused() -> None:
    """Whatever its number: a row is of one ticket."""
    row = follow(None, Recorded("7", 1, OPENED))
    for seq in (1, 2):
        with pytest.raises(HistoryError, match="ticket 8: the row is of ticket 7") as caught:
            follow(row, Recorded("8", seq, Replied(at=LATER, by="vendor")))

        assert "mixed" == caught.value.problem


def test_a_ticket_that_is_not_listed_begins_with_its_opening() -> None:
    """Any other event of an unlisted ticket is refused by name."""
    with pytest.raises(HistoryError, match="not with an opening") as caught:
        follow(None, Recorded("7", 4, Replied(at=LATER, by="vendor")))

    assert ("not-opened", "7", 4) == (caught.value.problem, caught.value.ticket, caught.value.seq)
    opened = Opened(at=LATER, by="customer", type="request", zone="UTC")
    with pytest.raises(HistoryError, match="begins with event 2, not with event 1") as caught:
        follow(None, Recorded("7", 2, opened))

    assert ("not-opened", "7", 2) == (caught.value.problem, caught.value.ticket, caught.value.seq)
