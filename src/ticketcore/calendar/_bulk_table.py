"""A calendar's table as arrays of whole microseconds since 1970, and the searches in it."""

from datetime import UTC, datetime, timedelta
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from ticketcore.calendar._bulk_index import Index, Ticks, index_of
from ticketcore.calendar._table import Table

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)


@attrs.frozen(eq=False)
class BulkTable:
    """The arrays of a table. An empty opening before all others lets every search find one."""

    table: Table
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
        """Return the open time that passed up to each instant."""
        index = self.by_instant.last_up_to(instants)
        spent: Ticks = np.minimum(instants - self.opens[index], self.lengths[index])
        return spent + self.totals[index]

    def is_open(self, instants: Ticks) -> NDArray[np.bool_]:
        """Tell for each instant whether it is open."""
        return instants < self.closes[self.by_instant.last_up_to(instants)]

    def instant(self, positions: Ticks, keys: Ticks) -> Ticks:
        """Return the last instant at each position; with a key of one tick less, the first."""
        index = self.by_position.last_up_to(keys)
        return positions - self.totals[index] + self.opens[index]


def bulk_table(table: Table) -> BulkTable:
    """Turn a table into arrays."""
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
        index_of(opens, ticks(table.high)),
        index_of(totals[:-1], table.limit // TICK),
    )


def ticks(instant: datetime) -> int:
    """Return an instant in microseconds since 1970."""
    return (instant - EPOCH) // TICK


def numbers(values: list[int]) -> Ticks:
    """Return numbers as an array of 64 bits each, on whatever machine."""
    return np.array(values, np.int64)
