"""Options for deadlines that end at closing time or in closed time."""

from datetime import time, timedelta
from typing import Literal, Never, TypeAlias

from ticketcore.calendar.definition._week import parse_time
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

Boundary: TypeAlias = Literal["close", "next-open"]
"""Open time that is used up exactly at closing time ends at that closing or the next opening."""

Roll: TypeAlias = Literal["forward", "backward", "day-end"]
"""A deadline in closed time moves to the next opening or to the last closing; or each deadline
moves to the end of its working day."""


def moves_to_next_open(boundary: Boundary) -> bool:
    """Tell whether a deadline at closing time moves to the next opening.

    Raises:
        CalendarError: the value is not a boundary.

    """
    match boundary:
        case "close":
            return False
        case "next-open":
            return True
        case _:
            raise unknown("boundary", boundary, '"close" or "next-open"')


def parse_at_time(at_time: str | time | None, roll: Roll | None) -> timedelta | None:
    """Return the time of day at which a deadline lands, as the time after midnight.

    Raises:
        CalendarError: the text is not a time up to 24:00, or the deadline lands at the end of the
            working day already.

    """
    if at_time is None:
        return None
    if roll == "day-end":
        raise CalendarError(
            'at_time and roll = "day-end" exclude each other: leave one of them out'
        )
    if isinstance(at_time, time):
        at_time = at_time.isoformat("seconds")
    found = parse_time(at_time, "at_time")
    if found > DAY:
        raise CalendarError(f"at_time: {quoted(at_time)} is after the end of the day, 24:00")
    return found


def unknown(option: str, value: Never, known: str) -> CalendarError:
    """Return the error for a value that the type checker would have refused."""
    return CalendarError(f"unknown {option} {quoted(value)}: give {known}")
