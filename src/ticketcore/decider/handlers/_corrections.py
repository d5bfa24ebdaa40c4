"""The handlers that correct a ticket, and link it to others (A5, O4, O9, O10, W8)."""

import attrs

from ticketcore._internal.terminal import quoted
from ticketcore.commands import (
    AddShipment,
    Classify,
    CorrectOrder,
    Link,
    SplitTicket,
    UnmarkDuplicate,
)
from ticketcore.decider._authorization import check_currency, check_other_ticket, refuse
from ticketcore.decider._registry import Others, caused_by, handles, no_op_if, order_state
from ticketcore.decider.handlers._opening import check_classification, route
from ticketcore.events import (
    Classified,
    DuplicateUnmarked,
    Event,
    Linked,
    Order,
    OrderCorrected,
    Reference,
    ShipmentAdded,
    Split,
)
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket


@handles(Classify)
def _classify(ticket: Ticket, command: Classify, policy: Policy, *_: object) -> tuple[Event, ...]:
    category = command.category or ticket.category
    kept = ticket.subcategory if category == ticket.category else None
    classified = Classified(
        **caused_by(command),
        category=category,
        subcategory=command.subcategory or kept,
        reason=command.reason or ticket.reason,
    )
    check_classification(command, classified, policy)
    if classified.category == ticket.category:
        return (classified,)
    return (classified, *route(classified, policy))


@no_op_if(Classify)
def _is_classified_so(ticket: Ticket, command: Classify) -> bool:
    return (
        command.category in (None, ticket.category)
        and command.subcategory in (None, ticket.subcategory)
        and command.reason in (None, ticket.reason)
    )


@handles(CorrectOrder)
def _correct_order(
    ticket: Ticket, command: CorrectOrder, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    before, order = ticket.order, _corrected(ticket, command)
    if before is not None:
        state = order_state(ticket, command, others)
        moved = state.refunds or state.disputes or ticket.cancelled_units
        if order.number != before.number and (moved or state.subscription_ended):
            reason = "the order has refunds, cancellations or disputes: its number cannot change"
            refuse(command, "order-fixed", reason)
        if order.number == before.number and (state.refunds or others):
            check_currency(command, order.amount, before.amount.currency)
    for dispute in ticket.disputes:
        if dispute.amount is not None:
            check_currency(command, order.amount, dispute.amount.currency)
    known = tuple(unit.id for unit in order.units)
    whole = before is None or len(ticket.units) == len(before.units)
    units = known if whole else tuple(unit for unit in ticket.units if unit in known)
    return (OrderCorrected(**caused_by(command), order=order, units=units),)


@no_op_if(CorrectOrder)
def _is_order(ticket: Ticket, command: CorrectOrder) -> bool:
    return ticket.order == _corrected(ticket, command)


def _corrected(ticket: Ticket, command: CorrectOrder) -> Order:
    """Return the order after a correction. A5: its shipments stay if the command names none."""
    before, order = ticket.order, command.order
    if order.shipments or before is None or order.number != before.number:
        return order
    return attrs.evolve(order, shipments=before.shipments)


@handles(AddShipment)
def _add_shipment(
    ticket: Ticket, command: AddShipment, policy: Policy, *_: object
) -> tuple[Event, ...]:
    if ticket.order is None:
        refuse(command, "order-required", "the ticket has no order")
    return (ShipmentAdded(**caused_by(command), shipment=command.shipment),)


@no_op_if(AddShipment)
def _is_shipped(ticket: Ticket, command: AddShipment) -> bool:
    return ticket.order is not None and command.shipment in ticket.order.shipments


@handles(UnmarkDuplicate)
def _unmark_duplicate(
    ticket: Ticket, command: UnmarkDuplicate, policy: Policy, *_: object
) -> tuple[Event, ...]:
    return (DuplicateUnmarked(**caused_by(command), text=command.text),)


@no_op_if(UnmarkDuplicate)
def _is_no_duplicate(ticket: Ticket, command: UnmarkDuplicate) -> bool:
    return ticket.duplicate_of is None


@handles(SplitTicket)
def _split(ticket: Ticket, command: SplitTicket, policy: Policy, *_: object) -> tuple[Event, ...]:
    check_other_ticket(ticket, command, command.into)
    taken = dict(ticket.moved_messages)
    messages = []
    for message in dict.fromkeys(command.messages):
        if message not in ticket.message_references:
            reason = f"the ticket has no message with the reference {quoted(message)}"
            refuse(command, "unknown-message", reason)
        if message not in taken:
            messages.append(message)
        elif taken[message] != command.into:
            reason = f"ticket {taken[message]} has taken the message {quoted(message)} already"
            refuse(command, "unknown-message", reason)
    return (Split(**caused_by(command), into=command.into, messages=tuple(messages)),)


@no_op_if(SplitTicket)
def _is_split(ticket: Ticket, command: SplitTicket) -> bool:
    target, moved = Reference(kind="ticket", number=command.into), set(ticket.moved_messages)
    return target in ticket.references and moved.issuperset(
        (message, command.into) for message in command.messages
    )


@handles(Link)
def _link(ticket: Ticket, command: Link, policy: Policy, *_: object) -> tuple[Event, ...]:
    if command.target.kind == "ticket":
        check_other_ticket(ticket, command, command.target.number)
    return (Linked(**caused_by(command), target=command.target),)


@no_op_if(Link)
def _is_linked(ticket: Ticket, command: Link) -> bool:
    return command.target in ticket.references
