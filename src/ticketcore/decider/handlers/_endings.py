"""The handlers that close and reopen tickets: closing, withdrawing, duplicates, reviews."""

from ticketcore.commands import Close, MarkDuplicate, Reopen, RequestReview, Review, Withdraw
from ticketcore.decider._authorization import check_consent, check_other_ticket, refuse
from ticketcore.decider._registry import Others, caused_by, handles, no_op_if, order_state
from ticketcore.events import (
    Closed,
    Event,
    Reopened,
    Reviewed,
    ReviewRequested,
    TypeChanged,
)
from ticketcore.ledger import OrderState
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket


@handles(Close)
def _close(ticket: Ticket, command: Close, policy: Policy, *_: object) -> tuple[Event, ...]:
    check_consent(ticket, command)
    # K8: the first closing is kept; if each party closes for itself, a second one adds a party
    closed = Closed(
        **caused_by(command),
        final=command.by in policy.closing.final_by,
        consent=command.consent,
        consent_message=command.consent_message,
        text=command.text,
    )
    return (closed,)


@no_op_if(Close)
def _closed_by_party(ticket: Ticket, command: Close) -> bool:
    return command.by in ticket.closed_by and ticket.closed_kind == "closed"


@handles(Withdraw)
def _withdraw(ticket: Ticket, command: Withdraw, policy: Policy, *_: object) -> tuple[Event, ...]:
    closed = Closed(**caused_by(command), kind="withdrawn", reason=command.reason)
    return (closed,)


@no_op_if(Withdraw)
def _is_withdrawn(ticket: Ticket, command: Withdraw) -> bool:
    return command.by in ticket.closed_by and ticket.closed_kind == "withdrawn"


@handles(MarkDuplicate)
def _mark_duplicate(
    ticket: Ticket, command: MarkDuplicate, policy: Policy, *_: object
) -> tuple[Event, ...]:
    check_other_ticket(ticket, command, command.of)
    closed = Closed(
        **caused_by(command),
        kind="duplicate",
        duplicate_of=command.of,
    )
    return (closed,)


@no_op_if(MarkDuplicate)
def _is_duplicate(ticket: Ticket, command: MarkDuplicate) -> bool:
    return ticket.duplicate_of == command.of


@handles(Reopen)
def _reopen(ticket: Ticket, command: Reopen, policy: Policy, *_: object) -> tuple[Event, ...]:
    return (Reopened(**caused_by(command), text=command.text),)


@no_op_if(Reopen)
def _is_open(ticket: Ticket, command: Reopen) -> bool:
    return ticket.closed_at is None


@handles(RequestReview)
def _request_review(
    ticket: Ticket, command: RequestReview, policy: Policy, permission: Permission, _: Others
) -> tuple[Event, ...]:
    if ticket.closed_at is None and ticket.previous_type is None:
        reason = "the ticket was neither closed nor changed to another type"
        refuse(command, "nothing-to-review", reason, permission.rule)
    return (ReviewRequested(**caused_by(command), text=command.text),)


@no_op_if(RequestReview)
def _review_is_requested(ticket: Ticket, command: RequestReview) -> bool:
    return ticket.review == "requested"


@handles(Review)
def _review(
    ticket: Ticket, command: Review, policy: Policy, permission: Permission, others: Others
) -> tuple[Event, ...]:
    # C13: after abuse the ticket gets its state before the vendor's action back. The grace period
    # is lost, so its refund is due at once.
    if ticket.review != "requested":
        reason = "nobody asked for a review of this ticket"
        refuse(command, "no-review-requested", reason, permission.rule)
    reviewed = Reviewed(**caused_by(command), abuse=command.abuse, text=command.text)
    if not command.abuse:
        return (reviewed,)
    order = order_state(ticket, command, others)
    return (reviewed, *_undo(ticket, command, policy, order))


@no_op_if(Review)
def _is_reviewed_so(ticket: Ticket, command: Review) -> bool:
    return ticket.review == ("abuse" if command.abuse else "cleared")


def _undo(ticket: Ticket, command: Review, policy: Policy, order: OrderState) -> tuple[Event, ...]:
    kind = reviewed_type(ticket, policy)
    if _is_carried_out(order, policy, kind):
        return ()  # the customer has what they asked for
    undone: list[Event] = []
    changed = kind != ticket.type
    if ticket.closed_at is not None and (changed or "vendor" in ticket.closed_by):
        undone.append(Reopened(**caused_by(command), derived=True))
    if changed:
        undone.append(TypeChanged(**caused_by(command), type=kind, derived=True))
    return tuple(undone)


def reviewed_type(ticket: Ticket, policy: Policy) -> str:
    """Return the type that the ticket gets back when a review finds abuse (C13).

    This is the refund or cancellation that the customer's side asked for last; else the one that
    the vendor offered and took back; else the type that the vendor changed.
    """
    types_set = ((ticket.opened.type, ticket.opened.by), *ticket.types_set)
    asked = next((kind for kind, by in reversed(types_set) if by != "vendor"), None)
    taken_back = ticket.previous_type if ticket.type_set_by == "vendor" else None
    for kind in (asked, ticket.type, taken_back):
        if kind is not None and policy.carries_out(kind):
            return kind
    return taken_back or ticket.type


def _is_carried_out(order: OrderState, policy: Policy, kind: str) -> bool:
    """Return whether the order has what a ticket of this type asks for."""
    effects = policy.carries_out(kind)
    if "refund" in effects:
        owed = order.owed(per_unit=policy.refunds.per_unit)
        return (order.refunded > 0 or order.lost > 0) and owed is not None and not owed.minor
    return "cancel" in effects and order.subscription_ended
