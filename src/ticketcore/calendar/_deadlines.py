"""Deadlines: the ends of spans, and where they land.

A chain of spans ends where its last span ends; each span begins where the one before it ends.
Days keep the local time of the start through the whole chain: if one of them ends in an hour that
the clocks skip, and therefore later, the next one still ends at the original local time.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple, assert_never

from ticketcore._internal.instants import utc
from ticketcore.calendar import _days
from ticketcore.calendar._landing import (
    Boundary,
    Roll,
    moves_to_next_open,
    parse_at_time,
    unknown,
)
from ticketcore.calendar._open_time import OpenTime
from ticketcore.calendar._span import Span
from ticketcore.calendar.engine._instants import DAY, add_elapsed, outside_datetime
from ticketcore.calendar.engine._messages import quoted
from ticketcore.calendar.engine._zones import from_local
from ticketcore.errors import CalendarError


class End(NamedTuple):
    """The end of a span, before it lands.

    `same_time` is the end of a span in days at the local time of its start; `instant` differs from
    it if working days end in closed time.
    """

    instant: datetime
    same_time: datetime | None


def _checked(spans: Any) -> Sequence[Span]:
    """Return the spans of a chain. Raises CalendarError for anything else, such as a text."""
    if isinstance(spans, Sequence) and all(isinstance(span, Span) for span in spans):
        return spans
    raise CalendarError(
        f"expected a Span, or a list of them, found {quoted(spans)}: "
        f'read a text with Span.parse, as in Span.parse("2 working hours")'
    )


class Deadlines(OpenTime):
    """Arithmetic in open time, and deadlines by spans of all kinds."""

    __slots__ = ()

    def due(
        self,
        start: datetime,
        span: Span | Sequence[Span],
        *,
        boundary: Boundary = "close",
        roll: Roll | None = None,
        at_time: str | time | None = None,
    ) -> datetime:
        """Return the instant at which a span, or a chain of spans, that begins at *start* ends.

        *boundary* applies to working hours, minutes and seconds only.

        *at_time* is a local time such as `"16:00"`. A deadline in days lands at that time of its
        date, any other deadline at the first such time from its end on.

        *roll* moves the result: `"forward"` from closed time to the next opening, `"backward"`
        from closed time to the last closing, `"day-end"` to the last closing of its working date.
        With *at_time*, a date that is not a working date moves to the next or last one first.
        """
        moves_to_next_open(boundary)  # refuses a misspelt boundary for every kind of span
        if isinstance(span, Span):
            if at_time is None and (roll is None or roll == "forward"):
                found = self._end_of(start, span, boundary)
                return self.next_open(found) if roll else found
            span = (span,)
        spans = _checked(span)
        instant, same_time, wall = utc(start), None, None
        for left in range(len(spans) - 1, -1, -1):
            instant, same_time, wall = self._step(instant, wall, spans[-1 - left], boundary, left)
        if roll is None and at_time is None:
            return instant
        return self._land(End(instant, same_time), roll, at_time)

    def start_of(self, span: Span, end: datetime) -> datetime:
        """Return the instant at which a span must begin to end at *end*, at the latest.

        Working time, and a start in closed time, move back to the closing before.
        """
        _checked((span,))
        match span.kind:
            case "elapsed":
                return add_elapsed(utc(end), -span.delta)
            case "open time":
                return self.subtract(end, span.delta, "next-open")
            case "calendar":
                local = utc(end).astimezone(self.zone).replace(tzinfo=None, fold=0)
                try:
                    local = _days.add_months(local, -span.months) - span.days * DAY
                    return from_local(local, self.zone)
                except (OverflowError, ValueError):
                    raise outside_datetime(f"{span} before {end}") from None
            case "open days":
                return self.subtract_days(end, span.days)
            case _:
                assert_never(span.kind)

    def _end_of(self, start: datetime, span: Span, boundary: Boundary) -> datetime:
        """Return the end of one span: as `_step` does, in half the time."""
        match span.kind:
            case "elapsed":
                return add_elapsed(utc(start), span.delta)
            case "open time":
                return self.add(start, span.delta, boundary)
            case "calendar":
                return self._days_later(utc(start), None, span, 0)[0]
            case "open days":
                return self.add_days(start, span.days)
            case _:
                assert_never(span.kind)

    def _ends(self, start: datetime, spans: Sequence[Span], boundary: Boundary) -> Iterator[End]:
        """Yield the end of each span of a chain, before it lands."""
        moves_to_next_open(boundary)  # refuses a misspelt boundary for every kind of span
        _checked(spans)
        instant, wall = utc(start), None
        for left in range(len(spans) - 1, -1, -1):
            instant, same_time, wall = self._step(instant, wall, spans[-1 - left], boundary, left)
            yield End(instant, same_time)

    def _step(
        self, start: datetime, wall: datetime | None, span: Span, boundary: Boundary, left: int
    ) -> tuple[datetime, datetime | None, datetime | None]:
        """Return the end of a span of a chain, its end at the same time, and the local time.

        *wall* is the local time of the chain if it may differ from that of *start*. *left* is the
        number of spans that follow.
        """
        match span.kind:
            case "elapsed" | "open time":
                return self._end_of(start, span, boundary), None, None
            case "calendar":
                end, wall = self._days_later(start, wall, span, left)
                return end, end, wall
            case "open days":
                same_time, wall = self._days_later(start, wall, span, left)
                end = self.next_open(same_time)
                return end, same_time, wall if end == same_time else None
            case _:
                assert_never(span.kind)

    def _days_later(
        self, start: datetime, wall: datetime | None, span: Span, left: int
    ) -> tuple[datetime, datetime | None]:
        """Return the end of a span in days at the same local time, and that local time.

        *wall* is the local time of the chain if it may differ from that of *start*. The local time
        of the end is returned only if spans are *left* and the end is near a change of clocks, or
        months were added.
        """
        if not span.amount:
            return start, wall
        step = partial(_days.step_over_working_dates, self, start) if span.working else None
        try:
            if wall is None and not span.months:
                found = _days.days_later(start, span.days, self.zone, step)
                if not left or _days.is_regular(found, self.zone):
                    return found, None
            local = wall or start.astimezone(self.zone).replace(tzinfo=None, fold=0)
            if span.months:
                local = _days.add_months(local, span.months)
            else:
                today = local.toordinal()
                local += (step(today, span.days) - today if step else span.days) * DAY
            return from_local(local, self.zone), local
        except (OverflowError, ValueError):
            raise outside_datetime(f"{span} after {start}") from None

    def _land(self, end: End, roll: Roll | None, at_time: str | time | None) -> datetime:
        """Return where the end of a span lands. `due` explains the options."""
        found, midnight_plus = end.instant, parse_at_time(at_time, roll)
        if midnight_plus is not None:
            found = self._at_time(end, midnight_plus, roll)
        match roll:
            case None:
                return found
            case "forward":
                return self.next_open(found)
            case "backward":
                if midnight_plus is None:
                    found = end.same_time or end.instant
                return found if self.is_open(found) else self.previous_close(found)
            case "day-end":
                return self._day_end(end)
            case _:
                raise unknown("roll", roll, '"forward", "backward", "day-end", or None')

    def _at_time(self, end: End, at_time: timedelta, roll: Roll | None) -> datetime:
        day = self._local_date(end.same_time or end.instant)
        if end.same_time is None and self._at(day, at_time) < end.instant:
            day += DAY
        if roll is not None and not self.is_working_date(day):
            day = self.add_working_dates(day, 1 if roll == "forward" else -1)
        return self._at(day, at_time)

    def _day_end(self, end: End) -> datetime:
        """Return the last closing of the working date of an end, or of the next working date.

        The instant after midnight in a night shift belongs to the date on which the shift began.
        """
        day = self._local_date(end.same_time or end.instant)
        for candidate in (day,) if end.same_time else (day - DAY, day):
            if self.is_working_date(candidate):
                closing = self._last_close(candidate)
                if end.same_time or end.instant <= closing:
                    return closing
        return self._last_close(self.add_working_dates(day, 1))

    def _last_close(self, day: date) -> datetime:
        """Return the last closing of a working date."""
        _, closing = self.intervals(*self._hours_of(day))[-1]
        return closing

    def _local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def _at(self, day: date, at_time: timedelta) -> datetime:
        return from_local(datetime.combine(day, time()) + at_time, self.zone)
