"""A calendar's table as arrays of whole microseconds since 1970, with an index for fast search.

A binary search in a large array reads memory at a dozen distant places for each key. `Index`
avoids this: it cuts the range of values into buckets of 2**32 microseconds, a little more than an
hour, and remembers for each bucket the last value before it. A search starts there and needs only
a few steps forward, at most as many as there are values in one bucket.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar.engine._table import OpenTimeTable

Ticks: TypeAlias = NDArray[np.int64]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
_BUCKET_BITS: Final = 32


@attrs.frozen(eq=False)
class Index:
    """The buckets of a sorted array, and the number of steps that is enough from any of them."""

    values: Ticks
    following: Ticks
    buckets: NDArray[np.int32]
    steps: int

    def last_up_to(self, keys: Ticks) -> NDArray[np.int32]:
        """Return for each key the index of the last value up to it.

        Keys must lie between the first value and the end for which the index was built.
        """
        found: NDArray[np.int32] = self.buckets[(keys - self.values[0]) >> _BUCKET_BITS]
        for _ in range(self.steps):
            found += self.following[found] <= keys
        return found


def _index_of(values: Ticks, end: int) -> Index:
    """Build the index of a sorted array, for keys up to *end*."""
    count = ((end - int(values[0])) >> _BUCKET_BITS) + 2
    begins = values[0] + (np.arange(count, dtype=np.int64) << _BUCKET_BITS)
    buckets = (values.searchsorted(begins, "right") - 1).astype(np.int32)
    never = np.array([np.iinfo(np.int64).max])
    steps = int(np.diff(buckets).max())
    return Index(values, np.concatenate([values[1:], never]), buckets[:-1], steps)


@attrs.frozen(eq=False)
class BulkTable:
    """The arrays of a table.

    An empty interval comes before all others, so that every search finds one.
    """

    table: OpenTimeTable
    low: int
    high: int
    opens: Ticks
    closes: Ticks
    lengths: Ticks
    totals: Ticks
    first: int
    limit: int
    by_instant: Index
    by_position: Index

    def position(self, instants: Ticks) -> Ticks:
        """Return the open time up to each instant."""
        index = self.by_instant.last_up_to(instants)
        spent: Ticks = np.minimum(instants - self.opens[index], self.lengths[index])
        return spent + self.totals[index]

    def is_open(self, instants: Ticks) -> NDArray[np.bool_]:
        """Tell for each instant whether the calendar is open."""
        return instants < self.closes[self.by_instant.last_up_to(instants)]

    def instant(self, positions: Ticks, keys: Ticks) -> Ticks:
        """Return the last instant at each position, or the first if the key is one tick less."""
        index = self.by_position.last_up_to(keys)
        return positions - self.totals[index] + self.opens[index]


def bulk_table(table: OpenTimeTable) -> BulkTable:
    """Convert a table to arrays."""
    before = min([table.low - TICK, *table.opens[:1]])
    opens = numbers([ticks(instant) for instant in (before, *table.opens)])
    closes = numbers([ticks(instant) for instant in (before, *table.closes)])
    totals = numbers([total // TICK for total in (table.totals[0], *table.totals)])
    return BulkTable(
        table,
        ticks(table.low),
        ticks(table.high),
        opens,
        closes,
        closes - opens,
        totals[:-1],
        table.first // TICK,
        table.limit // TICK,
        _index_of(opens, ticks(table.high)),
        _index_of(totals[:-1], table.limit // TICK),
    )


def ticks(instant: datetime) -> int:
    """Return an instant in microseconds since 1970."""
    return (instant - EPOCH) // TICK


def numbers(values: list[int]) -> Ticks:
    """Return numbers as an array of 64-bit integers on every machine."""
    return np.array(values, np.int64)
