"""The tickets of one order, as one view. It is made from folded tickets and never stored."""

from collections.abc import Mapping
from types import MappingProxyType

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore.commands import Open
from ticketcore.errors import LedgerError
from ticketcore.ticket import Ticket


def order_of(about: Open | Ticket) -> tuple[str | None, str] | None:
    """Return vendor and number of the order of an opening or ticket, or None without an order."""
    if about.order is None:
        return None
    vendor = about.vendor if isinstance(about, Open) else about.opened.vendor
    return vendor, about.order.number


@typed
def by_order(tickets: Mapping[str, Ticket]) -> Mapping[object, Mapping[str, Ticket]]:
    """Return the tickets of each order, by their numbers. A ticket without an order is alone."""
    orders: dict[object, dict[str, Ticket]] = {}
    for number, ticket in tickets.items():
        orders.setdefault(order_of(ticket) or number, {})[number] = ticket
    return orders


@frozen(kw_only=True)
class Ledger(Value):
    """All tickets about one order of one vendor, by their numbers.

    *vendor* is None for tickets without a vendor; they count as one vendor. `decide` and
    `advance` take a ledger, since refunds, disputes and the end of a subscription belong to the
    order and not to the ticket (C8, A2, A4).
    """

    vendor: str | None
    order_number: str
    tickets: Mapping[str, Ticket]

    @classmethod
    def of(cls, tickets: Mapping[str, Ticket]) -> "Ledger":
        """Return the ledger of these tickets, by their numbers.

        Raises LedgerError if there is none, if one has no order or another number than its key,
        or if they concern different orders.
        """
        keys = set()
        for number, ticket in tickets.items():
            if ticket.number != number:
                raise LedgerError(
                    f"ticket {number!r} was opened with the number {ticket.number!r}"
                )
            key = order_of(ticket)
            if key is None:
                raise LedgerError(f"ticket {number!r} has no order")
            keys.add(key)
        if len(keys) != 1:
            found = ", ".join(f"{number!r} of vendor {vendor!r}" for vendor, number in keys)
            raise LedgerError(f"a ledger needs tickets of one order, found {found or 'none'}")
        vendor, order_number = keys.pop()
        return cls(
            vendor=vendor, order_number=order_number, tickets=MappingProxyType(dict(tickets))
        )

    def others(self, ticket: Ticket) -> tuple[Ticket, ...]:
        """Return the tickets of the order except for *ticket*, which may be newer than its entry.

        Raises LedgerError if *ticket* has no number or another order.
        """
        own = ticket.number
        if own is None:
            raise LedgerError("a ticket without a number has no place in a ledger")
        if order_of(ticket) != (self.vendor, self.order_number):
            raise LedgerError(
                f"ticket {ticket.number!r} does not concern order {self.order_number!r} "
                f"of vendor {self.vendor!r}"
            )
        others = dict(self.tickets)  # copied and changed in C: an order can have many tickets
        others.pop(own, None)
        return tuple(others.values())
