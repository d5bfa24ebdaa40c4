"""A row's ends, told one by one: closing by several, and sharing that ends."""

from datetime import UTC, datetime

from ticketcore.events import Closed, Opened, Recorded, Shared, Unshared
from ticketcore.inbox import Row, follow

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def row_of(*events: Opened | Closed | Shared | Unshared) -> Row:
    """The row after an opening and these."""
    row = follow(None, Recorded("1", 1, Opened(at=AT, by="customer", type="t", zone="UTC")))
    for seq, event in enumerate(events, 2):
        row = follow(row, Recorded("1", seq, event))
    return row


def test_who_closed_is_kept_each_once() -> None:
    """K8: a row is closed at the first closing, and names each party that closed."""
    row = row_of(
        Closed(at=AT, by="vendor"), Closed(at=AT, by="customer"), Closed(at=AT, by="vendor")
    )

    assert ("closed", AT, ("vendor", "customer")) == (row.status, row.closed_at, row.closed_by)


def test_a_sharing_that_ended_is_gone() -> None:
    """W5: who may see a ticket is who it is still shared with."""
    ann = Shared(at=AT, by="customer", with_person="ann")
    bob = Shared(at=AT, by="customer", with_person="bob")

    assert ("bob",) == row_of(
        ann, bob, Unshared(at=AT, by="customer", with_person="ann")
    ).shared_with
