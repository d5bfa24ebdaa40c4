"""A ticket that moves to another order: `correct-order` with another number."""

from ticketcore._internal.arguments import typed
from ticketcore._internal.terminal import quoted
from ticketcore.commands import CorrectOrder
from ticketcore.decider._authorization import check_currency_of_others, refuse
from ticketcore.decider._decide import check_order
from ticketcore.ledger import Ledger, OrderState
from ticketcore.ticket import Ticket


@typed
def check_move(ticket: Ticket, command: CorrectOrder, target: Ledger) -> None:
    """Refuse to move a ticket to an order whose other tickets contradict it.

    *target* has the tickets of the order to which *command* moves the ticket, perhaps with the
    ticket itself; `decide` knows only those of the order that it leaves. Raises RefusedError if
    another ticket of that order is in another currency, has a dispute with the same id, or moved
    money after the instant of the command.
    """
    others = tuple(other for number, other in target.tickets.items() if number != ticket.number)
    check_order(ticket, command, others)
    check_currency_of_others(command, command.order, others)
    for dispute in ticket.disputes:
        owner = OrderState(ticket, others).owner_of_dispute(dispute.id)
        if owner is not None:
            reason = f"ticket {owner.number} of the order has a dispute {quoted(dispute.id)} too"
            refuse(command, "dispute-conflict", reason)
