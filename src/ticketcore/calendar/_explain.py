"""How a deadline comes about: the same answer as `due`, with what lies on the way to it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ticketcore.calendar._boundary import Boundary, Roll, rolls_forward
from ticketcore.calendar._duration import duration_text
from ticketcore.calendar._explanation import Explanation, Skipped
from ticketcore.calendar._instants import DAY, utc
from ticketcore.calendar._intervals import Interval, difference
from ticketcore.calendar._span import Span
from ticketcore.calendar._zones import changes_between

if TYPE_CHECKING:
    from ticketcore.calendar._calendar import Calendar


def explain(
    calendar: "Calendar",
    start: datetime,
    span: Span | timedelta | str,
    *,
    boundary: Boundary,
    roll: Roll | None,
) -> Explanation:
    """Explain when a span is due. A text is parsed; a timedelta is open time."""
    start = utc(start)
    if isinstance(span, str):
        span = Span.parse(span)
    if isinstance(span, timedelta):
        passed = calendar.add(start, span, boundary)
        due = calendar.next_open(passed) if rolls_forward(roll) else passed
    else:
        passed = calendar.due(start, span, boundary=boundary)
        due = calendar.due(start, span, boundary=boundary, roll=roll)
    low, high = min(start, passed), max(start, passed)
    # What lies on the way is known as far as calendars reach, for a span that elapses too.
    calendar.intervals(low, due)
    counted, dates, skipped = _on_the_way(calendar, span, low, high)
    skipped += calendar.closed_time(passed, due)
    return Explanation(
        start=start,
        due=due,
        span=f"{duration_text(span)} of open time" if isinstance(span, timedelta) else str(span),
        boundary=boundary,
        roll=roll,
        zone=calendar.zone,
        counted=counted,
        dates=dates,
        skipped=tuple(_joined(skipped)),
        clock_changes=changes_between(calendar.zone, low, max(high, due)),
        holidays=calendar.known_holidays,
    )


def _on_the_way(
    calendar: "Calendar", span: Span | timedelta, low: datetime, high: datetime
) -> tuple[tuple[Interval, ...], tuple[date, ...], list[Skipped]]:
    """Return the intervals and the dates that counted, and the closed time between."""
    if isinstance(span, Span) and span.kind in ("elapsed", "local"):
        return ((low, high),) if low < high else (), (), []
    counted = calendar.intervals(low, high)
    skipped = [
        piece
        for begin, end in difference([(low, high)], counted)
        for piece in calendar.closed_time(begin, end)
    ]
    if isinstance(span, Span) and span.kind == "open days":
        # Days are counted whole: a closed day is skipped, the night of a working day is not.
        closed = [piece for piece in skipped if not _on_working_date(calendar, piece)]
        return (), _dates(calendar, low, span.amount), closed
    return counted, (), skipped


def _dates(calendar: "Calendar", start: datetime, count: int) -> tuple[date, ...]:
    """Return the working days that counted: those after the day of the start."""
    day = start.astimezone(calendar.zone).date()
    return calendar.working_dates(day + DAY, calendar.add_working_dates(day, count) + DAY)


def _on_working_date(calendar: "Calendar", piece: Skipped) -> bool:
    return calendar.is_working_date(piece.start.astimezone(calendar.zone).date())


def _joined(skipped: Iterable[Skipped]) -> Iterator[Skipped]:
    """Yield the pieces with neighbours of one reason made one: an evening and a morning."""
    last: Skipped | None = None
    for piece in skipped:
        if last and (last.end, last.reason, last.name) == (piece.start, piece.reason, piece.name):
            last = last._replace(end=piece.end)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
