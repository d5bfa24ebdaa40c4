"""Backends for orders with one fault each: in the ledger, or in the order of acting tickets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from support.orders.hosts import CONFIRMED
from ticketcore.commands import Command, Open, OpenDispute, Refund, Review
from ticketcore.decider import advance_order, advance_ticket, decide, decide_and_apply
from ticketcore.errors import OrderNotAdvancedError
from ticketcore.events import Event, Money, Reference
from ticketcore.ledger import Ledger, by_order, order_of
from ticketcore.policies import Policy, parse_policy
from ticketcore.testing.stateful import OrderBackend, OrderMachine, ReferenceOrderBackend
from ticketcore.ticket import Dispute, RefundRecord, Ticket, fold

TO_CONFIRM = parse_policy(CONFIRMED)
MERGING = parse_policy(
    """
extends = "kaufland"
name = "kaufland-merging"
[[permission]]
commands = ["mark-duplicate", "unmark-duplicate", "split", "link"]
by = "support"
"""
)
# A refund that is due at once waits for other tickets by itself, so that its review need not.
PAID_LATER = parse_policy(
    """
extends = "clickbank"
name = "clickbank-paid-later"
[[timer]]
name = "refund-at-once"
rule = "C13"
when = { type = "refund", has_grace_period = false }
from = "type-set"
met_by = "fully-refunded"
after = "24 hours"
effect = "refund"
"""
)


def same_order(tickets: Mapping[str, Ticket], about: Command | Ticket) -> Mapping[str, Ticket]:
    """Return the tickets of the order of a ticket, or of an opening."""
    assert isinstance(about, Open | Ticket)
    return by_order(tickets).get(order_of(about), {})


class Lazy(ReferenceOrderBackend):
    """A correct backend that advances other tickets only if one waits for them."""

    def send(self, ticket: str, command: Command) -> None:
        """Advance the order after the first attempt."""
        try:
            self.decide(ticket, command)
        except OrderNotAdvancedError:
            self.run_due(command.at)
            self.decide(ticket, command)

    def decide(self, ticket: str, command: Command) -> None:
        """Decide a command, and store the events."""
        current, policy = self.tickets.get(ticket), self.policy_of(ticket)
        self.store(
            ticket, *decide_and_apply(current, command, policy, self.ledger(ticket, command))
        )


class OneByOne(Lazy):
    """A correct backend that can advance single tickets."""

    def advance(self, ticket: str, until: datetime) -> None:
        """Advance one ticket. Raises OrderNotAdvancedError if it must wait for another."""
        policy, tickets = self.policy_of(ticket), same_order(self.tickets, self.tickets[ticket])
        ledger = Ledger.of(tickets)
        self.store(ticket, *advance_ticket(self.tickets[ticket], policy, until, ledger))


class AdvancesAlone(OneByOne):
    """The timers of the backend see their own ticket, and not the others of the order."""

    POLICIES = ("clickbank", "amazon-pay")

    def advance(self, ticket: str, until: datetime) -> None:
        self.store(ticket, *advance_ticket(self.tickets[ticket], self.policy_of(ticket), until))


class CapsEachTicket(Lazy):
    """The backend decides refunds without the ledger: each ticket has a cap of its own."""

    ALONE: ClassVar[type[Command]] = Refund

    def decide(self, ticket: str, command: Command) -> None:
        if not isinstance(command, self.ALONE) or ticket not in self.tickets:
            super().decide(ticket, command)
            return
        policy = self.policy_of(ticket)
        self.store(ticket, *decide_and_apply(self.tickets[ticket], command, policy))


class ReviewsAlone(CapsEachTicket):
    """The backend reviews a ticket without the ledger, and refunds the same money again."""

    POLICIES = ("clickbank",)
    ALONE = Review


class DisputesAlone(CapsEachTicket):
    """The backend reports disputes without the ledger: ids are unique in a ticket only."""

    ALONE = OpenDispute


class Misreading(Lazy):
    """A backend whose database returns wrong tickets, and that decides with these."""

    def read(self, ticket: Ticket) -> Ticket:
        """Return the ticket as the database returns it."""
        raise NotImplementedError

    def decide(self, ticket: str, command: Command) -> None:
        read = self._read()
        others = same_order(read, read.get(ticket, command))
        ledger = Ledger.of(others) if others else None
        events = decide(read.get(ticket), command, self.policy_of(ticket), ledger)
        self._keep(ticket, events)

    def run_due(self, until: datetime) -> None:
        for tickets in by_order(self._read()).values():
            for number, events in advance_order(tickets, self._policy, until).events:
                self._keep(number, events)

    def _read(self) -> dict[str, Ticket]:
        return {number: self.read(ticket) for number, ticket in self.tickets.items()}

    def _keep(self, number: str, events: Sequence[Event]) -> None:
        if events:
            self.store(number, fold(events, self.tickets.get(number)), events)


class JoinsNewestFacts(Misreading):
    """The backend keeps only the newest facts of the order, even for a late timer."""

    POLICIES = ("clickbank",)

    def read(self, ticket: Ticket) -> Ticket:
        known = same_order(self.tickets, ticket).values()
        newest = max(known, key=lambda each: each.order_at)
        return attrs.evolve(ticket, order=newest.order)


class _MisreadsRefunds(Misreading):
    def wrong(self, refund: RefundRecord) -> RefundRecord:
        """Return a refund as the database returns it."""
        raise NotImplementedError

    def read(self, ticket: Ticket) -> Ticket:
        return attrs.evolve(ticket, refunds=tuple(map(self.wrong, ticket.refunds)))


class ForgetsUnits(_MisreadsRefunds):
    """The backend does not store the units of a refund: a unit is refunded twice."""

    POLICIES = ("kaufland",)

    def wrong(self, refund: RefundRecord) -> RefundRecord:
        return attrs.evolve(refund, units=())


class ForgetsInvoices(_MisreadsRefunds):
    """The backend does not store the invoice of a refund: an invoice is paid back twice."""

    POLICIES = ("clickbank",)

    def wrong(self, refund: RefundRecord) -> RefundRecord:
        return attrs.evolve(refund, invoice=None)


class CountsFailedRefunds(_MisreadsRefunds):
    """The backend does not give back the money of a refund that failed."""

    POLICIES = (TO_CONFIRM,)

    def wrong(self, refund: RefundRecord) -> RefundRecord:
        return attrs.evolve(refund, state="pending")


class ForgetsEndOfSubscription(Misreading):
    """The backend does not store that a subscription ended: it ends in each ticket."""

    POLICIES = ("clickbank",)

    def read(self, ticket: Ticket) -> Ticket:
        return attrs.evolve(ticket, subscription_ended=False)


class _MisreadsDisputes(Misreading):
    def wrong(self, dispute: Dispute) -> Dispute:
        """Return a dispute as the database returns it."""
        raise NotImplementedError

    def read(self, ticket: Ticket) -> Ticket:
        return attrs.evolve(ticket, disputes=tuple(map(self.wrong, ticket.disputes)))


class CountsDisputesWhole(_MisreadsDisputes):
    """The backend does not store the amount of a dispute, which then takes the whole order."""

    def wrong(self, dispute: Dispute) -> Dispute:
        return attrs.evolve(dispute, amount=None)


class HoldsNothing(_MisreadsDisputes):
    """The backend reserves no money for a running dispute, so it is refunded and lost."""

    def wrong(self, dispute: Dispute) -> Dispute:
        running = dispute.outcome is None
        return attrs.evolve(dispute, amount=Money(0, "USD")) if running else dispute


class KeepsClaims(_MisreadsDisputes):
    """The backend does not store what a chargeback supersedes: claims in other tickets run on."""

    def wrong(self, dispute: Dispute) -> Dispute:
        return attrs.evolve(dispute, supersedes=())


class KeepsReversedDisputes(_MisreadsDisputes):
    """The backend does not give back the money of a dispute that was lost and then won."""

    def wrong(self, dispute: Dispute) -> Dispute:
        return attrs.evolve(dispute, outcome="lost") if dispute.outcome == "won" else dispute


class AdvancesInOrderOfNumbers(Lazy):
    """The backend advances each ticket up to the present, in the order of their numbers."""

    POLICIES = ("clickbank",)

    def run_due(self, until: datetime) -> None:
        for number, ticket in self.tickets.items():
            self.store(number, *advance_ticket(ticket, self.policy_of(number), until))


class ReviewsTooEarly(Lazy):
    """The backend reviews a ticket before it has run what was due earlier on another one."""

    POLICIES = (PAID_LATER,)

    def ledger(self, ticket: str, command: Command) -> Ledger | None:
        ledger = super().ledger(ticket, command)
        if ledger is None or not isinstance(command, Review):
            return ledger
        return Ledger.of(
            {number: attrs.evolve(each, timers=()) for number, each in ledger.tickets.items()}
        )


class _CountsOthers(Lazy):
    def counts(self, ticket: Ticket, ledger: Ledger) -> bool:
        """Whether the backend counts the refunds of a ticket of any order in a ledger."""
        raise NotImplementedError

    def ledger(self, ticket: str, command: Command) -> Ledger | None:
        ledger = super().ledger(ticket, command)
        if ledger is None:
            return None
        further = {
            number: attrs.evolve(each, timers=(), disputes=())  # nothing waits for its refunds
            for number, each in self.tickets.items()
            if self.counts(each, ledger)
        }
        return attrs.evolve(ledger, tickets={**further, **ledger.tickets})


class KeysByVendor(_CountsOthers):
    """The backend keeps one ledger for each vendor: the refunds of an order limit another one."""

    def counts(self, ticket: Ticket, ledger: Ledger) -> bool:
        return True


class CountsNamedOrders(_CountsOthers):
    """The backend counts the refunds of a ticket for all orders that the ticket names."""

    def counts(self, ticket: Ticket, ledger: Ledger) -> bool:
        return Reference(kind="order", number=ledger.order_number) in ticket.references


class CountsMergedTickets(_CountsOthers):
    """The backend counts the refunds of a merged or split ticket for the other one's order."""

    POLICIES = (MERGING,)

    def counts(self, ticket: Ticket, ledger: Ledger) -> bool:
        parts = {each.number for each in ticket.references if each.kind == "ticket"}
        return not parts.isdisjoint(ledger.tickets) or ticket.duplicate_of in ledger.tickets


class BooksToTheNewestOrder(Misreading):
    """The backend books each refund to the order of the vendor's newest ticket."""

    def read(self, ticket: Ticket) -> Ticket:
        newest = max(self.tickets.values(), key=lambda each: (each.opened.at, each.number))
        if order_of(ticket) != order_of(newest):
            return attrs.evolve(ticket, refunds=())
        if ticket is not newest:
            return ticket
        others = [each for each in self.tickets.values() if order_of(each) != order_of(newest)]
        booked = [refund for each in others for refund in each.refunds]
        return attrs.evolve(ticket, refunds=(*ticket.refunds, *booked))


BROKEN_ORDERS: tuple[type[ReferenceOrderBackend], ...] = (
    CapsEachTicket,
    AdvancesAlone,
    AdvancesInOrderOfNumbers,
    ReviewsAlone,
    DisputesAlone,
    JoinsNewestFacts,
    ForgetsUnits,
    ForgetsInvoices,
    ForgetsEndOfSubscription,
    CountsFailedRefunds,
    CountsDisputesWhole,
    HoldsNothing,
    KeepsClaims,
    KeepsReversedDisputes,
    ReviewsTooEarly,
    KeysByVendor,
    CountsNamedOrders,
    CountsMergedTickets,
    BooksToTheNewestOrder,
)

STEPS = 15
"""The number of steps of a story before it is shrunk."""


class CountingMachine(OrderMachine):
    """A machine that counts the backends that it made."""

    begun: ClassVar[int] = 0


def order_machine(broken: type[ReferenceOrderBackend]) -> type[CountingMachine]:
    """Return the machine for a broken backend, under the policies that show its fault."""
    policies: tuple[str | Policy, ...] = getattr(broken, "POLICIES", ("amazon-pay",))

    class Machine(CountingMachine):
        policy = policies[0]
        more_policies = policies[1:]

        def backend(self) -> OrderBackend:
            type(self).begun += 1
            return broken(self.policy_of)

    return Machine
