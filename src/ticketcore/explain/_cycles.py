"""The history of each timer of a ticket, from the recorded events.

The ticket is folded event by event. A timer that the ticket has after an event and did not have
before it has started, or goes on after an end; one whose deadline differs was moved, and so on.
Only the counted time is computed; everything else is read from the events.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.decider import Usage, advance, usage
from ticketcore.decider.clocks import count_of
from ticketcore.events import (
    Breached,
    EndedTimer,
    Event,
    Opened,
    Scheduled,
    Timer,
    TimerIdentity,
    utc,
)
from ticketcore.policies import Policy, TimerDefinition
from ticketcore.ticket import Ticket, fold

ChangeKind: TypeAlias = Literal[
    "started", "went-on", "paused", "continued", "moved", "level", "fired", "met", "cancelled"
]
"""The kinds of changes. A timer *continued* after a pause, and *went-on* after it had ended."""


@attrs.frozen(kw_only=True)
class CycleChange:
    """A change of a timer at the instant *at*, in UTC.

    *due* is the recorded deadline after it, *due_before* the one before it; None at the start.
    *causes* are the events that brought it about, first that of a command or of a timer. *pauses*
    are the pauses that stopped the timer. *paused_for* is the time that a pause took from the
    count: working time if the target is working time, else elapsed time; None if the policy does
    not have the timer, or there was no pause. *level* is the level that acted. *ended_by* is the
    event or fact that met or cancelled the timer.
    """

    at: datetime
    kind: ChangeKind
    due: datetime
    due_before: datetime | None = None
    causes: tuple[Event, ...] = ()
    pauses: tuple[str, ...] = ()
    paused_for: timedelta | None = None
    level: str | None = None
    ended_by: str | None = None


@attrs.frozen(kw_only=True)
class CycleExplanation:
    """One cycle of a timer of a ticket, with all its changes in order.

    *timer* is as it was last. *usage* is the time that it has used and has left at the instant
    *at*: its end, or the instant for which it is explained. *definition* and *usage* are None if
    the policy does not have the timer.
    """

    timer: Timer
    definition: TimerDefinition | None
    changes: tuple[CycleChange, ...]
    at: datetime
    usage: Usage | None

    @property
    def outcome(self) -> Literal["pending", "met", "cancelled"]:
        """Whether the timer was met or cancelled, or has not ended."""
        last = self.changes[-1].kind
        return last if last in ("met", "cancelled") else "pending"

    @property
    def fired_at(self) -> datetime | None:
        """The instant at which the deadline fired; None if it has not."""
        return next((change.at for change in self.changes if change.kind == "fired"), None)

    @property
    def is_late(self) -> bool:
        """Whether a breach of the deadline is recorded."""
        return any(
            isinstance(event, Breached) and event.timer == self.timer.name
            for change in self.changes
            if change.kind == "fired"
            for event in change.causes
        )

    @property
    def paused_for(self) -> timedelta:
        """The time that all pauses that have ended took from the count."""
        times = (change.paused_for for change in self.changes)
        return sum((time for time in times if time is not None), timedelta())


@typed
def explain_ticket(
    events: Iterable[Event], policy: Policy, at: datetime | None = None
) -> tuple[CycleExplanation, ...]:
    """Explain each cycle of each timer of a ticket, in the order in which they started.

    *events* are the recorded events of the ticket. Those after *at* are left out; timers that are
    due until *at* and not recorded yet count as fired. Without *at*, the explanation ends with the
    last event. *policy* is that of the ticket; a timer that it does not have is explained without
    its used time.

    Raises HistoryError if no event is left or the first one is not the opening, and as `advance`
    does.
    """
    until = None if at is None else utc(at)
    history = [event for event in events if until is None or event.at <= until]
    ticket = fold(history)
    if until is not None:
        history += advance(ticket, policy, until)
    stories: dict[TimerIdentity, _Story] = {}
    for step in _steps(history):
        before = fold(step[:1]) if isinstance(step[0], Opened) else ticket
        ticket = fold(step, None if isinstance(step[0], Opened) else ticket)
        _note(before, ticket, step, policy, stories)
    end = ticket.at if until is None else until
    return tuple(story.explained(ticket, policy, end) for story in stories.values())


@attrs.define
class _Story:
    """A cycle so far: its last state, its changes, and the time used at its last end."""

    timer: Timer
    changes: list[CycleChange] = attrs.field(factory=list)
    usage: Usage | None = None

    def note(self, kind: ChangeKind, due: datetime, **details: Any) -> None:
        """Add a change after which the timer has the deadline *due*."""
        due_before = self.changes[-1].due if self.changes else None
        self.changes.append(CycleChange(kind=kind, due=due, due_before=due_before, **details))

    def explained(self, ticket: Ticket, policy: Policy, at: datetime) -> CycleExplanation:
        """Return the cycle as of *at*, or as of its end."""
        last = self.changes[-1]
        has_ended = last.kind in ("met", "cancelled")
        return CycleExplanation(
            timer=self.timer,
            definition=policy.timer(self.timer.name, ticket),
            changes=tuple(self.changes),
            at=last.at if has_ended else at,
            usage=self.usage if has_ended else usage(ticket, policy, self.timer, at),
        )


def _steps(history: Iterable[Event]) -> Iterator[tuple[Event, ...]]:
    """Yield the events of each command, and of each timer that fires, with those that follow."""
    step: list[Event] = []
    for event in history:
        fired = _fired(event)
        begins = not event.derived or (fired is not None and step and fired != _fired(step[0]))
        if step and (begins or event.at != step[0].at):
            yield tuple(step)
            step = []
        step.append(event)
    yield tuple(step)


def _fired(event: Event) -> tuple[str | None, ...] | None:
    """Return the timer that an event carries out, with its level and dispute, or None."""
    if getattr(event, "timer", None) is None:
        return None
    return tuple(getattr(event, name, None) for name in ("timer", "level", "dispute"))


def _by_identity(timers: Iterable[Timer]) -> Mapping[TimerIdentity, Timer]:
    return {timer.identity: timer for timer in timers}


def _note(
    before: Ticket,
    after: Ticket,
    step: Sequence[Event],
    policy: Policy,
    stories: dict[TimerIdentity, _Story],
) -> None:
    """Add the changes of a step to the history of each timer."""
    at = step[0].at
    causes = tuple(event for event in step if not isinstance(event, Scheduled))
    acted = fold(causes, before)
    ended = {
        end.identity: end for event in step if isinstance(event, Scheduled) for end in event.ended
    }
    old, passed, new = map(_by_identity, (before.timers, acted.timers, after.timers))
    for identity in {**old, **new}:
        was, now = old.get(identity), new.get(identity)
        story = stories.setdefault(identity, _Story(now or old[identity]))
        note = partial(story.note, at=at, causes=causes)
        if was is not None:
            for level in _levels(before, acted, was):
                note("level", was.due, level=level)
            if passed[identity].passed and not was.passed:
                note("fired", was.due)
        if now is not None:
            for kind, details in _running(story, was, now, after, policy):
                note(kind, now.due, **details)
            story.timer = now
        else:
            was = old[identity]
            end = ended.get(identity) or EndedTimer(was.name, was.cycle, "cancelled")
            still = _paused_for(before, policy, was, at)
            note(end.outcome, was.due, ended_by=end.cause, paused_for=still)
            story.usage = usage(before, policy, was, at)


def _running(
    story: _Story, was: Timer | None, now: Timer, ticket: Ticket, policy: Policy
) -> Iterator[tuple[ChangeKind, dict[str, Any]]]:
    """Yield the kinds of changes, with their details, of a timer that has not ended."""
    if was is None:
        if not story.changes:
            yield "started", {}
        else:
            yield "went-on", {"paused_for": _while_ended(story, now, ticket, policy)}
    elif was.paused is not None and now.paused is None:
        yield "continued", {"paused_for": _paused_for(ticket, policy, was, ticket.at)}
    elif was.due != now.due:
        yield "moved", {}
    if now.paused is not None and (was is None or was.paused is None):
        definition = policy.timer(now.name, ticket)
        names = () if definition is None else definition.pauses
        holding = tuple(name for name, _ in ticket.pausing if name in names)
        yield "paused", {"pauses": holding}


def _levels(before: Ticket, acted: Ticket, timer: Timer) -> list[str]:
    """Return the levels of a timer that fired between two states of the ticket."""
    return [
        fired.level
        for fired in acted.levels
        if (fired.timer, fired.cycle) == (timer.name, timer.cycle) and fired not in before.levels
    ]


def _paused_for(ticket: Ticket, policy: Policy, timer: Timer, until: datetime) -> timedelta | None:
    """Return the time that the pause of a timer takes from its count."""
    count = count_of(ticket, policy, timer)
    if count is None or timer.paused is None:
        return None
    return count.paused_time(timer, until)


def _while_ended(story: _Story, now: Timer, ticket: Ticket, policy: Policy) -> timedelta | None:
    """Return the time by which pauses moved the deadline of a timer while it had ended."""
    count = count_of(ticket, policy, now)
    if count is None or now.target != story.timer.target:
        return None
    counted_already = story.changes[-1].paused_for or timedelta()
    return count.between(story.timer.due, now.due) - counted_already
