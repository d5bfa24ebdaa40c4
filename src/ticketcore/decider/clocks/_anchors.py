"""The instants from which timers count."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, get_args

from ticketcore._internal.declared import require_all
from ticketcore.policies import Anchor, TimerDefinition, instant_of
from ticketcore.ticket import Ticket

_INSTANTS: Final[Mapping[str, Callable[[Ticket], datetime | None]]] = {
    "opened": attrgetter("opened.at"),
    "reopened": attrgetter("reopened_at"),
    "type-set": attrgetter("type_set_at"),
    "waiting-since": attrgetter("waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),
}

# What differs between two settings of an anchor at one instant. Activity at one instant is one.
_STATES: Final[Mapping[str, Callable[[Ticket], Any]]] = {
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
        return _instant(definition.since, ticket)
    instants = [_instant(anchor, ticket) for anchor in definition.anchors]
    return max((instant for instant in instants if instant is not None), default=None)


def _instant(anchor: str, ticket: Ticket) -> datetime | None:
    instant = _INSTANTS.get(anchor)
    return instant_of(anchor, ticket) if instant is None else instant(ticket)


def is_set_anew(definition: TimerDefinition, before: Ticket, ticket: Ticket, at: datetime) -> bool:
    """Return whether an anchor was set at *at*, if only to the instant that it had before.

    *before* and *ticket* are the ticket before and after. A field that holds an instant can be set
    to any other.
    """
    anchor = anchor_of(definition, ticket)
    if any(_STATES.get(each) is None for each in definition.anchors):
        return anchor_of(definition, before) != anchor
    return anchor == at and any(
        _STATES[each](before) != _STATES[each](ticket) for each in definition.anchors
    )
