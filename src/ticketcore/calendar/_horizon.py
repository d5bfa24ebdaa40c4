"""How far calendars reach: from 1900 to 2100, the last year of the holiday rules in use."""

from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
