"""Hypothesis strategies for calendars, instants and spans, often near a change of clocks."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar, Calendar

# Gaps and repeated hours of an hour and of half an hour, at night and at midnight; a negative
# DST (Dublin), one that pauses for Ramadan (Casablanca, Cairo), a date that never was (Apia).
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
    "Asia/Tehran",
    "America/Sao_Paulo",
    "America/Havana",
)
FIRST, LAST = datetime(2005, 1, 1, tzinfo=UTC), datetime(2024, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@attrs.frozen
class Rules:
    """The rules of a calendar in minutes after midnight, as the oracle reads them."""

    zone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    special: tuple[tuple[date, tuple[tuple[int, int], ...]], ...]

    def calendar(self) -> BusinessCalendar:
        """Return the calendar of these rules: empty special days as holidays, others as hours."""
        return BusinessCalendar(
            zone=self.zone,
            hours={day: _openings(o) for day, o in zip(WEEKDAYS, self.week, strict=True)},
            holidays=[day for day, openings in self.special if not openings],
            exceptions={day: _openings(openings) for day, openings in self.special if openings},
        )


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _openings(openings: tuple[tuple[int, int], ...]) -> list[tuple[str, str]]:
    return [(_time(start), _time(end)) for start, end in openings]


def _time(minutes: int) -> str:
    # Hour 24 is allowed for midnight only; later times are written as those of the morning.
    minutes = minutes - 1440 if 1440 < minutes < 1500 else minutes
    return f"{minutes // 60:02}:{minutes % 60:02}"


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Return the instants at which a zone's offset changes, exact to a quarter of an hour."""
    clock, step = ZoneInfo(zone), timedelta(minutes=15)
    days = [FIRST + DAY * n for n in range((LAST - FIRST).days)]
    offsets = [day.astimezone(clock).utcoffset() for day in days]
    found = []
    for day, before, after in zip(days, offsets, offsets[1:], strict=False):
        if before != after:
            quarters = (day + step * n for n in range(1, 97))
            found.append(next(q for q in quarters if q.astimezone(clock).utcoffset() == after))
    return tuple(found) or (FIRST + 100 * DAY,)


def instants(zone: str) -> st.SearchStrategy[datetime]:
    """Return whole minutes, many of them within days of a change of clocks."""
    near = st.builds(
        lambda change, minutes: change + minutes * MINUTE,
        st.sampled_from(changes(zone)),
        st.integers(-3 * 1440, 3 * 1440),
    )
    anywhere = st.integers(0, (LAST - FIRST) // MINUTE).map(lambda n: FIRST + n * MINUTE)
    return near | anywhere


# Times in the first hours of a day are drawn more often: there the clocks change.
_times = st.integers(0, 16).map(lambda n: 15 * n) | st.integers(0, 96).map(lambda n: 15 * n)


@st.composite
def _days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Return the openings of a day between 00:00 and 24:00, apart or touching."""
    edges = sorted(draw(st.sets(_times, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def rules(draw: st.DrawFn, zone: str | None = None) -> Rules:
    """Return rules that open at least once a week, some with shifts past midnight."""
    zone = zone or draw(st.sampled_from(ZONES))
    week = draw(st.lists(_days(), min_size=7, max_size=7).filter(any))
    if draw(st.booleans()):
        week = [_into_the_night(day, week[(n + 1) % 7]) for n, day in enumerate(week)]
    near = draw(st.sampled_from(changes(zone))).date()
    special = draw(st.dictionaries(st.integers(-9, 9).map(lambda n: near + n * DAY), _days()))
    return Rules(zone, tuple(week), tuple(sorted(special.items())))


def _into_the_night(
    day: tuple[tuple[int, int], ...], following: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    first = following[0][0] if following else 1440
    if not day or day[-1][1] > 1380 or first < 150:
        return day
    return (*day, (1380, 1440 + 150))


calendars = st.builds(Rules.calendar, rules())


@st.composite
def combined(draw: st.DrawFn) -> Calendar:
    """Return a calendar, or a combination of two."""
    one, other = draw(calendars), draw(calendars)
    return draw(st.sampled_from([one, one | other, one & (one | other)]))


@st.composite
def situations(draw: st.DrawFn) -> tuple[BusinessCalendar, datetime, datetime]:
    """Return a calendar and two instants, often near a change of its clocks."""
    drawn = draw(rules())
    one, other = draw(instants(drawn.zone)), draw(instants(drawn.zone))
    return drawn.calendar(), one, other


spans = st.integers(1, 40 * 24 * 3600 * 10**6).map(lambda n: timedelta(microseconds=n)) | (
    st.integers(1, 6000).map(lambda n: n * MINUTE)
)
