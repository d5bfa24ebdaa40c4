"""An explanation as a text for people, in the calendar's own zone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from ticketcore.calendar._clock import clock_time
from ticketcore.calendar._duration import duration_text
from ticketcore.calendar._explanation import Explanation, Skipped
from ticketcore.calendar._instants import NOTHING

MOST: Final = 12


def explanation_text(explanation: Explanation) -> str:
    """Write an explanation as lines of text."""
    return "\n".join(_lines(explanation))


def _lines(e: Explanation) -> Iterator[str]:
    zone = e.zone
    yield f"{e.span} from {_moment(e.start, zone)} ({zone.key})"
    yield f"due {_moment(e.due, zone)}, {e.due:%Y-%m-%dT%H:%M:%SZ}"
    if e.counted:
        yield f"counted {duration_text(e.total)}:"
        yield from _few([_range(begin, end, zone) for begin, end in e.counted])
    if e.dates:
        yield f"counted {len(e.dates)} working days:"
        yield from _few([f"{day:%a %Y-%m-%d}" for day in e.dates])
    if e.skipped:
        yield "skipped:"
        yield from _few(list(_skipped(e.skipped, zone)))
    for change in e.clock_changes:
        before, after = change.at + change.before, change.at + change.after
        then = f"{after:%H:%M}" if before.date() == after.date() else f"{after:%a %Y-%m-%d %H:%M}"
        yield f"clocks changed: {before:%a %Y-%m-%d %H:%M} became {then}"
    for known in e.holidays:
        late = "; the answer lies after that" if e.due.date() > known.until else ""
        yield f"holidays: {known.source}, known until {known.until}{late}"


def _skipped(skipped: Sequence[Skipped], zone: ZoneInfo) -> Iterator[str]:
    """Yield a line for each closed day or break, and one for all time outside hours."""
    for piece in skipped:
        if piece.reason != "outside hours":
            what = f"{piece.reason}: {piece.name}" if piece.name else piece.reason
            yield f"{_range(piece.start, piece.end, zone)}  {what}"
    outside = sum((s.end - s.start for s in skipped if s.reason == "outside hours"), NOTHING)
    if outside:
        yield f"outside hours  {duration_text(outside)}"


def _few(lines: Sequence[str]) -> Iterator[str]:
    """Yield indented lines: of many the first and the last."""
    if len(lines) <= MOST:
        yield from (f"  {line}" for line in lines)
        return
    yield from (f"  {line}" for line in lines[: MOST - 2])
    yield f"  … {len(lines) - MOST + 1} more"
    yield f"  {lines[-1]}"


def _moment(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local:%a %Y-%m-%d} {clock_time(local)} {local:%Z}"


def _range(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Write an interval: its end without the date where both have one, midnight as 24:00."""
    first, last = begin.astimezone(zone), end.astimezone(zone)
    ends = clock_time(last)
    if ends == "00:00":
        ends, last = "24:00", (end - datetime.resolution).astimezone(zone)
    day = "" if first.date() == last.date() else f"{last:%a %Y-%m-%d} "
    return f"{first:%a %Y-%m-%d} {clock_time(first)} to {day}{ends}"
