"""The levels of a timer: the instants at which they act.

Levels are counted from the recorded deadline, so they move with it. `used = "75 %"` is the instant
from which a quarter of the budget is left; the budget is the time that counts from the start to
the deadline without pauses. The repetitions of `every` are found in the same way, by the part of
the budget that is left. `before_due` and `past_due` are spans before and after the deadline.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import attrs

from ticketcore.calendar import Span
from ticketcore.decider.clocks._deadlines import TimerCount, recorded_target
from ticketcore.events import Timer
from ticketcore.policies import Level
from ticketcore.ticket import FiredLevel, Ticket


class Next(NamedTuple):
    """The next level of a timer, and the instant at which it acts, in UTC.

    *overtaken* is how many repetitions of the level were overtaken before this one.
    """

    at: datetime
    place: int
    name: str
    overtaken: int


def next_level(
    timer: Timer, count: TimerCount, at: datetime, acted: str | None, before: Ticket | None
) -> Next | None:
    """Return the level of a timer that acts next, from *at* on, or None.

    *acted* is the level that acts at this instant, and *before* the ticket before it. At one
    instant only those levels count that follow the last one that the timer has reached. Levels
    before *at* are overtaken. A level after the deadline waits until the deadline has passed.
    """
    found: list[Next] = []
    for place, level in enumerate(count.definition.levels):
        for overtaken, instant in enumerate(_instants(level, timer, count)):
            if instant < at or instant <= timer.since:
                continue
            turn = _place(place, level, timer, count, instant)
            if instant == at and turn <= _reached(timer, count, at, acted, before):
                continue
            if not _waits(level, timer, instant):
                found.append(Next(instant, turn, level.name, overtaken))
            break
    return min(found, default=None)


def _place(place: int, level: Level, timer: Timer, count: TimerCount, at: datetime) -> int:
    """Return the place of a level among those that act at an instant.

    One that waits for the deadline at its instant comes after all that do not.
    """
    follows = level.needs_late_timer and at == timer.due
    return place + len(count.definition.levels) + 1 if follows else place


def _waits(level: Level, timer: Timer, instant: datetime) -> bool:
    """Whether a level acts only once the deadline has passed."""
    return not timer.passed and (instant > timer.due or level.needs_late_timer)


def _reached(
    timer: Timer, count: TimerCount, at: datetime, acted: str | None, before: Ticket | None
) -> int:
    """Return the place of the last level that was reached at an instant; -1 if none was.

    Levels whose condition did not hold were reached too. Nothing records them, but the timer
    before this step was already waiting for a later level.
    """
    levels = count.definition.levels
    known = () if before is None else (*before.timers, *(e.timer for e in before.ended_timers))
    old = next((each for each in known if each.identity == timer.identity), None)
    places = {
        level.name: _place(place, level, old or timer, count, at)
        for place, level in enumerate(levels)
    }
    names = {acted} if old is None else {acted, *_passed_over(old, count, at, places)}
    reached = [place for name, place in places.items() if name in names]
    fired = [each.level for each in _fired(timer, count) if each.at == at]
    reached += [place for place, level in enumerate(levels) if level.name in fired]
    return max(reached, default=-1)


def _passed_over(
    old: Timer, count: TimerCount, at: datetime, places: Mapping[str, int]
) -> set[str]:
    """Return the levels at an instant that a timer has left behind: it waits for a later one."""
    count = count._replace(target=recorded_target(old, count.policy) or count.target)
    waiting = places.get(old.level or "", -1)
    return {
        level.name
        for level in count.definition.levels
        if (old.level_at is None or (at, places[level.name]) < (old.level_at, waiting))
        and not _waits(level, old, at)
        and at in _instants(level, old, count)
    }


def level_instants(timer: Timer, count: TimerCount) -> list[tuple[datetime, Level]]:
    """Return the instants, in UTC, at which the levels of a new timer act, the earliest first.

    Levels that lie at its start or before never act, and are left out.
    """
    levels = count.definition.levels
    found = [(at, level) for level in levels for at in _instants(level, timer, count)]
    acting = [each for each in found if each[0] > timer.since]
    return sorted(acting, key=lambda each: each[0])


def _fired(timer: Timer, count: TimerCount) -> list[FiredLevel]:
    """Return the levels that have fired in the cycle of a timer."""
    cycle = timer.name, timer.cycle
    return [each for each in count.ticket.levels if (each.timer, each.cycle) == cycle]


def _instants(level: Level, timer: Timer, count: TimerCount) -> Iterator[datetime]:
    """Yield the instants of a level that has not fired, and those of repetitions to come."""
    times = next((each.times for each in _fired(timer, count) if each.level == level.name), 0)
    if level.every is not None:
        numbers = range(times + 1, (level.times or 1) + 1)
        yield from _repetitions(level.every, numbers, timer, count)
    elif not times:
        yield _acts_at(level, timer, count)


def _acts_at(level: Level, timer: Timer, count: TimerCount) -> datetime:
    """Return the instant of a level that acts once."""
    if level.used is not None:
        return _with_time_left(_budget(timer, count) * (1 - level.used), timer, count)
    span, calendar = level.past_due or level.before_due, count.calendar
    if span is None or not span.amount:  # a calendar would move the deadline into open time
        return timer.due
    if level.past_due is not None:
        return calendar.due(timer.due, span)
    return calendar.start_of(span, timer.due)


def _budget(timer: Timer, count: TimerCount) -> timedelta:
    """Return the time that counts from the start to the deadline without pauses."""
    after = count.target.after
    if count.definition.ends_with_target and after.kind in ("elapsed", "open time"):
        return after.delta
    return count.between(timer.since, count.due(timer.since))


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
