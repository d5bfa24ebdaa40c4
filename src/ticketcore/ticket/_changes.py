"""The changes that each event makes to a ticket, one small function per event.

The functions hold no rule and no calendar, so an old history always folds. Those of the events of
clocks and fields are in `_clock_changes` and `_field_changes`.
"""

from datetime import datetime
from typing import Any

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    DuplicateUnmarked,
    Escalated,
    HandedBack,
    InfoRequested,
    Linked,
    Opened,
    Order,
    OrderCorrected,
    Party,
    PolicyChanged,
    Reference,
    RefundConfirmed,
    Refunded,
    RefundFailed,
    Reopened,
    Replied,
    Reviewed,
    ReviewRequested,
    Shared,
    ShipmentAdded,
    Split,
    TypeChanged,
    Unknown,
    Unshared,
)
from ticketcore.ticket._growing import with_changed, with_value, without_text
from ticketcore.ticket._registry import changes
from ticketcore.ticket._ticket import Dispute, RefundRecord, RefundState, TicketDraft
from ticketcore.ticket._timers import fire
from ticketcore.ticket._waiting import act, wait_for, wait_for_other_side

_with_shipments = fast_copy(Order, "shipments")  # they are checked in their events

# Most events are replies. With `act` and `wait_for_other_side` written out here, a history of
# twelve events folds in four fifths of the time.


@changes(Replied)
def _replied(draft: TicketDraft, event: Replied) -> None:
    by, at, text = event.by, event.at, event.text
    if event.reference is not None:
        draft.message_references += (event.reference,)
        if by == "customer" and not event.automatic:
            draft.customer_messages += (event.reference,)
    draft.last_message = event
    begins_with_letter = text and text[0].isalnum()  # nearly always: save the call
    if event.automatic or (not begins_with_letter and event.is_blank):
        return  # neither an answer nor activity
    waiting_for = draft.waiting_for
    if by == "customer":
        draft.active_at = draft.customer_active_at = at
        draft.snoozed_until = None
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
        draft.snoozed_until = None
    draft.solved = event.solution
    if by != "customer":
        draft.answered = True


@changes(TypeChanged)
def _type_changed(draft: TicketDraft, event: TypeChanged) -> None:
    if event.timer is not None:
        fire(draft, event.timer, event.at, event.level)
    if event.answers:
        act(draft, event)
        wait_for_other_side(draft, event)
    draft.previous_type, draft.type = draft.type, event.type
    draft.types_set = (
        *(earlier for earlier in draft.types_set if earlier[1] != event.by),
        (event.type, event.by),
    )
    draft.type_set_at, draft.type_set_by = event.at, event.by
    draft.solved = False


@changes(Escalated)
def _escalated(draft: TicketDraft, event: Escalated) -> None:
    if event.timer is not None:
        fire(draft, event.timer, event.at, event.level)
    act(draft, event)
    draft.handler = event.to
    draft.solved = False
    wait_for(draft, event.to, event.at)


@changes(HandedBack)
def _handed_back(draft: TicketDraft, event: HandedBack) -> None:
    act(draft, event)
    draft.handler = draft.opened.default_handler
    wait_for(draft, draft.handler, event.at)


@changes(Acknowledged)
def _acknowledged(draft: TicketDraft, event: Acknowledged) -> None:
    if event.timer is not None:
        fire(draft, event.timer, event.at)
    act(draft, event)
    draft.acknowledged = True


@changes(InfoRequested)
def _info_requested(draft: TicketDraft, event: InfoRequested) -> None:
    act(draft, event)
    draft.last_message = event
    draft.answered = True
    draft.solved = False
    wait_for(draft, "customer", event.at)


@changes(Assigned)
def _assigned(draft: TicketDraft, event: Assigned) -> None:
    draft.assigned_to = event.assignee
    if event.timer is not None:
        fire(draft, event.timer, event.at, event.level)


@changes(Shared)
def _shared(draft: TicketDraft, event: Shared) -> None:
    person, others = event.with_person, draft.shared_with
    if person in others:
        others = without_text(others, person)
    draft.shared_with = with_value(others, person, person)


@changes(Unshared)
def _unshared(draft: TicketDraft, event: Unshared) -> None:
    if event.with_person in draft.shared_with:
        draft.shared_with = without_text(draft.shared_with, event.with_person)


@changes(Refunded)
def _refunded(draft: TicketDraft, event: Refunded) -> None:
    act(draft, event)
    record = RefundRecord(
        reference=event.reference,
        amount=event.amount,
        state="pending" if event.awaits_confirmation else "succeeded",
        units=event.units,
        invoice=event.invoice,
        dispute=event.dispute,
    )
    draft.refunds = with_value(draft.refunds, record.reference, record)
    draft.money_at = event.at


def _refund_settled(draft: TicketDraft, event: RefundConfirmed | RefundFailed) -> None:
    if isinstance(event, RefundFailed):
        draft.money_at = event.at
    state: RefundState = "succeeded" if isinstance(event, RefundConfirmed) else "failed"
    draft.refunds = with_changed("refunds", draft.refunds, event.reference, state=state)


changes(RefundConfirmed)(_refund_settled)
changes(RefundFailed)(_refund_settled)


@changes(Cancelled)
def _cancelled(draft: TicketDraft, event: Cancelled) -> None:
    act(draft, event)
    draft.subscription_ended = draft.subscription_ended or event.subscription
    draft.cancelled_units += event.units
    draft.money_at = event.at


@changes(Closed)
def _closed(draft: TicketDraft, event: Closed) -> None:
    if event.timer is not None:
        fire(draft, event.timer, event.at)
        draft.money_at = event.at
    act(draft, event)
    if draft.closed_at is None:
        draft.closed_at, draft.closed_kind = event.at, event.kind
        draft.closing_timer = event.timer
        draft.waiting_for = draft.waiting_since = None
    if event.by not in draft.closed_by:
        draft.closed_by += (event.by,)
    if event.final:
        draft.final = True
    if event.duplicate_of is not None:
        draft.duplicate_of = event.duplicate_of
        draft.snoozed_until = None


def _open_again(draft: TicketDraft, awaited: Party, at: datetime) -> None:
    draft.closed_at = draft.closed_kind = draft.closing_timer = draft.duplicate_of = None
    draft.closed_by = ()
    draft.final = draft.solved = False
    draft.waiting_for, draft.waiting_since = awaited, at
    draft.reopened_at = at
    draft.snoozed_until = None


@changes(Reopened)
def _reopened(draft: TicketDraft, event: Reopened) -> None:
    act(draft, event)
    draft.reopenings += 1
    _open_again(draft, "customer" if event.by == draft.handler else draft.handler, event.at)


@changes(DuplicateUnmarked)
def _duplicate_unmarked(draft: TicketDraft, event: DuplicateUnmarked) -> None:
    act(draft, event)
    _open_again(draft, draft.handler, event.at)


@changes(Classified)
def _classified(draft: TicketDraft, event: Classified) -> None:
    draft.category, draft.subcategory = event.category, event.subcategory
    draft.reason = event.reason


@changes(OrderCorrected)
def _order_corrected(draft: TicketDraft, event: OrderCorrected) -> None:
    draft.order, draft.order_at, draft.units = event.order, event.at, event.units
    draft.money_at = event.at


@changes(ShipmentAdded)
def _shipment_added(draft: TicketDraft, event: ShipmentAdded) -> None:
    if draft.order is not None:
        shipments = (*draft.order.shipments, event.shipment)
        draft.order = _with_shipments(draft.order, shipments)


@changes(Split)
def _split(draft: TicketDraft, event: Split) -> None:
    target = Reference(kind="ticket", number=event.into)
    if target not in draft.references:
        draft.references = with_value(draft.references, target, target)
    draft.moved_messages += tuple((message, event.into) for message in event.messages)


@changes(Linked)
def _linked(draft: TicketDraft, event: Linked) -> None:
    draft.references = with_value(draft.references, event.target, event.target)


@changes(ReviewRequested)
def _review_requested(draft: TicketDraft, event: ReviewRequested) -> None:
    act(draft, event)
    draft.review = "requested"


@changes(Reviewed)
def _reviewed(draft: TicketDraft, event: Reviewed) -> None:
    draft.review = "abuse" if event.abuse else "cleared"
    if event.abuse:
        draft.has_grace_period = False
        draft.money_at = event.at


@changes(DisputeOpened)
def _dispute_opened(draft: TicketDraft, event: DisputeOpened) -> None:
    dispute = Dispute(
        id=event.dispute,
        kind=event.kind,
        opened_at=event.at,
        deadline=event.deadline,
        amount=event.amount,
        supersedes=event.supersedes,
    )
    draft.disputes = with_value(draft.disputes, dispute.id, dispute)
    draft.money_at = event.at


def _change_dispute(draft: TicketDraft, dispute: str, **changes: Any) -> None:
    draft.disputes = with_changed("disputes", draft.disputes, dispute, **changes)


@changes(DisputeCorrected)
def _dispute_corrected(draft: TicketDraft, event: DisputeCorrected) -> None:
    _change_dispute(draft, event.dispute, deadline=event.deadline, amount=event.amount)
    draft.money_at = event.at


@changes(DisputeAnswered)
def _dispute_answered(draft: TicketDraft, event: DisputeAnswered) -> None:
    act(draft, event)
    _change_dispute(draft, event.dispute, answer=event)


@changes(DisputeResolved)
def _dispute_resolved(draft: TicketDraft, event: DisputeResolved) -> None:
    _change_dispute(draft, event.dispute, outcome=event.outcome)
    if event.timer is not None:
        fire(draft, event.timer, event.at)
    draft.money_at = event.at


@changes(PolicyChanged)
def _policy_changed(draft: TicketDraft, event: PolicyChanged) -> None:
    draft.policy, draft.policy_version = event.policy, event.policy_version
    draft.policy_digest = event.policy_digest


@changes(Opened)
def _opened_again(draft: TicketDraft, event: Opened) -> None:
    """Ignore a second opening."""


@changes(Unknown)
def _unread(draft: TicketDraft, event: Unknown) -> None:
    if "." not in event.name:  # a name with a dot belongs to the host
        draft.unread += (event.name,)
