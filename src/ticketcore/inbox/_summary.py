"""A ticket as a list shows it, updated event by event.

A `TicketSummary` is a read model of fixed size, without texts. A host keeps summaries in memory or
as rows of a database, and passes each new event to `project`. The sequence number in the summary
makes this safe to repeat: an event that it already contains changes nothing, and a missing event
is an error.

The fields follow the same rules as those of :class:`ticketcore.ticket.Ticket`. They are written
down a second time here because a summary needs only a few of the ticket's fields; a test compares
both on random histories.
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
class TicketSummary:
    """One ticket in a list. All instants are UTC.

    *number* is text, because leading zeros count (K3). *order* is the order's number. *seq* is the
    sequence number of the latest event, *changed_at* its instant. *handler* is the party that
    handles the ticket now. *waiting_for* is the party whose answer is awaited, `None` while the
    ticket is closed. *status* is `open` while the default handler owes an answer, `pending` while
    another party does, and `closed` after the closing (K1);
    :func:`ticketcore.notifications.status_word` names it in a person's language.
    """

    number: str
    seq: int
    opened_at: datetime
    changed_at: datetime
    type: str
    default_handler: Party
    handler: Party
    waiting_for: Party | None
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


_Changes = dict[str, Any]
"""New values of a summary's fields, by their names."""


def project(summary: TicketSummary | None, recorded: Recorded) -> TicketSummary:
    """Return the summary of a ticket after one more event.

    *summary* is `None` for the first event. An event that the summary already contains changes
    nothing, so a host may deliver one twice.

    Raises HistoryError with one of these problems: ``not-opened`` if the first event is not
    `Opened` with sequence number 1, ``gap`` if an event is missing in between, ``mixed`` if the
    event belongs to another ticket.
    """
    number, seq, event = recorded.ticket, recorded.seq, recorded.event
    if summary is None:
        if not isinstance(event, Opened):
            problem = f"first event must be opened, found {type(event).__name__}"
            raise HistoryError("not-opened", problem, ticket=number, seq=seq)
        if seq != 1:
            problem = f"first event must have sequence number 1, found {seq}"
            raise HistoryError("not-opened", problem, ticket=number, seq=seq)
        return _opened(number, event)
    if number != summary.number:
        problem = f"cannot add the event to the summary of ticket {summary.number}"
        raise HistoryError("mixed", problem, ticket=number, seq=seq)
    if seq <= summary.seq:
        return summary
    if seq > summary.seq + 1:
        problem = f"event {summary.seq} is followed by event {seq}"
        raise HistoryError("gap", problem, ticket=number, seq=seq)
    change = _CHANGES.get(event.__class__)
    changes = {} if change is None else change(summary, event)
    changes |= {"seq": seq, "changed_at": event.at}
    return fast_copy(TicketSummary, *changes)(summary, *changes.values())


def _opened(number: str, event: Opened) -> TicketSummary:
    return TicketSummary(
        number=number,
        seq=1,
        opened_at=event.at,
        changed_at=event.at,
        type=event.type,
        default_handler=event.default_handler,
        handler=event.default_handler,
        waiting_for=event.waiting_for,
        status=_status_of(event.default_handler, event.waiting_for),
        storefront=event.storefront,
        order=None if event.order is None else event.order.number,
        customer=event.customer,
        account=event.account,
        category=event.category,
        subcategory=event.subcategory,
        reason=event.reason,
        subject=event.subject,
    )


# Each function below returns the fields that an event changes, apart from `seq` and `changed_at`.
# Events that have no function change nothing else, nor do events that this version does not know.


def _wait(summary: TicketSummary, party: Party) -> _Changes:
    """Let the ticket wait for a party. A closed ticket waits for nobody."""
    if summary.closed_at is not None:
        return {}
    return {"waiting_for": party, "status": _status_of(summary.default_handler, party)}


def _status_of(default_handler: Party, waiting_for: Party) -> Status:
    return "open" if waiting_for == default_handler else "pending"


def _answer(summary: TicketSummary, by: Party) -> _Changes:
    """Let the ticket wait for the other side. A third party's message answers for nobody."""
    if by == "customer":
        return _wait(summary, summary.handler)
    return _wait(summary, "customer") if by == summary.handler else {}


def _replied(summary: TicketSummary, event: Replied) -> _Changes:
    return {} if event.interim else _answer(summary, event.by)  # K9: not an answer


def _type_changed(summary: TicketSummary, event: TypeChanged) -> _Changes:
    return {"type": event.type, **_answer(summary, event.by)}


def _escalated(summary: TicketSummary, event: Escalated) -> _Changes:
    return {"handler": event.to, **_wait(summary, event.to)}


def _handed_back(summary: TicketSummary, event: HandedBack) -> _Changes:
    return {"handler": summary.default_handler, **_wait(summary, summary.default_handler)}


def _info_requested(summary: TicketSummary, event: InfoRequested) -> _Changes:
    return _wait(summary, "customer")


def _assigned(summary: TicketSummary, event: Assigned) -> _Changes:
    return {"assigned_to": event.assignee}


def _shared(summary: TicketSummary, event: Shared) -> _Changes:
    return {"shared_with": (*_others(summary, event.with_person), event.with_person)}


def _unshared(summary: TicketSummary, event: Unshared) -> _Changes:
    return {"shared_with": _others(summary, event.with_person)}


def _others(summary: TicketSummary, person: str) -> tuple[str, ...]:
    return tuple(other for other in summary.shared_with if other != person)


def _closed(summary: TicketSummary, event: Closed) -> _Changes:
    # K8: each party that closes is recorded, once
    closed_by = summary.closed_by
    return {
        "closed_at": summary.closed_at or event.at,
        "closed_by": closed_by if event.by in closed_by else (*closed_by, event.by),
        "waiting_for": None,
        "status": "closed",
    }


def _reopened(summary: TicketSummary, event: Reopened) -> _Changes:
    waiting_for: Party = "customer" if event.by == summary.handler else summary.handler
    return {
        "closed_at": None,
        "closed_by": (),
        "waiting_for": waiting_for,
        "status": _status_of(summary.default_handler, waiting_for),
    }


_CHANGES: Mapping[type[Event], Callable[[TicketSummary, Any], _Changes]] = MappingProxyType(
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
