"""The handlers of refunds on request and of cancelled units.

Money belongs to the order: all sums run over all of its tickets. Nothing is paid twice, and no
refund exceeds what is left of the policy's cap (C8, A4, K5).
"""

from typing import NoReturn

from ticketcore._internal.terminal import quoted
from ticketcore.commands import Cancel, ConfirmRefund, FailRefund, Refund
from ticketcore.decider._authorization import check_currency, refuse
from ticketcore.decider._registry import Others, caused_by, handles, no_op_if, order_state
from ticketcore.decider.handlers._disputes import refuse_settled
from ticketcore.events import (
    Cancelled,
    Event,
    Money,
    Order,
    RefundConfirmed,
    Refunded,
    RefundFailed,
)
from ticketcore.ledger import OrderState, price_of
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
    return (
        command.amount in (None, record.amount)
        and command.dispute in (None, record.dispute)
        and {*command.units} in (set(), {*record.units})
    )


@handles(Refund)
def _refund(
    ticket: Ticket, command: Refund, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    # K5, A4: of a part if the policy allows it, up to its cap
    facts = _order(ticket, command)
    order = order_state(ticket, command, others)
    _check_dispute(command, order, policy)
    left = _left(command, order, policy)
    _check_once(ticket, command, policy, order, left)
    units = _units(ticket, command, policy, order)
    if not left:
        _refuse_nothing_left(command, policy)
    amount = _amount(command, units, order, policy)
    if amount.minor > left:
        most = Money(left, amount.currency)
        reason = f"{amount} is more than {most}, which is all that can still be refunded"
        refuse(command, "cap-exceeded", reason, policy.refunds.rule)
    if amount.minor <= 0:
        if command.amount is None:
            _refuse_nothing_left(command, policy)
        reason = f"{amount} cannot be refunded: give an amount above zero"
        refuse(command, "nothing-to-refund", reason, policy.refunds.rule)
    refunded = Refunded(
        **caused_by(command),
        amount=amount,
        reference=command.reference,
        units=units,
        invoice=facts.invoice,
        dispute=command.dispute,
        reason=command.reason,
        awaits_confirmation=policy.refunds.requires_confirmation,
    )
    return (refunded,)


def _refuse_nothing_left(command: Refund, policy: Policy) -> NoReturn:
    refuse(command, "nothing-to-refund", "nothing is left to refund", policy.refunds.rule)


def _order(ticket: Ticket, command: Refund | Cancel) -> Order:
    order = ticket.order
    if order is None:
        refuse(command, "order-required", "the ticket has no order")
    unknown = [unit for unit in command.units if unit not in ticket.units]
    if unknown:
        known = ", ".join(ticket.units) or "none"
        refuse(
            command, "unknown-unit", f"unknown unit {quoted(unknown[0])}; this ticket has {known}"
        )
    return order


def _check_dispute(command: Refund, order: OrderState, policy: Policy) -> None:
    """Check that the dispute that a refund settles is a running one of the order."""
    if command.dispute is None:
        return
    dispute = next((d for d in order.disputes if d.id == command.dispute), None)
    if dispute is None:
        refuse(command, "unknown-dispute", f"the order has no dispute {quoted(command.dispute)}")
    if dispute.outcome is not None:
        refuse_settled(command, dispute, policy)
    paid = sum(refund.amount.minor for refund in order.refunds if refund.dispute == dispute.id)
    if paid and not order.held_by(dispute):
        reason = f"refunds have settled the {dispute.kind} {dispute.id}: it holds nothing any more"
        refuse(command, "dispute-settled", reason, policy.dispute_rule)


def _left(command: Refund, order: OrderState, policy: Policy) -> int:
    """Return what can still be refunded on request, in minor units, at least 0."""
    return max(refund_cap(order, policy) - order.taken + order.held_for(command.dispute), 0)


def refund_cap(order: OrderState, policy: Policy) -> int:
    """Return the most that refunds and disputes of an order may take together, in minor units.

    The policy may allow more than was paid, `over_refund_percent`, unless disputes take all that
    was paid. Without an order the result is 0.
    """
    if order.facts is None:
        return 0
    if order.lost + order.held >= order.captured:
        return order.captured
    return policy.refunds.cap(Money(order.captured, order.facts.amount.currency))


def _check_once(
    ticket: Ticket, command: Refund, policy: Policy, order: OrderState, left: int
) -> None:
    owner = ticket if _find(ticket, command.reference) else None
    owner = owner or order.owner_of_refund(command.reference)
    if owner is not None:
        where = "" if owner is ticket else f" in ticket {owner.number}"
        reason = f"the reference {quoted(command.reference)} belongs to another refund{where}"
        refuse(command, "reference-conflict", f"{reason}: use a new one")
    unpaid = refund_cap(order, policy) - order.refunded
    if unpaid > 0 and order.lost >= unpaid:
        reason = "the customer has the money already: a dispute was decided for them"
        refuse(command, "already-reimbursed", reason, policy.dispute_rule)
    if unpaid > 0 and not left:
        reason = "running disputes hold all that is left: name the dispute that the refund settles"
        refuse(command, "dispute-running", reason, policy.dispute_rule)
    made = len(order.refunds)
    if policy.refunds.max_refunds is not None and made >= policy.refunds.max_refunds:
        reason = f"{policy.name} allows no more refunds of the order; made so far: {made}"
        refuse(command, "too-many-refunds", reason, policy.refunds.rule)


def _units(ticket: Ticket, command: Refund, policy: Policy, order: OrderState) -> tuple[str, ...]:
    """Return the units that the refund pays for (K5); none for a refund of the order."""
    rule = policy.refunds.rule
    units = tuple(dict.fromkeys(command.units))
    paid = [unit for unit in units if unit in order.refunded_units]
    if paid:
        refuse(command, "unit-refunded", f"the unit {quoted(paid[0])} was refunded before", rule)
    if units or not policy.refunds.per_unit or not ticket.units:
        return units
    units = tuple(unit.id for unit in order.unpaid_units(ticket.units))
    if not units:
        refuse(command, "unit-refunded", "all units of the ticket were refunded before", rule)
    if command.amount is not None and len(units) > 1:
        reason = f"name the units that the amount is for: {', '.join(units)}"
        refuse(command, "units-required", reason, rule)
    return units


def _amount(command: Refund, units: tuple[str, ...], order: OrderState, policy: Policy) -> Money:
    """Return the amount: as asked, or the price of the units, or all that is left."""
    assert order.facts is not None
    currency, rule = order.facts.amount.currency, policy.refunds.rule
    if command.amount is not None:
        check_currency(command, command.amount, currency)
    price = _price(command, units, order, currency)
    held = order.held_for(command.dispute)
    rest = Money(max(order.captured - order.taken + held, 0), currency)
    if command.amount is None:
        if price is None and (units or order.is_about_some_units):
            reason = 'a unit has no price: give an "amount"'
            refuse(command, "amount-required", reason, rule)
        if price is None and command.dispute is not None:
            price = held
        amount = rest if price is None else Money(price, currency)
        amount = amount if command.units else min(amount, rest, key=lambda money: money.minor)
    else:
        amount = command.amount
        if units and price is not None and amount.minor > price:
            reason = f"{amount} is more than {Money(price, currency)}, the price of the units"
            refuse(command, "cap-exceeded", reason, rule)
    if not policy.refunds.partial and amount != rest:
        if not rest.minor:
            _refuse_nothing_left(command, policy)
        reason = f"partial refunds are not allowed; the whole rest is {rest}"
        refuse(command, "partial-not-allowed", reason, rule)
    return amount


def _price(
    command: Refund, units: tuple[str, ...], order: OrderState, currency: str
) -> int | None:
    """Return the price of the units, or of the unpaid ones of a ticket about some units."""
    assert order.facts is not None
    if units:
        named = [unit for unit in order.facts.units if unit.id in units]
    elif order.is_about_some_units:
        named = list(order.unpaid_units(order.ticket.units))
    else:
        return None
    for unit in named:
        if unit.amount is not None:
            check_currency(command, unit.amount, currency)
    return price_of(named)


@handles(ConfirmRefund)
def _confirm(
    ticket: Ticket, command: ConfirmRefund, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    _check_pending(ticket, command, others)
    return (RefundConfirmed(**caused_by(command), reference=command.reference),)


@no_op_if(ConfirmRefund)
def _is_confirmed(ticket: Ticket, command: ConfirmRefund) -> bool:
    return _state_of(ticket, command.reference) == "succeeded"


@handles(FailRefund)
def _fail(
    ticket: Ticket, command: FailRefund, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    _check_pending(ticket, command, others)
    order_state(ticket, command, others)
    failed = RefundFailed(**caused_by(command), reference=command.reference, reason=command.reason)
    return (failed,)


@no_op_if(FailRefund)
def _has_failed(ticket: Ticket, command: FailRefund) -> bool:
    return _state_of(ticket, command.reference) == "failed"


def _check_pending(ticket: Ticket, command: ConfirmRefund | FailRefund, others: Others) -> None:
    state = _state_of(ticket, command.reference)
    if state is None:
        reason = f"this ticket has no refund {quoted(command.reference)}"
        owner = OrderState(ticket, others).owner_of_refund(command.reference)
        if owner is not None:
            reason += f"; ticket {owner.number} of the order has it"
        refuse(command, "unknown-refund", reason)
    if state != "pending":
        reason = f"the refund {quoted(command.reference)} has {state} already"
        refuse(command, "refund-settled", reason)


@handles(Cancel)
def _cancel(
    ticket: Ticket, command: Cancel, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    # K5: units that were cancelled before, on any ticket of the order, are left out
    _order(ticket, command)
    order_state(ticket, command, others)
    cancelled = {unit for each in (ticket, *others) for unit in each.cancelled_units}
    units = tuple(unit for unit in dict.fromkeys(command.units) if unit not in cancelled)
    if not units:
        return ()
    return (Cancelled(**caused_by(command), units=units, reason=command.reason),)


@no_op_if(Cancel)
def _is_cancelled(ticket: Ticket, command: Cancel) -> bool:
    return set(command.units) <= set(ticket.cancelled_units)
