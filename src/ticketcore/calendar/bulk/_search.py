"""Searches in a calendar's table for whole arrays of instants.

Each search works on one table. If one element has its answer outside the table, the table is
extended, as for a single instant, and the search starts again for all elements.

Working days need the zone's clocks for arrays: `_BulkClock` holds the changes of the offset in the
range of the table, and converts with the same rules for the gap and the repeated hour as
`from_local`.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs
import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar.bulk._arrays import instant_of
from ticketcore.calendar.bulk._table import (
    EPOCH,
    TICK,
    BulkTable,
    Ticks,
    bulk_table,
    numbers,
    ticks,
)
from ticketcore.calendar.engine._table import OpenTimeTable
from ticketcore.calendar.engine._timeline import MARGIN, Timeline
from ticketcore.calendar.engine._zones import changes_between, offset_at

_DAY: Final = 86_400_000_000


class Search:
    """A calendar's table as arrays, converted again only when the calendar has a larger one."""

    def __init__(self, calendar: Timeline) -> None:
        self._calendar = calendar
        self._last: BulkTable | None = None
        self._last_clock: tuple[OpenTimeTable, _BulkClock] | None = None

    def add(self, starts: Ticks, spans: Ticks, *, next_open: bool) -> Ticks:
        """Return the ends of spans. Signs and *next_open* have the meaning of `OpenTime.add`."""
        arrays = self._covering(starts)
        while True:
            positions = arrays.position(starts) + spans
            # The position itself finds its last instant; a key one tick less finds its first.
            keys = positions - (spans < 0 if next_open else spans > 0)
            if keys.max() >= arrays.limit:
                arrays = self._extend_later(arrays, starts + spans)
            elif keys.min() < arrays.first:
                arrays = self._extend_earlier(arrays, starts + spans)
            else:
                return arrays.instant(positions, keys)

    def between(self, starts: Ticks, ends: Ticks) -> Ticks:
        """Return the open time from each start to its end."""
        arrays = self._covering(starts, ends)
        return arrays.position(ends) - arrays.position(starts)

    def is_open(self, instants: Ticks) -> NDArray[np.bool_]:
        """Tell for each instant whether the calendar is open."""
        return self._covering(instants).is_open(instants)

    def next_close(self, instants: Ticks) -> Ticks:
        """Return the first closings after the instants."""
        arrays = self._covering(instants)
        while True:
            index = arrays.closes.searchsorted(instants, "right")
            known = arrays.closes.searchsorted(arrays.high, "right")
            if index.max() < known:
                return arrays.closes[index]
            arrays = self._extend_later(arrays, instants)

    def previous_close(self, instants: Ticks) -> Ticks:
        """Return the last closings at or before the instants."""
        arrays = self._covering(instants)
        while True:
            found = arrays.closes[arrays.closes.searchsorted(instants, "right") - 1]
            if found.min() >= arrays.low:
                return found
            arrays = self._extend_earlier(arrays, instants)

    def add_days(self, starts: Ticks, counts: Ticks) -> Ticks:
        """Return the same local times on other working days, moved to open time."""
        found = starts.copy()
        moved = counts != 0
        if moved.any():
            found[moved] = self._same_times(starts[moved], counts[moved])
        ahead = counts >= 0
        if ahead.any():
            found[ahead] = self.add(found[ahead], np.zeros(1, np.int64), next_open=True)
        back = ~ahead
        if back.any():
            back[back] = ~self.is_open(found[back])
        if back.any():
            found[back] = self.previous_close(found[back])
        return found

    def _same_times(self, starts: Ticks, counts: Ticks) -> Ticks:
        arrays = self._covering(starts)
        while True:
            clock = self._clock(arrays.table)
            days, times = np.divmod(clock.local(starts), _DAY)
            dates = numbers(arrays.table.dates) - EPOCH.toordinal()
            index = counts + np.where(
                counts > 0, dates.searchsorted(days, "right") - 1, dates.searchsorted(days, "left")
            )
            if index.max() >= len(dates):
                arrays = self._extend_later(arrays, starts + counts * _DAY)
            elif index.min() < 0:
                arrays = self._extend_earlier(arrays, starts + counts * _DAY)
            else:
                return clock.instants(dates[index] * _DAY + times)

    def _clock(self, table: OpenTimeTable) -> "_BulkClock":
        if self._last_clock is None or self._last_clock[0] is not table:
            low, high = table.low - 2 * MARGIN, table.high + 2 * MARGIN
            self._last_clock = table, _bulk_clock(self._calendar.zone, low, high)
        return self._last_clock[1]

    def _covering(self, *instants: Ticks) -> BulkTable:
        low = instant_of(min(array.min() for array in instants))
        high = instant_of(max(array.max() for array in instants))
        return self._arrays_of(self._calendar._covering_both(low, high))

    def _extend_later(self, arrays: BulkTable, answers: Ticks) -> BulkTable:
        latest = instant_of(answers.max())
        return self._arrays_of(self._calendar._extend_later(arrays.table, latest))

    def _extend_earlier(self, arrays: BulkTable, answers: Ticks) -> BulkTable:
        earliest = instant_of(answers.min())
        return self._arrays_of(self._calendar._extend_earlier(arrays.table, earliest))

    def _arrays_of(self, table: OpenTimeTable) -> BulkTable:
        last = self._last
        if last is None or last.table is not table:
            self._last = last = bulk_table(table)
        return last


@attrs.frozen(eq=False)
class _BulkClock:
    """The changes of a zone's clocks in a range.

    `at` holds the instants of the changes and `offsets` the offset from each one on. `shown` holds
    the local time that the clocks would show at each change if they did not change: an earlier
    local time is shown under the offset before.
    """

    at: Ticks
    offsets: Ticks
    shown: Ticks

    def local(self, instants: Ticks) -> Ticks:
        """Return local times, as microseconds since a local 1970."""
        return instants + self.offsets[self.at.searchsorted(instants, "right") - 1]

    def instants(self, local: Ticks) -> Ticks:
        """Return the first instant of each local time; in the gap, the transition."""
        index = self.shown.searchsorted(local, "right") - 1
        instants: Ticks = np.maximum(local - self.offsets[index], self.at[index])
        return instants


def _bulk_clock(zone: ZoneInfo, low: datetime, high: datetime) -> _BulkClock:
    """Find the changes of a zone's clocks from *low* to *high*, both UTC."""
    changes = changes_between(zone, low, high)
    offset = offset_at(low, zone)
    after = [offset, *(change.after for change in changes)]
    before = [offset, *(change.before for change in changes)]
    at = numbers([ticks(low), *(ticks(change.at) for change in changes)])
    return _BulkClock(at, _offsets(after), at + _offsets(before))


def _offsets(offsets: list[timedelta]) -> Ticks:
    return numbers([offset // TICK for offset in offsets])
