"""Breadth first over the shapes of a policy: all that people may do, and all that clocks bring."""

from collections import deque
from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

import attrs

from ticketcore.commands import ChangePolicy, Command
from ticketcore.decider import advance_ticket, authorize
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Party, Refunded, Scheduled
from ticketcore.policies import Policy
from ticketcore.testing._asking import accepted, asked
from ticketcore.testing._facts import openings
from ticketcore.testing._story import Story
from ticketcore.testing.exploring._shape import Shapes
from ticketcore.ticket import Ticket, evolve

# A Monday without a holiday, and a Saturday at night: when it is open, and when it is not.
BEGINNINGS = datetime(2026, 1, 12, 10, tzinfo=UTC), datetime(2026, 1, 17, 3, tzinfo=UTC)
_MOMENT = timedelta(seconds=1)


@attrs.frozen(kw_only=True, eq=False)
class Place:
    """A ticket that the search came to first in this shape, and how."""

    ticket: Ticket
    shape: Hashable
    before: "Place | None"
    events: tuple[Event, ...]
    command: Command | None = None
    until: datetime | None = None

    def story(self, policy: Policy, *more: Command) -> Story:
        """The shortest story to here, and what else is asked then."""
        commands: list[Command] = []
        place: Place | None = self
        while place is not None:
            commands += [place.command] if place.command is not None else []
            place = place.before
        return Story(policy=policy, commands=(*commands[::-1], *more), until=self.until)


@attrs.define
class Search:
    """What a search has seen. *complete* is False where *bound* shapes did not hold them all."""

    policy: Policy
    bound: int
    shapes: Shapes
    places: dict[Hashable, Place] = attrs.field(factory=dict)
    before: dict[Hashable, set[Hashable]] = attrs.field(factory=dict)
    complete: bool = True
    promised: dict[int, Place] = attrs.field(factory=dict)
    fired: set[int] = attrs.field(factory=set)
    granted: set[tuple[int, str, Party]] = attrs.field(factory=set)
    double_payment: Place | None = None
    _queue: deque[Place] = attrs.field(factory=deque)

    def run(self) -> "Search":
        """Go everywhere."""
        for opening in chain.from_iterable(openings(self.policy, at) for at in BEGINNINGS):
            result = accepted(None, opening, self.policy)
            if not isinstance(result, RefusedError):
                self._grant(result[0], opening)
                self._reach(None, *result, command=opening)
        while self._queue:
            place = self._queue.popleft()
            self._let_time_pass(place)
            for at in _instants(place.ticket):
                self._ask(place, at)
        return self

    def _let_time_pass(self, place: Place) -> None:
        ticket = place.ticket
        if not ticket.timers:
            return
        due = ticket.timers[0].due
        for at in (due, due + _MOMENT):
            later, events = advance_ticket(ticket, self.policy, at)
            if events:
                self._reach(place, later, events, until=at)

    def _ask(self, place: Place, at: datetime) -> None:
        ticket = place.ticket
        for command in asked(ticket, self.policy, at):
            result = accepted(ticket, command, self.policy)
            if isinstance(result, RefusedError):
                continue
            later, events = result
            if events or command.NAME == "reschedule":
                self._grant(ticket, command)
            if events:
                self._reach(place, later, events, command=command)
        self._may_change_policy(ticket, at)

    def _may_change_policy(self, ticket: Ticket, at: datetime) -> None:
        """The ticket goes by this policy already, so whether one may is all there is to see."""
        for by in self.policy.parties("change-policy"):
            command = ChangePolicy(at=at, by=by)
            try:
                self._grant(ticket, command)
            except RefusedError:
                continue

    def _grant(self, ticket: Ticket, command: Command) -> None:
        permission = authorize(ticket, command, self.policy)
        index = next(i for i, p in enumerate(self.policy.permissions) if p is permission)
        self.granted.add((index, command.NAME, command.by))

    def _reach(
        self,
        before: Place | None,
        ticket: Ticket,
        events: tuple[Event, ...],
        *,
        command: Command | None = None,
        until: datetime | None = None,
    ) -> None:
        shape = self.shapes.of(ticket)
        place = Place(
            ticket=ticket, shape=shape, before=before, events=events, command=command, until=until
        )
        self._note(place)
        if self.double_payment is None and _pays_twice(place, self.policy):
            self.double_payment = place
        if before is not None:
            self.before.setdefault(shape, set()).add(before.shape)
        if shape in self.places:
            return
        if len(self.places) >= self.bound:
            self.complete = False
            return
        self.places[shape] = place
        self._queue.append(place)

    def _note(self, place: Place) -> None:
        """Which timers were promised, and which fired."""
        ticket = place.before.ticket if place.before else None
        for event in place.events:
            name = getattr(event, "timer", None)
            if name is not None and ticket is not None:
                self.fired.add(self._timer(name, ticket))
            ticket = evolve(ticket, event)
            if isinstance(event, Scheduled):
                for timer in event.timers:
                    self.promised.setdefault(self._timer(timer.name, ticket), place)

    def _timer(self, name: str, ticket: Ticket) -> int:
        rule = self.policy.timer(name, ticket)
        return next(i for i, timer in enumerate(self.policy.timers) if timer is rule)


def _instants(ticket: Ticket) -> Iterator[datetime]:
    """A moment later; and just before, and at, the next due instant. What may be done just after
    one is tried on the ticket that it leaves."""
    soon = ticket.at + _MOMENT
    yield soon
    if ticket.timers:
        due = ticket.timers[0].due
        for at in (due - _MOMENT, due):
            if at > soon:
                yield at


def _pays_twice(place: Place, policy: Policy) -> bool:
    """Whether this refund is more than may go back, or goes to one who has the money already."""
    if place.before is None or not any(isinstance(event, Refunded) for event in place.events):
        return False
    before, after = place.before.ticket, place.ticket
    order = after.opened.order
    above = order is not None and after.refunded > policy.refunds.cap(order.amount)
    return above or before.reimbursed
