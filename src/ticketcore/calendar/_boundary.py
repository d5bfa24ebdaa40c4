"""Where a deadline lands if it ends exactly at closing time, or in closed time."""

from typing import Literal, Never, TypeAlias

from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

Boundary: TypeAlias = Literal["close", "next-open"]
"""Open time that is used up exactly at closing time ends at that closing or the next opening."""

Roll: TypeAlias = Literal["forward"]
"""A deadline in closed time moves to the next opening."""


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
            raise _unknown("boundary", boundary, '"close" or "next-open"')


def rolls_forward(roll: Roll | None) -> bool:
    """Tell whether a deadline in closed time moves to the next opening.

    Raises:
        CalendarError: the value is not a kind of roll.

    """
    match roll:
        case None:
            return False
        case "forward":
            return True
        case _:
            raise _unknown("roll", roll, '"forward", or None')


def _unknown(option: str, value: Never, known: str) -> CalendarError:
    """Return the error for a value that the type checker would have refused."""
    return CalendarError(f"unknown {option} {quoted(value)}: give {known}")
