"""The timers of a ticket while events are applied to it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.events import Timer
from ticketcore.ticket._growing import count_level
from ticketcore.ticket._ticket import FiredLevel, TicketDraft

_passed = fast_copy(Timer, "passed")
_paused = fast_copy(Timer, "paused")


def in_order(timers: Iterable[Timer]) -> tuple[Timer, ...]:
    """Return the timers that act, in the given order, and after them the others by name."""
    acting: list[Timer] = []
    resting: list[Timer] = []
    for timer in timers:
        (resting if timer.wakes is None else acting).append(timer)
    if len(resting) > 1:
        resting.sort(key=_name)
    return (*acting, *resting)


def _name(timer: Timer) -> tuple[str, str]:
    return timer.name, timer.dispute or ""


def with_passed(timers: tuple[Timer, ...], name: str) -> tuple[Timer, ...]:
    """Return the timers after the deadline of the first one fired that had not passed yet."""
    for place, timer in enumerate(timers):
        if timer.name == name and not timer.passed:
            return in_order((*timers[:place], _passed(timer, True), *timers[place + 1 :]))
    return timers


def with_stopped(
    timers: tuple[Timer, ...], names: Collection[str], at: datetime
) -> tuple[Timer, ...]:
    """Return the timers after a pause stopped those of these names."""
    return in_order(_paused(timer, at) if timer.name in names else timer for timer in timers)


def fire(draft: TicketDraft, name: str, at: datetime, level: str | None = None) -> None:
    """Record that a timer has fired: its deadline, or one of its levels.

    One firing can have several events, such as one for each of its tags. It counts once.
    """
    if level is None:
        draft.timers = with_passed(draft.timers, name)
        return
    timer = next((timer for timer in draft.timers if timer.name == name), None)
    if timer is not None:
        _count(draft, timer, level, at)


def _count(draft: TicketDraft, timer: Timer, level: str, at: datetime) -> None:
    """Count a level that fired, and forget those of earlier cycles of its timer.

    The level that fired last is the last one.
    """
    levels: Any = draft.levels
    if type(levels) is dict:  # in a fold of many events
        count_level(levels, timer, level, at)
        return
    counted, times = [], timer.overtaken + 1
    for entry in draft.levels:
        if entry.timer == timer.name and entry.cycle != timer.cycle:
            continue
        if entry.timer == timer.name and entry.level == level:
            times = entry.times if entry.at == at else entry.times + times
        else:
            counted.append(entry)
    draft.levels = (*counted, FiredLevel(timer.name, timer.cycle, level, times, at))
