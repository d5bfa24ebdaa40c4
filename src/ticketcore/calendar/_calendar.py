"""The operations that every calendar has, combined ones too."""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal

import attrs

from ticketcore.calendar import _due, _working_days
from ticketcore.calendar._boundary import Boundary, Roll, is_next_open, rolls_forward
from ticketcore.calendar._explain import explain
from ticketcore.calendar._explanation import Explanation, KnownHolidays, Skipped
from ticketcore.calendar._instants import LONGEST, NOTHING, beyond_datetime, moved, utc
from ticketcore.calendar._intervals import Interval
from ticketcore.calendar._same_time import days_later
from ticketcore.calendar._span import Span
from ticketcore.calendar._table import Table
from ticketcore.calendar._timeline import Timeline

if TYPE_CHECKING:
    from ticketcore.calendar._bulk import Bulk


@attrs.frozen(eq=False, kw_only=True)
class Calendar(Timeline):
    """Business time: when it is open, and arithmetic in open time.

    Every instant handed in is an aware datetime in any zone; every instant handed out is UTC.
    All operations raise NaiveDatetimeError for an instant without an offset, and
    CalendarRangeError where the answer lies outside the years 1900 to 2100, or beyond the known
    holidays.
    """

    def add(self, start: datetime, span: timedelta, boundary: Boundary = "close") -> datetime:
        """Return the instant by which `span` of open time has passed since `start`.

        Open time used up exactly at closing ends there, or with `boundary="next-open"` at the next
        opening. A negative span is subtracted; adding nothing moves to the next open moment.
        """
        if span <= NOTHING:
            return self.subtract(start, -span, boundary) if span else self.next_open(start)
        if span > LONGEST:
            raise beyond_datetime(f"{span} after {start}")
        find = (
            Table.earliest if boundary == "close" or not is_next_open(boundary) else Table.latest
        )
        instant = utc(start)
        table = self._covering(instant)
        while (found := find(table, table.position(instant) + span)) is None:
            table = self._later(table, moved(instant, span))
        return found

    def subtract(self, start: datetime, span: timedelta, boundary: Boundary = "close") -> datetime:
        """Return the instant from which `span` of open time passes until `start`.

        The mirror of `add`: open time used up exactly at opening ends there, or with
        `boundary="next-open"` goes back to the closing before. Subtracting nothing is adding
        nothing.
        """
        if span <= NOTHING:
            return self.add(start, -span, boundary)
        if span > LONGEST:
            raise beyond_datetime(f"{span} before {start}")
        find = (
            Table.latest if boundary == "close" or not is_next_open(boundary) else Table.earliest
        )
        instant = utc(start)
        table = self._covering(instant)
        while (found := find(table, table.position(instant) - span)) is None:
            table = self._earlier(table, moved(instant, -span))
        return found

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`; negative when `end` comes first."""
        start = utc(start)
        end = utc(end)
        table = self._covering_both(start, end)
        return table.position(end) - table.position(start)

    def is_open(self, instant: datetime) -> bool:
        """Tell whether it is open: from the opening instant on, no longer at the closing one."""
        instant = utc(instant)
        table = self._covering(instant)
        index = bisect_right(table.opens, instant) - 1
        return index >= 0 and instant < table.closes[index]

    def next_open(self, instant: datetime) -> datetime:
        """Return the instant itself when open, or the next opening."""
        instant = utc(instant)
        table = self._covering(instant)
        index = bisect_right(table.opens, instant) - 1
        if index >= 0 and instant < table.closes[index]:
            return instant
        while not (opens := table.opens[index + 1 : index + 2]) or opens[0] >= table.high:
            table = self._later(table, instant)
            index = bisect_right(table.opens, instant) - 1
        return opens[0]

    def next_close(self, instant: datetime) -> datetime:
        """Return the first closing after the instant."""
        instant = utc(instant)
        table = self._covering(instant)
        index = bisect_right(table.closes, instant)
        while not (closes := table.closes[index : index + 1]) or closes[0] > table.high:
            table = self._later(table, instant)
            index = bisect_right(table.closes, instant)
        return closes[0]

    def previous_close(self, instant: datetime) -> datetime:
        """Return the last closing up to the instant, which may be the instant itself."""
        instant = utc(instant)
        table = self._covering(instant)
        while (index := bisect_right(table.closes, instant) - 1) < 0 or (
            table.closes[index] < table.low
        ):
            table = self._earlier(table, instant)
        return table.closes[index]

    def intervals(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return the open intervals from `start` to `end`, cut at both; none when reversed."""
        start, end = utc(start), utc(end)
        return self._covering_both(start, end).within(start, end)

    def add_days(self, start: datetime, count: int) -> datetime:
        """Return the same local time that many working days later, or the next open moment.

        The first working day after a closed day is one day later: from Saturday it is Monday.
        A negative count is subtracted; adding nothing moves to the next open moment.
        """
        if count <= 0:
            return self.subtract_days(start, -count) if count else self.next_open(start)
        return self.next_open(self._same_time(start, count))

    def subtract_days(self, start: datetime, count: int) -> datetime:
        """Return the same local time that many working days before, or the last open moment."""
        if count <= 0:
            return self.add_days(start, -count)
        found = self._same_time(start, -count)
        return found if self.is_open(found) else self.previous_close(found)

    def _same_time(self, start: datetime, count: int) -> datetime:
        instant = utc(start)
        step = partial(_working_days.step, self, instant)
        try:
            return days_later(instant, count, self.zone, step)
        except OverflowError:
            raise beyond_datetime(f"{count} working days after {start}") from None

    def __and__(self, other: "Calendar") -> "Calendar":
        """Return the calendar that is open when both are."""
        if not isinstance(other, Calendar):
            return NotImplemented
        return _combined("and", self, other)

    def __or__(self, other: "Calendar") -> "Calendar":
        """Return the calendar that is open when either is."""
        if not isinstance(other, Calendar):
            return NotImplemented
        return _combined("or", self, other)

    def __sub__(self, other: "Calendar") -> "Calendar":
        """Return the calendar that is open when this one is and the other is not."""
        if not isinstance(other, Calendar):
            return NotImplemented
        return _combined("minus", self, other)

    def is_working_date(self, day: date) -> bool:
        """Tell whether the date, in the calendar's zone, has open time."""
        return _working_days.is_working_date(self, day)

    def working_dates(self, start: date, end: date) -> tuple[date, ...]:
        """Return the working dates from `start` up to but not including `end`."""
        return _working_days.working_dates(self, start, end)

    def add_working_dates(self, day: date, count: int) -> date:
        """Return the working date that many after `day`, before it if negative, or `day` for 0."""
        return _working_days.add_working_dates(self, day, count)

    def count_working_dates(self, start: date, end: date, *, inclusive: bool = False) -> int:
        """Count the working dates from `start` up to `end`, and `end` too if `inclusive`.

        Negative when `end` comes first.
        """
        return _working_days.count_working_dates(self, start, end, inclusive=inclusive)

    def due(
        self,
        start: datetime,
        span: Span,
        *,
        boundary: Boundary = "close",
        roll: Roll | None = None,
    ) -> datetime:
        """Return the instant at which a span that begins at `start` is over.

        `boundary` matters to working hours, minutes and seconds. With `roll="forward"` a result
        that falls into closed time moves to the next opening.
        """
        if boundary != "close":
            is_next_open(boundary)  # refuses what is no boundary, even where it does not matter
        match span.kind:
            case "local":
                found = _due.same_time_later(start, span, self.zone)
            case "elapsed":
                found = _due.elapse(start, span)
            case "open time":
                found = self.add(start, span.delta, boundary)
            case _:
                found = self.add_days(start, span.amount)
        return self.next_open(found) if roll is not None and rolls_forward(roll) else found

    def explain(
        self,
        start: datetime,
        span: Span | timedelta | str,
        *,
        boundary: Boundary = "close",
        roll: Roll | None = None,
    ) -> Explanation:
        """Return how `due` comes to its answer: what counted, what was skipped, and why.

        A text is parsed as a span; a timedelta is open time, and may be negative.
        """
        return explain(self, start, span, boundary=boundary, roll=roll)

    def bulk(self) -> "Bulk":
        """Return the same operations over numpy arrays; needs the extra `ticketcore[bulk]`."""
        from ticketcore.calendar._bulk import Bulk

        return Bulk(self)

    @abstractmethod
    def closed_time(self, start: datetime, end: datetime) -> Iterator[Skipped]:
        """Yield why it is closed, piece by piece, for an interval in which it is never open."""

    @property
    @abstractmethod
    def known_holidays(self) -> tuple[KnownHolidays, ...]:
        """Until when the holidays of the calendar are known."""


def _combined(how: Literal["and", "or", "minus"], left: Calendar, right: Calendar) -> Calendar:
    from ticketcore.calendar._combined import CombinedCalendar  # which is a Calendar itself

    return CombinedCalendar(how=how, left=left, right=right)
