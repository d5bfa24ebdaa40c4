"""The registry of the changes that events make to a ticket."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from ticketcore.events import Event
from ticketcore.ticket._ticket import TicketDraft

E = TypeVar("E", bound=Event)
Change: TypeAlias = Callable[[TicketDraft, E], None]

CHANGES: dict[type[Event], Callable[[TicketDraft, Any], None]] = {}
"""The change that each event makes, by its class."""


def changes(event: type[E]) -> Callable[[Change[E]], Change[E]]:
    """Register a function as the change that *event* makes."""

    def register(change: Change[E]) -> Change[E]:
        CHANGES[event] = change
        return change

    return register
