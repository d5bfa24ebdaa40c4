"""One cycle of a timer, counted minute by minute.

A minute counts if the calendar is open then and no pause holds. Each question about a cycle is
answered by counting from its start with the pauses known by then, so a deadline that the library
moves on is computed from the start here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Literal, NamedTuple, TypeAlias

import attrs

from support.clocks.minutes import Minutes

Definition: TypeAlias = Mapping[str, Any]
Stamp: TypeAlias = tuple[int, int]
"""A tick, and the number of the command or timer that acted in it: two of one tick differ."""

Pause: TypeAlias = tuple[int, int | None]
"""The ticks in which a pause began and ended; None if it still holds."""

LevelKey: TypeAlias = tuple[str, int]
"""The name of a level, and which of its repetitions it is."""

_UNITS = {"minute": 60, "hour": 3600}
_LANDS = {"roll", "at_time"}  # the keys that say where a deadline lands


class Span(NamedTuple):
    """A span of a policy file: seconds or days, of working time or not."""

    amount: int
    unit: Literal["time", "days"]
    working: bool

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read a span such as "90 working minutes"."""
        number, *words = text.split()
        unit, working = words[-1].removesuffix("s"), len(words) == 2
        if unit == "day":
            return cls(int(number), "days", working)
        return cls(int(number) * _UNITS[unit], "time", working)


@attrs.define(eq=False)
class Cycle:
    """One run of a timer, from its start to its end."""

    name: str
    definition: Definition
    anchor: Stamp
    since: int
    target: str
    calendar: str | None
    late: bool = False
    passed: bool = False
    levels: dict[str, list[int]] = attrs.field(factory=dict)  # which repetitions acted
    missed: dict[LevelKey, int] = attrs.field(factory=dict)  # levels whose condition did not hold
    reached: tuple[int, int] = (-1, -1)  # the tick of the last level, and its place in the timer
    ignored_until: int = 0  # pauses before it do not count
    ended: Stamp | None = None
    how: Literal["met", "cancelled"] | None = None
    met: set[str] = attrs.field(factory=set)  # the entries of `met_by` that were met
    undone_by_reopening: bool = False
    resumes: bool = False  # it ended only because its condition ceased

    @property
    def first_counted(self) -> int:
        """The tick before which pauses do not count."""
        return max(self.since, self.ignored_until)


class CycleState(NamedTuple):
    """A counted cycle. While it is paused, *due* is the deadline if the pause ended now."""

    due: int
    paused: bool
    used: int
    left: int


@attrs.frozen(eq=False)
class CycleCounter:
    """Counts a cycle up to *now*, and on to its deadline.

    *pauses* are those that reach into the cycle, in order; *by_hand* is a deadline set by hand.
    *hours* are the ticks of the calendar, even if the target does not count by them.
    """

    cycle: Cycle
    minutes: Minutes
    pauses: Sequence[Pause]
    by_hand: int | None
    now: int
    hours: Minutes

    def count(self) -> CycleState:
        """Return the state of the cycle at *now*, in ticks."""
        due = self._due()
        held = [pause for pause in self.pauses if self._holds(pause, due)]
        used = sum(self._running(held)[self.cycle.since : self.now])
        between, now, since = self.minutes.between, self.now, self.cycle.since
        now = since if now < since <= due else now  # it begins to count in the future
        left = between(now, due) if now <= due else -between(due, now)
        return CycleState(due, any(end is None for _, end in held), used, left)

    def _due(self) -> int:
        if self.by_hand is not None:
            return self.by_hand
        span = Span.parse(self.cycle.target)
        if span.unit == "time":
            return self._counted_due(span)
        due = self._due_without_pauses(span)
        for begin, end in self.pauses:
            if begin < due:
                for tick in range(begin, self.now if end is None else end):
                    due = self.minutes.add(due, self.minutes.open[tick])
        return due

    def _counted_due(self, span: Span) -> int:
        """Count the minutes in which the clock runs until the budget is used up."""
        budget, tick, running = self._all_ticks(span), self.cycle.since, self._running(self.pauses)
        while budget:
            budget -= running[tick]
            tick += 1
        while self._waits_for_opening() and not running[tick]:
            tick += 1
        return self._landed(tick)

    def _due_without_pauses(self, span: Span) -> int:
        """Find the date of a target in days, at the same time of day or the next opening."""
        minutes = self.minutes
        same_time = minutes.days_later(self.cycle.since, span.amount, working=span.working)
        lands = _LANDS & set(self.cycle.definition)
        return self._landed(same_time) if lands else minutes.next_open(same_time)

    def _landed(self, end: int) -> int:
        roll, at_time = (self.cycle.definition.get(key) for key in ("roll", "at_time"))
        minutes = self.minutes
        if roll == "day-end":
            return minutes.day_end(minutes.local(end).date())
        if at_time is not None:
            hour = time.fromisoformat(at_time)
            return minutes.index(datetime.combine(minutes.local(end).date(), hour))
        return minutes.next_open(end) if roll == "forward" else end

    def _running(self, pauses: Sequence[Pause]) -> bytearray:
        """Return for each tick whether the clock counts it."""
        running = bytearray(self.minutes.open)
        for begin, end in pauses:
            length = max(0, (self.now if end is None else end) - begin)
            running[begin : begin + length] = bytes(length)
        return running

    def _holds(self, pause: Pause, due: int) -> bool:
        """Return whether a pause held the clock: it began before the clock was due."""
        return pause[0] < due or (self._waits_for_opening() and pause[0] == due)

    def _waits_for_opening(self) -> bool:
        boundary = self.cycle.definition.get("boundary")
        return boundary == "next-open" and Span.parse(self.cycle.target)[1:] == ("time", True)

    def level_at(self, level: Definition, turn: int, due: int) -> int:
        """Return the instant at which a level, or one of its repetitions, acts."""
        if "before_due" in level:
            return self._shifted(due, Span.parse(level["before_due"]), -1)
        if "past_due" in level:
            return self._shifted(due, Span.parse(level["past_due"]), 1)
        budget = self._budget()
        if "used" in level:
            reached = budget * int(level["used"].removesuffix("%")) // 100
        else:
            reached = self._repeated(Span.parse(level["every"]), turn)
        ahead = reached - budget
        if ahead <= 0:
            return self.minutes.subtract(due, -ahead)
        end = self.minutes.add(due, ahead)
        return self.minutes.next_open(end) if self._waits_for_opening() else end

    def _repeated(self, every: Span, turn: int) -> int:
        """Return the counted ticks from the start to a repetition, without pauses."""
        if every.unit == "time":
            return turn * self._ticks(every)
        since, days = self.cycle.since, turn * every.amount
        end = self.minutes.days_later(since, days, working=every.working)
        return self.minutes.between(since, self.minutes.next_open(end))

    def _budget(self) -> int:
        """Return the counted ticks from the start to the deadline without pauses."""
        span = Span.parse(self.cycle.target)
        if span.unit == "time" and not _LANDS & set(self.cycle.definition):
            return self._all_ticks(span)
        plain = attrs.evolve(self, pauses=(), by_hand=None)
        return self.minutes.between(self.cycle.since, plain.count().due)

    def _shifted(self, due: int, span: Span, sign: int) -> int:
        if span.unit == "days":
            end = self.minutes.days_later(due, sign * span.amount, working=span.working)
            return self.minutes.next_open(end) if sign > 0 else end
        ticks = self._ticks(span)
        if not span.working:
            return due + sign * ticks
        return self.minutes.add(due, ticks) if sign > 0 else self.minutes.subtract(due, ticks)

    def _all_ticks(self, span: Span) -> int:
        """Return the ticks of a target, with those for a count that starts out of hours."""
        ticks, given = self._ticks(span), self.cycle.definition.get("out_of_hours", [])
        if self.hours.open[self.cycle.since]:
            return ticks
        for extra in map(Span.parse, [given] if isinstance(given, str) else given):
            assert extra[1:] == span[1:], "the reference counts by one calendar"
            ticks += self._ticks(extra)
        return ticks

    def _ticks(self, span: Span) -> int:
        return span.amount // int(self.minutes.window.tick.total_seconds())
