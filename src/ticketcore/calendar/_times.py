"""Times of day and openings: `09:00-17:00`, `00:00-24:00`, `22:00-06:00`, `22:00-26:00`."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from ticketcore.calendar._instants import DAY
from ticketcore.errors import CalendarError

_TIME: Final = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)

_FORMS: Final = "'09:00-17:00', ['09:00-12:30', '13:30-17:30'] or [('09:00', '17:00')]"


class Opening(NamedTuple):
    """Open time of one day: from `start` up to but not including `end`, after midnight."""

    start: timedelta
    end: timedelta

    def __str__(self) -> str:
        return f"{time_text(self.start)}-{time_text(self.end)}"


def time_text(time: timedelta) -> str:
    """Write a time after midnight as `HH:MM`, with seconds where there are any."""
    minutes, seconds = divmod(time // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def parse_openings(hours: object, day: str) -> tuple[Opening, ...]:
    """Read the openings of one day, in order; none for `()`, an empty text or `"closed"`.

    `day` names the day in errors.

    Raises:
        CalendarError: a time cannot be read, or two openings overlap.

    """
    if isinstance(hours, str):
        hours = [] if hours.strip() == "closed" else hours.replace(",", " ").split()
    if not isinstance(hours, Iterable):
        raise CalendarError(f"{day}: {hours!r} are not hours: give {_FORMS}")
    openings = tuple(sorted(_parse_opening(item, day) for item in hours))
    refuse_overlaps(openings, day)
    return openings


def refuse_overlaps(openings: Sequence[Opening], day: str) -> None:
    """Refuse two openings of one day that share time: it would count twice."""
    for earlier, later in pairwise(openings):
        if later.start < earlier.end:
            raise CalendarError(
                f"{day}: {earlier} and {later} overlap: write them as one opening, "
                f"or let the second begin at {time_text(earlier.end)} or later"
            )


def _parse_opening(item: object, day: str) -> Opening:
    ends = item.split("-") if isinstance(item, str) else item
    if not isinstance(ends, Sequence) or len(ends) != 2:
        raise CalendarError(f"{day}: {item!r} is not an opening: give {_FORMS}")
    start, end = _parse_time(ends[0], day), _parse_time(ends[1], day)
    if start >= DAY:
        raise CalendarError(
            f"{day}: {time_text(start)}-{time_text(end)} begins after the day is over: "
            f"give it to the next day as {time_text(start - DAY)}"
        )
    if start == end:
        raise CalendarError(
            f"{day}: {time_text(start)}-{time_text(end)} is empty: "
            f"leave it out, or write 00:00-24:00 for the whole day"
        )
    return _past_midnight(Opening(start, end), day)


def _past_midnight(opening: Opening, day: str) -> Opening:
    """Let an opening that ends before it begins, such as `22:00-06:00`, end a day later."""
    if opening.end < opening.start:
        opening = Opening(opening.start, opening.end + DAY)
    if opening.end - opening.start > DAY:
        raise CalendarError(f"{day}: {opening} is longer than a day: give each day its own hours")
    return opening


def _parse_time(text: object, day: str) -> timedelta:
    match = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise CalendarError(f"{day}: {text!r} is not a time: write HH:MM or HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    time = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    # ISO 8601 knows hour 24 as the end of the day only. 24:10 is more often a slip for 00:10 or
    # 24:00 than a late closing, which has an unmistakable form: 00:10, or 26:00 for two o'clock.
    if hours == 24 and time != DAY:
        raise CalendarError(
            f"{day}: {text!r} is after the end of the day: "
            f"write 24:00, or {time_text(time - DAY)} for the morning after"
        )
    if time > 2 * DAY:
        raise CalendarError(f"{day}: {text!r} is after the end of the next day, 48:00")
    return time
