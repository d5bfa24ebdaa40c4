"""Backends that are wrong in one way each, as backends in the world are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide, plan
from ticketcore.errors import RefusedError
from ticketcore.events import Closed, Event, Refunded, Scheduled, Warned
from ticketcore.testing.stateful import ConflictError, ReferenceBackend
from ticketcore.ticket import Ticket, fold


class FiresTwice(ReferenceBackend):
    """Its job that looks at the clocks runs on two machines."""

    def advance(self, ticket: str, at: datetime) -> None:
        known = self.ticket(ticket)
        if known is not None:
            events = advance_ticket(known, self.policy, at)[1]
            self.keep(ticket, (*events, *events))


class LosesAnEvent(ReferenceBackend):
    """It stores what is new one by one, and of three events only two."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(ticket, events[:2])


class ClosesOnSunday(ReferenceBackend):
    """It works its deadlines out by itself, and knows no weekend."""

    def advance(self, ticket: str, at: datetime) -> None:
        known = self.ticket(ticket)
        silent = [t for t in known.timers if t.name.endswith("close")] if known else []
        if known is not None and silent and silent[0].since + timedelta(days=6) <= at:
            due = silent[0].since + timedelta(days=6)
            if due.weekday() >= 5:
                past = advance_ticket(known, self.policy, due)[1]
                closed = Closed(at=due, by="system", timer=silent[0].name)
                self.keep(ticket, (*past, closed))
                return
        super().advance(ticket, at)


class IgnoresConflicts(ReferenceBackend):
    """Whoever writes last, writes."""

    def check_version(self, ticket: str, version: int) -> None:
        pass


class ForgetsPromises(ReferenceBackend):
    """It takes Scheduled for noise and does not store it."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(ticket, [e for e in events if not isinstance(e, Scheduled)])


class PromisesAnew(ReferenceBackend):
    """It works every deadline out anew at each command, and an hour better."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        known = self.ticket(ticket)
        if known is None or not events or not known.timers:
            super().keep(ticket, events)
            return
        after = fold(events, known)
        again = plan(after, self.policy, after.at, anew=True)
        moved = tuple(attrs.evolve(t, due=t.due + timedelta(hours=1)) for t in again)
        super().keep(ticket, (*events, Scheduled(at=after.at, timers=moved)))


class AcceptsAnything(ReferenceBackend):
    """It takes a refusal for a warning, and keeps what was asked."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        try:
            super().send(ticket, command, version)
        except RefusedError:
            self.keep(ticket, [Closed(at=command.at, by=command.by)])


class StampsNow(ReferenceBackend):
    """It stamps what a timer brings about when it notices, not when it was due."""

    def advance(self, ticket: str, at: datetime) -> None:
        known = self.ticket(ticket)
        if known is not None:
            events: Any = advance_ticket(known, self.policy, at)[1]
            self.keep(ticket, [attrs.evolve(event, at=at) for event in events])


class ForgetsTheClocks(ReferenceBackend):
    """Its clocks stand still: nobody looks at them but a command."""

    def advance(self, ticket: str, at: datetime) -> None:
        pass


class DropsMicroseconds(ReferenceBackend):
    """Its column holds whole seconds."""

    def history(self, ticket: str) -> Sequence[Event]:
        events: Any = super().history(ticket)
        return [attrs.evolve(event, at=event.at.replace(microsecond=0)) for event in events]


class StoresLocalTime(ReferenceBackend):
    """Its column has no zone, and its clock is an hour ahead."""

    def history(self, ticket: str) -> Sequence[Event]:
        events: Any = super().history(ticket)
        return [
            attrs.evolve(e, at=(e.at + timedelta(hours=1)).replace(tzinfo=UTC)) for e in events
        ]


class RepeatsAfterATimeout(ReferenceBackend):
    """It sends every command twice, and takes the second for another one."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        known = self.ticket(ticket)
        super().send(ticket, command, version)
        if known is not None:
            self.keep(ticket, decide(known, command, self.policy))


class ForgetsTheMoney(ReferenceBackend):
    """It tells the payment provider, and stores nothing of it."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(ticket, [e for e in events if not isinstance(e, Refunded)])


class WarnsNobody(ReferenceBackend):
    """A warning changes no status, so it is not stored."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(ticket, [e for e in events if not isinstance(e, Warned)])


class LeavesItsCursor(ReferenceBackend):
    """Who reads again begins an event later: the cursor is where the reader before left it."""

    reads = 0

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        self.reads = 0
        super().keep(ticket, events)

    def history(self, ticket: str) -> Sequence[Event]:
        self.reads += 1
        return super().history(ticket)[self.reads - 1 :]


class SharesOneHistory(ReferenceBackend):
    """It forgot the ticket's id in one place: all tickets are one."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep("all", events)

    def ticket(self, ticket: str) -> Ticket | None:
        return super().ticket("all")

    def history(self, ticket: str) -> Sequence[Event]:
        return super().history("all")

    def check_version(self, ticket: str, version: int) -> None:
        super().check_version("all", version)


class ServesTheLastOnly(ReferenceBackend):
    """Its clocks run for the ticket that moved last, and for no other."""

    last = ""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        self.last = ticket
        super().keep(ticket, events)

    def advance(self, ticket: str, at: datetime) -> None:
        if ticket == self.last:
            super().advance(ticket, at)


class TrustsTheFirstVersion(ReferenceBackend):
    """Who has seen nothing yet is let through: 0 is taken for no version at all."""

    def check_version(self, ticket: str, version: int) -> None:
        if version:
            super().check_version(ticket, version)


class WaitsForTheFuture(ReferenceBackend):
    """Only who has seen too little is refused, not who has seen what there is not."""

    def check_version(self, ticket: str, version: int) -> None:
        if version < len(self.history(ticket)):
            super().check_version(ticket, version)


class RunsClocksOnConflict(ReferenceBackend):
    """It looks at the clocks first, and keeps what they bring even if it then refuses."""

    def send(self, ticket: str, command: Command, version: int) -> None:
        seen = len(self.history(ticket))
        self.advance(ticket, command.at)
        if version != seen:
            raise ConflictError(ticket, version, seen)
        super().send(ticket, command, len(self.history(ticket)))


def _with(event: Event, field: str, value: Any) -> Event:
    told: Any = event
    return attrs.evolve(told, **{field: value}) if getattr(event, field, None) else event


class ForgetsWho(ReferenceBackend):
    """It stores the party, and not which person it was."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(ticket, [_with(event, "actor", None) for event in events])


class CutsTexts(ReferenceBackend):
    """Its column holds a hundred letters."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(
            ticket, [_with(e, "text", (getattr(e, "text", None) or "")[:100]) for e in events]
        )


class WritesAscii(ReferenceBackend):
    """Its database was set up long ago."""

    def keep(self, ticket: str, events: Sequence[Event]) -> None:
        super().keep(ticket, [self._ascii(event) for event in events])

    def _ascii(self, event: Event) -> Event:
        text = getattr(event, "text", None) or ""
        return _with(event, "text", text.encode("ascii", "replace").decode())


BROKEN: dict[type[ReferenceBackend], int] = {
    FiresTwice: 3,
    LosesAnEvent: 3,
    ClosesOnSunday: 5,
    IgnoresConflicts: 3,
    ForgetsPromises: 3,
    PromisesAnew: 3,
    AcceptsAnything: 3,
    StampsNow: 3,
    ForgetsTheClocks: 3,
    DropsMicroseconds: 3,
    StoresLocalTime: 2,
    RepeatsAfterATimeout: 3,
    ForgetsTheMoney: 3,
    WarnsNobody: 3,
    LeavesItsCursor: 1,
    SharesOneHistory: 3,
    ServesTheLastOnly: 3,
    TrustsTheFirstVersion: 2,
    WaitsForTheFuture: 2,
    RunsClocksOnConflict: 3,
    ForgetsWho: 3,
    CutsTexts: 3,
    WritesAscii: 3,
}
"""Each broken backend, and in how many steps it has to be shown at most."""
