"""Compare when tickets close in a replay with when they closed in the record."""

from collections import Counter
from datetime import datetime, timedelta

import attrs

from ticketcore.ticket import Ticket

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_EXACT_BITS = 8


@attrs.define
class ClosingAgreement:
    """Tickets that closed in the record: their simulated closings compared with the recorded ones.

    *within_hour* counts tickets whose two closings differ by at most an hour. *earlier* and
    *later* count the other tickets that closed in both, by the simulated closing. *only_recorded*
    counts the tickets that stay open in the replay.

    *differences* counts the differences, simulated minus recorded, in whole minutes. A difference
    of 256 minutes or more is rounded to its first 8 binary digits, so that the counter stays
    small.
    """

    within_hour: int = 0
    earlier: int = 0
    later: int = 0
    only_recorded: int = 0
    differences: Counter[int] = attrs.field(factory=Counter)

    def add(self, simulated: datetime | None, recorded: datetime) -> None:
        """Count one ticket by its two closings; None stands for a ticket that stays open."""
        if simulated is None:
            self.only_recorded += 1
            return
        difference = simulated - recorded
        self.differences[_rounded(difference // _MINUTE)] += 1
        if abs(difference) <= _HOUR:
            self.within_hour += 1
        elif simulated < recorded:
            self.earlier += 1
        else:
            self.later += 1

    def merge(self, other: "ClosingAgreement") -> None:
        """Add the counts of another range of the history."""
        for name in ("within_hour", "earlier", "later", "only_recorded"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.differences.update(other.differences)

    @property
    def both(self) -> int:
        """Number of tickets that closed in the replay and in the record."""
        return self.within_hour + self.earlier + self.later

    @property
    def closed(self) -> int:
        """Number of tickets that closed in the record."""
        return self.both + self.only_recorded

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


@attrs.define
class ClosingComparison:
    """The last closings of tickets: simulated compared with recorded ones.

    A closing by a person is replayed at its recorded instant, so its agreement says nothing about
    the policy. Therefore recorded closings *by_system* and *by_people* are counted apart.
    *only_simulated* and *neither* count tickets that are open in the record.
    """

    by_system: ClosingAgreement = attrs.field(factory=ClosingAgreement)
    by_people: ClosingAgreement = attrs.field(factory=ClosingAgreement)
    only_simulated: int = 0
    neither: int = 0

    def add(self, simulated: datetime | None, recorded: Ticket) -> None:
        """Count one ticket by its simulated closing and its recorded state."""
        if recorded.closed_at is None:
            self.only_simulated += simulated is not None
            self.neither += simulated is None
        else:
            by_system = recorded.closed_by[0] == "system"
            agreement = self.by_system if by_system else self.by_people
            agreement.add(simulated, recorded.closed_at)

    def merge(self, other: "ClosingComparison") -> None:
        """Add the counts of another range of the history."""
        self.by_system.merge(other.by_system)
        self.by_people.merge(other.by_people)
        self.only_simulated += other.only_simulated
        self.neither += other.neither


def _rounded(minutes: int) -> int:
    size = abs(minutes)
    excess = max(size.bit_length() - _EXACT_BITS, 0)
    size = size >> excess << excess
    return size if minutes >= 0 else -size
