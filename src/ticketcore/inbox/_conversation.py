"""What was said and done on a ticket, for people to read (C3, O6)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs

from ticketcore.events import (
    Assigned,
    Breached,
    Cancelled,
    Closed,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    Opened,
    Party,
    PolicyChanged,
    Recorded,
    Refunded,
    Reviewed,
    Scheduled,
    Shared,
    TypeChanged,
    Unknown,
    Unshared,
    Warned,
)


@attrs.frozen(kw_only=True)
class Entry:
    """One line of a ticket's history, in UTC.

    *kind* is the event's stored name, *about* what it was about in a word (the new type, the
    amount, the person it was shared with), *text* what was said. *by* is None where the event is
    of a kind that this version does not know.
    """

    seq: int
    at: datetime
    by: Party | None
    actor: str | None = None
    kind: str
    about: str | None = None
    text: str | None = None
    interim: bool = False


def entry(recorded: Recorded) -> Entry | None:
    """The line that an event adds; None for what only the clocks need (Scheduled).

    Of one event alone, so a host can append lines as events come.
    """
    event: Any = recorded.event
    if isinstance(event, Scheduled):
        return None
    if isinstance(event, Unknown):
        return Entry(seq=recorded.seq, at=event.at, by=None, kind=event.name)
    about = _ABOUT.get(event.__class__)
    return Entry(
        seq=recorded.seq,
        at=event.at,
        by="system" if isinstance(event, (Warned, Breached)) else event.by,
        actor=getattr(event, "who", None),
        kind=event.NAME,
        about=None if about is None else about(event),
        text=getattr(event, "text", None),
        interim=getattr(event, "interim", False),
    )


def conversation(recorded: Iterable[Recorded]) -> tuple[Entry, ...]:
    """A ticket's history from its events, readable for ever (O6)."""
    return tuple(line for line in map(entry, recorded) if line is not None)


def worked_on(conversation: Iterable[Entry]) -> tuple[tuple[Party, str], ...]:
    """Everybody who did something on a ticket, as party and person, in order (O6)."""
    return tuple(
        dict.fromkeys(
            (line.by, line.actor)
            for line in conversation
            if line.by is not None and line.actor is not None
        )
    )


_ABOUT: Mapping[type[Event], Callable[[Any], str | None]] = MappingProxyType(
    {
        Opened: lambda e: e.subject,
        TypeChanged: lambda e: e.type,
        Escalated: lambda e: e.reason,
        Assigned: lambda e: e.to,
        Shared: lambda e: e.person,
        Unshared: lambda e: e.person,
        Warned: lambda e: e.timer,
        Breached: lambda e: e.timer,
        Refunded: lambda e: str(e.amount),
        Cancelled: lambda e: "subscription" if e.subscription else ", ".join(e.units),
        Closed: lambda e: e.duplicate_of or e.reason,
        Reviewed: lambda e: "abuse" if e.abuse else "no abuse",
        DisputeOpened: lambda e: e.kind,
        DisputeResolved: lambda e: e.outcome,
        PolicyChanged: lambda e: f"{e.policy} {e.policy_version}",
    }
)
