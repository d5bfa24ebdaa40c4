"""Calendars, and combinations of two calendars."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge as merge_sorted
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never
from zoneinfo import ZoneInfo

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.limits import MAX_COMBINED
from ticketcore.calendar._deadlines import Deadlines
from ticketcore.calendar._landing import Boundary, Roll
from ticketcore.calendar._span import Span
from ticketcore.calendar.definition._closed_time import ClosedTime, KnownHolidays
from ticketcore.calendar.engine._instants import DAY, check_year
from ticketcore.calendar.engine._intervals import Interval, difference, intersection, merge
from ticketcore.calendar.engine._table import OpenTimeTable
from ticketcore.calendar.engine._timeline import OpenYear
from ticketcore.calendar.engine._zones import from_local
from ticketcore.calendar.explanation._explain import Landing, explain, explain_chain
from ticketcore.calendar.explanation._explanation import Explanation
from ticketcore.errors import CalendarError

if TYPE_CHECKING:
    from ticketcore.calendar.bulk._bulk import Bulk

Combination: TypeAlias = Literal["intersection", "union", "difference"]


class Calendar(Deadlines):
    """Business time: when it is open, arithmetic in open time, and explanations of the results.

    `BusinessCalendar` is the calendar to configure. Calendars combine with `&` (open when both
    are), `|` (open when either is) and `-` (open when the first is and the second is not), 20 of
    them at most.
    """

    __slots__ = ()

    def explain(
        self,
        start: datetime,
        span: Span | timedelta | str,
        *,
        boundary: Boundary = "close",
        roll: Roll | None = None,
        at_time: str | time | None = None,
    ) -> Explanation:
        """Explain the result of `due`: the time that counts, the time that does not, and why.

        A text is parsed as a span. A timedelta is open time and may be negative.
        """
        return explain(self, start, span, boundary, Landing(roll, at_time))

    def explain_chain(
        self,
        start: datetime,
        spans: Sequence[Span],
        *,
        boundary: Boundary = "close",
        roll: Roll | None = None,
        at_time: str | time | None = None,
    ) -> tuple[Explanation, ...]:
        """Explain each span of a chain. Only the last one lands by *roll* and *at_time*."""
        return explain_chain(self, start, spans, boundary, Landing(roll, at_time))

    @property
    def _parts(self) -> int:
        """The number of calendars that this one combines."""
        return 1

    def bulk(self) -> "Bulk":
        """Return the operations on numpy arrays. Needs the extra `ticketcore[bulk]`."""
        from ticketcore.calendar.bulk._bulk import Bulk

        return Bulk(self)

    def __and__(self, other: "Calendar") -> "Calendar":
        """Return the calendar that is open when both are."""
        return self._combine("intersection", other)

    def __or__(self, other: "Calendar") -> "Calendar":
        """Return the calendar that is open when either is."""
        return self._combine("union", other)

    def __sub__(self, other: "Calendar") -> "Calendar":
        """Return the calendar that is open when this one is and the other is not."""
        return self._combine("difference", other)

    def _combine(self, combination: Combination, other: "Calendar") -> "Calendar":
        if not isinstance(other, Calendar):
            return NotImplemented
        if self._parts + other._parts > MAX_COMBINED:
            raise CalendarError(f"a calendar can combine {MAX_COMBINED} calendars, and no more")
        return CombinedCalendar(combination=combination, left=self, right=other)


@frozen(kw_only=True)
class CombinedCalendar(Calendar, Value):
    """The intersection, union or difference of two calendars, in the zone of the first.

    It has open time but no shifts: each local date with open time is a working date.
    """

    combination: Combination
    left: Calendar
    right: Calendar

    @property
    def _parts(self) -> int:
        return self.left._parts + self.right._parts

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the first calendar."""
        return self.left.zone

    @property
    def supported_years(self) -> range:
        """The years that both calendars support, less one at either end.

        Near the end of a year the combination also asks both calendars about the next year.
        """
        left, right = self.left.supported_years, self.right.supported_years
        return range(max(left.start, right.start) + 1, min(left.stop, right.stop) - 1)

    @property
    def known_holidays(self) -> tuple[KnownHolidays, ...]:
        """The sources of both calendars."""
        both = self.left.known_holidays + self.right.known_holidays
        return tuple(dict.fromkeys(both))

    def make_up_days(self, start: date, end: date) -> tuple[date, ...]:
        """Return the make-up days of either calendar."""
        both = {*self.left.make_up_days(start, end), *self.right.make_up_days(start, end)}
        return tuple(sorted(both))

    def closed_time(self, start: datetime, end: datetime) -> Iterator[ClosedTime]:
        """Yield why the first calendar is closed; where it is open, why that does not count."""
        first_open = self.left.intervals(start, end)
        pieces: list[ClosedTime] = []
        for begin, stop in difference([(start, end)], first_open):
            pieces += self.left.closed_time(begin, stop)
        for begin, stop in first_open:
            pieces += self._closed_by_other(begin, stop)
        yield from sorted(pieces)

    def _closed_by_other(self, begin: datetime, end: datetime) -> Iterator[ClosedTime]:
        """Yield why the combination is closed although the first calendar is open."""
        match self.combination:
            case "intersection":
                yield from self.right.closed_time(begin, end)
            case "union" | "difference":
                yield ClosedTime(begin, end, "other calendar", "")
            case _:
                assert_never(self.combination)

    def _hours_of(self, day: date) -> Interval:
        midnights = [datetime.combine(day + n * DAY, time()) for n in (0, 1)]
        begin, end = (from_local(midnight, self.zone) for midnight in midnights)
        return begin, end

    def _extend_to(self, years: range) -> OpenTimeTable:
        for year in (years[0], years[-1]):
            check_year(year, self.supported_years)
        # Asking year by year would make both calendars rebuild their tables each time.
        for calendar in (self.left, self.right):
            calendar._extend_to(range(years[0] - 1, years[-1] + 2))
        return super()._extend_to(years)

    def _open_year(self, year: int) -> OpenYear:
        begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        combined = list(self._open_between(begin, end))
        return OpenYear(combined, _dates_of(combined, self.zone))

    def _open_between(self, begin: datetime, end: datetime) -> Iterator[Interval]:
        left, right = self.left.intervals(begin, end), self.right.intervals(begin, end)
        match self.combination:
            case "intersection":
                return intersection(left, right)
            case "union":
                return merge(merge_sorted(left, right))
            case "difference":
                return difference(left, right)
            case _:
                assert_never(self.combination)


def _dates_of(intervals: Sequence[Interval], zone: ZoneInfo) -> list[int]:
    """Return the local dates on which the intervals have time, as ordinals."""
    dates: set[int] = set()
    for begin, end in intervals:
        last = (end - datetime.resolution).astimezone(zone)
        dates.update(range(begin.astimezone(zone).toordinal(), last.toordinal() + 1))
    return sorted(dates)
