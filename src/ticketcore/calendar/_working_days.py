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
    if not count:
        return day
    table = timeline._covering(noon(day))
    while True:
        if count > 0:
            index = bisect_right(table.dates, day.toordinal()) + count - 1
        else:
            index = bisect_left(table.dates, day.toordinal()) + count
        if 0 <= index < len(table.dates):
            return date.fromordinal(table.dates[index])
        grow = timeline._later if count > 0 else timeline._earlier
        table = grow(table, _days_after(day, count))


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


def _days_after(day: date, count: int) -> datetime:
    try:
        return noon(day) + timedelta(days=count)
    except OverflowError:
        raise beyond_datetime(f"{count} working days after {day}") from None
