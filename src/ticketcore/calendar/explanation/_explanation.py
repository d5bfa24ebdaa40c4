"""The explanation of a deadline: as data, and as text for people."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.local_times import clock_time, day_and_time
from ticketcore.calendar._landing import Boundary, Roll
from ticketcore.calendar.definition._closed_time import ClosedTime, KnownHolidays
from ticketcore.calendar.engine._instants import NO_TIME
from ticketcore.calendar.engine._intervals import Interval
from ticketcore.calendar.engine._zones import ClockChange

_MOST_LINES: Final = 12
_UNITS: Final = ((3600, "h"), (60, "min"))


@frozen(kw_only=True)
class Explanation(Value):
    """How a deadline was computed. All instants are UTC; local dates are those of `zone`.

    `end` is the instant at which the span ends. `due` differs from it if the deadline was moved
    by `roll` or `at_time`.

    `counted` holds the open intervals that a span of open time used up; for elapsed time and
    calendar days, the one interval in which they passed. `dates` holds the working dates that
    counted. `make_up_days` holds those dates that are worked in exchange for another day off.
    `skipped` holds the closed time on the way, and `clock_changes` the changes of the
    zone's clocks. `holidays` says until when the answer may rely on the holidays.
    """

    start: datetime
    end: datetime
    due: datetime
    span: str
    boundary: Boundary
    roll: Roll | None
    at_time: str | None
    zone: ZoneInfo
    counted: tuple[Interval, ...]
    dates: tuple[date, ...]
    make_up_days: tuple[date, ...]
    skipped: tuple[ClosedTime, ...]
    clock_changes: tuple[ClockChange, ...]
    holidays: tuple[KnownHolidays, ...]

    @property
    def total(self) -> timedelta:
        """The time that counted."""
        return sum((end - start for start, end in self.counted), NO_TIME)

    def to_dict(self) -> "ExplanationDict":
        """Return the explanation as JSON has it: instants in ISO 8601, times in seconds."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "due": self.due.isoformat(),
            "span": self.span,
            "boundary": self.boundary,
            "roll": self.roll,
            "at_time": self.at_time,
            "zone": self.zone.key,
            "total_seconds": self.total.total_seconds(),
            "counted": [[start.isoformat(), end.isoformat()] for start, end in self.counted],
            "dates": [day.isoformat() for day in self.dates],
            "make_up_days": [day.isoformat() for day in self.make_up_days],
            "skipped": [
                {
                    "start": closed.start.isoformat(),
                    "end": closed.end.isoformat(),
                    "reason": closed.reason,
                    "name": closed.name,
                }
                for closed in self.skipped
            ],
            "clock_changes": [
                {
                    "at": change.at.isoformat(),
                    "offset_before_seconds": change.before.total_seconds(),
                    "offset_after_seconds": change.after.total_seconds(),
                }
                for change in self.clock_changes
            ],
            "holidays": [
                {"source": known.source, "until": known.until.isoformat()}
                for known in self.holidays
            ],
        }

    def __str__(self) -> str:
        """Return lines of text for people, in the calendar's zone."""
        return "\n".join(self.lines())

    def lines(self, verb: str = "due") -> Iterator[str]:
        """Yield the lines of the text. *verb* stands before the instant at which the span ends."""
        zone = self.zone
        yield f"{self.span} from {_instant_text(self.start, zone)} ({zone.key})"
        in_utc = self.due.replace(tzinfo=None).isoformat()
        yield f"{verb} {_instant_text(self.due, zone)}, {in_utc}Z"
        if self.end != self.due:
            options = {"at_time": self.at_time, "roll": self.roll}
            how = ", ".join(f'{name} = "{value}"' for name, value in options.items() if value)
            yield f"moved from {_instant_text(self.end, zone)} by {how}"
        if self.counted:
            yield f"counted {duration_text(self.total)}:"
            yield from _at_most(_MOST_LINES, [_range(*ends, zone) for ends in self.counted])
        if self.dates:
            yield f"counted {len(self.dates)} working day{'s' if len(self.dates) > 1 else ''}:"
            yield from _at_most(_MOST_LINES, [f"{day:%a %Y-%m-%d}" for day in self.dates])
        for day in self.make_up_days:
            yield f"make-up day: {day:%a %Y-%m-%d}, worked in exchange for another day off"
        if self.skipped:
            yield "skipped:"
            yield from _at_most(_MOST_LINES, list(_closed_lines(self.skipped, zone)))
        yield from map(_clock_change, self.clock_changes)
        for known in self.holidays:
            late = "; the answer lies after that" if self.due.date() > known.until else ""
            yield f"holidays: {known.source}, known until {known.until}{late}"


@typed
def duration_text(time: timedelta) -> str:
    """Write an amount of time in hours, minutes and seconds, such as `1 h 30 min`."""
    sign = "-" if time < NO_TIME else ""
    seconds = abs(time).total_seconds()
    parts = []
    for length, unit in _UNITS:
        whole, seconds = divmod(seconds, length)
        if whole:
            parts.append(f"{whole:.0f} {unit}")
    if seconds or not parts:
        parts.append(f"{seconds:.6f}".rstrip("0").rstrip(".") + " s")
    return sign + " ".join(parts)


def _closed_lines(pieces: Sequence[ClosedTime], zone: ZoneInfo) -> Iterator[str]:
    """Yield a line for each closed day or break, and one for all time outside hours."""
    for closed in pieces:
        if closed.reason != "outside hours":
            yield f"{_range(closed.start, closed.end, zone)}  {closed.words()}"
    outside = sum((c.end - c.start for c in pieces if c.reason == "outside hours"), NO_TIME)
    if outside:
        yield f"outside hours  {duration_text(outside)}"


def _at_most(count: int, lines: Sequence[str]) -> Iterator[str]:
    """Yield indented lines. If there are more than *count*, leave out some before the last."""
    if len(lines) <= count:
        yield from (f"  {line}" for line in lines)
        return
    yield from (f"  {line}" for line in lines[: count - 2])
    yield f"  … {len(lines) - count + 1} more"
    yield f"  {lines[-1]}"


def _clock_change(change: ClockChange) -> str:
    before, after = change.at + change.before, change.at + change.after
    shown = f"{after:%H:%M}" if before.date() == after.date() else f"{after:%a %Y-%m-%d %H:%M}"
    return f"clocks changed: {before:%a %Y-%m-%d %H:%M} became {shown}"


def _instant_text(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{day_and_time(local)} {local:%Z}"


def _range(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Write an interval. The end has a date only if it differs; midnight is 24:00."""
    first, last = begin.astimezone(zone), end.astimezone(zone)
    ends = clock_time(last)
    if ends == "00:00":
        ends, last = "24:00", (end - datetime.resolution).astimezone(zone)
    day = "" if first.date() == last.date() else f"{last:%a %Y-%m-%d} "
    return f"{day_and_time(first)} to {day}{ends}"


class SkippedDict(TypedDict):
    """Closed time in `Explanation.to_dict`."""

    start: str
    end: str
    reason: str
    name: str


class ClockChangeDict(TypedDict):
    """A change of clocks in `Explanation.to_dict`."""

    at: str
    offset_before_seconds: float
    offset_after_seconds: float


class KnownHolidaysDict(TypedDict):
    """A source of holidays in `Explanation.to_dict`."""

    source: str
    until: str


class ExplanationDict(TypedDict):
    """The result of `Explanation.to_dict`."""

    start: str
    end: str
    due: str
    span: str
    boundary: str
    roll: str | None
    at_time: str | None
    zone: str
    total_seconds: float
    counted: list[list[str]]
    dates: list[str]
    make_up_days: list[str]
    skipped: list[SkippedDict]
    clock_changes: list[ClockChangeDict]
    holidays: list[KnownHolidaysDict]
