"""The searches behind the operations over arrays, each growing the table until it has all."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar._bulk_arrays import instant_of
from ticketcore.calendar._bulk_clock import BulkClock, bulk_clock
from ticketcore.calendar._bulk_index import Ticks
from ticketcore.calendar._bulk_table import EPOCH, BulkTable, bulk_table, numbers
from ticketcore.calendar._table import Table
from ticketcore.calendar._timeline import MARGIN

if TYPE_CHECKING:
    from ticketcore.calendar._calendar import Calendar

_DAY: Final = 86_400_000_000


class Search:
    """A calendar's table as arrays, kept until the calendar has a larger one."""

    def __init__(self, calendar: "Calendar") -> None:
        self._calendar = calendar
        self._last: BulkTable | None = None
        self._last_clock: tuple[Table, BulkClock] | None = None

    def add(self, starts: Ticks, spans: Ticks, *, opening: bool) -> Ticks:
        """Return where spans end; see `Calendar.add` for the meaning of boundaries and signs."""
        arrays = self._covering(starts)
        while True:
            positions = arrays.position(starts) + spans
            # A key one tick less finds the first instant at a position, the position the last.
            keys = positions - (spans < 0 if opening else spans > 0)
            if keys.max() >= arrays.limit:
                arrays = self._later(arrays, starts + spans)
            elif keys.min() < arrays.first:
                arrays = self._earlier(arrays, starts + spans)
            else:
                return arrays.instant(positions, keys)

    def between(self, starts: Ticks, ends: Ticks) -> Ticks:
        """Return the open time between."""
        arrays = self._covering(starts, ends)
        return arrays.position(ends) - arrays.position(starts)

    def is_open(self, instants: Ticks) -> NDArray[np.bool_]:
        """Tell for each instant whether it is open."""
        return self._covering(instants).is_open(instants)

    def next_close(self, instants: Ticks) -> Ticks:
        """Return the first closings after the instants."""
        arrays = self._covering(instants)
        while True:
            index = arrays.closes.searchsorted(instants, "right")
            known = arrays.closes.searchsorted(arrays.high, "right")
            if index.max() < known:
                return arrays.closes[index]
            arrays = self._later(arrays, instants)

    def previous_close(self, instants: Ticks) -> Ticks:
        """Return the last closings up to the instants."""
        arrays = self._covering(instants)
        while True:
            found = arrays.closes[arrays.closes.searchsorted(instants, "right") - 1]
            if found.min() >= arrays.low:
                return found
            arrays = self._earlier(arrays, instants)

    def add_days(self, starts: Ticks, counts: Ticks) -> Ticks:
        """Return the same local times on other working days, moved to open time."""
        found = starts.copy()
        moved = counts != 0
        if moved.any():
            found[moved] = self._same_times(starts[moved], counts[moved])
        ahead = counts >= 0
        if ahead.any():
            found[ahead] = self.add(found[ahead], np.zeros(1, np.int64), opening=True)
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
                arrays = self._later(arrays, starts + counts * _DAY)
            elif index.min() < 0:
                arrays = self._earlier(arrays, starts + counts * _DAY)
            else:
                return clock.instants(dates[index] * _DAY + times)

    def _clock(self, table: Table) -> BulkClock:
        if self._last_clock is None or self._last_clock[0] is not table:
            low, high = table.low - 2 * MARGIN, table.high + 2 * MARGIN
            self._last_clock = table, bulk_clock(self._calendar.zone, low, high)
        return self._last_clock[1]

    def _covering(self, *instants: Ticks) -> BulkTable:
        low = instant_of(min(array.min() for array in instants))
        high = instant_of(max(array.max() for array in instants))
        return self._of(self._calendar._covering_both(low, high))

    def _later(self, arrays: BulkTable, answers: Ticks) -> BulkTable:
        return self._of(self._calendar._later(arrays.table, instant_of(answers.max())))

    def _earlier(self, arrays: BulkTable, answers: Ticks) -> BulkTable:
        return self._of(self._calendar._earlier(arrays.table, instant_of(answers.min())))

    def _of(self, table: Table) -> BulkTable:
        last = self._last
        if last is None or last.table is not table:
            self._last = last = bulk_table(table)
        return last
