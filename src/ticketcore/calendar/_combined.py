"""Two calendars made one: open when both are, when either is, or when only the first is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from heapq import merge as in_order
from typing import Literal
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar._calendar import Calendar
from ticketcore.calendar._explanation import KnownHolidays, Skipped
from ticketcore.calendar._intervals import Interval, difference, intersection, merge
from ticketcore.calendar._table import Table
from ticketcore.calendar._year import OpenYear


@attrs.frozen(kw_only=True)
class CombinedCalendar(Calendar):
    """The intersection, union or difference of two calendars, in the zone of the first.

    It knows open time only, no shifts: each local date with open time is a working date.
    """

    how: Literal["and", "or", "minus"]
    left: Calendar
    right: Calendar

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the first calendar."""
        return self.left.zone

    @property
    def supported_years(self) -> range:
        """The years that both calendars know; each has to be asked a little further."""
        left, right = self.left.supported_years, self.right.supported_years
        return range(max(left.start, right.start) + 1, min(left.stop, right.stop) - 1)

    @property
    def known_holidays(self) -> tuple[KnownHolidays, ...]:
        """Those of both calendars."""
        both = self.left.known_holidays + self.right.known_holidays
        return tuple(dict.fromkeys(both))

    def closed_time(self, start: datetime, end: datetime) -> Iterator[Skipped]:
        """Yield why the first calendar is closed; where it is open, why that does not count."""
        first_open = self.left.intervals(start, end)
        pieces: list[Skipped] = []
        for begin, stop in difference([(start, end)], first_open):
            pieces += self.left.closed_time(begin, stop)
        for begin, stop in first_open:
            if self.how == "and":
                pieces += self.right.closed_time(begin, stop)
            else:
                pieces.append(Skipped(begin, stop, "other calendar", ""))
        yield from sorted(pieces)

    def _reach(self, years: range) -> Table:
        # Asked year by year, the two calendars would rebuild their tables as often.
        for calendar in (self.left, self.right):
            calendar._reach(range(years[0] - 1, years[-1] + 2))
        return super()._reach(years)

    def _open_year(self, year: int) -> OpenYear:
        begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        combined = list(self._combine(begin, end))
        return OpenYear(combined, _dates_of(combined, self.zone))

    def _combine(self, begin: datetime, end: datetime) -> Iterator[Interval]:
        left, right = self.left.intervals(begin, end), self.right.intervals(begin, end)
        match self.how:
            case "and":
                return intersection(left, right)
            case "or":
                return merge(in_order(left, right))
            case _:
                return difference(left, right)


def _dates_of(intervals: Sequence[Interval], zone: ZoneInfo) -> list[int]:
    """Return the local dates that the intervals touch, as ordinals."""
    dates: set[int] = set()
    for begin, end in intervals:
        last = (end - datetime.resolution).astimezone(zone)
        dates.update(range(begin.astimezone(zone).toordinal(), last.toordinal() + 1))
    return sorted(dates)
