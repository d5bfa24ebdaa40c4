"""Zones and instants that love what goes wrong: DST days, weekend edges, odd offsets."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ticketcore.calendar import ClockChange
from ticketcore.testing.strategies._arguments import strategy

_FIRST, _LAST = 2024, 2028
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_EDGES = [timedelta(microseconds=m) for m in (0, -1, 1)] + [
    timedelta(seconds=sign * s) for s in (1, 60, 1800, 3600, 86_400) for sign in (1, -1)
]
_ZONES = (
    "UTC",
    "Europe/Rome",
    "Europe/Berlin",
    "America/Boise",
    "America/Los_Angeles",
    "America/St_Johns",  # half an hour off
    "America/Sao_Paulo",  # DST until 2019, at midnight
    "Africa/Casablanca",  # DST suspended in Ramadan
    "Africa/Cairo",  # changes at midnight
    "Asia/Kolkata",
    "Asia/Kathmandu",  # a quarter of an hour off
    "Australia/Lord_Howe",  # DST of half an hour
    "Pacific/Chatham",
    "Pacific/Apia",  # a day ahead of its neighbours
    "Pacific/Kiritimati",
)


def zones() -> st.SearchStrategy[str]:
    """IANA zones by name: UTC first, which examples shrink to; each of the rest as likely.

    Zones north and south, with DST of an hour, of half an hour, at midnight, and without;
    offsets that are not whole hours.
    """
    return st.sampled_from(_ZONES)


def instants(
    *,
    zone: st.SearchStrategy[str] | None = None,
    first: int = _FIRST,
    last: int = _LAST,
) -> st.SearchStrategy[datetime]:
    """Aware datetimes in UTC in the years *first* to *last*, both included, or a week beside.

    A third each: a whole minute anywhere; on or near a local midnight at which a weekend begins
    or ends; on or near a change of clocks (in a zone without one, near a new year). Near is up to
    a day off, most often a microsecond. *zone* draws the zone whose midnights and changes are
    meant. Raises ValueError for years that are none, or in the wrong order.
    """
    if not 1 < first <= last < 9999:
        raise ValueError(f"the years are {first} to {last}: give two of 2 to 9998, in order")
    return strategy("zone", zone, zones).flatmap(
        lambda name: st.one_of(
            _minutes(first, last), _weekend_edges(name, first, last), _changes(name, first, last)
        )
    )


# Composites, not maps: a failing example then shows the instant instead of how it was made.
@st.composite
def _minutes(draw: st.DrawFn, first: int, last: int) -> datetime:
    begin = datetime(first, 1, 1, tzinfo=UTC)
    minutes = (datetime(last + 1, 1, 1, tzinfo=UTC) - begin) // _MINUTE
    return begin + draw(st.integers(0, minutes - 1)) * _MINUTE


@st.composite
def _weekend_edges(draw: st.DrawFn, zone: str, first: int, last: int) -> datetime:
    day = draw(st.dates(date(first, 1, 1), date(last, 12, 31)))
    saturday = day - timedelta(days=(day.weekday() - 5) % 7)
    edge = saturday + timedelta(days=draw(st.sampled_from([0, 2])))  # or Monday
    midnight = datetime.combine(edge, time(), ZoneInfo(zone)).astimezone(UTC)
    return midnight + draw(st.sampled_from(_EDGES))


@st.composite
def _changes(draw: st.DrawFn, zone: str, first: int, last: int) -> datetime:
    found = [change.at for change in clock_changes(zone, first, last)]
    new_years = [datetime(year, 1, 1, tzinfo=UTC) for year in range(first, last + 1)]
    return draw(st.sampled_from(found or new_years)) + draw(st.sampled_from(_EDGES))


@lru_cache
def clock_changes(zone: str, first: int, last: int) -> tuple[ClockChange, ...]:
    """The changes of a zone's offset in these years, to the minute."""
    key = ZoneInfo(zone)
    begin = datetime(first, 1, 1, tzinfo=UTC)
    days = (datetime(last + 1, 1, 1, tzinfo=UTC) - begin) // _DAY
    found = []
    for start, end in pairwise(begin + n * _DAY for n in range(days + 1)):
        before, after = _offset(start, key), _offset(end, key)
        if before != after:
            minutes = (start + n * _MINUTE for n in range(1441))
            at = next(minute for minute in minutes if _offset(minute, key) == after)
            found.append(ClockChange(at=at, before=before, after=after))
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
