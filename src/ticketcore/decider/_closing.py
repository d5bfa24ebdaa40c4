"""The ends of a ticket: closing, withdrawing, duplicates, reopening, reviews."""

from ticketcore.commands import Close, MarkDuplicate, Reopen, RequestReview, Review, Withdraw
from ticketcore.decider._effects import refundable
from ticketcore.decider._refusing import refuse
from ticketcore.events import (
    Closed,
    Event,
    Reopened,
    Reviewed,
    ReviewRequested,
    TypeChanged,
)
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket


def close(t: Ticket, m: Close, p: Policy, a: Permission) -> tuple[Event, ...]:
    """K8: who closed is kept; with several closers each closes for itself."""
    closed = Closed(
        at=m.at,
        by=m.by,
        actor=m.actor,
        final=m.by in p.closing.final_by,
        consent=m.consent,
        text=m.text,
    )
    return (closed,)


def withdraw(t: Ticket, m: Withdraw, p: Policy, a: Permission) -> tuple[Event, ...]:
    """W6: solved in house, or no longer needed."""
    closed = Closed(at=m.at, by=m.by, actor=m.actor, kind="withdrawn", reason=m.reason)
    return (closed,)


def mark_duplicate(t: Ticket, m: MarkDuplicate, p: Policy, a: Permission) -> tuple[Event, ...]:
    """O4: a duplicate's clocks end."""
    closed = Closed(at=m.at, by=m.by, actor=m.actor, kind="duplicate", duplicate_of=m.of)
    return (closed,)


def reopen(t: Ticket, m: Reopen, p: Policy, a: Permission) -> tuple[Event, ...]:
    """Let a closed ticket live again, within the span that the permission gives."""
    if a.within is not None and t.closed_at is not None:
        limit = p.calendar(None, t).due(t.closed_at, a.within)
        if m.at > limit:
            reason = (
                f"{m.by} may reopen for {a.within} after the closing, until {limit.isoformat()}"
            )
            refuse(m, "window-passed", reason, a.rule)
    return (Reopened(at=m.at, by=m.by, actor=m.actor, text=m.text),)


def request_review(t: Ticket, m: RequestReview, p: Policy, a: Permission) -> tuple[Event, ...]:
    """C13: a closed or changed ticket can be handed over for review."""
    if t.closed_at is None and t.previous_type is None:
        refuse(m, "nothing-to-review", "the ticket was neither closed nor changed", a.rule)
    return (ReviewRequested(at=m.at, by=m.by, actor=m.actor, text=m.text),)


def review(t: Ticket, m: Review, p: Policy, a: Permission) -> tuple[Event, ...]:
    """C13: after abuse the ticket is again what it was before the vendor ended it.

    Its saving window is lost, so that its refund falls due at once.
    """
    if t.review != "requested":
        refuse(m, "no-review-requested", "nobody asked for a review of this ticket", a.rule)
    reviewed = Reviewed(at=m.at, by=m.by, actor=m.actor, abuse=m.abuse, text=m.text)
    return (reviewed, *(_undo(t, m, p) if m.abuse else ()))


def _undo(t: Ticket, m: Review, p: Policy) -> tuple[Event, ...]:
    kind = reviewed_type(t, p)
    if _is_carried_out(t, p, kind):
        return ()  # the customer has what he asked for: nothing is left to do
    undone: list[Event] = []
    changed = kind != t.type
    if t.closed_at is not None and (changed or "vendor" in t.closed_by):
        undone.append(Reopened(at=m.at, by=m.by, actor=m.actor))
    if changed:
        undone.append(TypeChanged(at=m.at, by=m.by, actor=m.actor, type=kind))
    return tuple(undone)


def reviewed_type(t: Ticket, p: Policy) -> str:
    """What the ticket becomes again when a review finds abuse (C13).

    The refund or cancellation that the customer's side asked for last; or the one that the vendor
    offered and took back; or, where there is none, what the vendor changed.
    """
    types_set = ((t.opened.type, t.opened.by), *t.types_set)
    asked = next((kind for kind, by in reversed(types_set) if by != "vendor"), None)
    taken_back = t.previous_type if t.type_set_by == "vendor" else None
    for kind in (asked, t.type, taken_back):
        if kind is not None and p.carries_out(kind):
            return kind
    return taken_back or t.type


def _is_carried_out(t: Ticket, p: Policy, kind: str) -> bool:
    effects = p.carries_out(kind)
    if "refund" in effects:
        left = refundable(t)
        return (t.refunded > 0 or t.reimbursed) and left is not None and not left.minor
    return "cancel" in effects and t.subscription_ended
