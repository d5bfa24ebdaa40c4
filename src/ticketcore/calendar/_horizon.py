"""How far calendars reach: from 1900 to 2100, the last year of most holiday rules."""

from typing import Final

from ticketcore.errors import CalendarRangeError

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
SUPPORTED_YEARS: Final = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years that calendars answer for."""


def check_year(year: int) -> None:
    """Refuse a year that no calendar reaches. Raises CalendarRangeError."""
    if year not in SUPPORTED_YEARS:
        raise CalendarRangeError(
            f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}, not to {year}: "
            f"ask about the years between"
        )
