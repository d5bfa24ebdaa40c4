"""List the answers that a customer was owed, each with its deadline and its outcome.

An answer is owed while a ticket is open and waits for any party but the customer. `answers` reads
the events of a ticket in order and keeps one `_OwedAnswer` for the party that owes one now. The
answer ends when the ticket waits for somebody else, when it closes, or with the last event.

Its deadline is the first of these that exists:

1. the earliest deadline that the ticket recorded last, of a timer for answers;
2. the deadline that such a timer of the policy gives, for histories that recorded none;
3. the deadline that an `AnswerTarget` sets.

A timer for answers has the effect ``breach``. It counts from the beginning of the wait or later,
and either runs while an answer is owed, or a reply meets it. So a timer for the solution, or for
regular updates, never makes an answer late.

Passing the ticket on starts a new answer, but the customer's wait goes on: it is measured from the
first answer in a row of answers that were passed on.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final, Literal, TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.calendar import Span
from ticketcore.decider import plan, target_of
from ticketcore.errors import CalendarError
from ticketcore.events import (
    Breached,
    Closed,
    Event,
    Linked,
    NoteAdded,
    Party,
    PauseStarted,
    RefundConfirmed,
    Refunded,
    RefundFailed,
    Scheduled,
    Shared,
    ShipmentAdded,
    Split,
    Tagged,
    Timer,
    Unshared,
    Untagged,
    utc_or_none,
)
from ticketcore.policies import Policy, TimerDefinition
from ticketcore.ticket import Ticket, fold

# These change neither who owes an answer nor, but for Scheduled, a timer. A ticket may have
# thousands of them, so they are not folded one by one, which would copy what they add to.
_FOLDED_LATER: Final[frozenset[type[Event]]] = frozenset(
    {
        Linked,
        NoteAdded,
        RefundConfirmed,
        Refunded,
        RefundFailed,
        Scheduled,
        Shared,
        ShipmentAdded,
        Split,
        Tagged,
        Unshared,
        Untagged,
    }
)

AnswerOutcome: TypeAlias = Literal["answered", "passed-on", "dropped", "pending"]
"""The way in which an owed answer ended. ``dropped``: another party closed the ticket."""


@attrs.frozen(kw_only=True)
class AnswerTarget:
    """A deadline for answers, for policies that set none.

    *calendar* names a calendar of the policy; working time needs one. Raises CalendarError if it
    is missing.
    """

    span: Span
    calendar: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.span.working and self.calendar is None:
            raise CalendarError(
                f'target "{self.span}" needs a calendar: name one of the policy\'s'
            )


@attrs.frozen(kw_only=True)
class Answer:
    """An answer that party *by* owed the customer. All instants are UTC.

    *since* is the instant from which the ticket waited for this party. *first* tells whether this
    is the ticket's first answer; a ticket that is passed on before the deadline leaves the first
    answer to the next party. *due* is the deadline, `None` without one. *ended_at* is `None` while
    the answer is pending.

    *outcome* is ``answered`` after a reply that is neither interim (K9) nor blank (K11), a request
    for information, a change of type, or the closing by the same party; ``passed-on`` if another
    party owes the answer now; ``dropped`` if another party closed the ticket; else ``pending``.

    *in_time* is `None` for answers that count neither way. *waited* is the time that the customer
    waited for an answer that came, even if several parties owed it in turn. *worked* is the same
    in working time of the deadline's calendar, `None` without a deadline.
    """

    first: bool
    by: Party
    since: datetime
    due: datetime | None
    ended_at: datetime | None
    outcome: AnswerOutcome
    in_time: bool | None
    waited: timedelta | None = None
    worked: timedelta | None = None


@typed
def answers(
    events: Iterable[Event],
    policy: Policy,
    *,
    target: AnswerTarget | None = None,
    until: datetime | None = None,
) -> Iterator[Answer]:
    """Yield the answers that the customer of one ticket was owed, in order.

    The module docstring says which deadline applies. An answer is late if it comes after its
    deadline, also without a recorded breach. With a recorded breach it is late whenever it comes
    (K2: a breach is never undone). An answer that has not come is late once its deadline has
    passed at *until*, or at the last event without *until*.

    Raises:
        HistoryError: the events do not begin with an opening.
        CalendarRangeError: a deadline lies beyond the years that its calendar covers.
        CalendarError: *policy* does not have the calendar of *target*.
        NaiveDatetimeError, InstantError: *until* has no offset, or no date in UTC.
    """
    until = utc_or_none(until)
    if target is not None and target.calendar not in (None, *policy.calendars):
        known = ", ".join(policy.calendars) or "none"
        raise CalendarError(f"{policy.name} has no calendar {target.calendar!r}: it has {known}")
    answer_timers = frozenset(timer.name for timer in policy.timers if _is_for_answers(timer))
    owed: _OwedAnswer | None = None
    waiting_since: datetime | None = None
    first = True
    ticket: Ticket | None = None
    waiting: list[Event] = []  # to be folded with the next event that may change an answer
    for event in events:
        waiting.append(event)
        if type(event) in _FOLDED_LATER and ticket is not None:
            if owed is not None and isinstance(event, Scheduled):
                owed.record(event.timers)
            continue
        ticket = fold(waiting, ticket)
        waiting.clear()
        if owed is not None and not owed.lasts(ticket):
            answer = owed.ended(owed.outcome(ticket, event), event.at, event.at)
            yield answer
            owed = None
            if answer.outcome != "passed-on":
                waiting_since, first = None, False
            elif answer.in_time is not None:  # it was late already, and counts as the first
                first = False
        if owed is None and (owing := _owing(ticket)) is not None:
            waiting_since = waiting_since or owing.since
            owed = _OwedAnswer(policy, target, answer_timers, ticket, owing, waiting_since, first)
        if owed is not None:
            owed.observe(ticket, event)
    if owed is not None:
        yield owed.ended("pending", None, until or event.at)


def _is_for_answers(timer: TimerDefinition) -> bool:
    conditions = {name for name, _ in timer.when.every_wanted()}
    return timer.effect == "breach" and (
        "waiting_for" in conditions
        or "waiting-since" in timer.anchors
        or any(meeting.event == "replied" for meeting in timer.met_by)
    )


@attrs.frozen
class _Owing:
    """The party that owes the customer an answer, and the instant when the wait for it began."""

    party: Party
    since: datetime


def _owing(ticket: Ticket) -> _Owing | None:
    """Return who owes an answer: nobody if the ticket is closed or waits for the customer."""
    party, since = ticket.waiting_for, ticket.waiting_since
    if party is None or since is None or party == "customer":
        return None
    return _Owing(party, since)


@attrs.define
class _OwedAnswer:
    """An answer that a party owes. *ticket* is the ticket when it began to wait for the party."""

    _policy: Policy
    _target: AnswerTarget | None
    _answer_timers: frozenset[str]
    _ticket: Ticket
    _owing: _Owing
    _waiting_since: datetime
    _first: bool
    _recorded: Timer | None = attrs.field(init=False)
    _breached: bool = attrs.field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self.record(self._ticket.timers)

    def record(self, timers: tuple[Timer, ...]) -> None:
        """Record the deadline of these timers, unless a breach was recorded."""
        if not self._breached:
            self._recorded = self._earliest(timers)

    def lasts(self, ticket: Ticket) -> bool:
        """Tell whether the same party still owes this answer."""
        return _owing(ticket) == self._owing

    def observe(self, ticket: Ticket, event: Event) -> None:
        """Record the deadline after a pause began, and a breach."""
        if isinstance(event, Breached):
            self._breached = self._breached or self._makes_late(ticket, event.timer)
        elif isinstance(event, PauseStarted):
            self.record(ticket.timers)

    def outcome(self, ticket: Ticket, event: Event) -> AnswerOutcome:
        """Return the outcome of an answer that *event* ended, given the ticket after it."""
        if isinstance(event, Closed):
            return "answered" if event.by == self._owing.party else "dropped"
        return "answered" if ticket.waiting_for == "customer" else "passed-on"

    def ended(
        self, outcome: AnswerOutcome, ended_at: datetime | None, compared_at: datetime
    ) -> Answer:
        """Return the answer, with *compared_at* as the instant to compare with the deadline."""
        due, calendar = self._deadline()
        answered = outcome == "answered"
        paused = None if self._recorded is None else self._recorded.paused
        return Answer(
            first=self._first,
            by=self._owing.party,
            since=self._owing.since,
            due=due,
            ended_at=ended_at,
            outcome=outcome,
            in_time=self._in_time(due, min(compared_at, paused or compared_at), answered),
            waited=compared_at - self._waiting_since if answered else None,
            worked=self._worked(calendar, compared_at) if answered and due is not None else None,
        )

    def _in_time(self, due: datetime | None, compared_at: datetime, answered: bool) -> bool | None:
        if self._breached:
            return False
        if due is None:
            return None
        if compared_at > due:
            return False
        return True if answered else None

    def _makes_late(self, ticket: Ticket, name: str) -> bool:
        """Whether the breach of a timer makes this answer late; True for an unknown timer."""
        if name not in self._answer_timers and self._policy.timer(name, ticket) is not None:
            return False
        named = [timer for timer in ticket.timers if timer.name == name]
        return not named or any(timer.since >= self._waiting_since for timer in named)

    def _counts(self, timer: Timer) -> bool:
        return timer.name in self._answer_timers and timer.since >= self._waiting_since

    def _earliest(self, timers: Iterable[Timer]) -> Timer | None:
        return min(filter(self._counts, timers), key=attrgetter("due"), default=None)

    def _deadline(self) -> tuple[datetime | None, str | None]:
        """Return the deadline, and the name of the calendar that it was counted in."""
        policy, ticket, target = self._policy, self._ticket, self._target
        timer = self._recorded
        if timer is None and self._answer_timers:
            timer = self._earliest(plan(ticket, policy, ticket.at))
        if timer is not None:
            definition = policy.timer(timer.name, ticket)
            selected = None if definition is None else target_of(ticket, definition)
            return timer.due, None if selected is None else selected.calendar
        if target is None:
            return None, None
        calendar = policy.calendar(target.calendar, ticket)
        return calendar.due(self._owing.since, target.span), target.calendar

    def _worked(self, calendar: str | None, until: datetime) -> timedelta:
        if calendar is None:
            return until - self._waiting_since
        return self._policy.calendar(calendar, self._ticket).between(self._waiting_since, until)
