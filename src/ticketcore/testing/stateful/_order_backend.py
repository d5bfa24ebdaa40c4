"""The interface of a tested backend for orders, and the simplest backend that is correct."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ticketcore.commands import Command, CorrectOrder, Open
from ticketcore.decider import advance_order, check_move, decide_and_apply
from ticketcore.errors import FieldError
from ticketcore.events import Event
from ticketcore.ledger import Ledger, by_order, order_of
from ticketcore.policies import Policy
from ticketcore.testing._policy_facts import policy_of as to_policy
from ticketcore.ticket import Ticket


class OrderBackend(Protocol):
    """A host of the tickets of several orders, by number. It reads no clock.

    A host that advances single tickets may also have ``advance(ticket, until)``. The machine then
    calls it for any ticket at any time, and lets it raise OrderNotAdvancedError.
    """

    def send(self, ticket: str, command: Command) -> None:
        """Advance the order to the command's instant, decide the command and store the events.

        The order is that of the ticket, or of its opening. Raises RefusedError if the command is
        refused.
        """

    def run_due(self, until: datetime) -> None:
        """Fire all timers of all orders that are due until an instant, and store the events."""

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket in order; none if it was never opened."""


class ReferenceOrderBackend:
    """A backend that keeps tickets in memory, and advances those of an order together.

    *policy_of* returns the policy of the ticket of a number, or its name or file. Raises
    FieldError if it is no function, such as a policy.
    """

    def __init__(self, policy_of: Callable[[str], Policy | str | Path]) -> None:
        given: object = policy_of
        if not callable(given):
            expected = "a function, such as self.policy_of"
            raise FieldError("ReferenceOrderBackend", "policy_of", given, expected)
        self.policy_of: Callable[[str], Policy] = lambda number: to_policy(policy_of(number))
        self.tickets: dict[str, Ticket] = {}
        self.events: dict[str, list[Event]] = {}

    def send(self, ticket: str, command: Command) -> None:
        """Decide and store, as :meth:`OrderBackend.send` describes."""
        self.run_due(command.at)
        current, ledger = self.tickets.get(ticket), self.ledger(ticket, command)
        after, events = decide_and_apply(current, command, self.policy_of(ticket), ledger)
        if current is not None and isinstance(command, CorrectOrder):
            order = by_order({**self.tickets, ticket: after})[order_of(after)]
            check_move(current, command, Ledger.of(order))
        self.store(ticket, after, events)

    def run_due(self, until: datetime) -> None:
        """Advance and store, as :meth:`OrderBackend.run_due` describes."""
        for tickets in by_order(self.tickets).values():
            done = advance_order(tickets, self._policy, until)
            for number, events in done.events:
                self.store(number, done.tickets[number], events)

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events, as :meth:`OrderBackend.history` describes."""
        return tuple(self.events.get(ticket, ()))

    def copy(self) -> "ReferenceOrderBackend":
        """Return a backend with the same tickets, which then changes by itself."""
        same = ReferenceOrderBackend(self.policy_of)
        same.tickets = {**self.tickets}
        same.events = {number: [*events] for number, events in self.events.items()}
        return same

    def _policy(self, ticket: Ticket) -> Policy:
        assert ticket.number is not None, "the machine opens tickets with numbers"
        return self.policy_of(ticket.number)

    def ledger(self, ticket: str, command: Command) -> Ledger | None:
        """Return the ledger for a command to a ticket, or for its opening.

        It is None before the first ticket of the order, and for a ticket without an order.
        """
        about = self.tickets.get(ticket, command)
        order = order_of(about) if isinstance(about, Open | Ticket) else None
        tickets = by_order(self.tickets).get(order)
        return None if tickets is None else Ledger.of(tickets)

    def store(self, number: str, ticket: Ticket, events: Sequence[Event]) -> None:
        """Store a ticket, and its new events."""
        self.tickets[number] = ticket
        self.events.setdefault(number, []).extend(events)
