"""When tickets are closed: as the policy has it beside as it was recorded."""

from collections import Counter
from datetime import datetime, timedelta

import attrs

_MINUTE = timedelta(minutes=1)
_HOUR = 60
_DIGITS = 8


@attrs.define
class ClosingComparison:
    """The last closings of tickets, simulated and recorded.

    *within_hour* counts those that differ by at most an hour, *earlier* and *later* how the other
    simulated ones lie; *differences* counts the differences (simulated less recorded, in whole
    minutes, of long ones the first eight binary digits), so that it stays small.
    """

    within_hour: int = 0
    earlier: int = 0
    later: int = 0
    only_simulated: int = 0
    only_recorded: int = 0
    neither: int = 0
    differences: Counter[int] = attrs.field(factory=Counter)

    def add(self, simulated: datetime | None, recorded: datetime | None) -> None:
        """Count one ticket."""
        if simulated is None or recorded is None:
            self.only_simulated += simulated is not None
            self.only_recorded += recorded is not None
            self.neither += simulated is None and recorded is None
            return
        minutes = (simulated - recorded) // _MINUTE
        self.differences[_rounded(minutes)] += 1
        if abs(simulated - recorded) <= _HOUR * _MINUTE:
            self.within_hour += 1
        elif minutes < 0:
            self.earlier += 1
        else:
            self.later += 1

    def merge(self, other: "ClosingComparison") -> None:
        """Add what another part of the history counted."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.differences.update(other.differences)

    @property
    def both(self) -> int:
        """How many tickets were closed in both."""
        return self.within_hour + self.earlier + self.later

    def quantile(self, share: float) -> timedelta | None:
        """The least difference that at least this share of the tickets does not exceed.

        Exact to the minute up to about four hours, to a hundredth beyond. None without a ticket.
        """
        passed = 0
        for minutes, count in sorted(self.differences.items()):
            passed += count
            if passed >= share * self.both:
                return minutes * _MINUTE
        return None


_COUNTS = [field.name for field in attrs.fields(ClosingComparison) if field.name != "differences"]


def _rounded(minutes: int) -> int:
    size = abs(minutes)
    beyond = max(size.bit_length() - _DIGITS, 0)
    size = size >> beyond << beyond
    return size if minutes >= 0 else -size
