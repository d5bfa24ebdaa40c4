"""Wall clocks: what a local time means in UTC, and on which days a zone changes its clocks.

Three rules are kept here.
A local time inside a DST gap is the transition: the first instant after the gap.
A local time that occurs twice opens at its first occurrence and closes after its last.
Elapsed time is UTC time, so a day has 23, 24 or 25 hours as its clocks have it.
"""

from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import attrs

from ticketcore.calendar._instants import DAY, beyond_datetime
from ticketcore.errors import CalendarError

SECOND: Final = timedelta(seconds=1)

# Files beside the zones: they say what this machine is set to, or count leap seconds.
_NO_ZONES: Final = ("localtime", "posixrules", "posix/", "right/")
_EXAMPLE: Final = "give an IANA name such as 'Europe/Berlin'"


class ClockChange(NamedTuple):
    """A change of a zone's offset: at the instant `at` (UTC), from `before` to `after`."""

    at: datetime
    before: timedelta
    after: timedelta


def zone_of(zone: str | ZoneInfo) -> ZoneInfo:
    """Return the IANA zone of that name.

    Raises:
        CalendarError: there is no such zone, or it has no name to be stored and compared by.

    """
    if isinstance(zone, ZoneInfo) and zone.key is not None:
        return zone
    if not isinstance(zone, str):
        raise CalendarError(f"{zone!r} is not a zone: {_EXAMPLE}")
    try:
        if not zone.startswith(_NO_ZONES):
            return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise CalendarError(f"there is no zone {zone!r}: {_right_zone(zone)}")


@lru_cache(maxsize=64)  # one mistake may stand in every ticket of a log
def _right_zone(zone: str) -> str:
    """Ask for the zone whose name is nearest, in whatever letters."""
    names = (name for name in available_timezones() if not name.startswith(_NO_ZONES))
    folded = {name.casefold(): name for name in sorted(names)}
    near = get_close_matches(zone.casefold(), folded, n=1)
    return f"did you mean {folded[near[0]]!r}?" if near else _EXAMPLE


def from_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which the zone's clocks first show the naive `local` time.

    A time inside a gap is never shown: its instant is the transition.

    Raises:
        CalendarRangeError: it is within a day of year 1 or year 9999 and has no UTC form.

    """
    first, last = _offset(local, zone), _offset(local.replace(fold=1), zone)
    try:
        if first < last:
            return _transition(zone, local - last, local - first)
        return (local - first).replace(tzinfo=UTC)
    except OverflowError:
        raise beyond_datetime(f"{local} in {zone.key}") from None


def close_of_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant from which the zone's clocks never again show less than `local`.

    That is the last occurrence of a time that comes twice. But the time at which the repeated
    hour begins is over at its first: all that follows shows that time or more.
    """
    first, last = _offset(local, zone), _offset(local.replace(fold=1), zone)
    if first > last:
        before = local - datetime.resolution
        repeated = _offset(before, zone) != _offset(before.replace(fold=1), zone)
        return (local - (last if repeated else first)).replace(tzinfo=UTC)
    return from_local(local, zone)


def _offset(local: datetime, zone: ZoneInfo) -> timedelta:
    offset = zone.utcoffset(local)
    assert offset is not None
    return offset


def offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    """Return the zone's offset at a UTC instant."""
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _transition(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find the one change of offset in (low, high], naive UTC: it comes at a whole second."""
    low = low.replace(microsecond=0, tzinfo=UTC)
    before = offset_at(low, zone)
    unchanged, changed = 0, (high.replace(tzinfo=UTC) - low) // SECOND
    while changed - unchanged > 1:
        middle = (unchanged + changed) // 2
        if offset_at(low + middle * SECOND, zone) == before:
            unchanged = middle
        else:
            changed = middle
    return low + changed * SECOND


@attrs.frozen
class ZoneYear:
    """The days of one local year: the first as an ordinal, the UTC instant of each midnight, and
    which days are odd.

    `odd` are indices of days near a change of clocks. On all others a time of day, past
    midnight too, is its midnight plus so much.
    """

    first: int
    midnights: list[datetime]
    odd: frozenset[int]


@lru_cache(maxsize=1024)
def zone_year(zone: ZoneInfo, year: int) -> ZoneYear:
    """Return the days of a local year. Calendars of one zone share the answer.

    Clocks do not change at noon: a day is steady when they agree from the noon before it
    to the noon two days after it, as a day's hours may end at 48:00.
    """
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    start = datetime.combine(first, time(12))
    offsets = [_offset(start + DAY * index, zone) for index in range(-1, length + 2)]
    start = datetime.combine(first, time(), UTC)
    changes = [n for n, (a, b) in enumerate(pairwise(offsets)) if a != b]
    return ZoneYear(
        first.toordinal(),
        [start + DAY * index - offset for index, offset in enumerate(offsets[1:-2])],
        frozenset(near for n in changes for near in (n - 2, n - 1, n)),
    )


def changes_between(zone: ZoneInfo, low: datetime, high: datetime) -> tuple[ClockChange, ...]:
    """Return the changes of offset in (low, high], both UTC, in order."""
    found = []
    day, before = low, offset_at(low, zone)
    while day < high:
        following = min(day + DAY, high)
        after = offset_at(following, zone)
        if after != before:
            found.append(ClockChange(_transition(zone, day, following), before, after))
        day, before = following, after
    return tuple(found)
