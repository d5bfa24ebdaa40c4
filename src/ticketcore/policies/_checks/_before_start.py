"""Check that a level before the deadline does not lie before the start, whatever the date."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import attrs

from ticketcore._toml import Mistake
from ticketcore.calendar import Span
from ticketcore.errors import CalendarError
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._calendars import CalendarDefinition
from ticketcore.policies.tables._levels import Level
from ticketcore.policies.tables._timers import TimerDefinition

_DAY: Final = timedelta(days=1)
_CLOCK_CHANGE: Final = timedelta(hours=1)


def before_start(policy: Policy, timer: TimerDefinition, level: Level) -> Iterator[Mistake]:
    """Find a level that lies before the start of a timer without pauses.

    A deadline may lie later than the target if a further span, `roll` or `at_time` moves it.
    """
    before = level.before_due
    if before is None or not timer.ends_with_target:
        return
    for target in timer.targets:
        if _reaches(before, target) or _counts_more(policy, timer, before, target):
            yield ("before_due",), f'lies before the start: the deadline is after "{target}"'
            return


def exceeds(span: Span, other: Span) -> bool:
    """Whether a span ends later than another one from the same instant, in any calendar."""
    if span.kind == other.kind and bool(span.months) == bool(other.months):
        return _length(span) > _length(other)
    most = _most(other)
    return most is not None and _least(span) > most


def _reaches(before: Span, target: Span) -> bool:
    """Whether a span back from the deadline reaches the start in any calendar."""
    if before.kind == target.kind and bool(before.months) == bool(target.months):
        # A count that starts in closed time uses open time only later.
        is_more = _length(before) > _length(target)
        return is_more or (_length(before) == _length(target) and not target.working)
    most = _most(target)
    return most is not None and _least(before) >= most


def _length(span: Span) -> tuple[int, int, float]:
    return span.months, span.days, span.delta.total_seconds()


def _least(span: Span) -> timedelta:
    """Return the shortest time that elapses in a span."""
    if span.kind in ("elapsed", "open time"):
        return span.delta
    if span.kind == "open days":
        return timedelta()
    return _DAY * (span.days + 28 * span.months) - _CLOCK_CHANGE


def _most(span: Span) -> timedelta | None:
    """Return the longest time that elapses in a span; None if a calendar may close for long."""
    if span.working:
        return None
    if span.kind == "elapsed":
        return span.delta
    return _DAY * (span.days + 31 * span.months) + _CLOCK_CHANGE


def _counts_more(policy: Policy, timer: TimerDefinition, before: Span, target: Span) -> bool:
    """Whether working hours before the deadline are more than its working days can have."""
    if (before.kind, target.kind) != ("open time", "open days"):
        return False
    longest = [_open_time(policy.calendars.get(name)) for name in timer.calendars]
    return bool(longest) and all(
        each is not None and before.delta >= each * target.days + _CLOCK_CHANGE for each in longest
    )


def _open_time(definition: CalendarDefinition | None) -> timedelta | None:
    """Return the longest open time from a time of day to the same time of the next working day.

    These are all times of day at which the calendar is open on any weekday or date. None if that
    is unknown: the calendar is missing or wrong, or has make-up days.
    """
    if definition is None or definition.make_up_hours is not None:
        return None
    try:
        built = attrs.evolve(definition, zone="UTC", country=None).build("UTC", None)
    except CalendarError:  # reported by itself
        return None
    days = (*built.hours.days, *(special.openings for special in built.exceptions))
    total = reached = timedelta()
    for opening in sorted(opening for openings in days for opening in openings):
        total += max(opening.end - max(opening.start, reached), timedelta())
        reached = max(reached, opening.end)
    return total
