"""The table: open intervals in UTC beside the open time that passed before each.

Two functions carry every operation: `position(t)`, the open time elapsed up to t, and its
inverse. Each is one binary search, so the cost does not grow with the span.
Datetimes and timedeltas are exact to the microsecond and compare as fast as numbers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from operator import sub
from typing import Final

import attrs

from ticketcore.calendar._instants import NOTHING
from ticketcore.calendar._intervals import Interval, merge

_AGES_AGO: Final = datetime.min.replace(tzinfo=UTC)


@attrs.frozen(eq=False)
class Table:
    """Open time between two instants, and the working dates (as ordinals) about them.

    `totals[i]` is the open time in the table before `opens[i]`; the last is the sum of all.
    Answers are right about instants from `low` up to but not including `high`, and so may end at
    `high` itself; `first` and `limit` are the positions of both.
    """

    low: datetime
    high: datetime
    opens: list[datetime]
    closes: list[datetime]
    totals: list[timedelta]
    dates: list[int]
    first: timedelta = attrs.field(init=False)
    limit: timedelta = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "first", self.position(self.low))
        object.__setattr__(self, "limit", self.position(self.high))

    def position(self, instant: datetime) -> timedelta:
        """Return the open time that passed up to the instant."""
        after = bisect_right(self.opens, instant)
        if not after:
            return NOTHING
        if instant >= self.closes[after - 1]:
            return self.totals[after]
        return self.totals[after - 1] + (instant - self.opens[after - 1])

    def earliest(self, position: timedelta) -> datetime | None:
        """Return the first instant at that position, or None if it is not in the table."""
        if not self.first < position <= self.limit:
            return None
        index = bisect_left(self.totals, position) - 1
        return self.opens[index] + (position - self.totals[index])

    def latest(self, position: timedelta) -> datetime | None:
        """Return the last instant at that position, or None if it is not in the table."""
        if not self.first <= position < self.limit:
            return None
        index = bisect_right(self.totals, position) - 1
        return self.opens[index] + (position - self.totals[index])

    def within(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return the open intervals from `start` to `end`, cut at both; none when reversed."""
        if start >= end:
            return ()
        begin = bisect_right(self.closes, start)
        stop = bisect_left(self.opens, end)
        pairs = zip(self.opens[begin:stop], self.closes[begin:stop], strict=True)
        return tuple((max(start, opened), min(end, closed)) for opened, closed in pairs)


EMPTY: Final = Table(_AGES_AGO, _AGES_AGO, [], [], [NOTHING], [])


def build(low: datetime, high: datetime, intervals: Iterable[Interval], dates: list[int]) -> Table:
    """Make a table of intervals that are in order of their beginnings."""
    merged = list(merge(intervals))
    opens = [begin for begin, _ in merged]
    closes = [end for _, end in merged]
    totals = list(accumulate(map(sub, closes, opens), initial=NOTHING))
    return Table(low, high, opens, closes, totals, dates)
