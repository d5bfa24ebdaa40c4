"""Open time over the years, in a table that grows on demand.

A `Timeline` answers from one `OpenTimeTable`, which covers a range of years. A question about
another year extends the range: `_covering` for a known instant, `_extend_later` and
`_extend_earlier` while a search has not found its answer. Each year is computed once and kept.
Growth ends at the supported years, so every search ends.

Tables are immutable, and a larger one replaces the old one in a single assignment. Several threads
may therefore share a calendar: at worst, two of them compute the same year.

The intervals of the first and the last year of a table may be incomplete at its ends, since a
night shift of the year before or after may be missing. The table therefore answers only for
instants that are at least `MARGIN` away from both ends.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore.calendar.engine._instants import check_year
from ticketcore.calendar.engine._intervals import Interval
from ticketcore.calendar.engine._table import EMPTY, OpenTimeTable, build
from ticketcore.errors import CalendarRangeError

# A year's intervals may run up to two days past its end: a night shift, plus the zone's offset.
MARGIN: Final = timedelta(days=3)


class OpenYear(NamedTuple):
    """The open intervals of one local year, sorted by start, and its working dates as ordinals.

    A shift past midnight belongs to the date on which it begins, at New Year too. Intervals may
    touch or overlap where a night shift runs into an exception.
    """

    intervals: list[Interval]
    dates: list[int]


class YearCache:
    """Years computed so far, and the current table.

    The cache is not part of the calendar's value: copying or pickling it gives an empty one.
    """

    def __init__(self) -> None:
        self.years: dict[int, OpenYear] = {}
        self.table = EMPTY

    def __reduce__(self) -> tuple[Callable[[], "YearCache"], tuple[()]]:
        return YearCache, ()


@frozen(kw_only=True)
class Timeline(ABC):
    """Open time in UTC, computed year by year as needed.

    The methods that return tables are for this package, not for users of a calendar.
    """

    _cache: YearCache = attrs.field(factory=YearCache, init=False, eq=False, repr=False)

    @property
    @abstractmethod
    def zone(self) -> ZoneInfo:
        """The zone whose local dates are the calendar's days."""

    @property
    @abstractmethod
    def supported_years(self) -> range:
        """The years for which the calendar has answers.

        Questions within days of either end raise CalendarRangeError.
        """

    @abstractmethod
    def _open_year(self, year: int) -> OpenYear:
        """Compute the open intervals of one local year.

        The first and the last may extend into a neighbouring year.
        """

    def _covering(self, instant: datetime) -> OpenTimeTable:
        """Return a table that covers *instant*."""
        table = self._cache.table
        if table.low <= instant < table.high:
            return table
        return self._extend_to(_years_around(instant, instant))

    def _covering_both(self, one: datetime, other: datetime) -> OpenTimeTable:
        """Return a table that covers both instants and everything between them."""
        table = self._cache.table
        low, high = (one, other) if one <= other else (other, one)
        if table.low <= low and high < table.high:
            return table
        return self._extend_to(_years_around(low, high))

    def _extend_later(self, table: OpenTimeTable, answer: datetime) -> OpenTimeTable:
        """Return a table that ends later, for an answer at *answer* or after.

        At least doubles the number of years, so that a distant answer takes few steps. Raises
        CalendarRangeError after the last supported year.
        """
        years, last = _years_of(table), self.supported_years[-1]
        if years[-1] >= last:
            raise _no_open_time(f"until the end of {last}")
        stop = max(min(years[-1] + len(years), last), answer.year)
        return self._extend_to(range(years[0], stop + 1))

    def _extend_earlier(self, table: OpenTimeTable, answer: datetime) -> OpenTimeTable:
        """Return a table that begins earlier, for an answer at *answer* or before.

        At least doubles the number of years. Raises CalendarRangeError before the first
        supported year.
        """
        years, first = _years_of(table), self.supported_years[0]
        if years[0] <= first:
            raise _no_open_time(f"back to the beginning of {first}")
        start = min(max(years[0] - len(years), first), answer.year)
        return self._extend_to(range(start, years[-1] + 1))

    def _extend_to(self, years: range) -> OpenTimeTable:
        """Return a table that covers *years* as well as the years of the current table.

        Raises CalendarRangeError outside 1900 to 2100.
        """
        for year in (years[0], years[-1]):
            check_year(year)
        current = self._cache.table
        if current is not EMPTY:
            known = _years_of(current)
            years = range(min(known[0], years[0]), max(known[-1], years[-1]) + 1)
        open_years = [self._year(year) for year in years]
        table = build(
            datetime(years[0], 1, 1, tzinfo=UTC) + MARGIN,
            datetime(years[-1] + 1, 1, 1, tzinfo=UTC) - MARGIN,
            (interval for year in open_years for interval in year.intervals),
            sorted({day for year in open_years for day in year.dates}),
        )
        self._cache.table = table
        return table

    def _year(self, year: int) -> OpenYear:
        years = self._cache.years
        if year not in years:
            years[year] = self._open_year(year)
        return years[year]


def _no_open_time(where: str) -> CalendarRangeError:
    return CalendarRangeError(
        f"the calendar has no further open time {where}: use a shorter span, or add hours there"
    )


def _years_around(low: datetime, high: datetime) -> range:
    """Return the years of two instants and of the days near them."""
    try:
        return range((low - MARGIN).year, (high + MARGIN).year + 1)
    except OverflowError:
        return range(low.year, high.year + 1)


def _years_of(table: OpenTimeTable) -> range:
    return range(table.low.year, table.high.year + 1)
