"""Convert instants to UTC, and check that they lie within the years that calendars support."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from ticketcore.errors import CalendarRangeError, InstantError, NaiveDatetimeError

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100  # the last year of most countries' holiday rules
SUPPORTED_YEARS: Final = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years for which calendars have answers: 1900 to 2100."""

NO_TIME: Final = timedelta(0)
DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=date.max.toordinal())

_combine = datetime.combine
_time = datetime.time


def utc(instant: datetime) -> datetime:
    """Return the same instant as a `datetime` whose zone is `datetime.UTC`.

    Two datetimes in one zone compare by wall clock, which is wrong across a change of clocks.
    Therefore the library converts every instant that it receives. A subclass such as
    `pandas.Timestamp` becomes a plain datetime; its nanoseconds below a microsecond are cut off.

    Raises:
        NaiveDatetimeError: the datetime has no offset.
        InstantError: the value is not a datetime, or lies outside the years 1 to 9999 in UTC.

    """
    if instant.__class__ is datetime:
        zone = instant.tzinfo
        if zone is UTC:
            return instant
    elif isinstance(instant, datetime):
        # The fields of a plain datetime are read ten times faster than those of pandas.
        zone = instant.tzinfo
        instant = _combine(instant, _time(instant), zone)
    else:
        raise InstantError(instant, "is not an instant: give an aware datetime")
    if zone is None or (offset := zone.utcoffset(instant)) is None:
        raise NaiveDatetimeError(instant)
    try:
        # `astimezone` gives the same result in twice the time.
        return _combine(instant, _time(instant), UTC) - offset
    except OverflowError:
        raise InstantError(
            instant, "lies outside the years 1 to 9999 in UTC: give one within"
        ) from None


def add_elapsed(instant: datetime, time: timedelta) -> datetime:
    """Return the instant after *time* has elapsed.

    Raises:
        CalendarRangeError: the result lies outside the years 1 to 9999.

    """
    try:
        return instant + time
    except OverflowError:
        raise outside_datetime(f"{time} after {instant}") from None


def outside_datetime(result: str) -> CalendarRangeError:
    """Return the error for a result outside the years 1 to 9999."""
    return CalendarRangeError(
        f"{result} lies outside the years 1 to 9999 that a datetime can hold"
    )


def outside_supported_years(year: int) -> CalendarRangeError:
    """Return the error for a question about a year that calendars do not support."""
    return CalendarRangeError(
        f"year {year} is outside the supported years {FIRST_YEAR} to {LAST_YEAR}"
    )


def check_year(year: int) -> None:
    """Refuse a year outside 1900 to 2100. Raises CalendarRangeError."""
    if year not in SUPPORTED_YEARS:
        raise outside_supported_years(year)
