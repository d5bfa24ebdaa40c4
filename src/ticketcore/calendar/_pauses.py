"""Pauses: intervals of UTC that do not count, whatever the hours say."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from ticketcore.calendar._instants import utc
from ticketcore.calendar._table import Interval, merge
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


def without_pauses(intervals: Iterable[Interval], pauses: Sequence[Interval]) -> list[Interval]:
    """Return the intervals with the pauses taken out. Both are in order, pauses apart."""
    ends = [end for _, end in pauses]
    remaining: list[Interval] = []
    for begin, end in intervals:
        rest = begin
        for pause_begin, pause_end in pauses[bisect_right(ends, begin) :]:
            if pause_begin >= end:
                break
            if rest < pause_begin:
                remaining.append((rest, pause_begin))
            rest = pause_end
        if rest < end:
            remaining.append((rest, end))
    return remaining
