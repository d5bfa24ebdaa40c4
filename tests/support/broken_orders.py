"""Backends for orders with one fault each: of their ledger, or of the turn of a ticket."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from support.orders import CONFIRMED
from ticketcore.commands import Command, OpenDispute, Refund, Review
from ticketcore.decider import advance_order, advance_ticket, decide, decide_and_apply
from ticketcore.errors import OrderNotAdvancedError
from ticketcore.events import Event, Money
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy, parse_policy
from ticketcore.testing.stateful import OrderBackend, OrderMachine, ReferenceOrderBackend
from ticketcore.ticket import Dispute, RefundRecord, Ticket, fold

TO_CONFIRM = parse_policy(CONFIRMED)


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
        self.store(ticket, *decide_and_apply(current, command, policy, self.ledger()))


class OneByOne(Lazy):
    """A correct backend that can advance single tickets."""

    def advance(self, ticket: str, until: datetime) -> None:
        """Advance one ticket. Raises OrderNotAdvancedError if it must wait for another."""
        policy, ledger = self.policy_of(ticket), self.ledger()
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
        ledger = Ledger.of(read) if read else None
        events = decide(read.get(ticket), command, self.policy_of(ticket), ledger)
        self._keep(ticket, events)

    def run_due(self, until: datetime) -> None:
        for number, events in advance_order(self._read(), self._policy, until).events:
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
        newest = max(self.tickets.values(), key=lambda each: each.order_at)
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
