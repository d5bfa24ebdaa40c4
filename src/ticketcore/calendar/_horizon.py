"""How far calendars reach: from 1900 to 2100, the last year of most holiday rules."""

from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
REACH: Final = range(FIRST_YEAR, LAST_YEAR + 1)
