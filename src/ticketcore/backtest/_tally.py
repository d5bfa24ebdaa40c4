"""RefusalKind a backtest counts: part by part of a history, and added up in any order."""

from collections import defaultdict
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

import attrs

from ticketcore.backtest._closings import ClosingComparison
from ticketcore.backtest._replay import Replay
from ticketcore.errors import RefusedError, TicketcoreError
from ticketcore.ticket import fold

MAX_EXAMPLES = 100
"""So many broken tickets are broken_examples, the first of the file; all of them are counted."""

TicketPosition: TypeAlias = tuple[int, int]
"""Where a ticket begins: the first byte of its range, and its line counted from there."""

RefusalKind: TypeAlias = tuple[str, str, str]
"""RefusalKind was refused: the code, the command, the party."""


@attrs.define
class TimerCounts:
    """How one timer fared. A promise that did not fire was ended before, by a party's action."""

    set: int = 0
    fired: int = 0
    overturned: int = 0
    confirmed: int = 0

    def merge(self, other: "TimerCounts") -> None:
        """Add what another part of the history counted."""
        self.set += other.set
        self.fired += other.fired
        self.overturned += other.overturned
        self.confirmed += other.confirmed


@attrs.define
class RefusalCount:
    """How often one thing was refused, and the first time in the file."""

    count: int
    position: TicketPosition
    ticket: str
    at: datetime
    reason: str

    def merged(self, other: "RefusalCount") -> "RefusalCount":
        """Both together, with the example that comes first in the file."""
        first = min(self, other, key=lambda refusals: refusals.position)
        return attrs.evolve(first, count=self.count + other.count)


@attrs.frozen
class BrokenReplay:
    """A ticket that could not be replayed, or, without *ticket*, a line that names none."""

    position: TicketPosition
    ticket: str | None
    error: TicketcoreError


@attrs.define
class BacktestTally:
    """All that is counted of one part of a history."""

    tickets: int = 0
    events: int = 0
    actions: int = 0
    no_ops: int = 0
    not_opened: int = 0
    type_overridden: int = 0
    broken: int = 0
    first: datetime | None = None
    last: datetime | None = None
    timers: defaultdict[str, TimerCounts] = attrs.field(factory=partial(defaultdict, TimerCounts))
    refusals: dict[RefusalKind, RefusalCount] = attrs.field(factory=dict)
    broken_examples: list[BrokenReplay] = attrs.field(factory=list)
    closings: ClosingComparison | None = None

    def add(self, position: TicketPosition, replay: Replay) -> None:
        """Count one ticket's history and what became of it."""
        ticket, events = replay.history.ticket, replay.history.events
        self._add_period(events[0].at, events[-1].at)
        self.tickets += 1
        self.events += len(events)
        self.actions += len(replay.actions)
        self.no_ops += replay.no_ops
        self.not_opened += replay.ticket is None
        self.type_overridden += replay.type_overridden
        for moment in replay.timers_set:
            self.timers[moment[0]].set += 1
        for moment in replay.fired:
            self.timers[moment[0]].fired += 1
        for moment, verdict in replay.verdicts.items():
            counts = self.timers[moment[0]]
            setattr(counts, verdict, getattr(counts, verdict) + 1)
        for refusal in replay.refused:
            self._add_refusal(position, ticket, refusal)
        if self.closings is not None:
            simulated = None if replay.ticket is None else replay.ticket.closed_at
            self.closings.add(simulated, fold(events).closed_at)

    def add_broken(
        self, position: TicketPosition, ticket: str | None, error: TicketcoreError
    ) -> None:
        """Count a ticket that could not be replayed."""
        self.broken += 1
        self.broken_examples.append(BrokenReplay(position, ticket, error))
        if len(self.broken_examples) > 2 * MAX_EXAMPLES:
            self._keep_first()

    def merge(self, other: "BacktestTally") -> None:
        """Add what another part of the history counted, which may be left changed."""
        for name in (
            "tickets",
            "events",
            "actions",
            "no_ops",
            "not_opened",
            "type_overridden",
            "broken",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.first is not None and other.last is not None:
            self._add_period(other.first, other.last)
        for rule, counts in other.timers.items():
            self.timers[rule].merge(counts)
        for what, refusals in other.refusals.items():
            mine = self.refusals.setdefault(what, refusals)
            if mine is not refusals:
                self.refusals[what] = mine.merged(refusals)
        self.broken_examples += other.broken_examples
        self._keep_first()
        if self.closings is not None and other.closings is not None:
            self.closings.merge(other.closings)

    def _keep_first(self) -> None:
        self.broken_examples.sort(key=_by_place)
        del self.broken_examples[MAX_EXAMPLES:]

    def _add_period(self, first: datetime, last: datetime) -> None:
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def _add_refusal(self, position: TicketPosition, ticket: str, refusal: RefusedError) -> None:
        command: Any = refusal.command
        what = (refusal.code, command.NAME, command.by)
        known = self.refusals.get(what)
        if known is None:
            self.refusals[what] = RefusalCount(1, position, ticket, command.at, refusal.reason)
        else:
            known.count += 1


def _by_place(broken: BrokenReplay) -> TicketPosition:
    return broken.position
