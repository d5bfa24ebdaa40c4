"""Convert local times to UTC, and find the days on which a zone changes its clocks.

Clocks that go forward skip local times (the gap); clocks that go back show some of them twice
(the repeated hour). Three rules settle what a local time means then:

1. A time in the gap is the transition, the first instant after the gap.
2. An opening in the repeated hour begins at its first occurrence and ends at its last.
3. Elapsed time is UTC time, so a day has 23, 24 or 25 hours.

`zone_year` makes this cheap. It returns the UTC instant of each local midnight of a year, and the
few days near a change of clocks. On every other day, the UTC instant of a time of day is that
day's midnight plus the time, so the zone is not needed.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar.engine._instants import DAY, outside_datetime
from ticketcore.calendar.engine._messages import did_you_mean, quoted
from ticketcore.errors import CalendarError

_SECOND: Final = timedelta(seconds=1)

# Files in the zone database that are not zones: no setting ("Factory" says "-00", an unknown local
# time), the machine's own setting, and leap seconds.
_NOT_ZONES: Final = ("Factory", "localtime", "posixrules", "posix/", "right/")
_EXAMPLE: Final = 'give an IANA name such as "Europe/Berlin"'


class ClockChange(NamedTuple):
    """A change of a zone's UTC offset: at the instant `at` (UTC), from `before` to `after`."""

    at: datetime
    before: timedelta
    after: timedelta


def zone_of(zone: str | ZoneInfo) -> ZoneInfo:
    """Return the IANA zone with this name.

    Raises:
        CalendarError: the name is unknown, or the `ZoneInfo` has no name by which it could be
            stored and compared.

    """
    name = zone.key if isinstance(zone, ZoneInfo) else zone
    if not isinstance(name, str):
        raise CalendarError(f"{quoted(zone)} is not a zone: {_EXAMPLE}")
    try:
        if not name.startswith(_NOT_ZONES):
            return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise CalendarError(f"unknown zone {quoted(name)}: {_suggestion(name)}")


@lru_cache(maxsize=64)  # every ticket of a log may have the same wrong zone
def _suggestion(zone: str) -> str:
    """Return a question for the zone with the most similar name, ignoring case."""
    names = (name for name in available_timezones() if not name.startswith(_NOT_ZONES))
    return did_you_mean(zone, sorted(names)) or _EXAMPLE


@typed
def from_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which the zone's clocks first show the naive time *local*.

    For a time in the gap this is the transition.

    Raises:
        CalendarRangeError: the result lies outside the years 1 to 9999.

    """
    first, last = _offset(local, zone), _offset(local.replace(fold=1), zone)
    try:
        if first < last:
            return _transition(zone, local - last, local - first)
        return (local - first).replace(tzinfo=UTC)
    except OverflowError:
        raise outside_datetime(f"{local} in {zone.key}") from None


def end_of_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant from which the zone's clocks never again show less than *local*.

    For a time in the repeated hour this is its last occurrence. The time at which the repeated
    hour begins is an exception: its first occurrence ends it, since the clocks show that time or
    more from then on.
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
    """Find the one change of offset in (low, high], given as naive UTC, to the second."""
    low = low.replace(microsecond=0, tzinfo=UTC)
    before = offset_at(low, zone)
    unchanged, changed = 0, (high.replace(tzinfo=UTC) - low) // _SECOND
    while changed - unchanged > 1:
        middle = (unchanged + changed) // 2
        if offset_at(low + middle * _SECOND, zone) == before:
            unchanged = middle
        else:
            changed = middle
    return low + changed * _SECOND


@frozen
class ZoneYear(Value):
    """The days of one local year.

    `first` is the first day as an ordinal, `midnights` the UTC instant at which each day begins.
    `irregular` holds the indices of days near a change of clocks. On every other day, a time of
    day (up to 48:00) is the day's midnight plus that time.
    """

    first: int
    midnights: list[datetime]
    irregular: frozenset[int]


@lru_cache(maxsize=1024)
def zone_year(zone: ZoneInfo, year: int) -> ZoneYear:
    """Return the days of a local year. All calendars in one zone share the result.

    No zone changes its clocks at noon. A day is regular if the offset is the same from the noon
    before it to the noon two days after it, since the hours of a day may end at 48:00.
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
