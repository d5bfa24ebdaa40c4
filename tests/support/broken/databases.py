"""Backends with one fault each of columns, queries and replicas of a database."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

import attrs

from ticketcore.decider import advance
from ticketcore.events import Event, Money
from ticketcore.policies import Policy
from ticketcore.testing.stateful import ReferenceBackend
from ticketcore.ticket import fold

_BERLIN, _DENVER = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Denver")
_NEW_YORK, _SYDNEY = ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")


def _converted(value: Any, kind: type, convert: Callable[[Any], Any]) -> Any:
    """Return a value in which each value of a kind, at any depth, is converted by a column."""
    if isinstance(value, kind):
        return convert(value)
    if isinstance(value, tuple):
        return tuple(_converted(each, kind, convert) for each in value)
    if attrs.has(type(value)):
        names = [field.name for field in attrs.fields(type(value))]
        changes = {name: _converted(getattr(value, name), kind, convert) for name in names}
        return attrs.evolve(value, **changes)
    return value


class StoresFloats(ReferenceBackend):
    """The backend's column of amounts holds floats, and cuts what is less than a cent."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_converted(event, Money, _cut) for event in events])


def _cut(money: Money) -> Money:
    return attrs.evolve(money, minor=int(money.minor / 100 * 100))


class RoundsToCents(ReferenceBackend):
    """The backend's column of amounts has two decimals, also for a dinar of a thousand fils."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_converted(event, Money, _rounded) for event in events])


def _rounded(money: Money) -> Money:
    return Money(money.minor // 10 * 10, "KWD") if money.currency == "KWD" else money


class ComposesCharacters(ReferenceBackend):
    """The backend's database stores a letter and its accent as one character."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_converted(event, str, _composed) for event in events])


def _composed(text: str) -> str:
    return normalize("NFC", text)


class StoresEmptyTextAsNull(ReferenceBackend):
    """The backend's database does not tell an empty text from none."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_without_empty_text(event) for event in events])


def _without_empty_text(event: Event) -> Event:
    changes: dict[str, Any] = {"text": None} if getattr(event, "text", None) == "" else {}
    return attrs.evolve(event, **changes)


class StoresWallTime(ReferenceBackend):
    """The backend stores local times without an offset: an hour of autumn occurs twice."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_without_offset(event, _BERLIN) for event in events])


def _read_back(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(fold=0).astimezone(UTC)


class StoresMountainTime(ReferenceBackend):
    """The backend stores local times of Denver without an offset."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_without_offset(event, _DENVER) for event in events])


class StoresEasternTime(ReferenceBackend):
    """The backend stores local times of New York without an offset."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_without_offset(event, _NEW_YORK) for event in events])


class StoresSydneyTime(ReferenceBackend):
    """The backend stores local times of Sydney without an offset."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_without_offset(event, _SYDNEY) for event in events])


def _without_offset(event: Event, zone: ZoneInfo) -> Event:
    read: Event = _converted(event, datetime, lambda at: _read_back(at, zone))
    return read


class ReadsOnePage(ReferenceBackend):
    """The backend's query returns the first fifty rows."""

    def history(self, ticket: str) -> Sequence[Event]:
        return super().history(ticket)[:50]


class OrdersByInstant(ReferenceBackend):
    """The backend reads events by their instants; those of one instant are in no order."""

    def history(self, ticket: str) -> Sequence[Event]:
        return sorted(super().history(ticket), key=lambda each: (each.at, type(each).__name__))


class HidesClosedTickets(ReferenceBackend):
    """The backend marks closed tickets as deleted, and its queries leave them out."""

    def history(self, ticket: str) -> Sequence[Event]:
        events = super().history(ticket)
        return () if events and fold(events).status == "closed" else events


class ReadsReplica(ReferenceBackend):
    """The first read after a write goes to a replica that does not have it yet."""

    def __init__(self, policy: Policy, *where: Any) -> None:
        super().__init__(policy, *where)
        self.replicated: dict[str, int] = {}

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        self.replicated[ticket] = len(super().history(ticket))
        super().store(ticket, events)

    def history(self, ticket: str) -> Sequence[Event]:
        return super().history(ticket)[: self.replicated.pop(ticket, None)]


class IgnoresEqualEvents(ReferenceBackend):
    """The backend's unique key is the event with its instant, so a second one is lost."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        for event in events:
            known = {(each.at, type(each)) for each in self.history(ticket)}
            if (event.at, type(event)) not in known:
                super().store(ticket, [event])


class FiresOneTimer(ReferenceBackend):
    """The backend fires what is due first, and looks for the next at the next call."""

    def advance(self, ticket: str, at: datetime) -> None:
        current = self.ticket(ticket)
        if current is not None:
            timers = current.timers
            acts = {each for timer in timers for each in (timer.level_at, timer.due) if each}
            due = [each for each in acts if current.at < each <= at]
            self.store(ticket, advance(current, self.policy, min(due, default=at)))


BROKEN_DATABASES: dict[type[ReferenceBackend], int] = {
    StoresFloats: 3,
    RoundsToCents: 3,
    ComposesCharacters: 3,
    StoresEmptyTextAsNull: 3,
    StoresWallTime: 2,
    StoresMountainTime: 2,
    StoresEasternTime: 2,
    StoresSydneyTime: 2,
    ReadsOnePage: 4,
    OrdersByInstant: 3,
    HidesClosedTickets: 4,
    ReadsReplica: 3,
    IgnoresEqualEvents: 3,
    FiresOneTimer: 3,
}
"""Each broken backend, and the largest number of steps in which its fault must be shown."""
