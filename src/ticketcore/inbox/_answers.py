"""The answers that customers were owed: from when, until when, and whether they came in time."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import attrs

from ticketcore.calendar import Span
from ticketcore.decider import plan
from ticketcore.errors import CalendarError
from ticketcore.events import Breached, Closed, Event, Party, Scheduled, Timer, utc_or_none
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, replay

Outcome: TypeAlias = Literal["answered", "passed-on", "dropped", "pending"]


@attrs.frozen(kw_only=True)
class Target:
    """In which *span* an answer is due where the policy says nothing; *calendar* is one of the
    policy's. Raises CalendarError for working time without one."""

    span: Span
    calendar: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.span.working and self.calendar is None:
            raise CalendarError(f"{self.span} need the calendar of the policy that they go by")


@attrs.frozen(kw_only=True)
class Answer:
    """An answer that a party owed the customer. All instants are UTC.

    It was owed *since* the turn became that party's; *first* says whether it was the first of its
    ticket, which passing the ticket on before it was due leaves to who has it next. *outcome*:
    answered, by a reply that is no interim notice (K9), a question, a change of type or the
    party's own closing; passed on to another party; dropped, when another closed the ticket; or
    still pending. *waited* is how long the customer waited for one that was answered, *worked* the
    same in working time of the calendar that it was due by, None where it was not due; passing a
    ticket on does not begin that anew.
    """

    first: bool
    by: Party
    since: datetime
    due: datetime | None
    ended_at: datetime | None
    outcome: Outcome
    in_time: bool | None
    waited: timedelta | None = None
    worked: timedelta | None = None


def answers(
    events: Iterable[Event],
    policy: Policy,
    *,
    target: Target | None = None,
    until: datetime | None = None,
) -> Iterator[Answer]:
    """The answers that the customer of one ticket was owed, in order.

    An answer is due at the recorded promise of a timer of *policy* that marks it overdue; where
    none was recorded, when that timer would have been; where there is no such timer, by *target*.
    Late is one that comes after it is due, whether or not that was recorded, and one that was
    recorded as overdue, whenever it came (K2: never erased). One that did not come is late once
    it is due, at *until*, or at the ticket's last event; before that it is not counted, and
    *in_time* is None. Raises HistoryError as `fold` does, CalendarRangeError as `plan`,
    CalendarError for a *target* whose calendar *policy* does not have, InstantError or
    NaiveDatetimeError for an *until* that is no instant.
    """
    until = utc_or_none(until)
    if target is not None and target.calendar not in (None, *policy.calendars):
        known = ", ".join(policy.calendars) or "none"
        raise CalendarError(f"{policy.name} has no calendar {target.calendar!r}: it has {known}")
    names = frozenset(rule.name for rule in policy.timers if rule.effect == "breach")
    owed: _Owed | None = None
    waiting_since: datetime | None = None
    first = True
    for ticket, event in replay(events):
        if owed is not None and not owed.lasts(ticket):
            answer = owed.answer(owed.outcome(ticket, event), event.at, event.at)
            yield answer
            owed = None
            if answer.outcome != "passed-on":
                waiting_since, first = None, False
            elif answer.in_time is not None:  # too late, and counted as such
                first = False
        if owed is None and _is_owed(ticket):
            assert ticket.waiting_since is not None, "an open ticket waits for somebody"
            waiting_since = waiting_since or ticket.waiting_since
            owed = _Owed(policy, target, names, ticket, waiting_since, first)
        if owed is not None:
            owed.notice(event)
    if owed is not None:
        yield owed.answer("pending", None, until or ticket.at)


def _is_owed(ticket: Ticket) -> bool:
    return ticket.closed_at is None and ticket.waiting_for != "customer"


class _Owed:
    """An answer that is owed while a history is read."""

    def __init__(
        self,
        policy: Policy,
        target: Target | None,
        names: frozenset[str],
        ticket: Ticket,
        waiting_since: datetime,
        first: bool,
    ) -> None:
        self._policy = policy
        self._target = target
        self._names = names
        self._begun = ticket
        self._waiting_since = waiting_since
        self._first = first
        self._promise = self._earliest(ticket.timers)
        self._breached = False

    def lasts(self, ticket: Ticket) -> bool:
        begun = self._begun
        return _is_owed(ticket) and (ticket.waiting_for, ticket.waiting_since) == (
            begun.waiting_for,
            begun.waiting_since,
        )

    def notice(self, event: Event) -> None:
        """Keep the promise that was recorded last, and whether it was recorded as broken."""
        if isinstance(event, Breached):
            self._breached = True
        elif isinstance(event, Scheduled) and not self._breached:
            self._promise = self._earliest(event.timers)

    def outcome(self, ticket: Ticket, event: Event) -> Outcome:
        if isinstance(event, Closed):
            return "answered" if event.by == self._begun.waiting_for else "dropped"
        return "answered" if ticket.waiting_for == "customer" else "passed-on"

    def answer(self, outcome: Outcome, ended_at: datetime | None, seen_at: datetime) -> Answer:
        due, calendar = self._deadline()
        begun = self._begun
        assert begun.waiting_for is not None, "an open ticket waits for somebody"
        assert begun.waiting_since is not None
        answered = outcome == "answered"
        return Answer(
            first=self._first,
            by=begun.waiting_for,
            since=begun.waiting_since,
            due=due,
            ended_at=ended_at,
            outcome=outcome,
            in_time=self._in_time(due, seen_at, answered),
            waited=seen_at - self._waiting_since if answered else None,
            worked=self._worked(calendar, seen_at) if answered and due is not None else None,
        )

    def _in_time(self, due: datetime | None, seen_at: datetime, answered: bool) -> bool | None:
        if self._breached:
            return False
        if due is None:
            return None
        if seen_at > due:
            return False
        return True if answered else None

    def _earliest(self, timers: Iterable[Timer]) -> Timer | None:
        """The timers are in order; only those that mark an answer overdue promise one."""
        return next((timer for timer in timers if timer.name in self._names), None)

    def _deadline(self) -> tuple[datetime | None, str | None]:
        """When the answer is due, and by which calendar."""
        begun, policy, target = self._begun, self._policy, self._target
        promise = self._promise
        if promise is None and self._names:
            promise = self._earliest(plan(begun, policy, begun.at))
        if promise is not None:
            rule = policy.timer(promise.name, begun)
            return promise.due, None if rule is None else rule.calendar
        if target is None:
            return None, None
        assert begun.waiting_since is not None, "an open ticket waits for somebody"
        calendar = policy.calendar(target.calendar, begun)
        return calendar.due(begun.waiting_since, target.span), target.calendar

    def _worked(self, calendar: str | None, until: datetime) -> timedelta:
        if calendar is None:
            return until - self._waiting_since
        return self._policy.calendar(calendar, self._begun).between(self._waiting_since, until)
