"""Arithmetic in open time: the operations that every calendar has."""

from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from ticketcore._internal.arguments import typed
from ticketcore._internal.instants import utc
from ticketcore.calendar import _days
from ticketcore.calendar._landing import Boundary, moves_to_next_open
from ticketcore.calendar.definition._closed_time import ClosedTime, KnownHolidays
from ticketcore.calendar.engine._instants import (
    LONGEST,
    NO_TIME,
    add_elapsed,
    outside_datetime,
)
from ticketcore.calendar.engine._intervals import Interval
from ticketcore.calendar.engine._table import OpenTimeTable
from ticketcore.calendar.engine._timeline import Timeline
from ticketcore.errors import FieldError


class OpenTime(Timeline):
    """Arithmetic in open time.

    Every instant passed in is an aware datetime in any zone; every instant returned is UTC. All
    operations raise NaiveDatetimeError or InstantError for a value that is not an instant, and
    CalendarRangeError if the answer lies outside the calendar's supported years.
    """

    __slots__ = ()

    def add(self, start: datetime, span: timedelta, boundary: Boundary = "close") -> datetime:
        """Return the instant at which *span* of open time has passed since *start*.

        Open time that is used up exactly at closing time ends there, or with
        `boundary="next-open"` at the next opening. A negative span is subtracted. Adding no time
        moves to the next open instant.
        """
        try:
            is_positive = span > NO_TIME
        except TypeError:
            raise FieldError("add", "span", span, "timedelta") from None
        if not is_positive:
            return self.subtract(start, -span, boundary) if span else self.next_open(start)
        if span > LONGEST:
            raise outside_datetime(f"{span} after {start}")
        find = OpenTimeTable.latest if moves_to_next_open(boundary) else OpenTimeTable.earliest
        instant = utc(start)
        table = self._covering(instant)
        while (found := find(table, table.position(instant) + span)) is None:
            table = self._extend_later(table, add_elapsed(instant, span))
        return found

    def subtract(self, start: datetime, span: timedelta, boundary: Boundary = "close") -> datetime:
        """Return the instant from which *span* of open time passes until *start*.

        This mirrors `add`. Open time that is used up exactly at an opening ends there, or with
        `boundary="next-open"` at the closing before. Subtracting no time is the same as adding
        none.
        """
        try:
            is_positive = span > NO_TIME
        except TypeError:
            raise FieldError("subtract", "span", span, "timedelta") from None
        if not is_positive:
            return self.add(start, -span, boundary)
        if span > LONGEST:
            raise outside_datetime(f"{span} before {start}")
        find = OpenTimeTable.earliest if moves_to_next_open(boundary) else OpenTimeTable.latest
        instant = utc(start)
        table = self._covering(instant)
        while (found := find(table, table.position(instant) - span)) is None:
            table = self._extend_earlier(table, add_elapsed(instant, -span))
        return found

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from *start* to *end*; negative if *end* comes first."""
        start = utc(start)
        end = utc(end)
        table = self._covering_both(start, end)
        return table.position(end) - table.position(start)

    def is_open(self, instant: datetime) -> bool:
        """Tell whether the calendar is open. Opening instants are open, closing instants not."""
        instant = utc(instant)
        table = self._covering(instant)
        index = bisect_right(table.opens, instant) - 1
        return index >= 0 and instant < table.closes[index]

    def next_open(self, instant: datetime) -> datetime:
        """Return *instant* itself if the calendar is open, else the next opening."""
        instant = utc(instant)
        table = self._covering(instant)
        index = bisect_right(table.opens, instant) - 1
        if index >= 0 and instant < table.closes[index]:
            return instant
        while not (opens := table.opens[index + 1 : index + 2]) or opens[0] >= table.high:
            table = self._extend_later(table, instant)
            index = bisect_right(table.opens, instant) - 1
        return opens[0]

    def next_close(self, instant: datetime) -> datetime:
        """Return the first closing after *instant*."""
        instant = utc(instant)
        table = self._covering(instant)
        index = bisect_right(table.closes, instant)
        while not (closes := table.closes[index : index + 1]) or closes[0] > table.high:
            table = self._extend_later(table, instant)
            index = bisect_right(table.closes, instant)
        return closes[0]

    def previous_close(self, instant: datetime) -> datetime:
        """Return the last closing at or before *instant*."""
        instant = utc(instant)
        table = self._covering(instant)
        while (index := bisect_right(table.closes, instant) - 1) < 0 or (
            table.closes[index] < table.low
        ):
            table = self._extend_earlier(table, instant)
        return table.closes[index]

    def intervals(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return the open intervals between *start* and *end*, clipped to both.

        Returns `()` unless *start* is before *end*.
        """
        start, end = utc(start), utc(end)
        return self._covering_both(start, end).within(start, end)

    @typed
    def add_days(self, start: datetime, count: int) -> datetime:
        """Return the same local time *count* working days later, or the next opening after it.

        From a closed day the first working day counts as one day: Saturday plus one is Monday. A
        negative count is subtracted. Adding no days moves to the next open instant.
        """
        if count <= 0:
            return self.subtract_days(start, -count) if count else self.next_open(start)
        return self.next_open(self._same_time(start, count))

    @typed
    def subtract_days(self, start: datetime, count: int) -> datetime:
        """Return the same local time *count* working days earlier, or the last closing before it.

        A result in closed time moves back, so that a reminder never comes too late.
        """
        if count <= 0:
            return self.add_days(start, -count)
        found = self._same_time(start, -count)
        return found if self.is_open(found) else self.previous_close(found)

    def _same_time(self, start: datetime, count: int) -> datetime:
        instant = utc(start)
        step = partial(_days.step_over_working_dates, self, instant)
        try:
            return _days.days_later(instant, count, self.zone, step)
        except OverflowError:
            raise outside_datetime(f"{count} working days after {start}") from None

    @typed
    def is_working_date(self, day: date) -> bool:
        """Tell whether a local date has open time."""
        dates = self._covering(_days.noon(day)).dates
        index = bisect_left(dates, day.toordinal())
        return index < len(dates) and dates[index] == day.toordinal()

    @typed
    def working_dates(self, start: date, end: date) -> tuple[date, ...]:
        """Return the working dates from *start* up to but not including *end*."""
        dates = self._covering_both(_days.noon(start), _days.noon(end)).dates
        begin, stop = bisect_left(dates, start.toordinal()), bisect_left(dates, end.toordinal())
        return tuple(map(date.fromordinal, dates[begin:stop]))

    @typed
    def add_working_dates(self, day: date, count: int) -> date:
        """Return the working date *count* working dates after *day*, or *day* itself for 0.

        A negative count goes back.
        """
        near, today = _days.noon(day), day.toordinal()
        return date.fromordinal(_days.step_over_working_dates(self, near, today, count))

    @typed
    def count_working_dates(self, start: date, end: date, *, inclusive: bool = False) -> int:
        """Count the working dates from *start* up to *end*, including *end* only if *inclusive*.

        The count is negative if *end* comes first.
        """
        if end < start:
            return -self.count_working_dates(end, start, inclusive=inclusive)
        dates = self._covering_both(_days.noon(start), _days.noon(end)).dates
        last = bisect_right if inclusive else bisect_left
        return last(dates, end.toordinal()) - bisect_left(dates, start.toordinal())

    @abstractmethod
    def _hours_of(self, day: date) -> Interval:
        """Return the first opening and the last closing of a working date, without pauses."""

    @abstractmethod
    def closed_time(self, start: datetime, end: datetime) -> Iterator[ClosedTime]:
        """Yield the reasons for closed time, piece by piece.

        The calendar must be closed from *start* to *end*.
        """

    @abstractmethod
    def make_up_days(self, start: date, end: date) -> tuple[date, ...]:
        """Return the make-up days from *start* to *end*, both included."""

    @property
    @abstractmethod
    def known_holidays(self) -> tuple[KnownHolidays, ...]:
        """The sources of the calendar's holidays, and until when each is known."""
