"""The instants from which timers count."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, get_args

from ticketcore._internal.declared import require_all
from ticketcore.policies import Anchor, TimerDefinition
from ticketcore.ticket import Ticket

_INSTANTS: Final[Mapping[Anchor, Callable[[Ticket], datetime | None]]] = {
    "opened": attrgetter("opened.at"),
    "reopened": attrgetter("reopened_at"),
    "type-set": attrgetter("type_set_at"),
    "waiting-since": attrgetter("waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),
}

# What differs between two settings of an anchor at one instant. Activity at one instant is one.
_STATES: Final[Mapping[Anchor, Callable[[Ticket], Any]]] = {
    "opened": attrgetter("opened.at"),
    "reopened": attrgetter("reopenings", "reopened_at"),
    "type-set": attrgetter("type", "type_set_by", "type_set_at"),
    "waiting-since": attrgetter("waiting_for", "waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),
}
_OTHERS: Final = {"applied", "dispute-opened"}  # those that a ticket does not hold
require_all(_INSTANTS, {*get_args(Anchor)} - _OTHERS, "instants of anchors")
require_all(_STATES, {*get_args(Anchor)} - _OTHERS, "states of anchors")


def anchor_of(definition: TimerDefinition, ticket: Ticket) -> datetime | None:
    """Return the instant from which a timer counts; None if there is none yet, or now."""
    if definition.activity_by:
        return ticket.last_active(definition.activity_by)
    if definition.since == "applied":
        return None
    if len(definition.anchors) == 1:
        return _INSTANTS[definition.since](ticket)
    instants = [_INSTANTS[anchor](ticket) for anchor in definition.anchors]
    return max((instant for instant in instants if instant is not None), default=None)


def is_set_anew(definition: TimerDefinition, before: Ticket, ticket: Ticket) -> bool:
    """Return whether an anchor was set between two states of a ticket, if only to the same."""
    return any(_STATES[anchor](before) != _STATES[anchor](ticket) for anchor in definition.anchors)
