"""The handlers of refunds on request and of cancelled units.

Money never moves twice, and never above the policy's cap.
"""

from ticketcore.commands import Cancel, ConfirmRefund, FailRefund, Refund
from ticketcore.decider._authorization import refuse
from ticketcore.decider._registry import caused_by, handles, no_op_if
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
from ticketcore.ticket import RefundRecord, RefundState, Ticket


def _find(ticket: Ticket, reference: str) -> RefundRecord | None:
    """Return the refund with this reference, if there is one."""
    return next((r for r in ticket.refunds if r.reference == reference), None)


def _state_of(ticket: Ticket, reference: str) -> RefundState | None:
    """Return the state of the refund with this reference, if there is one."""
    record = _find(ticket, reference)
    return None if record is None else record.state


@no_op_if(Refund)
def _is_refunded(ticket: Ticket, command: Refund) -> bool:
    record = _find(ticket, command.reference)
    if record is None or record.state == "failed":  # a new attempt needs a new reference
        return False
    return command.amount in (None, record.amount)


@handles(Refund)
def _refund(
    ticket: Ticket, command: Refund, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    # K5, A4: of a part if the policy allows it, up to its cap
    order = _order(ticket, command)
    amount = _amount(ticket, command, order, policy)
    _check_once(ticket, command, policy)
    left = policy.refunds.cap(order.amount) - ticket.refunded
    if amount.minor > left:
        reason = f"{amount} exceeds the {Money(left, amount.currency)} that can still be refunded"
        refuse(command, "cap-exceeded", reason, policy.refunds.rule)
    if amount.minor <= 0:
        refuse(
            command,
            "nothing-to-refund",
            f"{amount} cannot be refunded: give an amount above zero",
            policy.refunds.rule,
        )
    return (
        Refunded(
            **caused_by(command),
            amount=amount,
            reference=command.reference,
            units=tuple(dict.fromkeys(command.units)),
            reason=command.reason,
            awaits_confirmation=policy.refunds.requires_confirmation,
        ),
    )


def _order(ticket: Ticket, command: Refund | Cancel) -> Order:
    order = ticket.opened.order
    if order is None:
        refuse(command, "order-required", "the ticket has no order")
    unknown = [unit for unit in command.units if unit not in ticket.opened.units]
    if unknown:
        known = ", ".join(ticket.opened.units) or "none"
        refuse(command, "unknown-unit", f"unknown unit {unknown[0]!r}; this ticket has {known}")
    return order


def _amount(ticket: Ticket, command: Refund, order: Order, policy: Policy) -> Money:
    rest = Money(max(order.amount.minor - ticket.refunded, 0), order.amount.currency)
    amount = command.amount or _worth(order, command.units) or rest
    if amount.currency != rest.currency:
        reason = f"the order was paid in {rest.currency}, not {amount.currency}"
        refuse(command, "currency-differs", reason)
    if not policy.refunds.partial and amount != rest:
        reason = f"partial refunds are not allowed; the whole rest is {rest}"
        refuse(command, "partial-not-allowed", reason, policy.refunds.rule)
    return amount


def _worth(order: Order, units: tuple[str, ...]) -> Money | None:
    """Return the sum of the units' prices; None without units, or if one has no price."""
    amounts = [unit.amount for unit in order.units if unit.id in units]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return None
    currencies = {amount.currency for amount in known} - {order.amount.currency}
    currency = min(currencies, default=order.amount.currency)  # `_amount` refuses another currency
    return Money(sum(amount.minor for amount in known), currency)


def _check_once(ticket: Ticket, command: Refund, policy: Policy) -> None:
    if _find(ticket, command.reference) is not None:
        reason = f"the reference {command.reference!r} belongs to another refund: use a new one"
        refuse(command, "reference-conflict", reason)
    if ticket.reimbursed:
        reason = "the customer has the money already, from a lost dispute"
        refuse(command, "already-reimbursed", reason, policy.dispute_rule)
    made = sum(r.state != "failed" for r in ticket.refunds)
    if policy.refunds.max_refunds is not None and made >= policy.refunds.max_refunds:
        reason = f"{made} refunds were made; the policy allows no more"
        refuse(command, "too-many-refunds", reason, policy.refunds.rule)


@handles(ConfirmRefund)
def _confirm(
    ticket: Ticket, command: ConfirmRefund, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    _check_pending(ticket, command)
    return (RefundConfirmed(**caused_by(command), reference=command.reference),)


@handles(FailRefund)
def _fail(
    ticket: Ticket, command: FailRefund, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    _check_pending(ticket, command)
    failed = RefundFailed(
        **caused_by(command),
        reference=command.reference,
        reason=command.reason,
    )
    return (failed,)


def _check_pending(ticket: Ticket, command: ConfirmRefund | FailRefund) -> None:
    state = _state_of(ticket, command.reference)
    if state is None:
        refuse(command, "unknown-refund", f"this ticket has no refund {command.reference!r}")
    if state != "pending":
        refuse(command, "refund-settled", f"the refund {command.reference!r} has already {state}")


@no_op_if(ConfirmRefund)
def _is_confirmed(ticket: Ticket, command: ConfirmRefund) -> bool:
    return _state_of(ticket, command.reference) == "succeeded"


@no_op_if(FailRefund)
def _has_failed(ticket: Ticket, command: FailRefund) -> bool:
    return _state_of(ticket, command.reference) == "failed"


@handles(Cancel)
def _cancel(
    ticket: Ticket, command: Cancel, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    # K5: units that were cancelled before are left out
    _order(ticket, command)
    units = tuple(u for u in dict.fromkeys(command.units) if u not in ticket.cancelled_units)
    return (Cancelled(**caused_by(command), units=units, reason=command.reason),)


@no_op_if(Cancel)
def _is_cancelled(ticket: Ticket, command: Cancel) -> bool:
    return set(command.units) <= set(ticket.cancelled_units)
