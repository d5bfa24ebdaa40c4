"""The same local time on another day, as calendar days and working days count."""

from bisect import bisect_right
from datetime import datetime
from zoneinfo import ZoneInfo

from ticketcore.calendar._horizon import FIRST_YEAR, LAST_YEAR
from ticketcore.calendar._instants import DAY
from ticketcore.calendar._zones import from_local, zone_year


def days_later(instant: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at the same local time that many days after the UTC `instant`.

    Negative days go back. A local time inside a DST gap becomes the transition. Of two
    occurrences it is the first.

    Raises:
        OverflowError: there is no such day between the years 1 and 9999.

    """
    found = _on_steady_days(instant, days, zone)
    if found is not None:
        return found
    local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    return from_local(local + days * DAY, zone)


def _on_steady_days(instant: datetime, days: int, zone: ZoneInfo) -> datetime | None:
    """Answer from the zone's midnights, in a fifth of the time that its clocks take.

    None where either day is near a change of clocks or outside the instant's year.
    """
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        return None
    _, midnights, odd = zone_year(zone, instant.year)
    day = bisect_right(midnights, instant) - 1
    last = len(midnights) - 1  # where it ends is not known here
    if not (0 <= day < last and 0 <= day + days <= last) or day in odd or day + days in odd:
        return None
    return midnights[day + days] + (instant - midnights[day])
