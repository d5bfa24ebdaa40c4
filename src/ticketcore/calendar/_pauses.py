"""Pauses: intervals of UTC that do not count, whatever the hours say."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from ticketcore.calendar._instants import utc
from ticketcore.calendar._intervals import Interval, merge
from ticketcore.errors import CalendarError

Pauses: TypeAlias = Iterable[tuple[datetime, datetime]] | None


def parse_pauses(pauses: Pauses) -> tuple[Interval, ...]:
    """Read pairs of instants, in order; pauses that touch or overlap become one.

    Raises:
        NaiveDatetimeError: an instant has no offset.
        CalendarError: a pause ends before it begins.

    """
    found = sorted((utc(begin), utc(end)) for begin, end in pauses or ())
    for begin, end in found:
        if end <= begin:
            raise CalendarError(f"pause from {begin} to {end} ends before it begins: swap them")
    return tuple(merge(found))
