"""The last instant at which a command still helps.

A command *helps* against a firing if, when a party gives it at an instant and nobody acts after
that, this deadline does not fire from then until the instant of the firing, inclusive; nor, for a
level, the level or the deadline of its timer. So it helps if the timer is met or cancelled, if a
pause stops it, or if it moves to a later instant.

The last instant is found without a search in small steps. If nobody acts, the ticket changes only
where something fires, and a permission opens or closes only at the edges of its window. Between
two such instants nothing else changes but the time, so a command helps there from some instant on,
or until some instant: until a window for refunds has closed, for example. That one is found by
bisection, to the microsecond.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import attrs

from ticketcore.commands import Command, Reply, SetDeadline, Snooze
from ticketcore.decider import sample_commands, window_of
from ticketcore.errors import CalendarRangeError, OrderNotAdvancedError, RefusedError
from ticketcore.events import PARTIES, Party, Timer
from ticketcore.forecast._future import Firing, Key, State, firings, future
from ticketcore.ticket import Ticket

Help: TypeAlias = Literal[
    "meets", "cancels", "restarts", "pauses", "moves", "disables", "prevents"
]
"""The effect of a command on a timer: it *disables* a level whose condition no longer holds, and
*prevents* a timer that has not started yet."""

_TICK: Final = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Action:
    """A command that prevents a firing if it is given at *until*, its own instant, at the latest.

    The command can be decided as it is; "…" stands for values that only the party knows. *until*
    is UTC. *help* is what it does to the timer then.
    """

    command: Command
    firing: Firing
    until: datetime
    help: Help


@attrs.frozen
class Phase:
    """The state of a ticket from the instant *at* on, after the first *fired* of the firings."""

    at: datetime
    state: State
    fired: int


def actions(phases: Sequence[Phase], fired: Sequence[Firing], limit: int) -> Iterator[Action]:
    """Yield the commands that help against the first firing of each deadline and of each level.

    *phases* are the states of the future in which nobody acts, the present one first, and *fired*
    are its firings. *limit* bounds the instants that are looked at after a command.
    """
    first: dict[Key, int] = {}
    for place, firing in enumerate(fired):
        first.setdefault(firing.key, place)
    end = max((fired[place].at for place in first.values()), default=phases[0].at)
    of_replies: dict[tuple[Party, int], Action] = {}
    for command in _commands(phases[0].state):
        trial = _Trial(command, phases, fired, end, limit)
        for place in first.values():
            action = trial.action(place)
            if action is None:
                continue
            if isinstance(command, Reply):
                plain = of_replies.setdefault((command.by, place), action)
                if plain is not action and _is_as_good(plain, action):
                    continue
            yield action


def _is_as_good(plain: Action, other: Action) -> bool:
    return plain.help == other.help and plain.until >= other.until


def _commands(state: State) -> Iterator[Command]:
    """Yield the commands to try, dated now, with the interim and solving replies."""
    ticket, policy = state.ticket, state.policy
    for by in PARTIES:
        for command in sample_commands(ticket, by, policy, ticket.at):
            if not policy.allows(command.NAME, by) or isinstance(command, SetDeadline | Snooze):
                continue
            yield command
            if isinstance(command, Reply):
                yield attrs.evolve(command, interim=True)
                yield attrs.evolve(command, solution=True)


class _Trial:
    """One command, tried at several instants of the future."""

    def __init__(
        self,
        command: Command,
        phases: Sequence[Phase],
        fired: Sequence[Firing],
        end: datetime,
        limit: int,
    ) -> None:
        self._command = command
        self._phases = phases
        self._fired = fired
        self._end = end
        self._limit = limit
        self._instants = [phase.at for phase in phases]
        self._edges = sorted(self._changes(), reverse=True)
        self._results: dict[datetime, frozenset[tuple[Key, datetime]] | None] = {}

    def action(self, place: int) -> Action | None:
        """Return the command at the last instant at which it helps against a firing."""
        firing = self._fired[place]
        later: datetime | None = None
        for at in self._edges:
            if at > firing.at:
                continue
            if self._helps(at, place):
                until = at if later is None else self._last_before(later, at, place)
                command = attrs.evolve(self._command, at=until)
                return Action(
                    command=command, firing=firing, until=until, help=self._help(until, firing)
                )
            later = at
        return None

    def _last_before(self, later: datetime, at: datetime, place: int) -> datetime:
        """Return the last instant before *later*, where the command fails, at which it helps."""
        while later - at > _TICK:
            middle = at + (later - at) // 2
            if self._helps(middle, place):
                at = middle
            else:
                later = middle
        return at

    def _changes(self) -> set[datetime]:
        """Return the instants at which more changes than the time, and those beside them."""
        instants = {*self._instants, *(firing.at for firing in self._fired)}
        for phase in self._phases:
            ticket, policy = phase.state.ticket, phase.state.policy
            for permission in policy.allows(self._command.NAME, self._command.by):
                window = window_of(permission, ticket, policy)
                if window is not None:
                    instants |= {edge for edge in (window.opens, window.closes) if edge}
        beside = {instant + step for instant in instants for step in (-_TICK, _TICK)}
        return {
            instant for instant in instants | beside if self._instants[0] <= instant <= self._end
        }

    def _phase(self, at: datetime) -> Phase:
        return self._phases[bisect_right(self._instants, at) - 1]

    def _helps(self, at: datetime, place: int) -> bool:
        if self._phase(at).fired > place:
            return False
        firing, found = self._fired[place], self._result(at)
        return found is not None and not any(
            timer == firing.timer
            and level in (None, firing.level)
            and firing.dispute in (None, dispute)
            and instant <= firing.at
            for (timer, level, dispute), instant in found
        )

    def _result(self, at: datetime) -> frozenset[tuple[Key, datetime]] | None:
        """Return what fires after the command, and when; None if it is refused or does nothing."""
        if at not in self._results:
            self._results[at] = self._try(at)
        return self._results[at]

    def _try(self, at: datetime) -> frozenset[tuple[Key, datetime]] | None:
        try:
            state, events = self._phase(at).state.after(attrs.evolve(self._command, at=at))
            if not events:
                return None
            found = [*firings(events)]
            for place, (instant, _, happened) in enumerate(future(state)):
                if instant > self._end + _TICK:
                    break
                if place == self._limit:
                    return None
                found += firings(happened)
        except (RefusedError, OrderNotAdvancedError, CalendarRangeError):
            return None
        return frozenset((firing.key, firing.at) for firing in found)

    def _help(self, at: datetime, firing: Firing) -> Help:
        """Return what the command does to the timer of a firing."""
        before = self._phase(at).state
        after = before.after(attrs.evolve(self._command, at=at))[0].ticket
        timer = _timer(before.ticket, firing)
        if timer is None:
            return "prevents"
        now = _timer(after, firing)
        if now is not None and now.cycle == timer.cycle:
            if now.paused is not None:
                return "pauses"
            return "disables" if now.due == timer.due else "moves"
        ends = {ended.timer.identity: ended.outcome for ended in after.ended_timers}
        if ends.get(timer.identity) == "met":
            return "meets"
        return "cancels" if now is None else "restarts"


def _timer(ticket: Ticket, firing: Firing) -> Timer | None:
    """Return the timer of a ticket to which a firing belongs."""
    for timer in ticket.timers:
        if timer.name == firing.timer and firing.dispute in (None, timer.dispute):
            return timer
    return None
