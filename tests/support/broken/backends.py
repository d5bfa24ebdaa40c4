"""Backends with one fault each, of the kinds that real backends have."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide, plan
from ticketcore.errors import ConflictError, RefusedError
from ticketcore.events import Closed, Event, Refunded, Scheduled, Warned
from ticketcore.policies import SNOOZE, parse_policy
from ticketcore.testing.stateful import ReferenceBackend
from ticketcore.ticket import Ticket, fold

AGENDA = parse_policy("""
name = "agenda"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = ["open", "reply", "set-deadline", "snooze", "unsnooze"]
by = "support"
""")
"""A policy for faults of snoozes and of deadlines set by hand, which few presets have."""


class FiresTwice(ReferenceBackend):
    """The backend advances tickets on two machines, and stores the events of both."""

    def advance(self, ticket: str, at: datetime) -> None:
        current = self.ticket(ticket)
        if current is not None:
            events = advance_ticket(current, self.policy, at)[1]
            self.store(ticket, (*events, *events))


class LosesThirdEvent(ReferenceBackend):
    """The backend stores only the first two events of a command."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, events[:2])


class ClosesOnSunday(ReferenceBackend):
    """The backend computes the deadline for closing with its own code, and ignores weekends."""

    def advance(self, ticket: str, at: datetime) -> None:
        current = self.ticket(ticket)
        closing = [t for t in current.timers if t.name.endswith("close")] if current else []
        if current is not None and closing and closing[0].since + timedelta(days=6) <= at:
            due = closing[0].since + timedelta(days=6)
            if due.weekday() >= 5:
                past = advance_ticket(current, self.policy, due)[1]
                closed = Closed(at=due, by="system", timer=closing[0].name)
                self.store(ticket, (*past, closed))
                return
        super().advance(ticket, at)


class IgnoresConflicts(ReferenceBackend):
    """The backend accepts any version: the last writer wins."""

    def check_version(self, ticket: str, version: int) -> None:
        pass


class LosesScheduled(ReferenceBackend):
    """The backend does not store `Scheduled`."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [e for e in events if not isinstance(e, Scheduled)])


class RecomputesDeadlines(ReferenceBackend):
    """The backend computes all deadlines again at each command, an hour later than recorded."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        current = self.ticket(ticket)
        if current is None or not events or not current.timers:
            super().store(ticket, events)
            return
        after = fold(events, current)
        recomputed = plan(after, self.policy, after.at, keep=())
        moved = tuple(attrs.evolve(t, due=t.due + timedelta(hours=1)) for t in recomputed)
        super().store(ticket, (*events, Scheduled(at=after.at, timers=moved)))


class IgnoresRefusals(ReferenceBackend):
    """The backend closes the ticket when a command is refused."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        try:
            super().send(ticket, command, version)
        except RefusedError:
            if self.ticket(ticket) is None:
                raise
            self.store(ticket, [Closed(at=command.at, by=command.by)])


class DatesEventsNow(ReferenceBackend):
    """The backend dates the events of a timer when it notices them, not when the timer was due."""

    def advance(self, ticket: str, at: datetime) -> None:
        current = self.ticket(ticket)
        if current is not None:
            events = advance_ticket(current, self.policy, at)[1]
            self.store(ticket, [_with(event, "at", at) for event in events])


class NeverAdvances(ReferenceBackend):
    """The backend fires timers only when a command arrives."""

    def advance(self, ticket: str, at: datetime) -> None:
        pass


class DropsMicroseconds(ReferenceBackend):
    """The backend's column of instants holds whole seconds."""

    def history(self, ticket: str) -> Sequence[Event]:
        return [
            _with(event, "at", event.at.replace(microsecond=0))
            for event in super().history(ticket)
        ]


class StoresLocalTime(ReferenceBackend):
    """The backend stores instants without a zone, and its clock is an hour ahead of UTC."""

    def history(self, ticket: str) -> Sequence[Event]:
        return [
            _with(event, "at", (event.at + timedelta(hours=1)).replace(tzinfo=UTC))
            for event in super().history(ticket)
        ]


class RepeatsAfterTimeout(ReferenceBackend):
    """The backend decides every command twice on the same ticket, and stores both results."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        current = self.ticket(ticket)
        super().send(ticket, command, version)
        if current is not None:
            self.store(ticket, decide(current, command, self.policy))


class LosesRefunds(ReferenceBackend):
    """The backend notifies the payment provider, and does not store `Refunded`."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [e for e in events if not isinstance(e, Refunded)])


class LosesWarnings(ReferenceBackend):
    """The backend does not store `Warned`, because a warning changes no status."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [e for e in events if not isinstance(e, Warned)])


class LeavesItsCursor(ReferenceBackend):
    """Each read of a history begins one event later than the read before it."""

    reads = 0

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        self.reads = 0
        super().store(ticket, events)

    def history(self, ticket: str) -> Sequence[Event]:
        self.reads += 1
        return super().history(ticket)[self.reads - 1 :]


class SharesOneHistory(ReferenceBackend):
    """The backend ignores the ticket's id: all tickets have one history."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store("all", events)

    def ticket(self, ticket: str) -> Ticket | None:
        return super().ticket("all")

    def history(self, ticket: str) -> Sequence[Event]:
        return super().history("all")

    def check_version(self, ticket: str, version: int) -> None:
        super().check_version("all", version)


class AdvancesLastTicketOnly(ReferenceBackend):
    """The backend advances only the ticket that changed last."""

    last = ""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        self.last = ticket
        super().store(ticket, events)

    def advance(self, ticket: str, at: datetime) -> None:
        if ticket == self.last:
            super().advance(ticket, at)


class IgnoresVersionZero(ReferenceBackend):
    """The backend takes version 0 for a command without a version, and accepts it."""

    def check_version(self, ticket: str, version: int) -> None:
        if version:
            super().check_version(ticket, version)


class AcceptsFutureVersions(ReferenceBackend):
    """The backend refuses only versions that are too low."""

    def check_version(self, ticket: str, version: int) -> None:
        if version < len(self.history(ticket)):
            super().check_version(ticket, version)


class AdvancesOnConflict(ReferenceBackend):
    """The backend advances the ticket and stores the events before it refuses a wrong version."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        actual = len(self.history(ticket))
        self.advance(ticket, command.at)
        if version != actual:
            raise ConflictError(ticket, version, actual)
        super().send(ticket, command, len(self.history(ticket)))


class MovesDeadlinesSetByHand(ReferenceBackend):
    """The backend moves all deadlines by an hour at each advance, even those that a party set."""

    POLICY = AGENDA

    def advance(self, ticket: str, at: datetime) -> None:
        super().advance(ticket, at)
        current = self.ticket(ticket)
        if current is not None and any(timer.by_hand for timer in current.timers):
            hour = timedelta(hours=1)
            moved = tuple(attrs.evolve(timer, due=timer.due + hour) for timer in current.timers)
            self.store(ticket, [Scheduled(at=current.at, timers=moved)])


class LosesSnoozes(ReferenceBackend):
    """The backend stores the timers of its policy only, and not the one that ends a snooze."""

    POLICY = AGENDA

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_without_snooze(event) for event in events])


def _without_snooze(event: Event) -> Event:
    if not isinstance(event, Scheduled):
        return event
    kept = tuple(timer for timer in event.timers if timer.name != SNOOZE.name)
    return attrs.evolve(event, timers=kept)


class LosesTheActor(ReferenceBackend):
    """The backend stores the party, and not the actor."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_with(event, "actor", None) for event in events])


class CutsTexts(ReferenceBackend):
    """The backend's column of texts holds a hundred characters."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(ticket, [_with(event, "text", _text_of(event)[:100]) for event in events])


class StoresAscii(ReferenceBackend):
    """The backend's database cannot store characters outside ASCII."""

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        super().store(
            ticket,
            [
                _with(event, "text", _text_of(event).encode("ascii", "replace").decode())
                for event in events
            ],
        )


def _text_of(event: Event) -> str:
    return getattr(event, "text", None) or ""


def _with(event: Event, field: str, value: Any) -> Event:
    """Return the event with another value in a field, if the field has a value."""
    changes = {field: value} if getattr(event, field, None) else {}
    return attrs.evolve(event, **changes)


BROKEN: dict[type[ReferenceBackend], int] = {
    FiresTwice: 3,
    LosesThirdEvent: 4,
    ClosesOnSunday: 4,
    IgnoresConflicts: 3,
    LosesScheduled: 3,
    RecomputesDeadlines: 3,
    IgnoresRefusals: 3,
    DatesEventsNow: 3,
    NeverAdvances: 3,
    DropsMicroseconds: 3,
    StoresLocalTime: 2,
    RepeatsAfterTimeout: 3,
    LosesRefunds: 3,
    LosesWarnings: 3,
    LeavesItsCursor: 1,
    SharesOneHistory: 3,
    AdvancesLastTicketOnly: 3,
    IgnoresVersionZero: 3,
    AcceptsFutureVersions: 3,
    AdvancesOnConflict: 3,
    MovesDeadlinesSetByHand: 3,
    LosesSnoozes: 3,
    LosesTheActor: 3,
    CutsTexts: 3,
    StoresAscii: 3,
}
"""Each broken backend, and the largest number of steps in which its fault must be shown."""
