"""Compare the effects of two policies: the same stories under both, breadth first.

The search opens a ticket under both policies at once and sends it the same commands at the same
instants. It follows the pair of tickets as long as their abstract states are new. A pair *agrees*
if the policies' conditions cannot tell the tickets apart. Differences are recorded only on pairs
that agree, so that one difference does not bring a hundred consequences with it. On such a pair:

- each command that both policies name is accepted by both, or by only one;
- if nobody acts any more, the timers of both cause the same events at the same instants, or not.

The first difference of each kind has the shortest story.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product, repeat, zip_longest
from typing import Literal, TypeAlias

import attrs
from dateutil.relativedelta import relativedelta

from ticketcore._internal.limits import MAX_EXPLORED_COMMANDS
from ticketcore.commands import Command, Open
from ticketcore.decider import advance_ticket, reopening_window
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Event, Scheduled
from ticketcore.policies import Policy, fact_getter
from ticketcore.testing._candidates import candidates, class_of, try_command
from ticketcore.testing._policy_facts import facts_read, openings, policy_of
from ticketcore.testing._story import TicketStory
from ticketcore.testing.exploring._abstraction import StateAbstraction, edges
from ticketcore.testing.exploring._search import BEGINNINGS
from ticketcore.ticket import Ticket

DifferenceKind: TypeAlias = Literal["allowed", "refused", "earlier", "later", "added", "missing"]
"""What the other policy does differently: it allows or refuses a command, or an event of a timer
happens earlier or later than under the base, is added, or is missing."""


_Answer: TypeAlias = tuple[Ticket, tuple[Event, ...]] | RefusedError

_ACCEPTED = "accepted"
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_END = datetime.max.replace(tzinfo=UTC)


@attrs.frozen(kw_only=True)
class PolicyDifference:
    """One kind of difference between two policies, with the shortest story that shows it.

    *subject* names the command with its party and the type of ticket, or the event. *base* and
    *other* say what happens under each policy. After the commands of *story* nobody acts; the
    story runs under either policy, here under the base.
    """

    kind: DifferenceKind
    subject: str
    base: str
    other: str
    story: TicketStory

    def __str__(self) -> str:
        return f"{self.subject}: {self.base}, under the other policy {self.other}"

    def scenario(self, policy: str) -> str:
        """Return the story as a scenario file (TOML) for the base, by its name or path."""
        return self.story.scenario(policy, comment=str(self))


@attrs.frozen(kw_only=True)
class PolicyComparison:
    """The differences between two policies, those with the shortest stories first.

    *pairs* is the number of pairs of ticket states that were compared. *complete* is False if
    there are more than *max_states*, or more commands to try than a limit allows.
    """

    differences: tuple[PolicyDifference, ...]
    pairs: int
    complete: bool


def compare_policies(
    base: Policy | str, other: Policy | str, *, max_states: int = 5_000
) -> PolicyComparison:
    """Run the same stories under two policies and return where they differ.

    Each is a policy, a preset's name or a path, as for `explore`.
    The stories are those of `explore`, and openings at the end of each window after the sale in
    which the policies differ, and a minute later. Commands are also tried when a window of either
    policy opens or has closed: those of permissions, and that in which replies reopen a ticket.
    Amounts and texts are not varied. Policies with one digest decide alike, so nothing is tried.
    The search stops after *max_states* pairs of states, or 500,000 commands. Raises ValueError for
    *max_states* below 1.
    """
    if max_states < 1:
        raise ValueError(f"max_states is {max_states}: it must be at least 1")
    policies = policy_of(base), policy_of(other)
    if policies[0].digest == policies[1].digest:
        return PolicyComparison(differences=(), pairs=0, complete=True)
    return _Comparison(*policies, max_states).run()


@attrs.frozen(kw_only=True, eq=False)
class _Pair:
    """The tickets of one story under both policies, after these commands.

    *happened* has, for each ticket, the names of the events that timers caused so far.
    *silent* is True if the last step was time that passed.
    """

    tickets: tuple[Ticket, Ticket]
    happened: tuple[frozenset[str], frozenset[str]]
    commands: tuple[Command, ...]
    at: datetime
    silent: bool = False


@attrs.define
class _Comparison:
    base: Policy
    other: Policy
    max_states: int
    _found: dict[tuple[DifferenceKind, str], PolicyDifference] = attrs.field(factory=dict)
    _known: set[Hashable] = attrs.field(factory=set)
    _queue: deque[_Pair] = attrs.field(factory=deque)
    _complete: bool = True
    _tried: int = 0
    _state_of: tuple[StateAbstraction, StateAbstraction] = attrs.field(init=False)
    _facts: frozenset[str] = attrs.field(init=False)

    @_state_of.default
    def _make_abstractions(self) -> tuple[StateAbstraction, StateAbstraction]:
        return StateAbstraction(self.base), StateAbstraction(self.other)

    @_facts.default
    def _find_facts(self) -> frozenset[str]:
        return facts_read(self.base) | facts_read(self.other) | {"type", "status", "waiting_for"}

    @property
    def _policies(self) -> tuple[Policy, Policy]:
        return self.base, self.other

    def run(self) -> PolicyComparison:
        """Search until no new pair is found, or the limit is reached."""
        for opening in self._openings():
            self._send(None, opening)
        while self._queue:
            if self._tried >= MAX_EXPLORED_COMMANDS:
                self._complete = False
                break
            pair = self._queue.popleft()
            if not pair.silent and self._agrees(pair):
                self._compare_silence(pair)
            self._let_time_pass(pair)
            for command in self._candidates(pair):
                self._send(pair, command)
        return PolicyComparison(
            differences=tuple(self._found.values()),
            pairs=len(self._known),
            complete=self._complete,
        )

    def _openings(self) -> Iterator[Open]:
        """Yield the openings that either policy distinguishes."""
        for at in BEGINNINGS:
            every = [build() for policy in self._policies for build in openings(policy, at)]
            yield from dict.fromkeys(every)
            yield from dict.fromkeys(
                late for opening in every for late in self._late_openings(opening)
            )

    def _late_openings(self, opening: Open) -> Iterator[Open]:
        """Yield the opening at the end of each window in which its type differs, and after it."""
        kinds = [policy.types.get(opening.type or "") for policy in self._policies]
        windows = [(kind.windows, kind.window_bound) for kind in kinds if kind is not None]
        order = opening.order
        if order is None or len(windows) < 2 or windows[0] == windows[1]:
            return
        spans = {span: None for spans, _ in windows for span in spans.values()}
        for span, late in product(spans, (timedelta(), _MINUTE)):
            since = opening.at - span.delta - timedelta(days=span.days) - late
            sold_at = since - relativedelta(months=span.months)
            invoiced_at = order.invoiced_at and sold_at
            old = attrs.evolve(order, sold_at=sold_at, invoiced_at=invoiced_at)
            yield attrs.evolve(opening, order=old)

    def _candidates(self, pair: _Pair) -> Iterator[Command]:
        """Yield commands a second after the last event, and just before the next due instant.

        Until then windows open and close, so commands are tried at these instants too.
        """
        soon = pair.at + _SECOND
        due = _next_due(pair)
        ahead = {due - _SECOND} if due is not None else set[datetime]()
        ahead.update(edge for edge in self._edges(pair) if due is None or edge < due)
        instants = [soon, *sorted(at for at in ahead if at > soon)]
        for at, by in product(instants, PARTIES):
            every = [
                build()
                for ticket, policy in zip(pair.tickets, self._policies, strict=True)
                for build in candidates(ticket, by, policy, at)
                if any(each.allows(class_of(build).NAME, by) for each in self._policies)
            ]
            yield from dict.fromkeys(every)

    def _edges(self, pair: _Pair) -> Iterator[datetime]:
        """Yield the instants at which a window of either policy opens, or has just closed."""
        for ticket, abstraction in zip(pair.tickets, self._state_of, strict=True):
            yield from edges(abstraction.windows(ticket))
            yield from edges([reopening_window(ticket, abstraction.policy)])

    def _send(self, pair: _Pair | None, command: Command) -> None:
        """Send a command to both tickets, and follow them if both accept it."""
        self._tried += 1
        before = pair.tickets if pair else (None, None)
        first, second = map(try_command, before, repeat(command), self._policies)
        if isinstance(first, RefusedError) or isinstance(second, RefusedError):
            if pair is None or self._agrees(pair):
                self._compare_answers(pair, command, first, second)
            return
        after = _Pair(
            tickets=(first[0], second[0]),
            happened=pair.happened if pair else (frozenset(), frozenset()),
            commands=(*(pair.commands if pair else ()), command),
            at=command.at,
        )
        if pair is None or first[1] or second[1]:
            self._reach(after)

    def _let_time_pass(self, pair: _Pair) -> None:
        """Advance both tickets to the next due instant of either, and just after it."""
        due = _next_due(pair)
        for at in () if due is None else (due, due + _SECOND):
            first, second = map(advance_ticket, pair.tickets, self._policies, repeat(at))
            if first[1] or second[1]:
                happened = (
                    pair.happened[0] | _names(first[1]),
                    pair.happened[1] | _names(second[1]),
                )
                tickets = first[0], second[0]
                later = attrs.evolve(pair, tickets=tickets, happened=happened, at=at, silent=True)
                self._reach(later)

    def _reach(self, pair: _Pair) -> None:
        ahead = [edge for edge in self._edges(pair) if edge > pair.at]
        instants = {timer.due for ticket in pair.tickets for timer in ticket.pending_timers}
        ranks = {at: rank for rank, at in enumerate(sorted(instants.union(ahead)))}
        order = (
            *(tuple(ranks[timer.due] for timer in t.pending_timers) for t in pair.tickets),
            tuple(ranks[edge] for edge in ahead),
        )
        first, second = (
            abstraction.state_of(ticket)
            for abstraction, ticket in zip(self._state_of, pair.tickets, strict=True)
        )
        unread = tuple(map(_unread, pair.tickets))
        state = first, second, order, unread, self._agrees(pair)
        if state in self._known:
            return
        if len(self._known) >= self.max_states:
            self._complete = False
            return
        self._known.add(state)
        self._queue.append(pair)

    def _agrees(self, pair: _Pair) -> bool:
        """Return whether all conditions and past timers are the same for both tickets."""
        first, second = pair.tickets
        facts = (fact_getter(name) for name in self._facts)
        return pair.happened[0] == pair.happened[1] and all(
            fact(first) == fact(second) for fact in facts
        )

    def _compare_answers(
        self, pair: _Pair | None, command: Command, first: _Answer, second: _Answer
    ) -> None:
        answers = [_answer(first), _answer(second)]
        if (answers[0] == _ACCEPTED) == (answers[1] == _ACCEPTED):
            return
        kind: DifferenceKind = "refused" if answers[0] == _ACCEPTED else "allowed"
        asked: str | None = getattr(command, "type", None)
        about = asked or (pair.tickets[0].type if pair else "")
        commands = (*(pair.commands if pair else ()), command)
        self._record(
            kind,
            f"{command.NAME} by {command.by}, type {about}",
            (answers[0], answers[1]),
            TicketStory(policy=self.base, commands=commands),
        )

    def _compare_silence(self, pair: _Pair) -> None:
        """Compare what the timers of both tickets do if nobody acts any more."""
        first, second = (
            _instants(advance_ticket(ticket, policy, _END)[1])
            for ticket, policy in zip(pair.tickets, self._policies, strict=True)
        )
        for name in dict.fromkeys((*first, *second)):
            for base, other in zip_longest(first.get(name, ()), second.get(name, ())):
                if base != other:
                    until = max(at for at in (base, other) if at is not None)
                    self._record(
                        _moved(base, other),
                        f"{name}, type {pair.tickets[0].type}",
                        (_written(base), _written(other)),
                        TicketStory(
                            policy=self.base, commands=pair.commands, until=until + _SECOND
                        ),
                    )
                    break

    def _record(
        self, kind: DifferenceKind, subject: str, sides: tuple[str, str], story: TicketStory
    ) -> None:
        base, other = sides
        difference = PolicyDifference(
            kind=kind, subject=subject, base=base, other=other, story=story
        )
        self._found.setdefault((kind, subject), difference)


def _unread(ticket: Ticket) -> Hashable:
    """Return facts that an abstract state leaves out, but that the other policy may read."""
    timers = tuple(timer.name for timer in ticket.pending_timers)
    return (
        ticket.type,
        timers,
        ticket.assigned_to is None,
        ticket.acknowledged,
        bool(ticket.shared_with),
        bool(ticket.tags),
        ticket.snoozed_until is None,
    )


def _next_due(pair: _Pair) -> datetime | None:
    timers = (ticket.next_timer for ticket in pair.tickets)
    return min((timer.wakes or timer.due for timer in timers if timer is not None), default=None)


def _names(events: Iterable[Event]) -> frozenset[str]:
    return frozenset(event.NAME for event in events if not isinstance(event, Scheduled))


def _instants(events: Iterable[Event]) -> dict[str, list[datetime]]:
    timed = [event for event in events if not isinstance(event, Scheduled)]
    names = dict.fromkeys(event.NAME for event in timed)
    return {name: [event.at for event in timed if name == event.NAME] for name in names}


def _moved(base: datetime | None, other: datetime | None) -> DifferenceKind:
    if base is None:
        return "added"
    if other is None:
        return "missing"
    return "earlier" if other < base else "later"


def _answer(result: _Answer) -> str:
    return f"refused, {result.code}" if isinstance(result, RefusedError) else _ACCEPTED


def _written(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%a %Y-%m-%d %H:%M:%S} UTC"
