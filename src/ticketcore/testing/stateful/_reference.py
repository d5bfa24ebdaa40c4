"""The simplest backend that is right: all others are held against it."""

from collections.abc import Sequence
from datetime import datetime

from ticketcore.commands import Command
from ticketcore.decider import advance, decide
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.testing.stateful._backend import ConflictError
from ticketcore.ticket import Ticket, fold


class ReferenceBackend:
    """Keeps the events of each ticket in a list, and folds them anew for every decision."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.events: dict[str, list[Event]] = {}

    def send(self, ticket: str, command: Command, version: int) -> None:
        """As :class:`Backend` asks."""
        self.check_version(ticket, version)
        self.keep(ticket, decide(self.ticket(ticket), command, self.policy))

    def advance(self, ticket: str, at: datetime) -> None:
        """As :class:`Backend` asks."""
        known = self.ticket(ticket)
        if known is not None:
            self.keep(ticket, advance(known, self.policy, at))

    def history(self, ticket: str) -> Sequence[Event]:
        """As :class:`Backend` asks."""
        return tuple(self.events.get(ticket, ()))

    def ticket(self, ticket: str) -> Ticket | None:
        """The ticket as its events have made it, None where there are none."""
        events = self.events.get(ticket)
        return fold(events) if events else None

    def check_version(self, ticket: str, version: int) -> None:
        """Raise ConflictError unless the ticket has this many events."""
        actual = len(self.events.get(ticket, ()))
        if actual != version:
            raise ConflictError(ticket, version, actual)

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        """Store events after those that are there."""
        self.events.setdefault(ticket, []).extend(events)
