"""What a backend has to offer to be put to the test."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ticketcore.commands import Command
from ticketcore.errors import TicketcoreError
from ticketcore.events import Event


class ConflictError(TicketcoreError):
    """Raised by a backend when a ticket has moved on since its sender looked at it.

    *expected* is how many events the sender had seen, *actual* how many there are.
    """

    def __init__(self, ticket: str, expected: int, actual: int) -> None:
        super().__init__(ticket, expected, actual)
        self.ticket = ticket
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"ticket {self.ticket} has {self.actual} events, the sender saw {self.expected}"


class Backend(Protocol):
    """A host of tickets under one policy, by their ids. It reads no clock: it is told."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        """Let the clocks run until the command's instant, then decide it, and keep the events.

        *version* is how many events of the ticket the sender has seen, 0 where there is none yet.
        Raises RefusedError when the command is not allowed: nothing of it is kept, though what
        the clocks brought about before it may be. Raises ConflictError when the ticket has
        another number of events, and keeps nothing.
        """

    def advance(self, ticket: str, at: datetime) -> None:
        """Let the clocks of a ticket run until *at*, and keep what they bring about."""

    def history(self, ticket: str) -> Sequence[Event]:
        """All events of a ticket, in order; none of one that was never opened."""
