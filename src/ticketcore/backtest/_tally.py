"""Counts of one range of a history. Tallies of several ranges can be merged in any order."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

import attrs

from ticketcore.backtest._closings import ClosingComparison
from ticketcore.backtest._parts import TicketPosition
from ticketcore.backtest._replay import END_OF_TIME, Replay
from ticketcore.errors import RefusedError, TicketcoreError
from ticketcore.guarantees import Violation, broken_guarantees
from ticketcore.metrics import CycleCounts, timer_cycles
from ticketcore.testing import TicketStory
from ticketcore.ticket import fold

MAX_EXAMPLES = 20
"""Number of broken tickets that are listed, the first ones of the file. All are counted."""

_SECOND = timedelta(seconds=1)

RefusalKind: TypeAlias = tuple[str, str, str]
"""The code of a refusal, the name of the command and the party."""


@attrs.define
class TimerCounts(CycleCounts):
    """Counts of one timer: what became of its cycles, and what people did after firings."""

    overturned: int = 0
    confirmed: int = 0

    def merge(self, other: "TimerCounts") -> None:
        """Add the counts of another range of the history."""
        for field in attrs.fields(TimerCounts):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


@attrs.define
class RefusalCount:
    """Count of one kind of refusal, with its earliest case, whatever the order of the file."""

    count: int
    ticket: str
    at: datetime
    reason: str

    def merged(self, other: "RefusalCount") -> "RefusalCount":
        """Return the sum of both, with the earlier case, or that of the lower number."""
        first = min(self, other, key=attrgetter("at", "ticket"))
        return attrs.evolve(first, count=self.count + other.count)


@attrs.frozen(kw_only=True)
class BrokenCount:
    """Count of the tickets that break one guarantee, with the one that breaks it first.

    *story* is None if the commands of that ticket alone do not break the guarantee: the replay
    reopened it although the policy does not allow this, or another ticket of its order mattered.
    """

    count: int
    ticket: str
    violation: Violation
    story: TicketStory | None

    def merged(self, other: "BrokenCount") -> "BrokenCount":
        """Return the sum of both, with the earlier case, or that of the lower number."""
        first = min(self, other, key=lambda broken: (broken.violation.at, broken.ticket))
        return attrs.evolve(first, count=self.count + other.count)


@attrs.frozen
class BrokenReplay:
    """A ticket that could not be replayed; *ticket* is its number if the line names it."""

    position: TicketPosition
    ticket: str | None
    error: TicketcoreError


@attrs.define
class BacktestTally:
    """All counts of one range, or of several that were merged.

    *first* and *last* are the first and the last instant of the record.
    """

    tickets: int = 0
    events: int = 0
    actions: int = 0
    no_ops: Counter[str] = attrs.field(factory=Counter)
    not_opened: int = 0
    type_overridden: int = 0
    broken: int = 0
    first: datetime | None = None
    last: datetime | None = None
    timers: defaultdict[str, TimerCounts] = attrs.field(factory=partial(defaultdict, TimerCounts))
    refusals: dict[RefusalKind, RefusalCount] = attrs.field(factory=dict)
    guarantees: dict[str, BrokenCount] = attrs.field(factory=dict)
    broken_examples: list[BrokenReplay] = attrs.field(factory=list)
    closings: ClosingComparison | None = None

    def add(self, position: TicketPosition, replays: Sequence[Replay]) -> None:
        """Count a ticket that was replayed under one policy."""
        (replay,) = replays
        events = replay.history.events
        self._extend_period(events[0].at, events[-1].at)
        self.tickets += 1
        self.events += len(events)
        self.actions += len(replay.actions)
        self.no_ops.update(replay.no_ops)
        self.not_opened += replay.ticket is None
        self.type_overridden += replay.type_overridden
        self._add_timers(replay)
        for refusal in replay.refused:
            self._add_refusal(replay.history.ticket, refusal)
        for name, broken in _broken_by(replay):
            self._add_broken_guarantee(name, broken)
        if self.closings is not None:
            simulated = None if replay.ticket is None else replay.ticket.closed_at
            self.closings.add(simulated, fold(events))

    def add_broken(
        self, position: TicketPosition, ticket: str | None, error: TicketcoreError
    ) -> None:
        """Count a ticket that could not be replayed."""
        self.broken += 1
        self.broken_examples.append(BrokenReplay(position, ticket, error))
        if len(self.broken_examples) > 2 * MAX_EXAMPLES:
            self._keep_first_examples()

    def result(self) -> "BacktestTally":
        """Return the counts themselves: they can be merged."""
        return self

    def merge(self, other: "BacktestTally") -> None:
        """Add the counts of another range. *other* must not be used afterwards."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.first is not None and other.last is not None:
            self._extend_period(other.first, other.last)
        self.no_ops.update(other.no_ops)
        for timer, counts in other.timers.items():
            self.timers[timer].merge(counts)
        for kind, count in other.refusals.items():
            known = self.refusals.get(kind)
            self.refusals[kind] = count if known is None else known.merged(count)
        for name, broken in other.guarantees.items():
            self._add_broken_guarantee(name, broken)
        self.broken_examples += other.broken_examples
        self._keep_first_examples()
        if self.closings is not None and other.closings is not None:
            self.closings.merge(other.closings)

    def _keep_first_examples(self) -> None:
        self.broken_examples.sort(key=attrgetter("position"))
        del self.broken_examples[MAX_EXAMPLES:]

    def _extend_period(self, first: datetime, last: datetime) -> None:
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def _add_timers(self, replay: Replay) -> None:
        for cycle in timer_cycles(replay.events):
            self.timers[cycle.timer.name].add(cycle.outcome)
        for (name, _), verdict in replay.verdicts.items():
            counts = self.timers[name]
            setattr(counts, verdict, getattr(counts, verdict) + 1)

    def _add_broken_guarantee(self, name: str, broken: BrokenCount) -> None:
        known = self.guarantees.get(name)
        self.guarantees[name] = broken if known is None else known.merged(broken)

    def _add_refusal(self, ticket: str, refusal: RefusedError) -> None:
        command: Any = refusal.command
        kind = (refusal.code, command.NAME, command.by)
        count = RefusalCount(1, ticket, command.at, refusal.reason)
        known = self.refusals.get(kind)
        self.refusals[kind] = count if known is None else known.merged(count)


_COUNTS = ("tickets", "events", "actions", "not_opened", "type_overridden", "broken")


def empty_tally(*, compare_recorded: bool) -> BacktestTally:
    """Return a tally without any ticket, which compares closings if asked to."""
    return BacktestTally(closings=ClosingComparison() if compare_recorded else None)


def _broken_by(replay: Replay) -> Iterator[tuple[str, BrokenCount]]:
    """Yield the guarantees that a replayed ticket breaks, by their names.

    A replay assumes that nobody acts after the last recorded action. So an event that a guarantee
    asks for later must come from a timer.
    """
    for violation in broken_guarantees(replay.events, replay.policy, END_OF_TIME):
        broken = BrokenCount(
            count=1,
            ticket=replay.history.ticket,
            violation=violation,
            story=_story(replay, violation),
        )
        yield violation.guarantee.name, broken


def _story(replay: Replay, violation: Violation) -> TicketStory | None:
    """Return the actions up to the violation as a story, if it breaks the guarantee too."""
    until = violation.at + _SECOND
    commands = tuple(command for command in replay.actions if command.at <= until)
    story = TicketStory(policy=replay.policy, commands=commands, until=until)
    found = broken_guarantees(story.events(), replay.policy, until)
    return story if violation.guarantee in [each.guarantee for each in found] else None
