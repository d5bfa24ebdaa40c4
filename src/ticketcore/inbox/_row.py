"""What a list of tickets shows of one ticket: a row of fixed size, and how events change it.

A read model of its own: a host keeps rows in memory or as records of its database, and feeds
them with recorded events. It follows the ticket's turn as :mod:`ticketcore.ticket` does, which a
test proves on every history.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.errors import HistoryError
from ticketcore.events import (
    Assigned,
    Closed,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    Opened,
    Party,
    Recorded,
    Reopened,
    Replied,
    Shared,
    TypeChanged,
    Unshared,
)
from ticketcore.ticket import Status


@attrs.frozen(kw_only=True)
class Row:
    """One ticket as a list shows it. All instants are UTC.

    *number* is text, so that its leading zeros stay (K3); *order* is the order's number. *seq* is
    the last event that is in here, *changed_at* its instant. *handler* is who answers the
    customer now, *turn* whose answer is awaited; *status* is open when that is the desk, waiting
    when it is another, or closed (K1).
    """

    number: str
    seq: int
    opened_at: datetime
    changed_at: datetime
    type: str
    default_handler: Party
    handler: Party
    waiting_for: Party
    status: Status
    storefront: str | None = None
    order: str | None = None
    customer: str | None = None
    account: str | None = None
    category: str | None = None
    subcategory: str | None = None
    reason: str | None = None
    subject: str | None = None
    assigned_to: str | None = None
    shared_with: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_by: tuple[Party, ...] = ()


def follow(row: Row | None, recorded: Recorded) -> Row:
    """The row after one more event; None stands for a ticket that is not listed yet.

    An event that is in the row already changes nothing, so a host may deliver one twice. Raises
    HistoryError for what cannot follow: ``not-opened`` at the beginning, ``gap`` when an event
    between was left out, ``mixed`` for an event of another ticket.
    """
    number, seq, event = recorded.ticket, recorded.seq, recorded.event
    if row is None:
        if not isinstance(event, Opened):
            problem = f"is not listed and begins with {type(event).__name__}, not with an opening"
            raise HistoryError("not-opened", problem, ticket=number, seq=seq)
        if seq != 1:
            problem = f"begins with event {seq}, not with event 1"
            raise HistoryError("not-opened", problem, ticket=number, seq=seq)
        return _listed(number, seq, event)
    if number != row.number:
        problem = f"the row is of ticket {row.number}"
        raise HistoryError("mixed", problem, ticket=number, seq=seq)
    if seq <= row.seq:
        return row
    if seq > row.seq + 1:
        problem = f"event {row.seq} is followed by event {seq}"
        raise HistoryError("gap", problem, ticket=number, seq=seq)
    change = _CHANGES.get(event.__class__)
    changes = {} if change is None else change(row, event)
    if "waiting_for" in changes or "closed_at" in changes:
        waiting_for, closed_at = (
            changes.get("waiting_for", row.waiting_for),
            changes.get("closed_at", row.closed_at),
        )
        changes["status"] = _status(row.default_handler, waiting_for, closed_at)
    changes |= {"seq": seq, "changed_at": event.at}
    return fast_copy(Row, *changes)(row, *changes.values())


def _status(
    default_handler: Party, waiting_for: Party | None, closed_at: datetime | None
) -> Status:
    if closed_at is not None:
        return "closed"
    return "open" if waiting_for == default_handler else "pending"


def _listed(number: str, seq: int, event: Opened) -> Row:
    return Row(
        number=number,
        seq=seq,
        opened_at=event.at,
        changed_at=event.at,
        type=event.type,
        default_handler=event.default_handler,
        handler=event.default_handler,
        waiting_for=event.waiting_for,
        status=_status(event.default_handler, event.waiting_for, None),
        storefront=event.storefront,
        order=None if event.order is None else event.order.number,
        customer=event.customer,
        account=event.account,
        category=event.category,
        subcategory=event.subcategory,
        reason=event.reason,
        subject=event.subject,
    )


# What an event changes of a row beside its place. Events that are not named change nothing else,
# and neither does one that this version does not know.


def _answered_by(row: Row, by: Party) -> dict[str, Any]:
    """The turn goes to the other side; a third party's word answers for nobody."""
    if by == "customer":
        return {"waiting_for": row.handler}
    return {"waiting_for": "customer"} if by == row.handler else {}


def _replied(row: Row, event: Replied) -> dict[str, Any]:
    return {} if event.interim else _answered_by(row, event.by)  # K9


def _type_changed(row: Row, event: TypeChanged) -> dict[str, Any]:
    return {"type": event.type, **_answered_by(row, event.by)}


def _escalated(row: Row, event: Escalated) -> dict[str, Any]:
    return {"handler": event.to, "waiting_for": event.to}


def _handed_back(row: Row, event: HandedBack) -> dict[str, Any]:
    return {"handler": row.default_handler, "waiting_for": row.default_handler}


def _info_requested(row: Row, event: InfoRequested) -> dict[str, Any]:
    return {"waiting_for": "customer"}


def _assigned(row: Row, event: Assigned) -> dict[str, Any]:
    return {"assigned_to": event.assignee}


def _shared(row: Row, event: Shared) -> dict[str, Any]:
    return {"shared_with": (*_others(row, event.with_person), event.with_person)}


def _unshared(row: Row, event: Unshared) -> dict[str, Any]:
    return {"shared_with": _others(row, event.with_person)}


def _others(row: Row, person: str) -> tuple[str, ...]:
    return tuple(other for other in row.shared_with if other != person)


def _closed(row: Row, event: Closed) -> dict[str, Any]:
    # K8: who closed is kept, each for itself
    by = row.closed_by if event.by in row.closed_by else (*row.closed_by, event.by)
    return {"closed_at": row.closed_at or event.at, "closed_by": by}


def _reopened(row: Row, event: Reopened) -> dict[str, Any]:
    waiting_for = "customer" if event.by == row.handler else row.handler
    return {"closed_at": None, "closed_by": (), "waiting_for": waiting_for}


_CHANGES: Mapping[type[Event], Callable[[Row, Any], dict[str, Any]]] = MappingProxyType(
    {
        Replied: _replied,
        TypeChanged: _type_changed,
        Escalated: _escalated,
        HandedBack: _handed_back,
        InfoRequested: _info_requested,
        Assigned: _assigned,
        Shared: _shared,
        Unshared: _unshared,
        Closed: _closed,
        Reopened: _reopened,
    }
)
