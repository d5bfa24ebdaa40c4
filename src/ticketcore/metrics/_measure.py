"""Compute the service metrics of histories, group by group.

`measure` reads one ticket at a time and adds it to the tallies of its groups. A tally keeps
durations, counts and order units, but no tickets, so a large history file needs little memory.
A ticket counts in the group of its opening; each answer, refund, reopening and warning counts in
the group of the instant at which it began or happened.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from ticketcore._internal.arguments import typed
from ticketcore.events import (
    Event,
    Money,
    Refunded,
    RefundFailed,
    Reopened,
    Replied,
    Warned,
)
from ticketcore.ledger import order_of
from ticketcore.metrics._answers import Answer, AnswerTarget, answers
from ticketcore.metrics._grouping import By, Group, OnBroken, grouped, groupings_of
from ticketcore.metrics._metrics import Metrics, Ratio, Spread
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


@typed
def measure(
    histories: Iterable[tuple[str, tuple[Event, ...]]],
    policy: Policy,
    by: By = (),
    *,
    target: AnswerTarget | None = None,
    until: datetime | None = None,
    on_broken: OnBroken | None = None,
) -> tuple[Metrics, ...]:
    """Return the service metrics of each group of tickets, sorted by the names of the group.

    Each history is a ticket's number with its events. *by* is one grouping or several, such as
    ``("month", "fields.priority")``; without it, all tickets form one group. *policy*, *target*
    and *until* decide when an answer is late; see `answers`.

    A ticket that cannot be measured is left out and passed to *on_broken* with its error. Without
    *on_broken* the error is raised: those of `answers`, CalendarError for an unknown time zone, or
    InstantError for an instant without a date in the ticket's zone.

    Raises UnknownGroupingError for an unknown grouping, before anything is read.
    """
    groupings = groupings_of(by, policy)
    tallies: defaultdict[Group, _GroupTally] = defaultdict(_GroupTally)

    def read(_: Ticket, events: tuple[Event, ...]) -> tuple[Answer, ...]:
        return tuple(answers(events, policy, target=target, until=until))

    for found in grouped(histories, policy, groupings, read, on_broken):
        ticket, events, group_of = found.ticket, found.events, found.group_of
        _count_ticket(tallies[group_of(ticket.opened.at)], ticket, events)
        for answer in found.read:
            tallies[group_of(answer.since)].add_answer(answer)
        _count_events(tallies, group_of, events)
    return tuple(
        tallies[group].metrics(dict(zip(groupings, group, strict=True)))
        for group in sorted(tallies)
    )


def _count_ticket(tally: "_GroupTally", ticket: Ticket, events: Iterable[Event]) -> None:
    tally.add_ticket(ticket)
    if ticket.closed_at is not None:
        claims = [e.at for e in events if isinstance(e, Replied) and e.solution and e.is_answer]
        solved_at = claims[-1] if ticket.solved else ticket.closed_at
        tally.add_solution((solved_at - ticket.opened.at).total_seconds())


def _count_events(
    tallies: "defaultdict[Group, _GroupTally]",
    group_of: Callable[[datetime], Group],
    events: Iterable[Event],
) -> None:
    failed = {event.reference for event in events if isinstance(event, RefundFailed)}
    for event in events:
        match event:
            case Warned():
                tallies[group_of(event.at)].warnings += 1
            case Reopened():
                tallies[group_of(event.at)].reopenings += 1
            case Refunded() if event.reference is None or event.reference not in failed:
                tallies[group_of(event.at)].add_refund(event.amount)


class _GroupTally:
    """The counts and durations of one group so far."""

    def __init__(self) -> None:
        self.reopenings = 0
        self.warnings = 0
        self._tickets = 0
        self._first_answers: Counter[bool] = Counter()
        self._answers: Counter[bool] = Counter()
        self._waited: list[float] = []
        self._worked: list[float] = []
        self._solved: list[float] = []
        self._refunds = 0
        self._refunded: Counter[str] = Counter()
        self._unit_mentions = 0
        self._units: set[tuple[tuple[str | None, str], str]] = set()

    def add_ticket(self, ticket: Ticket) -> None:
        """Count a ticket and the order units that it is about."""
        self._tickets += 1
        order = order_of(ticket)
        if order is not None:
            self._unit_mentions += len(ticket.units)
            self._units.update((order, unit) for unit in ticket.units)

    def add_solution(self, seconds: float) -> None:
        """Count the time that a closed ticket took."""
        self._solved.append(seconds)

    def add_answer(self, answer: Answer) -> None:
        """Count an answer that was owed."""
        if answer.in_time is not None:
            self._answers[answer.in_time] += 1
            if answer.first:
                self._first_answers[answer.in_time] += 1
        if answer.waited is not None:
            self._waited.append(answer.waited.total_seconds())
        if answer.worked is not None:
            self._worked.append(answer.worked.total_seconds())

    def add_refund(self, amount: Money) -> None:
        """Count a refund."""
        self._refunds += 1
        self._refunded[amount.currency] += amount.minor

    def metrics(self, group: Mapping[str, str]) -> Metrics:
        """Return the metrics of everything counted so far."""
        return Metrics(
            group=group,
            tickets=self._tickets,
            first_in_time=Ratio(self._first_answers[True], self._first_answers.total()),
            in_time=Ratio(self._answers[True], self._answers.total()),
            waiting=Spread.of(self._waited),
            waiting_working=Spread.of(self._worked),
            solution=Spread.of(self._solved),
            reopenings=self.reopenings,
            warnings=self.warnings,
            refunds=self._refunds,
            refunded=tuple(
                Money(minor, currency) for currency, minor in sorted(self._refunded.items())
            ),
            per_unit=Ratio(self._unit_mentions, len(self._units)),
        )
