"""A lookup table of open time: open intervals in UTC, each with the open time before it.

All calendar arithmetic rests on two functions: `position(t)`, the open time up to the instant t,
and its inverse, `earliest` or `latest`. Each is one binary search, so ten years cost as little as
ten minutes. Datetimes and timedeltas are exact to the microsecond and compare as fast as numbers.

For example, an office is open on Monday and Tuesday from 09:00 to 17:00:

    opens    Mon 09:00   Tue 09:00
    closes   Mon 17:00   Tue 17:00
    totals   0 h         8 h         16 h

The position of Tuesday 10:00 is 8 h + 1 h = 9 h. To add 2 h, look up the position 11 h: it lies
3 h after the second opening, on Tuesday at 12:00. The position 8 h belongs to all instants from
Monday 17:00 to Tuesday 09:00; `earliest` returns the first of them, `latest` the last.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from operator import sub
from typing import Final

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore.calendar.engine._instants import NO_TIME
from ticketcore.calendar.engine._intervals import Interval, merge

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@frozen
class OpenTimeTable:
    """Open time between two instants, and the working dates (as ordinals) in that range.

    `totals[i]` is the open time before `opens[i]`; the last entry is the sum of all intervals.
    The table answers for instants from `low` up to, but not including, `high`; an answer may be
    `high` itself. `first` and `limit` are the positions of `low` and `high`.
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
        """Return the open time in the table up to *instant*."""
        after = bisect_right(self.opens, instant)
        if not after:
            return NO_TIME
        if instant >= self.closes[after - 1]:
            return self.totals[after]
        return self.totals[after - 1] + (instant - self.opens[after - 1])

    def earliest(self, position: timedelta) -> datetime | None:
        """Return the first instant at *position*, or `None` if the table does not reach it.

        At a closing time this is the closing itself.
        """
        if not self.first < position <= self.limit:
            return None
        index = bisect_left(self.totals, position) - 1
        return self.opens[index] + (position - self.totals[index])

    def latest(self, position: timedelta) -> datetime | None:
        """Return the last instant at *position*, or `None` if the table does not reach it.

        At a closing time this is the next opening.
        """
        if not self.first <= position < self.limit:
            return None
        index = bisect_right(self.totals, position) - 1
        return self.opens[index] + (position - self.totals[index])

    def within(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return the open intervals between *start* and *end*, clipped to both.

        Returns `()` unless *start* is before *end*.
        """
        if start >= end:
            return ()
        begin = bisect_right(self.closes, start)
        stop = bisect_left(self.opens, end)
        pairs = zip(self.opens[begin:stop], self.closes[begin:stop], strict=True)
        return tuple((max(start, opened), min(end, closed)) for opened, closed in pairs)


EMPTY: Final = OpenTimeTable(_BEGINNING, _BEGINNING, [], [], [NO_TIME], [])


def build(
    low: datetime, high: datetime, intervals: Iterable[Interval], dates: list[int]
) -> OpenTimeTable:
    """Build a table from intervals that are sorted by start.

    Intervals that touch or overlap are merged.
    """
    merged = list(merge(intervals))
    opens = [begin for begin, _ in merged]
    closes = [end for _, end in merged]
    totals = list(accumulate(map(sub, closes, opens), initial=NO_TIME))
    return OpenTimeTable(low, high, opens, closes, totals, dates)
