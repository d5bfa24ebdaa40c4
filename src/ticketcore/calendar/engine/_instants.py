"""The years that calendars support, and the errors for instants outside them."""

from datetime import date, datetime, timedelta
from typing import Final

from ticketcore.errors import CalendarRangeError

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100  # the last year of most countries' holiday rules
SUPPORTED_YEARS: Final = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years for which calendars have answers: 1900 to 2100."""

NO_TIME: Final = timedelta(0)
DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=date.max.toordinal())


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


def is_leap(year: int) -> bool:
    """Tell whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month.

    The standard module `calendar` has this too, but its import takes 2 ms, with `locale`.
    """
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def check_year(year: int, supported: range = SUPPORTED_YEARS) -> None:
    """Refuse a year outside the supported years. Raises CalendarRangeError."""
    if year not in supported:
        raise CalendarRangeError(
            f"year {year} is outside the supported years {supported.start} to {supported.stop - 1}"
        )
