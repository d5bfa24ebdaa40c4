"""The two answers to: open time is used up exactly at closing. When is it due?"""

from typing import Literal, TypeAlias

from ticketcore.errors import CalendarError

Edge: TypeAlias = Literal["closing", "opening"]
Roll: TypeAlias = Literal["next-open"]


def is_opening(edge: str) -> bool:
    """Tell whether it is due at the next opening, and not at the closing instant itself.

    Raises:
        CalendarError: it is neither `"closing"` nor `"opening"`.

    """
    if edge not in ("opening", "closing"):
        raise CalendarError(f"edge {edge!r} is not known: give 'closing' or 'opening'")
    return edge == "opening"


def is_rolling(roll: str | None) -> bool:
    """Tell whether a result in closed time moves to the next opening.

    Raises:
        CalendarError: it is neither `"next-open"` nor None.

    """
    if roll not in ("next-open", None):
        raise CalendarError(f"roll {roll!r} is not known: give 'next-open', or None")
    return roll is not None
