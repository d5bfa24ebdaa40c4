"""The same local time on another day, as calendar days and working days count."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from ticketcore.calendar._horizon import FIRST_YEAR, LAST_YEAR
from ticketcore.calendar._instants import DAY
from ticketcore.calendar._zones import from_local, zone_year


def days_later(
    instant: datetime,
    days: int,
    zone: ZoneInfo,
    step: Callable[[int, int], int] | None = None,
) -> datetime:
    """Return the UTC instant at the same local time that many days after the UTC `instant`.

    Negative days go back. `step` goes from a local date, as an ordinal, that many days on: by
    default days of any kind. A local time inside a DST gap becomes the transition. Of two
    occurrences it is the first.

    Raises:
        OverflowError: there is no such day between the years 1 and 9999.

    """
    year = instant.year
    if FIRST_YEAR <= year <= LAST_YEAR:
        # From the zone's midnights, in a fifth of the time that its clocks take; not where either
        # day is near a change of clocks or outside the instant's year.
        days_of_year = zone_year(zone, year)
        midnights, odd = days_of_year.midnights, days_of_year.odd
        day = bisect_right(midnights, instant) - 1
        last = len(midnights) - 1  # where it ends is not known here
        if 0 <= day < last and day not in odd:
            first = days_of_year.first
            found = day + days if step is None else step(first + day, days) - first
            if 0 <= found <= last and found not in odd:
                return midnights[found] + (instant - midnights[day])
    local = instant.astimezone(zone).replace(tzinfo=None)
    if step is not None:
        today = local.toordinal()
        days = step(today, days) - today
    return from_local(local + days * DAY, zone)
