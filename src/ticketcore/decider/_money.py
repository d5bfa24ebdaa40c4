"""Refunds on request and cancelled units: money never moves twice, nor above the cap."""

from ticketcore.commands import Cancel, ConfirmRefund, FailRefund, Refund
from ticketcore.decider._refusing import refuse
from ticketcore.events import (
    Cancelled,
    Event,
    Money,
    Order,
    RefundConfirmed,
    Refunded,
    RefundFailed,
)
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import RefundRecord, Ticket


def find(t: Ticket, reference: str) -> RefundRecord | None:
    """The refund of this reference, if there is one."""
    return next((r for r in t.refunds if r.reference == reference), None)


def state_of(t: Ticket, reference: str) -> str | None:
    """What became of a refund: pending, done or failed."""
    record = find(t, reference)
    return None if record is None else record.state


def already_refunded(t: Ticket, m: Refund) -> bool:
    """Whether this very refund was made before."""
    record = find(t, m.reference)
    if record is None or record.state == "failed":  # a new try takes a new reference
        return False
    return m.amount in (None, record.amount)


def refund(t: Ticket, m: Refund, p: Policy, a: Permission) -> tuple[Event, ...]:
    """K5, A4: a refund on request, of a part where the policy has it, up to its cap."""
    order = _order(t, m)
    amount = _amount(t, m, order, p)
    _check_once(t, m, p)
    left = p.refunds.cap(order.amount) - t.refunded
    if amount.minor > left:
        reason = f"{amount} is more than the {Money(left, amount.currency)} that may be refunded"
        refuse(m, "cap-exceeded", reason, p.refunds.rule)
    if amount.minor <= 0:
        refuse(m, "nothing-to-refund", f"{amount} is no amount to refund", p.refunds.rule)
    return (
        Refunded(
            at=m.at,
            by=m.by,
            actor=m.actor,
            amount=amount,
            reference=m.reference,
            units=tuple(dict.fromkeys(m.units)),
            reason=m.reason,
            awaits_confirmation=p.refunds.requires_confirmation,
        ),
    )


def _order(t: Ticket, m: Refund | Cancel) -> Order:
    order = t.opened.order
    if order is None:
        refuse(m, "order-required", "the ticket has no order")
    unknown = [unit for unit in m.units if unit not in t.opened.units]
    if unknown:
        known = ", ".join(t.opened.units) or "none"
        refuse(m, "unknown-unit", f"{unknown[0]!r} is no unit of this ticket: it has {known}")
    return order


def _amount(t: Ticket, m: Refund, order: Order, p: Policy) -> Money:
    rest = Money(max(order.amount.minor - t.refunded, 0), order.amount.currency)
    amount = m.amount or _worth(order, m.units) or rest
    if amount.currency != rest.currency:
        reason = f"the order was paid in {rest.currency}, not {amount.currency}"
        refuse(m, "currency-differs", reason)
    if not p.refunds.partial and amount != rest:
        reason = f"only all of it can be refunded, {rest}"
        refuse(m, "partial-not-allowed", reason, p.refunds.rule)
    return amount


def _worth(order: Order, units: tuple[str, ...]) -> Money | None:
    """What these units cost together; None without any, or where the order does not say it."""
    amounts = [unit.amount for unit in order.units if unit.id in units]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return None
    currencies = {amount.currency for amount in known} - {order.amount.currency}
    currency = min(currencies, default=order.amount.currency)  # another is refused
    return Money(sum(amount.minor for amount in known), currency)


def _check_once(t: Ticket, m: Refund, p: Policy) -> None:
    if find(t, m.reference) is not None:
        reason = f"the reference {m.reference!r} stands for another refund: give a new one"
        refuse(m, "reference-conflict", reason)
    if t.reimbursed:
        reason = "a dispute was decided for the customer, who has the money already"
        refuse(m, "already-reimbursed", reason, p.dispute_rule)
    made = sum(r.state != "failed" for r in t.refunds)
    if p.refunds.max_refunds is not None and made >= p.refunds.max_refunds:
        reason = f"{made} refunds were made, and no more are possible"
        refuse(m, "too-many-refunds", reason, p.refunds.rule)


def confirm(t: Ticket, m: ConfirmRefund, p: Policy, a: Permission) -> tuple[Event, ...]:
    """The provider carried a refund out."""
    _check_pending(t, m)
    return (RefundConfirmed(at=m.at, by=m.by, actor=m.actor, reference=m.reference),)


def fail(t: Ticket, m: FailRefund, p: Policy, a: Permission) -> tuple[Event, ...]:
    """The provider declined a refund: it counts for nothing from now on."""
    _check_pending(t, m)
    failed = RefundFailed(at=m.at, by=m.by, actor=m.actor, reference=m.reference, reason=m.reason)
    return (failed,)


def _check_pending(t: Ticket, m: ConfirmRefund | FailRefund) -> None:
    state = state_of(t, m.reference)
    if state is None:
        refuse(m, "unknown-refund", f"this ticket has no refund {m.reference!r}")
    if state != "pending":
        refuse(m, "refund-settled", f"the refund {m.reference!r} is {state} already")


def cancel(t: Ticket, m: Cancel, p: Policy, a: Permission) -> tuple[Event, ...]:
    """K5: units of the order are cancelled; those that were before, stay so."""
    _order(t, m)
    units = tuple(u for u in dict.fromkeys(m.units) if u not in t.cancelled_units)
    return (Cancelled(at=m.at, by=m.by, actor=m.actor, units=units, reason=m.reason),)
