"""A zone's clocks over arrays: the same rules for gaps and repeated hours as for one instant."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import numpy as np

from ticketcore.calendar._bulk_index import Ticks
from ticketcore.calendar._bulk_table import TICK, numbers, ticks
from ticketcore.calendar._zones import changes_between, offset_at


@attrs.frozen(eq=False)
class BulkClock:
    """The changes of clocks in a range: when they happen, and the offsets around them."""

    at: Ticks
    offsets: Ticks
    shown: Ticks

    def local(self, instants: Ticks) -> Ticks:
        """Return what the clocks show, as microseconds since a local 1970."""
        return instants + self.offsets[self.at.searchsorted(instants, "right") - 1]

    def instants(self, local: Ticks) -> Ticks:
        """Return when the clocks first show it; inside a gap, the transition."""
        index = self.shown.searchsorted(local, "right") - 1
        instants: Ticks = np.maximum(local - self.offsets[index], self.at[index])
        return instants


def bulk_clock(zone: ZoneInfo, low: datetime, high: datetime) -> BulkClock:
    """Find the changes of a zone's clocks in a range.

    `shown` is what clocks are about to show when each change comes: a time before that is
    shown under the offset before.
    """
    changes = changes_between(zone, low, high)
    offset = offset_at(low, zone)
    after = [offset, *(change.after for change in changes)]
    before = [offset, *(change.before for change in changes)]
    at = numbers([ticks(low), *(ticks(change.at) for change in changes)])
    return BulkClock(at, _offsets(after), at + _offsets(before))


def _offsets(offsets: list[timedelta]) -> Ticks:
    return numbers([offset // TICK for offset in offsets])
