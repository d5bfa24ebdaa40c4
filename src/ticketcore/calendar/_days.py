"""Steps over whole days: the same local time on another date, and other working dates.

Calendar days and working days both keep the local time; they differ in the dates that they count.
`days_later` therefore takes the step from date to date as a function.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ticketcore.calendar.engine._instants import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    days_in_month,
    outside_datetime,
)
from ticketcore.calendar.engine._timeline import Timeline
from ticketcore.calendar.engine._zones import from_local, zone_year

_NOON: Final = time(12, tzinfo=UTC)


def days_later(
    instant: datetime,
    days: int,
    zone: ZoneInfo,
    step: Callable[[int, int], int] | None = None,
) -> datetime:
    """Return the UTC instant at the same local time, *days* days after the UTC *instant*.

    A negative number goes back. *step* returns the date that lies a number of days after another,
    both as ordinals; without it, all days count. A local time in the gap becomes the transition;
    of a time that is shown twice, the result is the first occurrence.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.

    """
    year = instant.year
    if FIRST_YEAR <= year <= LAST_YEAR:
        # The zone's midnights give the result in a fifth of the time that its clocks take, unless
        # one of the two days is near a change of clocks or outside the year of the instant.
        days_of_year = zone_year(zone, year)
        midnights, irregular = days_of_year.midnights, days_of_year.irregular
        day = bisect_right(midnights, instant) - 1
        last = len(midnights) - 1  # its end is not in the list
        if 0 <= day < last and day not in irregular:
            first = days_of_year.first
            found = day + days if step is None else step(first + day, days) - first
            if 0 <= found <= last and found not in irregular:
                return midnights[found] + (instant - midnights[day])
    local = instant.astimezone(zone).replace(tzinfo=None)
    if step is not None:
        today = local.toordinal()
        days = step(today, days) - today
    return from_local(local + days * DAY, zone)


def is_regular(instant: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the local day of a UTC instant is known to be far from a change of clocks."""
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        return False
    days_of_year = zone_year(zone, instant.year)
    day = bisect_right(days_of_year.midnights, instant) - 1
    last = len(days_of_year.midnights) - 1
    return 0 <= day < last and day not in days_of_year.irregular


def add_months(local: datetime, months: int) -> datetime:
    """Return the same local time *months* months after the naive *local*.

    A day that the month lacks becomes its last day: one month after 31 January is 28 February.

    Raises:
        OverflowError, ValueError: the result lies outside the years 1 to 9999.

    """
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, days_in_month(year, month))
    return local.replace(year=year, month=month, day=day)


def step_over_working_dates(timeline: Timeline, near: datetime, day: int, count: int) -> int:
    """Return the working date *count* working dates after *day*, both as ordinals.

    *near* is an instant on that date, or on a date next to it.
    """
    if not count:
        return day
    table = timeline._covering(near)
    while True:
        dates = table.dates
        index = bisect_right(dates, day) - 1 if count > 0 else bisect_left(dates, day)
        if 0 <= index + count < len(dates):
            return dates[index + count]
        extend = timeline._extend_later if count > 0 else timeline._extend_earlier
        table = extend(table, _days_after(near, count))


def noon(day: date) -> datetime:
    """Return an instant on or next to the local date, in any zone."""
    return datetime.combine(day, _NOON)


def _days_after(near: datetime, count: int) -> datetime:
    """Return the earliest instant at which a number of working days can end."""
    try:
        return near + timedelta(days=count)
    except OverflowError:
        raise outside_datetime(f"{count} working days after {near.date()}") from None
