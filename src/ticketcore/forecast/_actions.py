"""The last instant at which a command still helps.

A command, given at an instant, *helps* against the firing of a deadline if the deadline then does
not fire until the instant of that firing, inclusive. It helps against a level if neither the level
nor the deadline of its timer fires until then. Nobody else acts in between. So it helps if the
timer is met or cancelled, if a pause stops it, or if it moves to a later instant.

The last instant is found without a search in small steps. If nobody acts, the ticket changes only
where something fires, and a permission opens or closes only at the edges of its window. Between
two such instants nothing else changes but the time, so a command helps there from some instant on,
or until some instant: until a window for refunds has closed, for example. That one is found by
bisection, to the microsecond.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

import attrs

from ticketcore._internal.limits import MAX_FORECAST_STEPS
from ticketcore.commands import Command, Reply, SetDeadline, Snooze
from ticketcore.decider import sample_commands, window_of
from ticketcore.errors import CalendarRangeError, OrderNotAdvancedError, RefusedError
from ticketcore.events import PARTIES, Event, Party, Timer
from ticketcore.forecast._future import Firing, Key, State, firings, future
from ticketcore.ticket import Ticket

Help: TypeAlias = Literal[
    "meets", "cancels", "restarts", "pauses", "moves", "disables", "prevents"
]
"""The effect of a command on a timer: it *disables* a level whose condition no longer holds, and
*prevents* a timer that has not started yet."""

_TICK: Final = timedelta(microseconds=1)
_END: Final = datetime.max.replace(tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Action:
    """A command that prevents a firing if a party gives it at the instant *until* or earlier.

    The command is dated at *until*, in UTC, and can be decided as it is; "…" stands for values
    that only the party knows. *help* is what it does to the timer then.
    """

    command: Command
    firing: Firing
    until: datetime
    help: Help


@attrs.frozen
class Phase:
    """The state of a ticket from the instant *at* on, after the first *fired* firings."""

    at: datetime
    state: State
    fired: int


class _SpentError(Exception):
    """The search has looked at as many instants as it may."""


@attrs.define
class _Search:
    """The states of the future in which nobody acts, the present one first, and its firings.

    *limit* bounds the instants after one command, *left* all steps of the search.
    """

    phases: Sequence[Phase]
    fired: Sequence[Firing]
    limit: int
    left: int

    def spend(self, steps: int = 1) -> None:
        """Count steps. Raises _SpentError if none is left."""
        self.left -= steps
        if self.left < 0:
            raise _SpentError


def actions(
    phases: Sequence[Phase], fired: Sequence[Firing], limit: int
) -> Iterator[tuple[Action, ...]]:
    """Yield, for each firing in order, the commands that help against it, by their last instants.

    *phases* are the states of the future in which nobody acts, the present one first, and *fired*
    are its firings. *limit* bounds the instants that are looked at after a command. The result
    ends where the search has taken MAX_FORECAST_STEPS steps.
    """
    search = _Search(phases, fired, limit, MAX_FORECAST_STEPS)
    with suppress(_SpentError):
        trials = [_Trial(command, search) for command in _commands(phases[0].state)]
        for place in range(len(fired)):
            helping = _against(place, trials)
            yield tuple(sorted(helping, key=lambda action: action.until))


def _against(place: int, trials: Iterable["_Trial"]) -> list[Action]:
    """Return the commands that help against a firing.

    An interim or solving reply is left out if it helps no longer than a plain one of its party.
    """
    helping: list[Action] = []
    plain: dict[Party, Action] = {}
    for trial in trials:
        action = trial.action(place)
        if action is None:
            continue
        if isinstance(action.command, Reply):
            first = plain.setdefault(action.command.by, action)
            if first is not action and _is_as_good(first, action):
                continue
        helping.append(action)
    return helping


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


class _Outcome:
    """The firings that follow a command, computed on demand."""

    def __init__(self, command: Command, state: State, search: _Search) -> None:
        self._search = search
        self._found: list[tuple[Key, datetime]] = []
        self._instants = 0
        search.spend()
        try:
            after, events = state.after(command)
        except (RefusedError, OrderNotAdvancedError, CalendarRangeError):
            after, events = state, ()
        self._is_known = bool(events)
        self._reached: datetime = command.at
        self._future = future(after)
        self._add(events)

    def helps(self, firing: Firing) -> bool:
        """Return whether a deadline does not fire after the command until its instant."""
        while self._is_known and self._reached <= firing.at:
            self._step()
        return self._is_known and not any(
            timer == firing.timer
            and level in (None, firing.level)
            and firing.dispute in (None, dispute)
            and instant <= firing.at
            for (timer, level, dispute), instant in self._found
        )

    def _step(self) -> None:
        """Let time pass to the next instant. After the limit or an error, no more is known."""
        self._search.spend()
        self._is_known = self._instants <= self._search.limit
        self._instants += 1
        try:
            self._reached, _, events = next(self._future, (_END, None, ()))
            self._add(events)
        except (OrderNotAdvancedError, CalendarRangeError):
            self._is_known = False

    def _add(self, events: Iterable[Event]) -> None:
        self._found += ((firing.key, firing.at) for firing in firings(events))


class _Trial:
    """One command, tried at several instants of the future."""

    def __init__(self, command: Command, search: _Search) -> None:
        search.spend(len(search.phases))
        self._command = command
        self._search = search
        self._instants = [phase.at for phase in search.phases]
        self._edges = sorted(self._changes())
        self._outcomes: dict[datetime, _Outcome] = {}
        self._last: dict[Key, tuple[datetime, datetime | None]] = {}

    def action(self, place: int) -> Action | None:
        """Return the command at the last instant at which it helps against a firing.

        The firings are asked for in order. A command that helps against a firing also helps
        against the previous firing of the same key, if it is given before that one. So the search
        covers the instants from the previous firing on, and those until the last instant at which
        the command helps against it.
        """
        firing = self._search.fired[place]
        since, before = self._last.get(firing.key, (self._instants[0], None))
        edges = self._edges
        until = self._until(
            edges[bisect_left(edges, since) : bisect_right(edges, firing.at)], place, None
        )
        if until is None and before is not None:
            earlier = edges[: bisect_left(edges, before)]
            until = before if self._helps(before, place) else self._until(earlier, place, before)
        self._last[firing.key] = firing.at, until
        if until is None:
            return None
        command = attrs.evolve(self._command, at=until)
        return Action(command=command, firing=firing, until=until, help=self._help(until, firing))

    def _until(
        self, edges: Sequence[datetime], place: int, later: datetime | None
    ) -> datetime | None:
        """Return the last instant until *later* at which the command helps; late edges first."""
        for at in reversed(edges):
            if self._helps(at, place):
                return at if later is None else self._last_before(later, at, place)
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
        """Return the instants at which more than the time changes, and their neighbours."""
        first, last = self._instants[0], self._search.fired[-1].at
        instants = {*self._instants, *(firing.at for firing in self._search.fired)}
        for phase in self._search.phases:
            ticket, policy = phase.state.ticket, phase.state.policy
            for permission in policy.allows(self._command.NAME, self._command.by):
                window = window_of(permission, ticket, policy)
                if window is not None:
                    instants |= {edge for edge in (window.opens, window.closes) if edge}
        beside = {instant + step for instant in instants for step in (-_TICK, _TICK)}
        return {instant for instant in instants | beside if first <= instant <= last}

    def _phase(self, at: datetime) -> Phase:
        return self._search.phases[bisect_right(self._instants, at) - 1]

    def _helps(self, at: datetime, place: int) -> bool:
        phase = self._phase(at)
        if phase.fired > place:
            return False
        if at not in self._outcomes:
            command = attrs.evolve(self._command, at=at)
            self._outcomes[at] = _Outcome(command, phase.state, self._search)
        return self._outcomes[at].helps(self._search.fired[place])

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
