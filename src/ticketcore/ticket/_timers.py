"""The timers of a ticket while events are applied to it."""

from collections.abc import Iterable

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.events import Timer
from ticketcore.ticket._ticket import TicketDraft

_passed = fast_copy(Timer, "passed")


def in_order(timers: Iterable[Timer]) -> tuple[Timer, ...]:
    """Return the timers that act, in the given order, and after them the others by name."""
    acting: list[Timer] = []
    resting: list[Timer] = []
    for timer in timers:
        (resting if timer.wakes is None else acting).append(timer)
    resting.sort(key=_name)
    return (*acting, *resting)


def _name(timer: Timer) -> tuple[str, str]:
    return timer.name, timer.dispute or ""


def fire(draft: TicketDraft, name: str, level: str | None = None) -> None:
    """Record that a timer has fired: its deadline, or one of its levels."""
    timers = draft.timers
    for place, timer in enumerate(timers):
        if timer.name != name or (level is None and timer.passed):
            continue
        if level is not None:
            _count(draft, timer, level)
        else:
            changed = _passed(timer, True)
            draft.timers = in_order((*timers[:place], changed, *timers[place + 1 :]))
        return


def _count(draft: TicketDraft, timer: Timer, level: str) -> None:
    """Count a level that fired, and forget those of earlier cycles of its timer."""
    counted, times = [], 1
    for entry in draft.levels:
        name, cycle, fired, before = entry
        if name == timer.name and cycle != timer.cycle:
            continue
        if name == timer.name and fired == level:
            times += before
        else:
            counted.append(entry)
    draft.levels = (*counted, (timer.name, timer.cycle, level, times))
