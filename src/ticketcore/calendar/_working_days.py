"""Working dates: the local dates on which there is open time, counted and stepped over."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from ticketcore.calendar._instants import beyond_datetime
from ticketcore.calendar._timeline import Timeline

_NOON: Final = time(12, tzinfo=UTC)


def is_working_date(timeline: Timeline, day: date) -> bool:
    """Tell whether any open time belongs to the date."""
    dates = timeline._covering(noon(day)).dates
    index = bisect_left(dates, day.toordinal())
    return index < len(dates) and dates[index] == day.toordinal()


def add_working_dates(timeline: Timeline, day: date, count: int) -> date:
    """Return the working date that many after the date, or before it; the date itself for 0."""
    return date.fromordinal(step(timeline, noon(day), day.toordinal(), count))


def step(timeline: Timeline, near: datetime, day: int, count: int) -> int:
    """Return the working date that many after a date or before it, both as ordinals.

    `near` is an instant on that date, or next to it.
    """
    if not count:
        return day
    table = timeline._covering(near)
    while True:
        dates = table.dates
        index = bisect_right(dates, day) - 1 if count > 0 else bisect_left(dates, day)
        if 0 <= index + count < len(dates):
            return dates[index + count]
        grow = timeline._later if count > 0 else timeline._earlier
        table = grow(table, _days_after(near, count))


def working_dates(timeline: Timeline, start: date, end: date) -> tuple[date, ...]:
    """Return the working dates from `start` up to but not including `end`."""
    dates = timeline._covering_both(noon(start), noon(end)).dates
    begin, stop = bisect_left(dates, start.toordinal()), bisect_left(dates, end.toordinal())
    return tuple(map(date.fromordinal, dates[begin:stop]))


def count_working_dates(timeline: Timeline, start: date, end: date, *, inclusive: bool) -> int:
    """Return how many working dates lie from `start` up to `end`, with or without `end`."""
    if end < start:
        return -count_working_dates(timeline, end, start, inclusive=inclusive)
    dates = timeline._covering_both(noon(start), noon(end)).dates
    last = bisect_right if inclusive else bisect_left
    return last(dates, end.toordinal()) - bisect_left(dates, start.toordinal())


def noon(day: date) -> datetime:
    """Return an instant by which a table is chosen: one on or next to the local date."""
    return datetime.combine(day, _NOON)


def _days_after(near: datetime, count: int) -> datetime:
    try:
        return near + timedelta(days=count)
    except OverflowError:
        raise beyond_datetime(f"{count} working days after {near.date()}") from None
