"""The money of an order: refunds of all tickets, amounts held by disputes, and the rest.

    captured   the amount of the newest order facts, at least the sum of the invoices known
    refunded   all refunds that have not failed
    held       the amounts of running disputes, less the refunds that settle them
    lost       the amounts of lost disputes, less the refunds that settle them
    taken      refunded + held + lost
    left       captured + the policy's surplus - taken, on request
               captured - taken, by a timer; at most the rest of the invoice, and the prices of
               the ticket's units, if it pays for units. A unit without a price needs an amount,
               which only a person can give, so a timer does not pay for it.

All sums run over all tickets of the order. Facts count as of a moment: tickets that were opened
after it are left out, so that a refund that is noticed late pays what was right when it was due.
"""

from collections.abc import Iterable
from functools import cached_property

from ticketcore._internal.frozen import frozen
from ticketcore.errors import NewerHistoryError, OrderNotAdvancedError
from ticketcore.events import Money, Order, Unit
from ticketcore.ledger._moments import COMMAND, END, Moment, next_moment
from ticketcore.ticket import Dispute, RefundRecord, Ticket


@frozen
class OrderState:
    """The state of an order at a moment, seen from *ticket*, with the *others* about the order."""

    ticket: Ticket
    others: tuple[Ticket, ...] = ()
    moment: Moment = END

    @classmethod
    def at_turn(
        cls,
        ticket: Ticket,
        others: tuple[Ticket, ...],
        moment: Moment,
        *,
        by_number: bool = False,
    ) -> "OrderState":
        """Return the state for a decision about money, if it is the turn of *ticket*.

        At one moment the tickets' numbers decide; but a command waits for all tickets that act at
        its moment, unless *by_number* is true: so several claims end that one chargeback
        superseded. Raises NewerHistoryError if another ticket has content that this version cannot
        read, and OrderNotAdvancedError if another ticket acts before.
        """
        state = cls(ticket, others, moment)
        state._check_turn(waits=moment[1] == COMMAND and not by_number)
        return state

    def _check_turn(self, *, waits: bool) -> None:
        for other in self.others:
            if other.unread:
                raise NewerHistoryError(other.number, other.unread)
        number = self.ticket.number or ""
        tickets = (self.ticket, *self.others)
        for other in self.others:
            if not (other.timers or other.disputes):
                continue
            moment = next_moment(other, tickets)
            if moment is None:
                continue
            if moment < self.moment or (
                moment == self.moment and (waits or (other.number or "") < number)
            ):
                raise OrderNotAdvancedError(other.number, moment[0], self.ticket.opened.zone)

    @cached_property
    def _known(self) -> tuple[Ticket, ...]:
        """The tickets whose facts were known at the moment, the oldest facts first."""
        known = [other for other in self.others if (other.order_at, COMMAND) <= self.moment]
        return tuple(sorted((self.ticket, *known), key=lambda t: (t.order_at, t.number or "")))

    @cached_property
    def facts(self) -> Order | None:
        """The newest facts of the order; None if the ticket has no order."""
        return self._known[-1].order

    @cached_property
    def refunds(self) -> tuple[RefundRecord, ...]:
        """All refunds of the order that have not failed."""
        tickets = (self.ticket, *self.others)
        return tuple(r for ticket in tickets for r in ticket.refunds if r.state != "failed")

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """All disputes about the order."""
        return tuple(d for ticket in (self.ticket, *self.others) for d in ticket.disputes)

    @property
    def subscription_ended(self) -> bool:
        """Whether the subscription was ended in any ticket of the order."""
        return any(ticket.subscription_ended for ticket in (self.ticket, *self.others))

    def owner_of_refund(self, reference: str) -> Ticket | None:
        """Return the other ticket that has a refund with this reference, if there is one."""
        return next(
            (o for o in self.others if any(r.reference == reference for r in o.refunds)), None
        )

    def owner_of_dispute(self, dispute: str) -> Ticket | None:
        """Return the other ticket that has the dispute with this id, if there is one."""
        return next((o for o in self.others if any(d.id == dispute for d in o.disputes)), None)

    @cached_property
    def captured(self) -> int:
        """The money that was captured, in minor units."""
        invoices = {
            order.invoice: order.invoice_amount.minor
            for order in (ticket.order for ticket in self._known)
            if order is not None and order.invoice_amount is not None
        }
        amount = 0 if self.facts is None else self.facts.amount.minor
        return max(amount, sum(invoices.values()))

    @cached_property
    def refunded(self) -> int:
        """The sum of all refunds that have not failed, in minor units."""
        return sum(refund.amount.minor for refund in self.refunds)

    def held_by(self, dispute: Dispute) -> int:
        """Return what a running or lost dispute takes of the order's money, in minor units."""
        amount = self.captured if dispute.amount is None else dispute.amount.minor
        settled = sum(r.amount.minor for r in self.refunds if r.dispute == dispute.id)
        return max(amount - settled, 0)

    @cached_property
    def lost(self) -> int:
        """The money that lost disputes took, in minor units."""
        return sum(self.held_by(d) for d in self.disputes if d.outcome == "lost")

    @cached_property
    def held(self) -> int:
        """The money that running disputes hold, in minor units."""
        return sum(self.held_by(d) for d in self.disputes if d.outcome is None)

    @property
    def taken(self) -> int:
        """The money that refunds and disputes together take, in minor units."""
        return self.refunded + self.held + self.lost

    def held_for(self, dispute: str | None) -> int:
        """Return what the dispute with this id holds, in minor units; 0 for None."""
        return sum(self.held_by(each) for each in self.disputes if each.id == dispute)

    @cached_property
    def refunded_units(self) -> frozenset[str]:
        """The units that were refunded, on any ticket of the order."""
        return frozenset(unit for refund in self.refunds for unit in refund.units)

    def unpaid_units(self, units: Iterable[str]) -> tuple[Unit, ...]:
        """Return the given units that were not refunded."""
        wanted = frozenset(units) - self.refunded_units
        known = () if self.facts is None else self.facts.units
        return tuple(unit for unit in known if unit.id in wanted)

    def owed(self, *, per_unit: bool) -> Money | None:
        """Return the amount that a refund timer of the ticket pays now; None without an order.

        *per_unit* is that of the policy's refunds.
        """
        if self.facts is None:
            return None
        left = self._rest
        if self.pays_for_units(per_unit=per_unit):  # K5: about one unit, pay for that unit
            left = min(left, price_of(self.payable_units) or 0)
        return Money(left, self.facts.amount.currency)

    def is_refunded(self, *, per_unit: bool) -> bool:
        """Whether nothing is left to refund of the ticket's part of the order.

        True without an order. *per_unit* is that of the policy's refunds.
        """
        owed = self.owed(per_unit=per_unit)
        if owed is None or owed.minor:
            return owed is None
        return not (self._rest and self.pays_for_units(per_unit=per_unit) and self._has_unpriced)

    @property
    def _rest(self) -> int:
        """The rest of the order, or of its latest invoice, in minor units (C8)."""
        order = self.ticket.order
        left = self.captured - self.taken
        if order is not None and order.invoice_amount is not None:
            paid = sum(r.amount.minor for r in self.refunds if r.invoice == order.invoice)
            left = min(left, order.invoice_amount.minor - paid)
        return max(left, 0)

    @property
    def payable_units(self) -> tuple[Unit, ...]:
        """The unpaid units of the ticket with a price, for which a refund timer can pay.

        A history from elsewhere may have prices in another currency than the order's.
        """
        currency = None if self.facts is None else self.facts.amount.currency
        return tuple(
            unit
            for unit in self.unpaid_units(self.ticket.units)
            if unit.amount is not None and unit.amount.currency == currency
        )

    @property
    def _has_unpriced(self) -> bool:
        return len(self.payable_units) < len(self.unpaid_units(self.ticket.units))

    def pays_for_units(self, *, per_unit: bool) -> bool:
        """Whether a refund timer pays for those of the ticket's units that were not refunded.

        True for a ticket about some of the order's units; with *per_unit*, for one about all of
        them too. Then the rest of a unit that was refunded in part is not paid.
        """
        return self.is_about_some_units or (per_unit and bool(self.ticket.units))

    @property
    def is_about_some_units(self) -> bool:
        """Whether the ticket concerns some of the order's units, but not all."""
        units = () if self.facts is None else self.facts.units
        return bool(self.ticket.units) and len(self.ticket.units) < len(units)


def price_of(units: Iterable[Unit]) -> int | None:
    """Return the sum of the units' prices in minor units; None if one has no price."""
    prices = [unit.amount for unit in units]
    known = [price.minor for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None
