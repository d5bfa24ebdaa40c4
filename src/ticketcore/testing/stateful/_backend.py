"""The interface of a tested backend, and the simplest backend that is correct."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ticketcore.commands import Command
from ticketcore.decider import advance, decide
from ticketcore.errors import ConflictError, FieldError
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.testing._policy_facts import policy_of
from ticketcore.ticket import Ticket, fold


class Backend(Protocol):
    """A host of tickets under one policy, by ticket id. It does not read a clock.

    It may also have a method ``run_due(at)``, which advances all its tickets.
    """

    def send(self, ticket: str, command: Command, version: int) -> None:
        """Advance the ticket to the command's instant, decide the command and store the events.

        *version* is the number of events that the sender has seen, 0 for a new ticket. Raises
        RefusedError if the command is refused; the events of timers that were due before it may
        be stored. Raises ConflictError, and stores nothing, if the ticket has another number of
        events.
        """

    def advance(self, ticket: str, at: datetime) -> None:
        """Fire the timers of a ticket that are due until *at*, and store the events."""

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket in order; none if it was never opened."""


class ReferenceBackend:
    """A backend that keeps events in lists and folds them for every decision.

    `TicketMachine` compares other backends with it. *policy* is a policy, a preset's name or a
    path. Raises FieldError for anything else, and PolicyError as `load_policy` does.
    """

    def __init__(self, policy: Policy | str) -> None:
        given: object = policy
        if not isinstance(given, Policy | str | Path):
            expected = "a policy, such as self.loaded_policy"
            raise FieldError("ReferenceBackend", "policy", given, expected)
        self.policy: Policy = policy_of(policy)
        self.events: dict[str, list[Event]] = {}

    def send(self, ticket: str, command: Command, version: int) -> None:
        """Decide and store, as :meth:`Backend.send` describes."""
        self.check_version(ticket, version)
        self.store(ticket, decide(self.ticket(ticket), command, self.policy))

    def advance(self, ticket: str, at: datetime) -> None:
        """Advance and store, as :meth:`Backend.advance` describes."""
        current = self.ticket(ticket)
        if current is not None:
            self.store(ticket, advance(current, self.policy, at))

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events, as :meth:`Backend.history` describes."""
        return tuple(self.events.get(ticket, ()))

    def copy(self) -> "ReferenceBackend":
        """Return a backend with the same events, which then changes by itself."""
        same = ReferenceBackend(self.policy)
        same.events = {ticket: [*events] for ticket, events in self.events.items()}
        return same

    def ticket(self, ticket: str) -> Ticket | None:
        """Return the folded ticket, or None if it has no events."""
        events = self.events.get(ticket)
        return fold(events) if events else None

    def check_version(self, ticket: str, version: int) -> None:
        """Raise ConflictError unless the ticket has *version* events."""
        actual = len(self.events.get(ticket, ()))
        if actual != version:
            raise ConflictError(ticket, version, actual)

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        """Store events after those that the ticket has."""
        self.events.setdefault(ticket, []).extend(events)
