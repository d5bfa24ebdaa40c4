"""Anchors that a step sets again, even if they keep their instant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final, get_args

import attrs

from ticketcore._internal.declared import require_all
from ticketcore.events import Event, Party
from ticketcore.policies import TicketAnchor, TimerDefinition
from ticketcore.ticket import Ticket, fold


def _waiting(ticket: Ticket) -> object:
    return ticket.waiting_since and (ticket.waiting_for, ticket.waiting_since)


# The facts by which two settings of an anchor at one instant differ; None if it has no instant.
_STATES: Final[Mapping[str, Callable[[Ticket], Any]]] = {
    "opened": attrgetter("opened.at"),
    "reopened": attrgetter("reopenings", "reopened_at"),
    "type-set": attrgetter("type", "type_set_by", "type_set_at"),
    "waiting-since": _waiting,
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),
}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
require_all(_STATES, get_args(TicketAnchor), "states of anchors")


def is_set_anew(
    definition: TimerDefinition, before: Ticket, ticket: Ticket, events: Sequence[Event]
) -> bool:
    """Return whether *events* set an anchor, if only to the instant that it had *before*.

    Fields are left out.
    """
    return any(
        _STATES[anchor](ticket) not in (None, _STATES[anchor](before))
        or (anchor == "last-activity" and _act(events, before, definition.activity_by))
        for anchor in definition.anchors
        if anchor in _STATES
    )


def _act(events: Sequence[Event], before: Ticket, parties: tuple[Party, ...]) -> bool:
    """Return whether an event is an action of these parties; of any party if there are none."""
    resting = attrs.evolve(
        before,
        active_at=_NEVER,
        customer_active_at=None,
        vendor_active_at=None,
        support_active_at=None,
    )
    after = fold(events, resting)
    if not parties:
        return after.active_at != _NEVER
    return any(getattr(after, f"{party}_active_at") is not None for party in parties)
