"""The levels of a timer: the instants at which they act.

Levels are counted from the recorded deadline, so they move with it. `used = "75 %"` is the instant
from which a quarter of the budget is left; the budget is the time that counts from the start to
the deadline without pauses. The repetitions of `every` are found in the same way, by the part of
the budget that is left. `before_due` and `past_due` are spans before and after the deadline.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import attrs

from ticketcore.calendar import Span
from ticketcore.decider.clocks._deadlines import TimerCount
from ticketcore.events import Timer
from ticketcore.policies import Level


class Next(NamedTuple):
    """The next level of a timer, and the instant at which it acts, in UTC.

    *overtaken* is how many repetitions of the level were overtaken before this one.
    """

    at: datetime
    place: int
    name: str
    overtaken: int


def next_level(
    timer: Timer, count: TimerCount, at: datetime, acted: str | None, *, is_over: bool
) -> Next | None:
    """Return the level of a timer that acts next, from *at* on, or None.

    *acted* is the level that acts at this instant: only those that follow it count. *is_over* says
    that the deadline acts at this instant, or has acted: then the levels before it have acted.
    Levels before *at* are overtaken. A level after the deadline waits until the deadline has
    passed.
    """
    found: list[Next] = []
    levels = count.definition.levels
    reached = next((place for place, each in enumerate(levels) if each.name == acted), -1)
    for place, level in enumerate(levels):
        has_acted = place <= reached or (is_over and not level.needs_late_timer)
        acting = _instant(level, timer, count, at, strictly=has_acted)
        if acting is None:
            continue
        instant, overtaken = acting
        if instant < at or instant <= timer.since:
            continue
        if not timer.passed and (instant > timer.due or level.needs_late_timer):
            continue
        if instant == at and has_acted:
            continue
        found.append(Next(instant, place, level.name, overtaken))
    return min(found, default=None)


def level_instants(timer: Timer, count: TimerCount) -> list[tuple[datetime, Level]]:
    """Return the instants, in UTC, at which the levels of a new timer act, the earliest first.

    Levels that lie at its start or before never act, and are left out.
    """
    found: list[tuple[datetime, Level]] = []
    for level in count.definition.levels:
        if level.every is not None:
            times = range(1, (level.times or 1) + 1)
            found += [(at, level) for at in _repetitions(level.every, times, timer, count)]
        else:
            acts_once = _instant(level, timer, count, timer.since, strictly=False)
            assert acts_once is not None, "no level of a new timer has acted"
            found.append((acts_once[0], level))
    acting = [each for each in found if each[0] > timer.since]
    return sorted(acting, key=lambda each: each[0])


def _instant(
    level: Level, timer: Timer, count: TimerCount, at: datetime, *, strictly: bool
) -> tuple[datetime, int] | None:
    """Return when a level acts next, and how many of its repetitions were overtaken before."""
    fired = next(
        (
            fired
            for fired in count.ticket.levels
            if (fired.timer, fired.cycle, fired.level) == (timer.name, timer.cycle, level.name)
        ),
        None,
    )
    if level.every is not None:
        times = 0 if fired is None else fired.times
        has_acted = strictly or (fired is not None and fired.at == at)
        return _repeated(level.every, level.times or 1, times, timer, count, at, has_acted)
    if fired is not None:
        return None
    if level.used is not None:
        return _with_time_left(_budget(timer, count) * (1 - level.used), timer, count), 0
    span, calendar = level.past_due or level.before_due, count.calendar
    if span is None or not span.amount:  # a calendar would move the deadline into open time
        return timer.due, 0
    if level.past_due is not None:
        return calendar.due(timer.due, span), 0
    return calendar.start_of(span, timer.due), 0


def _budget(timer: Timer, count: TimerCount) -> timedelta:
    """Return the time that counts from the start to the deadline without pauses."""
    after = count.target.after
    if count.definition.ends_with_target and after.kind in ("elapsed", "open time"):
        return after.delta
    return count.between(timer.since, count.due(timer.since))


def _repeated(
    every: Span,
    times: int,
    fired: int,
    timer: Timer,
    count: TimerCount,
    at: datetime,
    strictly: bool,
) -> tuple[datetime, int] | None:
    """Return the next repetition after the one with the number *fired*, as `_instant` does."""
    numbers = range(fired + 1, times + 1)
    for overtaken, instant in enumerate(_repetitions(every, numbers, timer, count)):
        is_next = instant > at or (instant == at and not strictly)
        if is_next and instant > timer.since:
            return instant, overtaken
    return None


def _repetitions(
    every: Span, numbers: Iterable[int], timer: Timer, count: TimerCount
) -> Iterator[datetime]:
    """Yield the instants of the repetitions with these numbers, counted from the start."""
    budget = _budget(timer, count)
    for number in numbers:
        left = budget - _counted(every, number, timer, count)
        yield _with_time_left(left, timer, count)


def _with_time_left(left: timedelta, timer: Timer, count: TimerCount) -> datetime:
    """Return the instant at which *left* remains until the deadline, or has passed since it."""
    if left >= timedelta():
        return count.before(timer.due, left)
    return count.after(timer.due, -left)


def _counted(every: Span, number: int, timer: Timer, count: TimerCount) -> timedelta:
    """Return the time that counts from the start to a repetition, without pauses."""
    if every.delta:
        return every.delta * number
    span = attrs.evolve(every, amount=every.amount * number)
    return count.between(timer.since, count.calendar.due(timer.since, span))
