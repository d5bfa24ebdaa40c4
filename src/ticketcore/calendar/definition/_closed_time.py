"""Reasons why a calendar is closed, and how far its holidays are known."""

from collections.abc import Iterable
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

    def words(self) -> str:
        """Return the reason and the name for people, such as "day off: Saturday"."""
        return closed_words(self.reason, [self.name])


def closed_words(reason: Reason, names: Iterable[str]) -> str:
    """Return a reason for people, with each of its names once; empty names are left out."""
    listed = ", ".join(filter(None, dict.fromkeys(names)))
    title, listed = ("day off", listed.title()) if reason == "weekday" else (reason, listed)
    return f"{title}: {listed}" if listed else title


class KnownHolidays(NamedTuple):
    """A source of holidays, and the last date for which it has information."""

    source: str
    until: date
