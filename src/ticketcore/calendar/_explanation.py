"""What an explanation of a deadline holds: data first, a text and a picture from it."""

from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar._instants import NOTHING
from ticketcore.calendar._intervals import Interval
from ticketcore.calendar._zones import ClockChange

Reason: TypeAlias = Literal[
    "outside hours",
    "weekday",
    "holiday",
    "exception",
    "closure",
    "break",
    "pause",
    "other calendar",
]


class Skipped(NamedTuple):
    """Closed time that did not count: from `start` to `end` in UTC, and why.

    `name` is the weekday, or the name of the holiday, exception, break or closure.
    """

    start: datetime
    end: datetime
    reason: Reason
    name: str


class KnownHolidays(NamedTuple):
    """How far a list of holidays reaches: its source, and the last date it speaks of."""

    source: str
    until: date


@attrs.frozen(kw_only=True)
class Explanation:
    """How a deadline came about. All instants are UTC; `zone` is where its days are.

    `counted` are the open intervals that a span of open time used up, or the one stretch in
    which an elapsed span or calendar days passed; `dates` are the working days that counted.
    `holidays` say until when the answer may rely on them.
    """

    start: datetime
    due: datetime
    span: str
    boundary: str
    roll: str | None
    zone: ZoneInfo
    counted: tuple[Interval, ...]
    dates: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    clock_changes: tuple[ClockChange, ...]
    holidays: tuple[KnownHolidays, ...]

    @property
    def total(self) -> timedelta:
        """The time that counted."""
        return sum((end - start for start, end in self.counted), NOTHING)

    def to_dict(self) -> dict[str, Any]:
        """Return the same as JSON has it: instants in ISO 8601, times in seconds."""
        return {
            "start": self.start.isoformat(),
            "due": self.due.isoformat(),
            "span": self.span,
            "boundary": self.boundary,
            "roll": self.roll,
            "zone": self.zone.key,
            "total_seconds": self.total.total_seconds(),
            "counted": [[start.isoformat(), end.isoformat()] for start, end in self.counted],
            "dates": [day.isoformat() for day in self.dates],
            "skipped": [
                {
                    "start": skipped.start.isoformat(),
                    "end": skipped.end.isoformat(),
                    "reason": skipped.reason,
                    "name": skipped.name,
                }
                for skipped in self.skipped
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
        """Write it for people, in the calendar's zone."""
        from ticketcore.calendar._explain_text import explanation_text

        return explanation_text(self)

    def svg(self) -> str:
        """Draw open and closed time from start to due as one SVG picture."""
        from ticketcore.calendar._svg import timeline_svg

        return timeline_svg(self)
