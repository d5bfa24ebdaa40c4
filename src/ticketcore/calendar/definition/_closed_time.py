"""Reasons why a calendar is closed, and how far its holidays are known."""

from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

Reason: TypeAlias = Literal[
    "outside hours",
    "weekday",
    "holiday",
    "half day",
    "exception",
    "closure",
    "break",
    "pause",
    "other calendar",
]
"""The rule that keeps a calendar closed."""


class ClosedTime(NamedTuple):
    """Closed time from `start` to `end` in UTC, and the reason for it.

    `name` is the weekday, or the name of the holiday, half day, exception, break or closure.
    """

    start: datetime
    end: datetime
    reason: Reason
    name: str


class KnownHolidays(NamedTuple):
    """A source of holidays, and the last date for which it has information."""

    source: str
    until: date
