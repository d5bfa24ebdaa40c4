"""Compute the explanation of a deadline.

`explain` computes the deadline as `due` does. It then collects the open intervals between the
start and the deadline, and asks the calendar for the reasons of the closed time between them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, assert_never

from ticketcore._internal.instants import utc
from ticketcore.calendar._deadlines import Deadlines, End
from ticketcore.calendar._landing import Boundary, Roll
from ticketcore.calendar._span import Span
from ticketcore.calendar.definition._closed_time import ClosedTime
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._intervals import Interval, difference
from ticketcore.calendar.engine._zones import changes_between
from ticketcore.calendar.explanation._explanation import Explanation, duration_text


class Landing(NamedTuple):
    """How a deadline lands: the options `roll` and `at_time` of `due`."""

    roll: Roll | None = None
    at_time: str | time | None = None


def explain(
    calendar: Deadlines,
    start: datetime,
    span: Span | timedelta | str,
    boundary: Boundary,
    landing: Landing,
) -> Explanation:
    """Explain when a span is due. A text is parsed as a span; a timedelta is open time."""
    start = utc(start)
    if isinstance(span, str):
        span = Span.parse(span)
    if isinstance(span, timedelta):
        end = End(calendar.add(start, span, boundary), None)
        return _explain_span(calendar, start, span, end, boundary, landing)
    return explain_chain(calendar, start, (span,), boundary, landing)[0]


def explain_chain(
    calendar: Deadlines,
    start: datetime,
    spans: Sequence[Span],
    boundary: Boundary,
    landing: Landing,
) -> tuple[Explanation, ...]:
    """Explain each span of a chain. Only the last one lands."""
    ends = list(calendar._ends(start, spans, boundary))
    starts = [utc(start), *(end.instant for end in ends)]
    landings = [*[Landing()] * (len(spans) - 1), landing]
    return tuple(
        _explain_span(calendar, begin, span, end, boundary, how)
        for begin, span, end, how in zip(starts, spans, ends, landings, strict=False)
    )


def _explain_span(
    calendar: Deadlines,
    start: datetime,
    span: Span | timedelta,
    end: End,
    boundary: Boundary,
    landing: Landing,
) -> Explanation:
    due = calendar._land(end, *landing)
    # Deadlines that land by their date begin at its local time, not at the opening after it.
    by_date = landing.at_time is not None or landing.roll in ("backward", "day-end")
    ended = end.same_time if by_date and end.same_time else end.instant
    low, high = min(start, ended), max(start, ended)
    # Elapsed time needs no table, but its explanation is limited to the supported years too.
    calendar.intervals(low, due)
    open_time = isinstance(span, timedelta) or span.kind in ("open time", "open days")
    counted, dates, skipped = _between(calendar, span, low, high)
    passed = calendar.intervals(ended, due)
    skipped += _closed(calendar, ended, due, passed) if ended < due else []
    return Explanation(
        start=start,
        end=ended,
        due=due,
        span=f"{duration_text(span)} of open time" if isinstance(span, timedelta) else str(span),
        boundary=boundary,
        roll=landing.roll,
        at_time=None if landing.at_time is None else str(landing.at_time),
        zone=calendar.zone,
        counted=counted,
        dates=dates,
        make_up_days=_make_up_days(calendar, counted, dates) if open_time else (),
        skipped=tuple(_join_neighbours(skipped)),
        clock_changes=changes_between(calendar.zone, low, max(high, due)),
        holidays=calendar.known_holidays,
    )


def _between(
    calendar: Deadlines, span: Span | timedelta, low: datetime, high: datetime
) -> tuple[tuple[Interval, ...], tuple[date, ...], list[ClosedTime]]:
    """Return the intervals that counted, the dates that counted, and the closed time."""
    kind = "open time" if isinstance(span, timedelta) else span.kind
    match kind:
        case "elapsed" | "calendar":
            return ((low, high),) if low < high else (), (), []
        case "open time":
            counted = calendar.intervals(low, high)
            return counted, (), _closed(calendar, low, high, counted)
        case "open days":
            # Working days count as a whole. Their nights are not skipped, closed days are.
            assert isinstance(span, Span)
            pieces = _closed(calendar, low, high, calendar.intervals(low, high))
            skipped = [piece for piece in pieces if not _on_working_date(calendar, piece)]
            return (), _dates(calendar, low, span.days), skipped
        case _:
            assert_never(kind)


def _make_up_days(
    calendar: Deadlines, counted: tuple[Interval, ...], dates: tuple[date, ...]
) -> tuple[date, ...]:
    """Return the make-up days among the dates that counted, or on which counted time began."""
    used = {*dates, *(begin.astimezone(calendar.zone).date() for begin, _ in counted)}
    if not used:
        return ()
    return tuple(day for day in calendar.make_up_days(min(used), max(used)) if day in used)


def _closed(
    calendar: Deadlines, low: datetime, high: datetime, opened: tuple[Interval, ...]
) -> list[ClosedTime]:
    return [
        piece
        for begin, end in difference([(low, high)], opened)
        for piece in calendar.closed_time(begin, end)
    ]


def _dates(calendar: Deadlines, start: datetime, count: int) -> tuple[date, ...]:
    """Return the working dates that counted. The date of the start is not one of them."""
    day = start.astimezone(calendar.zone).date()
    return calendar.working_dates(day + DAY, calendar.add_working_dates(day, count) + DAY)


def _on_working_date(calendar: Deadlines, piece: ClosedTime) -> bool:
    return calendar.is_working_date(piece.start.astimezone(calendar.zone).date())


def _join_neighbours(pieces: Iterable[ClosedTime]) -> Iterator[ClosedTime]:
    """Yield the pieces, joining those that touch and have one reason, as evening and morning."""
    last: ClosedTime | None = None
    for piece in pieces:
        if last and (last.end, last.reason, last.name) == (piece.start, piece.reason, piece.name):
            last = last._replace(end=piece.end)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
