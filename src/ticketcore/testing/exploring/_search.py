"""Breadth-first search over the abstract states of tickets under one policy.

The search opens a ticket in every way that the policy distinguishes. It then takes the states in
the order in which it reached them, and from each tries every candidate command and lets the next
timer fire. A ticket whose abstract state is known ends there. The search records which timers were
set and which fired, which permissions were used, the first refund that exceeds the cap, and the
first step that breaks each guarantee. Each reached state knows the state before it, which gives
the shortest story that leads there.

A search may follow one `always` guarantee. The state then has a part for it:
whether the event is owed or met, how much of its span is left, and which timers are due before.
"""

from collections import deque
from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

import attrs

from ticketcore._internal.limits import MAX_EXPLORED_COMMANDS
from ticketcore.commands import ChangePolicy, Command
from ticketcore.decider import advance_ticket, authorize
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Party, Refunded, Scheduled
from ticketcore.guarantees import Owed, after_event, is_never
from ticketcore.ledger import OrderState
from ticketcore.policies import Guarantee, Policy
from ticketcore.testing._candidates import (
    candidates,
    class_of,
    permitted_candidates,
    try_command,
)
from ticketcore.testing._policy_facts import exceeds_cap, openings
from ticketcore.testing._story import TicketStory
from ticketcore.testing.exploring._abstraction import (
    STEPS_OF_A_SPAN,
    AbstractState,
    StateAbstraction,
    edges,
)
from ticketcore.ticket import Ticket, evolve

# A working Monday in office hours, and a Saturday at night, when offices are closed.
BEGINNINGS = datetime(2026, 1, 12, 10, tzinfo=UTC), datetime(2026, 1, 17, 3, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@attrs.frozen(kw_only=True, eq=False)
class ReachedState:
    """The first ticket that the search found with an abstract state, and the way to it.

    *command*, or the time until *until*, led from the state *before* to this one. *owed* is what
    the followed guarantee asks for.
    """

    ticket: Ticket
    state: AbstractState
    before: "ReachedState | None"
    events: tuple[Event, ...]
    command: Command | None = None
    until: datetime | None = None
    owed: Owed | None = None

    def story(self, policy: Policy, *more: Command) -> TicketStory:
        """Return the shortest story that leads here, followed by *more* commands."""
        commands: list[Command] = []
        reached: ReachedState | None = self
        while reached is not None:
            commands += [reached.command] if reached.command is not None else []
            reached = reached.before
        return TicketStory(policy=policy, commands=(*commands[::-1], *more), until=self.until)


@attrs.define
class StateSearch:
    """A search, and everything that it has found.

    *complete* is False if the policy has more than *max_states* abstract states, or if there were
    more commands to try than a limit allows. *set_timers* maps the index of a timer in the policy
    to the first state in which it was set; *fired_timers* contains such indices.
    *used_permissions* contains the index of a permission, the command and the party; *types* are
    those of the tickets. *over_refund* is the first state after a refund that exceeds the cap.
    *broken* maps the name of a guarantee to the first state that breaks it. The search follows the
    `always` guarantee *followed*, if there is one, and *was_owed* is True if it ever asked for its
    event.
    """

    policy: Policy
    max_states: int
    abstraction: StateAbstraction
    states: dict[AbstractState, ReachedState] = attrs.field(factory=dict)
    predecessors: dict[AbstractState, set[AbstractState]] = attrs.field(factory=dict)
    complete: bool = True
    set_timers: dict[int, ReachedState] = attrs.field(factory=dict)
    fired_timers: set[int] = attrs.field(factory=set)
    used_permissions: set[tuple[int, str, Party]] = attrs.field(factory=set)
    types: set[str] = attrs.field(factory=set)
    over_refund: ReachedState | None = None
    followed: Guarantee | None = None
    broken: dict[str, ReachedState] = attrs.field(factory=dict)
    was_owed: bool = False
    _queue: deque[ReachedState] = attrs.field(factory=deque)
    _tried: int = 0
    _unused: frozenset[tuple[str, Party]] = attrs.field(init=False)

    @_unused.default
    def _all_permissions(self) -> frozenset[tuple[str, Party]]:
        return self._find_unused()

    def run(self) -> "StateSearch":
        """Search until no new state is found, or the limit is reached; return the search."""
        for build in chain.from_iterable(openings(self.policy, at) for at in BEGINNINGS):
            opening = build()
            result = try_command(None, opening, self.policy)
            if not isinstance(result, RefusedError):
                self._record_permission(result[0], opening)
                self._add(self._after(None, *result, command=opening))
        while self._queue:
            if self._tried >= MAX_EXPLORED_COMMANDS:
                self.complete = False
                break
            reached = self._queue.popleft()
            self._let_time_pass(reached)
            for at in self._instants_to_try(reached):
                self._try_commands(reached, at)
        return self

    def _let_time_pass(self, reached: ReachedState) -> None:
        if reached.owed is not None and reached.owed.applies and not reached.owed.met:
            self._wait_for(reached, reached.owed)
        for later in self._silence(reached):
            self._add(later)

    def _silence(self, reached: ReachedState) -> Iterator[ReachedState]:
        """Let timers act until the state differs, or no timer is left."""
        state, timer = reached.state, reached.ticket.next_timer
        while timer is not None and reached.state == state:
            due = timer.wakes or timer.due
            for at in (due, due + _SECOND):
                later = self._wait(reached, at)
                if later is not reached:
                    yield later
                reached = later
            timer = reached.ticket.next_timer

    def _wait(self, reached: ReachedState, until: datetime) -> ReachedState:
        """Return the state that timers leave at an instant; the same one if none acts."""
        ticket, events = advance_ticket(reached.ticket, self.policy, until)
        return self._after(reached, ticket, events, until=until) if events else reached

    def _wait_for(self, reached: ReachedState, owed: Owed) -> None:
        """Let nobody act until an owed event is late, and record it if no timer brings it."""
        assert self.followed is not None
        at = owed.due + _SECOND
        later, events = advance_ticket(reached.ticket, self.policy, at)
        owed_then = self._owed_after(reached, events)
        if owed_then is not None and owed_then.is_late(at):
            late = ReachedState(
                ticket=later, state=None, before=reached, events=events, until=at, owed=owed_then
            )
            self.broken.setdefault(self.followed.name, late)

    def _owed_after(self, before: ReachedState | None, events: tuple[Event, ...]) -> Owed | None:
        """Return what the followed guarantee asks for after *events*.

        An event that was already late stays owed.
        """
        if self.followed is None or self.followed.always is None:
            return None
        ticket, owed = (before.ticket, before.owed) if before else (None, None)
        for event in events:
            if owed is not None and owed.is_late(event.at):
                return owed
            ticket = evolve(ticket, event)
            owed = after_event(self.followed.always, owed, event, ticket, self.policy)
        return owed

    def _try_commands(self, reached: ReachedState, at: datetime) -> None:
        waited = self._wait(reached, at)
        for command in permitted_candidates(waited.ticket, self.policy, at):
            self._tried += 1
            result = try_command(waited.ticket, command, self.policy)
            if isinstance(result, RefusedError):
                continue
            later, events = result
            if events or command.NAME == "reschedule":
                self._record_permission(waited.ticket, command)
            if events:
                self._add(self._after(waited, later, events, command=command))
        self._try_change_policy(waited.ticket, at)

    def _try_change_policy(self, ticket: Ticket, at: datetime) -> None:
        """Record who may change the policy; the change itself has no effect under this policy."""
        for by in self.policy.parties("change-policy"):
            self._record_permission(ticket, ChangePolicy(at=at, by=by))

    def _record_permission(self, ticket: Ticket, command: Command) -> None:
        """Record the permission that allows a command; one without effect may need none."""
        if (command.NAME, command.by) not in self._unused:
            return
        try:
            used = authorize(ticket, command, self.policy)
        except RefusedError:
            return
        permissions = enumerate(self.policy.permissions)
        index = next(index for index, permission in permissions if permission is used)
        self.used_permissions.add((index, command.NAME, command.by))
        self._unused = self._find_unused()

    def _find_unused(self) -> frozenset[tuple[str, Party]]:
        """Return the commands and parties of permissions that nothing has used yet."""
        return frozenset(
            (name, by)
            for index, permission in enumerate(self.policy.permissions)
            for name in permission.commands
            for by in permission.by
            if (index, name, by) not in self.used_permissions
        )

    def _try_unused(self, ticket: Ticket) -> None:
        """Try the permissions that are unused so far on a ticket whose state is known.

        Some commands need facts that the state leaves out, since no rule reads them, such as a
        person with whom the ticket is shared.
        """
        at = ticket.at + _SECOND
        names_of: dict[Party, set[str]] = {}
        for name, by in self._unused:
            names_of.setdefault(by, set()).add(name)
        for by, names in names_of.items():
            for build in candidates(ticket, by, self.policy, at):
                if class_of(build).NAME not in names:
                    continue
                command = build()
                result = try_command(ticket, command, self.policy)
                if not isinstance(result, RefusedError) and result[1]:
                    self._record_permission(advance_ticket(ticket, self.policy, at)[0], command)

    def _after(
        self,
        before: ReachedState | None,
        ticket: Ticket,
        events: tuple[Event, ...],
        *,
        command: Command | None = None,
        until: datetime | None = None,
    ) -> ReachedState:
        """Return the state that events lead to, and record what they show."""
        owed = self._owed_after(before, events)
        state = self.abstraction.state_of(ticket)
        if self.followed is not None and self.followed.always is not None:
            state = state, self._owed_state(owed, ticket)
        reached = ReachedState(
            ticket=ticket,
            state=state,
            before=before,
            events=events,
            command=command,
            until=until,
            owed=owed,
        )
        self.types.add(ticket.type)
        self._record_timers(reached)
        self._record_broken(reached)
        if self.over_refund is None and _over_refunds(reached, self.policy):
            self.over_refund = reached
        if before is not None:
            self.predecessors.setdefault(state, set()).add(before.state)
        return reached

    def _add(self, reached: ReachedState) -> None:
        """Explore a state later, if it is new.

        A known state is not explored again, but its ticket may use a permission, or let a timer
        fire, that no ticket did before.
        """
        if reached.state in self.states:
            if self._unused:
                self._try_unused(reached.ticket)
            pending = reached.ticket.pending_timers
            if any(self._indices(t.name, reached.ticket) - self.fired_timers for t in pending):
                deque(self._silence(reached), maxlen=0)
        elif len(self.states) >= self.max_states:
            self.complete = False
        else:
            self.states[reached.state] = reached
            self._queue.append(reached)

    def _record_timers(self, reached: ReachedState) -> None:
        """Record which timers the events of the last step set, and which fired."""
        ticket = reached.before.ticket if reached.before else None
        for event in reached.events:
            name: str | None = getattr(event, "timer", None)
            is_deadline = event.derived and getattr(event, "level", None) is None
            if name is not None and is_deadline and ticket is not None:
                self.fired_timers |= self._indices(name, ticket)
            ticket = evolve(ticket, event)
            if isinstance(event, Scheduled):
                for timer in event.timers:
                    for index in self._indices(timer.name, ticket):
                        self.set_timers.setdefault(index, reached)

    def _record_broken(self, reached: ReachedState) -> None:
        """Record the guarantees that the events of the last step break."""
        owed = reached.owed
        if owed is not None and owed.applies and self.followed is not None:
            self.was_owed = True
            if owed.is_late(reached.ticket.at):
                self.broken.setdefault(self.followed.name, reached)
        ticket = reached.before.ticket if reached.before else None
        for event in reached.events if self.policy.guarantees else ():
            after = evolve(ticket, event)
            for guarantee in self.policy.guarantees:
                never = guarantee.never
                if never is not None and is_never(never, ticket or after, event):
                    self.broken.setdefault(guarantee.name, reached)
            ticket = after

    def _indices(self, name: str, ticket: Ticket) -> set[int]:
        """Return the index of the definition of a timer; none for a reserved name."""
        definition = self.policy.timer(name, ticket)
        return {i for i, timer in enumerate(self.policy.timers) if timer is definition}

    def _owed_state(self, owed: Owed | None, ticket: Ticket) -> Hashable:
        """Return what of an owed event distinguishes tickets.

        This is whether the guarantee applies, the part of the span that is left, in
        forty-eighths, and the number of timers that act by its end.
        """
        if owed is None or owed.met:
            return owed is None
        step = (owed.due - owed.since) / STEPS_OF_A_SPAN
        left = max(int((owed.due - ticket.at) / step), 0) if step else 0
        acting = map(self.abstraction.acts_at, ticket.timers)
        return owed.applies, left, sum(at is not None and at <= owed.due for at in acting)

    def _instants_to_try(self, reached: ReachedState) -> Iterator[datetime]:
        """Yield the second after the last event, and the instants before and of the next timer.

        Until then windows of permissions open and close. The search tries commands just after
        this instant on the ticket that the timer leaves. It also tries them when the span of the
        followed guarantee is over.
        """
        ticket, owed = reached.ticket, reached.owed
        soon = ticket.at + _SECOND
        yield soon
        due = self.abstraction.next_instant(ticket)
        for at in () if due is None else (due - _SECOND, due):
            if at > soon:
                yield at
        ahead = sorted(set(edges(self.abstraction.windows(ticket))))
        yield from (edge for edge in ahead if soon < edge and (not due or edge < due))
        if owed is not None and not owed.met and owed.due >= soon and (not due or owed.due < due):
            yield owed.due + _SECOND


def _over_refunds(reached: ReachedState, policy: Policy) -> bool:
    """Return whether the last step refunded more than was left."""
    ticket = reached.before.ticket if reached.before else None
    for event in reached.events:
        ticket = evolve(ticket, event)
        if isinstance(event, Refunded) and exceeds_cap(OrderState(ticket), event, policy):
            return True
    return False
