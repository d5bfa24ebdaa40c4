"""Counting towards the service figures of one group."""

from collections import Counter

from ticketcore.events import Money
from ticketcore.metrics._answers import Answer
from ticketcore.metrics._metrics import Figures, Ratio, Spread
from ticketcore.ticket import Ticket


class Tally:
    """What was counted so far. Holds no ticket, only times and the units that were met."""

    def __init__(self) -> None:
        self.reopenings = 0
        self.warnings = 0
        self._tickets = 0
        self._first: Counter[bool] = Counter()
        self._all: Counter[bool] = Counter()
        self._waited: list[float] = []
        self._worked: list[float] = []
        self._solved: list[float] = []
        self._refunds = 0
        self._refunded: Counter[str] = Counter()
        self._concerned = 0
        self._units: set[tuple[str, str]] = set()

    def ticket(self, ticket: Ticket) -> None:
        """Count a ticket with its units."""
        self._tickets += 1
        if ticket.opened.order is not None:
            number = ticket.opened.order.number
            self._concerned += len(ticket.opened.units)
            self._units.update((number, unit) for unit in ticket.opened.units)

    def solution(self, seconds: float) -> None:
        """Count how long a closed ticket took."""
        self._solved.append(seconds)

    def answer(self, answer: Answer) -> None:
        """Count an answer that was owed."""
        if answer.in_time is not None:
            self._all[answer.in_time] += 1
            if answer.first:
                self._first[answer.in_time] += 1
        if answer.waited is not None:
            self._waited.append(answer.waited.total_seconds())
        if answer.worked is not None:
            self._worked.append(answer.worked.total_seconds())

    def refund(self, amount: Money) -> None:
        """Count money that went back."""
        self._refunds += 1
        self._refunded[amount.currency] += amount.minor

    def figures(self, group: str) -> Figures:
        """The figures of what was counted."""
        return Figures(
            group=group,
            tickets=self._tickets,
            first_in_time=Ratio(self._first[True], self._first.total()),
            in_time=Ratio(self._all[True], self._all.total()),
            waiting=Spread.of(self._waited),
            waiting_working=Spread.of(self._worked),
            solution=Spread.of(self._solved),
            reopenings=self.reopenings,
            warnings=self.warnings,
            refunds=self._refunds,
            refunded=tuple(
                Money(minor, currency) for currency, minor in sorted(self._refunded.items())
            ),
            per_unit=Ratio(self._concerned, len(self._units)),
        )
