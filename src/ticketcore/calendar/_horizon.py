"""How far calendars reach: from 1900 to 2100, the last year of most holiday rules."""

from typing import Final

from ticketcore.errors import HorizonError

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
REACH: Final = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years that calendars answer for."""


def check_year(year: int) -> None:
    """Refuse a year that no calendar reaches. Raises HorizonError."""
    if year not in REACH:
        raise HorizonError(
            f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}, not to {year}: "
            f"ask about the years between"
        )
