"""Zones and instants where time goes wrong: clock changes, edges of weekends, odd offsets."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ticketcore.calendar import ClockChange
from ticketcore.testing.strategies._arguments import strategy_or_default

FIRST_YEAR, LAST_YEAR = 2024, 2028
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_OFFSETS = [timedelta(microseconds=m) for m in (0, -1, 1)] + [
    timedelta(seconds=sign * s) for s in (1, 60, 1800, 3600, 86_400) for sign in (1, -1)
]
_ZONES = (
    "UTC",
    "Europe/Rome",
    "Europe/Berlin",
    "America/Boise",
    "America/Los_Angeles",
    "America/St_Johns",  # offset of half an hour
    "America/Sao_Paulo",  # DST until 2019, changed at midnight
    "Africa/Casablanca",  # DST suspended in Ramadan
    "Africa/Cairo",  # changes at midnight
    "Asia/Kolkata",
    "Asia/Kathmandu",  # offset of a quarter of an hour
    "Australia/Lord_Howe",  # DST of half an hour
    "Pacific/Chatham",
    "Pacific/Apia",  # a day ahead of its neighbours
    "Pacific/Kiritimati",
)


def zones() -> st.SearchStrategy[str]:
    """Draw IANA names of time zones; examples shrink to UTC.

    Among them are zones north and south, with DST of an hour, of half an hour, at midnight, and
    without DST, and zones whose offset is not a whole hour.
    """
    return st.sampled_from(_ZONES)


def instants(
    *,
    zone: st.SearchStrategy[str] | None = None,
    first: int = FIRST_YEAR,
    last: int = LAST_YEAR,
) -> st.SearchStrategy[datetime]:
    """Draw UTC datetimes in the years *first* to *last*, both included, or up to a week outside.

    A third each are whole minutes; instants at or near a local midnight at which a weekend begins
    or ends; and instants at or near a clock change (in a zone without one: a new year). "Near"
    means up to a day, most often a microsecond. *zone* draws the zone of the midnights and clock
    changes. Raises ValueError for years outside 2 to 9998, or in the wrong order, and TypeError
    for anything but whole numbers.
    """
    for year in (first, last):
        if not isinstance(year, int):
            raise TypeError(f"first and last are years such as 2026, not {year!r}")
    if not 1 < first <= last < 9999:
        raise ValueError(f"the years are {first} to {last}: give them in order, from 2 to 9998")
    return strategy_or_default("zone", zone, zones).flatmap(
        lambda name: st.one_of(
            _whole_minutes(first, last),
            _near_weekend_edges(name, first, last),
            _near_clock_changes(name, first, last),
        )
    )


# Composites, not maps: a failing example then shows the instant instead of how it was made.
@st.composite
def _whole_minutes(draw: st.DrawFn, first: int, last: int) -> datetime:
    begin = datetime(first, 1, 1, tzinfo=UTC)
    minutes = (datetime(last + 1, 1, 1, tzinfo=UTC) - begin) // _MINUTE
    return begin + draw(st.integers(0, minutes - 1)) * _MINUTE


@st.composite
def _near_weekend_edges(draw: st.DrawFn, zone: str, first: int, last: int) -> datetime:
    day = draw(st.dates(date(first, 1, 1), date(last, 12, 31)))
    saturday = day - timedelta(days=(day.weekday() - 5) % 7)
    saturday_or_monday = saturday + timedelta(days=draw(st.sampled_from([0, 2])))
    midnight = datetime.combine(saturday_or_monday, time(), ZoneInfo(zone)).astimezone(UTC)
    return midnight + draw(st.sampled_from(_OFFSETS))


@st.composite
def _near_clock_changes(draw: st.DrawFn, zone: str, first: int, last: int) -> datetime:
    changes = [change.at for change in clock_changes(zone, first, last)]
    new_years = [datetime(year, 1, 1, tzinfo=UTC) for year in range(first, last + 1)]
    return draw(st.sampled_from(changes or new_years)) + draw(st.sampled_from(_OFFSETS))


@lru_cache(maxsize=1024)
def clock_changes(zone: str, first: int, last: int) -> tuple[ClockChange, ...]:
    """Return the changes of a zone's offset in these years, exact to the minute."""
    tzinfo = ZoneInfo(zone)
    begin = datetime(first, 1, 1, tzinfo=UTC)
    days = (datetime(last + 1, 1, 1, tzinfo=UTC) - begin) // _DAY
    changes = []
    for start, end in pairwise(begin + n * _DAY for n in range(days + 1)):
        before, after = _offset(start, tzinfo), _offset(end, tzinfo)
        if before != after:
            minutes = (start + n * _MINUTE for n in range(1441))
            at = next(minute for minute in minutes if _offset(minute, tzinfo) == after)
            changes.append(ClockChange(at=at, before=before, after=after))
    return tuple(changes)


_REPEATING = (  # one for each instant of 2026 at which clocks go back
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Halifax",
    "America/St_Johns",
    "America/Santiago",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Jerusalem",
    "Asia/Beirut",
    "Africa/Cairo",
    "Africa/Casablanca",
)


def repeated_times(after: datetime) -> list[datetime]:
    """Return the next instant in each of some zones whose local time has been once before.

    A database that stores local times without an offset reads it an hour too early.
    """
    found = []
    year = min(after.year, 9997)
    for zone in _REPEATING:
        changes = clock_changes(zone, year, year + 1)
        back = (change for change in changes if change.after < change.before)
        repeated = (change.at + (change.before - change.after) / 2 for change in back)
        found += [at for at in repeated if at > after][:1]
    return found


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
