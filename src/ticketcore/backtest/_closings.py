"""Compare when tickets close in a replay with when they closed in the record."""

from collections import Counter
from datetime import datetime, timedelta

import attrs

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_EXACT_BITS = 8


@attrs.define
class ClosingComparison:
    """The last closings of tickets: simulated compared with recorded ones.

    *within_hour* counts tickets whose two closings differ by at most an hour. *earlier* and
    *later* count the other tickets that closed in both, by the simulated closing. The other
    counts are tickets that closed in one only, or in neither.

    *differences* counts the differences, simulated minus recorded, in whole minutes. A difference
    of 256 minutes or more is rounded to its first 8 binary digits, so that the counter stays
    small.
    """

    within_hour: int = 0
    earlier: int = 0
    later: int = 0
    only_simulated: int = 0
    only_recorded: int = 0
    neither: int = 0
    differences: Counter[int] = attrs.field(factory=Counter)

    def add(self, simulated: datetime | None, recorded: datetime | None) -> None:
        """Count one ticket by its two closings; None stands for an open ticket."""
        if simulated is None or recorded is None:
            self.only_simulated += simulated is not None
            self.only_recorded += recorded is not None
            self.neither += simulated is None and recorded is None
            return
        difference = simulated - recorded
        self.differences[_rounded(difference // _MINUTE)] += 1
        if abs(difference) <= _HOUR:
            self.within_hour += 1
        elif simulated < recorded:
            self.earlier += 1
        else:
            self.later += 1

    def merge(self, other: "ClosingComparison") -> None:
        """Add the counts of another range of the history."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.differences.update(other.differences)

    @property
    def both(self) -> int:
        """Number of tickets that closed in the replay and in the record."""
        return self.within_hour + self.earlier + self.later

    def quantile(self, share: float) -> timedelta | None:
        """Return the least difference that is not exceeded by *share* of the tickets.

        The result is exact to the minute up to about four hours, and to one percent beyond.
        Returns None if no ticket closed in both.
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
    excess = max(size.bit_length() - _EXACT_BITS, 0)
    size = size >> excess << excess
    return size if minutes >= 0 else -size
