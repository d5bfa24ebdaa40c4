"""The changes that each event makes to a ticket, one small function per event.

The functions hold no rule and no calendar, so an old history always folds. `CHANGES` has an entry
for every event; an event without one fails at import.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import attrs

from ticketcore._internal.declared import require_all
from ticketcore.events import (
    EVENTS,
    Acknowledged,
    Assigned,
    Breached,
    Cancelled,
    Classified,
    Closed,
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    DuplicateUnmarked,
    Escalated,
    Event,
    FieldSet,
    HandedBack,
    InfoRequested,
    Linked,
    NoteAdded,
    Opened,
    OrderCorrected,
    Party,
    PolicyChanged,
    Reference,
    RefundConfirmed,
    Refunded,
    RefundFailed,
    Reopened,
    Replied,
    Rescheduled,
    Reviewed,
    ReviewRequested,
    Scheduled,
    Shared,
    ShipmentAdded,
    Split,
    Tagged,
    TypeChanged,
    Unknown,
    Unshared,
    Untagged,
    Warned,
    content_of,
)
from ticketcore.ticket._ticket import Dispute, RefundRecord, RefundState, TicketDraft

E = TypeVar("E", bound=Event)
Change: TypeAlias = Callable[[TicketDraft, E], None]

CHANGES: dict[type[Event], Callable[[TicketDraft, Any], None]] = {}
"""The change that each event makes, by its class."""


def _changes(event: type[E]) -> Callable[[Change[E]], Change[E]]:
    """Register a function as the change that *event* makes."""

    def register(change: Change[E]) -> Change[E]:
        CHANGES[event] = change
        return change

    return register


def _act(draft: TicketDraft, event: Event) -> None:
    by = event.by  # C17: system events are not activity
    if by == "customer":
        draft.active_at = draft.customer_active_at = event.at
    elif by == "vendor":
        draft.active_at = draft.vendor_active_at = event.at
    elif by == "support":
        draft.active_at = draft.support_active_at = event.at


def _wait_for(draft: TicketDraft, party: Party, at: datetime) -> None:
    if draft.waiting_for != party and draft.closed_at is None:
        draft.waiting_for, draft.waiting_since = party, at


def _wait_for_other_side(draft: TicketDraft, event: Event) -> None:
    """Wait for the handler after the customer acted, and for the customer after the handler did.

    An action of a third party changes nothing.
    """
    if event.by == "customer":
        _wait_for(draft, draft.handler, event.at)
    elif event.by == draft.handler:
        _wait_for(draft, "customer", event.at)


def _fire(draft: TicketDraft, name: str) -> None:
    """Move a timer from the pending ones to the fired ones."""
    timers, fired = draft.timers, draft.fired
    for place, timer in enumerate(timers):
        if timer.name == name:
            dispute = timer.dispute
            draft.timers = timers[:place] + timers[place + 1 :]
            if fired:
                fired = tuple([f for f in fired if f[0] != name or f[2] != dispute])
            draft.fired = (*fired, (name, timer.since, dispute))
            return


# Most events are replies. With `_act` and `_wait_for_other_side` written out here, a history of
# twelve events folds in four fifths of the time.


@_changes(Replied)
def _replied(draft: TicketDraft, event: Replied) -> None:
    by, at = event.by, event.at
    if event.reference is not None:
        draft.message_references = (*draft.message_references, event.reference)
    draft.last_message = event
    if event.automatic:  # a machine's message is neither an answer nor activity
        return
    waiting_for = draft.waiting_for
    if by == "customer":
        draft.active_at = draft.customer_active_at = at
        awaited: Party | None = draft.handler
    else:
        awaited = "customer" if by == draft.handler else waiting_for
        if by == "vendor":
            draft.active_at = draft.vendor_active_at = at
        elif by == "support":
            draft.active_at = draft.support_active_at = at
    if event.interim:  # K9: an interim notice does not change whose answer is awaited
        return
    if waiting_for is not None and waiting_for != awaited:  # None: the ticket is closed
        draft.waiting_for, draft.waiting_since = awaited, at
    draft.solved = event.solution
    if by != "customer":
        draft.answered = True


@_changes(TypeChanged)
def _type_changed(draft: TicketDraft, event: TypeChanged) -> None:
    _act(draft, event)
    _wait_for_other_side(draft, event)
    draft.previous_type, draft.type = draft.type, event.type
    draft.types_set = (
        *(earlier for earlier in draft.types_set if earlier[1] != event.by),
        (event.type, event.by),
    )
    draft.type_set_at, draft.type_set_by = event.at, event.by
    draft.solved = False


@_changes(Escalated)
def _escalated(draft: TicketDraft, event: Escalated) -> None:
    if event.timer is not None:
        _fire(draft, event.timer)
    _act(draft, event)
    draft.handler = event.to
    draft.solved = False
    _wait_for(draft, event.to, event.at)


@_changes(HandedBack)
def _handed_back(draft: TicketDraft, event: HandedBack) -> None:
    _act(draft, event)
    draft.handler = draft.opened.default_handler
    _wait_for(draft, draft.handler, event.at)


@_changes(Acknowledged)
def _acknowledged(draft: TicketDraft, event: Acknowledged) -> None:
    if event.timer is not None:
        _fire(draft, event.timer)
    _act(draft, event)
    draft.acknowledged = True


@_changes(InfoRequested)
def _info_requested(draft: TicketDraft, event: InfoRequested) -> None:
    _act(draft, event)
    draft.last_message = event
    draft.answered = True
    draft.solved = False
    _wait_for(draft, "customer", event.at)


@_changes(Assigned)
def _assigned(draft: TicketDraft, event: Assigned) -> None:
    draft.assigned_to = event.assignee


@_changes(Shared)
def _shared(draft: TicketDraft, event: Shared) -> None:
    draft.shared_with = (
        *(p for p in draft.shared_with if p != event.with_person),
        event.with_person,
    )


@_changes(Unshared)
def _unshared(draft: TicketDraft, event: Unshared) -> None:
    draft.shared_with = tuple(
        person for person in draft.shared_with if person != event.with_person
    )


def _reminded(draft: TicketDraft, event: Warned | Breached) -> None:
    _fire(draft, event.timer)


_changes(Warned)(_reminded)
_changes(Breached)(_reminded)


@_changes(Refunded)
def _refunded(draft: TicketDraft, event: Refunded) -> None:
    _act(draft, event)
    record = RefundRecord(
        reference=event.reference,
        amount=event.amount,
        state="pending" if event.awaits_confirmation else "succeeded",
        units=event.units,
        invoice=event.invoice,
        dispute=event.dispute,
    )
    draft.refunds = (*draft.refunds, record)
    draft.money_at = event.at


def _refund_settled(draft: TicketDraft, event: RefundConfirmed | RefundFailed) -> None:
    if isinstance(event, RefundFailed):
        draft.money_at = event.at
    state: RefundState = "succeeded" if isinstance(event, RefundConfirmed) else "failed"
    draft.refunds = tuple(
        attrs.evolve(r, state=state) if r.reference == event.reference else r
        for r in draft.refunds
    )


_changes(RefundConfirmed)(_refund_settled)
_changes(RefundFailed)(_refund_settled)


@_changes(Cancelled)
def _cancelled(draft: TicketDraft, event: Cancelled) -> None:
    _act(draft, event)
    draft.subscription_ended = draft.subscription_ended or event.subscription
    draft.cancelled_units = (*draft.cancelled_units, *event.units)
    draft.money_at = event.at


@_changes(Closed)
def _closed(draft: TicketDraft, event: Closed) -> None:
    if event.timer is not None:
        _fire(draft, event.timer)
        draft.money_at = event.at
    _act(draft, event)
    if draft.closed_at is None:
        draft.closed_at, draft.closed_kind = event.at, event.kind
        draft.closing_timer = event.timer
        draft.waiting_for = draft.waiting_since = None
    if event.by not in draft.closed_by:
        draft.closed_by = (*draft.closed_by, event.by)
    if event.final:
        draft.final = True
    if event.duplicate_of is not None:
        draft.duplicate_of = event.duplicate_of
    for timer in draft.timers:
        if timer.dispute is not None:  # A1: a dispute runs on after the closing
            draft.timers = tuple([each for each in draft.timers if each.dispute is not None])
            break
    else:
        draft.timers = ()


@_changes(Scheduled)
def _scheduled(draft: TicketDraft, event: Scheduled) -> None:
    draft.timers = event.timers


def _open_again(draft: TicketDraft, awaited: Party, at: datetime) -> None:
    draft.closed_at = draft.closed_kind = draft.closing_timer = draft.duplicate_of = None
    draft.closed_by = ()
    draft.final = draft.solved = False
    draft.waiting_for, draft.waiting_since = awaited, at


@_changes(Reopened)
def _reopened(draft: TicketDraft, event: Reopened) -> None:
    _act(draft, event)
    draft.reopenings += 1
    _open_again(draft, "customer" if event.by == draft.handler else draft.handler, event.at)


@_changes(DuplicateUnmarked)
def _duplicate_unmarked(draft: TicketDraft, event: DuplicateUnmarked) -> None:
    _act(draft, event)
    _open_again(draft, draft.handler, event.at)


@_changes(Classified)
def _classified(draft: TicketDraft, event: Classified) -> None:
    draft.category, draft.subcategory = event.category, event.subcategory
    draft.reason = event.reason


@_changes(OrderCorrected)
def _order_corrected(draft: TicketDraft, event: OrderCorrected) -> None:
    draft.order, draft.order_at, draft.units = event.order, event.at, event.units
    draft.money_at = event.at


@_changes(ShipmentAdded)
def _shipment_added(draft: TicketDraft, event: ShipmentAdded) -> None:
    if draft.order is not None:
        shipments = (*draft.order.shipments, event.shipment)
        draft.order = attrs.evolve(draft.order, shipments=shipments)


@_changes(Split)
def _split(draft: TicketDraft, event: Split) -> None:
    draft.references = (*draft.references, Reference(kind="ticket", number=event.into))


@_changes(Linked)
def _linked(draft: TicketDraft, event: Linked) -> None:
    draft.references = (*draft.references, event.target)


@_changes(FieldSet)
def _field_set(draft: TicketDraft, event: FieldSet) -> None:
    if event.timer is not None:
        _fire(draft, event.timer)
    fields = {**draft.fields}
    if event.value is None:
        fields.pop(event.field, None)
    else:
        fields[event.field] = content_of(event.kind, event.value)
    draft.fields = fields
    if event.waiting_for is not None:
        _wait_for(draft, event.waiting_for, event.at)


@_changes(Tagged)
def _tagged(draft: TicketDraft, event: Tagged) -> None:
    if event.timer is not None:
        _fire(draft, event.timer)
    if event.tag not in draft.tags:
        draft.tags = (*draft.tags, event.tag)


@_changes(Untagged)
def _untagged(draft: TicketDraft, event: Untagged) -> None:
    draft.tags = tuple(tag for tag in draft.tags if tag != event.tag)


@_changes(ReviewRequested)
def _review_requested(draft: TicketDraft, _: ReviewRequested) -> None:
    draft.review = "requested"


@_changes(Reviewed)
def _reviewed(draft: TicketDraft, event: Reviewed) -> None:
    draft.review = "abuse" if event.abuse else "cleared"
    if event.abuse:
        draft.has_grace_period = False
        draft.money_at = event.at


@_changes(DisputeOpened)
def _dispute_opened(draft: TicketDraft, event: DisputeOpened) -> None:
    dispute = Dispute(
        id=event.dispute,
        kind=event.kind,
        opened_at=event.at,
        deadline=event.deadline,
        amount=event.amount,
        supersedes=event.supersedes,
    )
    draft.disputes = (*draft.disputes, dispute)
    draft.money_at = event.at


@_changes(DisputeCorrected)
def _dispute_corrected(draft: TicketDraft, event: DisputeCorrected) -> None:
    draft.disputes = tuple(
        attrs.evolve(dispute, deadline=event.deadline, amount=event.amount)
        if dispute.id == event.dispute
        else dispute
        for dispute in draft.disputes
    )
    draft.money_at = event.at


@_changes(DisputeAnswered)
def _dispute_answered(draft: TicketDraft, event: DisputeAnswered) -> None:
    _act(draft, event)
    draft.disputes = tuple(
        attrs.evolve(dispute, answered=True) if dispute.id == event.dispute else dispute
        for dispute in draft.disputes
    )


@_changes(DisputeResolved)
def _dispute_resolved(draft: TicketDraft, event: DisputeResolved) -> None:
    draft.disputes = tuple(
        attrs.evolve(x, outcome=event.outcome) if x.id == event.dispute else x
        for x in draft.disputes
    )
    draft.timers = tuple(t for t in draft.timers if t.dispute != event.dispute)
    draft.money_at = event.at


@_changes(PolicyChanged)
def _policy_changed(draft: TicketDraft, event: PolicyChanged) -> None:
    draft.policy, draft.policy_version = event.policy, event.policy_version
    draft.policy_digest = event.policy_digest


def _nothing(draft: TicketDraft, event: Event) -> None:
    """Ignore a second opening, and events that only record who asked for something."""


_changes(Opened)(_nothing)
_changes(Rescheduled)(_nothing)
_changes(NoteAdded)(_nothing)


@_changes(Unknown)
def _unread(draft: TicketDraft, event: Unknown) -> None:
    if "." not in event.name:  # a name with a dot belongs to the host
        draft.unread = (*draft.unread, event.name)


require_all(CHANGES, (*EVENTS.values(), Unknown), "changes of a ticket")
