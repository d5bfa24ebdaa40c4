"""What happens to a deadline that ends exactly at closing time, or in closed time."""

from typing import Literal, TypeAlias

from ticketcore.errors import CalendarError

Boundary: TypeAlias = Literal["close", "next-open"]
Roll: TypeAlias = Literal["forward"]


def is_next_open(boundary: str) -> bool:
    """Tell whether a deadline at closing time moves to the next opening.

    Raises:
        CalendarError: the value is neither `"close"` nor `"next-open"`.

    """
    if boundary not in ("close", "next-open"):
        raise CalendarError(f"unknown boundary {boundary!r}: give 'close' or 'next-open'")
    return boundary == "next-open"


def rolls_forward(roll: str | None) -> bool:
    """Tell whether a deadline in closed time moves to the next opening.

    Raises:
        CalendarError: the value is neither `"forward"` nor None.

    """
    if roll not in ("forward", None):
        raise CalendarError(f"unknown roll {roll!r}: give 'forward', or None")
    return roll is not None
