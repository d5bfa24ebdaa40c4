"""Calendar operations on numpy arrays, equal to the single ones to the microsecond.

Instants are `datetime64` in UTC and spans `timedelta64`; answers are in microseconds.
"""

from datetime import timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar._landing import Boundary, moves_to_next_open
from ticketcore.calendar.bulk._arrays import (
    Counts,
    Instants,
    Spans,
    count_numbers,
    in_blocks,
    instant_ticks,
    span_ticks,
)
from ticketcore.calendar.bulk._search import Search
from ticketcore.calendar.bulk._table import Ticks
from ticketcore.calendar.engine._timeline import Timeline


class Bulk:
    """The operations of a calendar on arrays. Arguments broadcast against each other.

    All operations raise CalendarError for an array of another type, with a NaT, or in a unit
    without a fixed length, and CalendarRangeError if one of the answers lies outside the
    calendar's supported years. Instants are cut off to microseconds.
    """

    def __init__(self, calendar: Timeline) -> None:
        self._search = Search(calendar)

    def add(
        self, starts: Instants, spans: Spans | timedelta, boundary: Boundary = "close"
    ) -> Instants:
        """Return the instants at which *spans* of open time have passed since *starts*."""
        return self._end(starts, span_ticks(spans), boundary)

    def subtract(
        self, starts: Instants, spans: Spans | timedelta, boundary: Boundary = "close"
    ) -> Instants:
        """Return the instants that lie *spans* of open time before *starts*."""
        return self._end(starts, -span_ticks(spans), boundary)

    def _end(self, starts: Instants, spans: Ticks, boundary: Boundary) -> Instants:
        find = partial(self._search.add, next_open=moves_to_next_open(boundary))
        return in_blocks(find, instant_ticks(starts), spans).view("M8[us]")

    def between(self, starts: Instants, ends: Instants) -> Spans:
        """Return the open time from *starts* to *ends*."""
        found = in_blocks(self._search.between, instant_ticks(starts), instant_ticks(ends))
        return found.view("m8[us]")

    def is_open(self, instants: Instants) -> NDArray[np.bool_]:
        """Tell for each instant whether the calendar is open."""
        return in_blocks(self._search.is_open, instant_ticks(instants)).astype(np.bool_)

    def next_open(self, instants: Instants) -> Instants:
        """Return the instants themselves where the calendar is open, else the next openings."""
        return self.add(instants, timedelta(0))

    def next_close(self, instants: Instants) -> Instants:
        """Return the first closings after *instants*."""
        return in_blocks(self._search.next_close, instant_ticks(instants)).view("M8[us]")

    def previous_close(self, instants: Instants) -> Instants:
        """Return the last closings at or before *instants*."""
        return in_blocks(self._search.previous_close, instant_ticks(instants)).view("M8[us]")

    def add_days(self, starts: Instants, counts: Counts | int) -> Instants:
        """Return the same local times *counts* working days later, or the next openings."""
        find = self._search.add_days
        return in_blocks(find, instant_ticks(starts), count_numbers(counts)).view("M8[us]")
