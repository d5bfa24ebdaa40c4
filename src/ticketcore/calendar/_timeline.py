"""A table that grows by years as far as it is asked, and no further than the horizon.

Tables are values. A grown one takes the place of the old in one assignment, so threads may
read and grow at the same time: at worst two of them build the same year.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar._horizon import FIRST_YEAR, LAST_YEAR
from ticketcore.calendar._table import EMPTY, Table, build
from ticketcore.calendar._year import OpenYear
from ticketcore.errors import CalendarRangeError

# A year's intervals reach past its end by a shift of up to a day and an offset of up to another.
MARGIN: Final = timedelta(days=3)


class Memo:
    """What a calendar has found so far: no part of its value, so never copied or pickled."""

    def __init__(self) -> None:
        self.years: dict[int, OpenYear] = {}
        self.table = EMPTY

    def __reduce__(self) -> tuple[Callable[[], "Memo"], tuple[()]]:
        return Memo, ()


@attrs.frozen(eq=False, kw_only=True)
class Timeline(ABC):
    """Open time in UTC, found year by year."""

    _memo: Memo = attrs.field(factory=Memo, init=False, eq=False, repr=False)

    @property
    @abstractmethod
    def zone(self) -> ZoneInfo:
        """The zone whose dates are the calendar's days."""

    @property
    @abstractmethod
    def supported_years(self) -> range:
        """The years that the calendar knows; answers near the ends of the range are refused."""

    @abstractmethod
    def _open_year(self, year: int) -> OpenYear:
        """Find the open intervals of one year, which may begin and end near its ends."""

    def _covering(self, instant: datetime) -> Table:
        """Return a table that is right about the instant."""
        table = self._memo.table
        if table.low <= instant < table.high:
            return table
        return self._reach(_years_about(instant, instant))

    def _covering_both(self, one: datetime, other: datetime) -> Table:
        """Return a table that is right about both instants and all between."""
        table = self._memo.table
        low, high = (one, other) if one <= other else (other, one)
        if table.low <= low and high < table.high:
            return table
        return self._reach(_years_about(low, high))

    def _later(self, table: Table, answer: datetime) -> Table:
        """Return a table that ends later, for an answer at `answer` or after.

        It has at least as many years again, so that few steps go far.
        """
        years, end = _years_of(table), self.supported_years[-1]
        if years[-1] >= end:
            raise _found_nothing(f"up to the end of {end}")
        stop = max(min(years[-1] + len(years), end), answer.year)
        return self._reach(range(years[0], stop + 1))

    def _earlier(self, table: Table, answer: datetime) -> Table:
        """Return a table that begins earlier, for an answer at `answer` or before."""
        years, begin = _years_of(table), self.supported_years[0]
        if years[0] <= begin:
            raise _found_nothing(f"back to the beginning of {begin}")
        start = min(max(years[0] - len(years), begin), answer.year)
        return self._reach(range(start, years[-1] + 1))

    def _reach(self, years: range) -> Table:
        """Return a table of these years and of those that the present one has."""
        if years[0] < FIRST_YEAR or years[-1] > LAST_YEAR:
            asked = years[0] if years[0] < FIRST_YEAR else years[-1]
            raise CalendarRangeError(
                f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}, not to {asked}: "
                f"ask about an instant or a span inside"
            )
        present = self._memo.table
        if present is not EMPTY:
            known = _years_of(present)
            years = range(min(known[0], years[0]), max(known[-1], years[-1]) + 1)
        found = [self._year(year) for year in years]
        table = build(
            datetime(years[0], 1, 1, tzinfo=UTC) + MARGIN,
            datetime(years[-1] + 1, 1, 1, tzinfo=UTC) - MARGIN,
            (interval for year in found for interval in year.intervals),
            sorted({day for year in found for day in year.dates}),
        )
        self._memo.table = table
        return table

    def _year(self, year: int) -> OpenYear:
        years = self._memo.years
        if year not in years:
            years[year] = self._open_year(year)
        return years[year]


def _found_nothing(where: str) -> CalendarRangeError:
    return CalendarRangeError(
        f"nothing found {where}, as far as the calendar reaches: "
        f"ask for a shorter span, or check that the calendar opens there"
    )


def _years_about(low: datetime, high: datetime) -> range:
    try:
        return range((low - MARGIN).year, (high + MARGIN).year + 1)
    except OverflowError:
        return range(low.year, high.year + 1)


def _years_of(table: Table) -> range:
    return range(table.low.year, table.high.year + 1)
