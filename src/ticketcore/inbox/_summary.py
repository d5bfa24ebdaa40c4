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
from typing import Any, TypeAlias, TypeVar

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.fast_attrs import fast, fast_copy
from ticketcore._internal.strict_json import dump, load
from ticketcore.errors import HistoryError
from ticketcore.events import (
    Assigned,
    Classified,
    Closed,
    DeadlineSet,
    DuplicateUnmarked,
    Escalated,
    Event,
    FieldContent,
    FieldSet,
    HandedBack,
    InfoRequested,
    Opened,
    OrderCorrected,
    Party,
    PauseStarted,
    PolicyChanged,
    Recorded,
    Reopened,
    Replied,
    Reviewed,
    Scheduled,
    Shared,
    Tagged,
    Timer,
    TypeChanged,
    Unshared,
    Untagged,
    content_of,
)
from ticketcore.ticket import Status, Ticket, fold, with_passed, with_stopped


@attrs.frozen(kw_only=True)
class TicketSummary:
    """One ticket in a list. All instants are UTC.

    *number* is text, because leading zeros count (K3). *order* is the order's number, *vendor* the
    vendor's id. *has_grace_period* is false for a vendor who lost it (C13). *seq* is the
    sequence number of the latest event, *changed_at* its instant. *handler* is the party that
    handles the ticket now. *waiting_for* is the party whose answer is awaited, `None` while the
    ticket is closed. *status* is `open` while the default handler owes an answer, `pending` while
    another party does, and `closed` after the closing (K1);
    :func:`ticketcore.notifications.status_word` names it in a person's language. *policy*,
    *policy_version* and *policy_digest* name the policy that the ticket follows now. *timers* are
    those of the ticket, in the order in which they act. *fields* are the values of the policy's
    own fields by name.
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
    vendor: str | None = None
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
    has_grace_period: bool = True
    policy: str | None = None
    policy_version: str | None = None
    policy_digest: str | None = None
    timers: tuple[Timer, ...] = ()
    fields: Mapping[str, FieldContent] = attrs.field(default={}, hash=False)
    tags: tuple[str, ...] = ()

    @property
    def due(self) -> datetime | None:
        """The next recorded deadline, in UTC; `None` if none is pending, or all are paused."""
        running = [t.due for t in self.timers if t.paused is None and not t.passed]
        return min(running, default=None)


_new_summary = fast(TicketSummary)


@typed
def summary_of(number: str, ticket: Ticket) -> TicketSummary:
    """Return the summary of a folded ticket: the one that `project` gives for all its events."""
    opened = ticket.opened
    return _new_summary(
        number=number,
        seq=ticket.version,
        opened_at=opened.at,
        changed_at=ticket.at,
        type=ticket.type,
        default_handler=opened.default_handler,
        handler=ticket.handler,
        waiting_for=ticket.waiting_for,
        status=ticket.status,
        storefront=opened.storefront,
        vendor=opened.vendor,
        order=None if ticket.order is None else ticket.order.number,
        customer=opened.customer,
        account=opened.account,
        category=ticket.category,
        subcategory=ticket.subcategory,
        reason=ticket.reason,
        subject=opened.subject,
        assigned_to=ticket.assigned_to,
        shared_with=ticket.shared_with,
        closed_at=ticket.closed_at,
        closed_by=ticket.closed_by,
        has_grace_period=ticket.has_grace_period,
        policy=ticket.policy,
        policy_version=ticket.policy_version,
        policy_digest=ticket.policy_digest,
        timers=ticket.timers,
        fields=ticket.fields,
        tags=ticket.tags,
    )


def dump_summary(summary: TicketSummary) -> dict[str, object]:
    """Return a summary as JSON values, without fields that have their default."""
    return dump(summary)


def load_summary(source: object) -> TicketSummary:
    """Return the summary that `dump_summary` wrote. Raises CodecError with a mistake's path."""
    return load(TicketSummary, source)


E = TypeVar("E", bound=Event)
_Values: TypeAlias = Callable[[TicketSummary, E], tuple[Any, ...]]


@attrs.frozen
class _SummaryChange:
    """A function with the new values of some fields, and one that copies a summary with them."""

    values: Callable[[TicketSummary, Any], tuple[Any, ...]]
    copy: Callable[..., TicketSummary]


_CHANGES: dict[type[Event], _SummaryChange] = {}
"""The change that each event makes besides the fields of `_ALWAYS`."""

_ALWAYS = "seq", "changed_at", "timers"
_copy = fast_copy(TicketSummary, *_ALWAYS)


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
        return summary_of(number, fold((event,)))
    if number != summary.number:
        problem = f"cannot add the event to the summary of ticket {summary.number}"
        raise HistoryError("mixed", problem, ticket=number, seq=seq)
    if seq <= summary.seq:
        return summary
    if seq > summary.seq + 1:
        problem = f"event {summary.seq} is followed by event {seq}"
        raise HistoryError("gap", problem, ticket=number, seq=seq)
    change, timers = _CHANGES.get(type(event)), _timers(summary.timers, event)
    if change is None:
        return _copy(summary, seq, event.at, timers)
    return change.copy(summary, seq, event.at, timers, *change.values(summary, event))


def _timers(timers: tuple[Timer, ...], event: Event) -> tuple[Timer, ...]:
    """Return the timers after an event."""
    if isinstance(event, Scheduled):
        return event.timers
    if isinstance(event, PauseStarted):
        return with_stopped(timers, event.timers, event.at)
    fired: str | None = getattr(event, "timer", None)
    if fired is None or isinstance(event, DeadlineSet) or getattr(event, "level", None):
        return timers
    return with_passed(timers, fired)


def _status_of(default_handler: Party, waiting_for: Party) -> Status:
    return "open" if waiting_for == default_handler else "pending"


_Waiting: TypeAlias = tuple[Party | None, Status]
"""The new values of *waiting_for* and *status*."""


def _wait(summary: TicketSummary, party: Party) -> _Waiting:
    """Let the ticket wait for a party. A closed ticket waits for nobody."""
    if summary.closed_at is not None:
        return None, "closed"
    return party, _status_of(summary.default_handler, party)


def _answer(summary: TicketSummary, by: Party) -> _Waiting:
    """Let the ticket wait for the other side. A third party's message answers for nobody."""
    if by == "customer":
        return _wait(summary, summary.handler)
    if by == summary.handler:
        return _wait(summary, "customer")
    return summary.waiting_for, summary.status


def _changes(event: type[E], *fields: str) -> Callable[[_Values[E]], _Values[E]]:
    """Register a function that returns the values of these fields after *event*."""
    copy = fast_copy(TicketSummary, *_ALWAYS, *fields)

    def register(values: _Values[E]) -> _Values[E]:
        _CHANGES[event] = _SummaryChange(values, copy)
        return values

    return register


@_changes(Replied, "waiting_for", "status")
def _replied(summary: TicketSummary, event: Replied) -> _Waiting:
    if not event.is_answer:  # K9, K11
        return summary.waiting_for, summary.status
    return _answer(summary, event.by)


@_changes(TypeChanged, "type", "waiting_for", "status")
def _type_changed(summary: TicketSummary, event: TypeChanged) -> tuple[str, Party | None, Status]:
    if not event.answers:
        return event.type, summary.waiting_for, summary.status
    return event.type, *_answer(summary, event.by)


@_changes(Escalated, "handler", "waiting_for", "status")
def _escalated(summary: TicketSummary, event: Escalated) -> tuple[Party, Party | None, Status]:
    return event.to, *_wait(summary, event.to)


@_changes(HandedBack, "handler", "waiting_for", "status")
def _handed_back(summary: TicketSummary, event: HandedBack) -> tuple[Party, Party | None, Status]:
    return summary.default_handler, *_wait(summary, summary.default_handler)


@_changes(InfoRequested, "waiting_for", "status")
def _info_requested(summary: TicketSummary, event: InfoRequested) -> _Waiting:
    return _wait(summary, "customer")


@_changes(Assigned, "assigned_to")
def _assigned(summary: TicketSummary, event: Assigned) -> tuple[str | None]:
    return (event.assignee,)


@_changes(Shared, "shared_with")
def _shared(summary: TicketSummary, event: Shared) -> tuple[tuple[str, ...]]:
    return ((*_others(summary, event.with_person), event.with_person),)


@_changes(Unshared, "shared_with")
def _unshared(summary: TicketSummary, event: Unshared) -> tuple[tuple[str, ...]]:
    return (_others(summary, event.with_person),)


def _others(summary: TicketSummary, person: str) -> tuple[str, ...]:
    return tuple(other for other in summary.shared_with if other != person)


@_changes(Closed, "closed_at", "closed_by", "waiting_for", "status")
def _closed(
    summary: TicketSummary, event: Closed
) -> tuple[datetime, tuple[Party, ...], None, Status]:
    # K8: each party that closes is recorded, once
    closed_by = summary.closed_by
    if event.by not in closed_by:
        closed_by = (*closed_by, event.by)
    return summary.closed_at or event.at, closed_by, None, "closed"


@_changes(Reopened, "closed_at", "closed_by", "waiting_for", "status")
def _reopened(summary: TicketSummary, event: Reopened) -> tuple[None, tuple[()], Party, Status]:
    waiting_for: Party = "customer" if event.by == summary.handler else summary.handler
    return None, (), waiting_for, _status_of(summary.default_handler, waiting_for)


@_changes(DuplicateUnmarked, "closed_at", "closed_by", "waiting_for", "status")
def _duplicate_unmarked(
    summary: TicketSummary, event: DuplicateUnmarked
) -> tuple[None, tuple[()], Party, Status]:
    return None, (), summary.handler, _status_of(summary.default_handler, summary.handler)


@_changes(FieldSet, "fields", "waiting_for", "status")
def _field_set(
    summary: TicketSummary, event: FieldSet
) -> tuple[Mapping[str, FieldContent], Party | None, Status]:
    fields = {name: each for name, each in summary.fields.items() if name != event.field}
    if event.value is not None:
        fields[event.field] = content_of(event.kind, event.value)
    if event.waiting_for is None:
        return fields, summary.waiting_for, summary.status
    return fields, *_wait(summary, event.waiting_for)


@_changes(Tagged, "tags")
def _tagged(summary: TicketSummary, event: Tagged) -> tuple[tuple[str, ...]]:
    return (tuple(dict.fromkeys((*summary.tags, event.tag))),)


@_changes(Untagged, "tags")
def _untagged(summary: TicketSummary, event: Untagged) -> tuple[tuple[str, ...]]:
    return (tuple(tag for tag in summary.tags if tag != event.tag),)


@_changes(Classified, "category", "subcategory", "reason")
def _classified(
    summary: TicketSummary, event: Classified
) -> tuple[str | None, str | None, str | None]:
    return event.category, event.subcategory, event.reason


@_changes(OrderCorrected, "order")
def _order_corrected(summary: TicketSummary, event: OrderCorrected) -> tuple[str]:
    return (event.order.number,)


@_changes(Reviewed, "has_grace_period")
def _reviewed(summary: TicketSummary, event: Reviewed) -> tuple[bool]:
    return (summary.has_grace_period and not event.abuse,)


@_changes(PolicyChanged, "policy", "policy_version", "policy_digest")
def _policy_changed(summary: TicketSummary, event: PolicyChanged) -> tuple[str, str, str | None]:
    return event.policy, event.policy_version, event.policy_digest
