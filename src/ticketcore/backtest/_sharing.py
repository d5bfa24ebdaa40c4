"""Share the beginning of a ticket's replay between policies that differ in some timers only.

Until one of these timers applies, the replay under the first policy is also that under the others:
no rule in which they differ has been read. So the others go on from the state before the step in
which one of them may apply. If none ever applies, the whole replay is the same.

The planner of timers, which runs after a command's own events, reads a timer if its condition
holds or if the timer was listed before. Two other rules read timers: which types have a refund or
cancellation, and windows that are checked when a timer is due. So both policies must have the same
effects that pay or cancel, and no such window.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from ticketcore.decider import Decision
from ticketcore.events import Event, Scheduled
from ticketcore.policies import Condition, Policy, TimerDefinition
from ticketcore.ticket import Ticket, evolve

Conditions: TypeAlias = frozenset[Condition]
"""The conditions of timers in which policies differ."""

_MAY_DIFFER: Final = frozenset(
    "name title extends effective guarantees notifications templates timers words".split()
)
_ALIKE: Final = tuple(
    field.name for field in attrs.fields(Policy) if field.init and field.name not in _MAY_DIFFER
)


@attrs.define(eq=False, repr=False)
class SharedStart:
    """The steps of a replay that are the same under other policies, and the state after them.

    *conditions* are those of the timers in which the policies differ. *steps* counts the actions,
    and the end of the replay as one more. *events* and *no_ops* count the events, and the commands
    without effect, until then. It *grows* until a timer in which the policies differ may apply. If
    an action alone brings this about, the others share its own events: the first parts of its
    *decision*.
    """

    conditions: Conditions = frozenset()
    grows: bool = True
    steps: int = 0
    ticket: Ticket | None = None
    events: int = 0
    no_ops: int = 0
    decision: Decision | None = None

    def add_step(
        self, ticket: Ticket, events: Sequence[Event], no_ops: int, decision: Decision | None
    ) -> None:
        """Add a step, given the state after it, unless one of the timers may apply in it."""
        added = events[self.events :]
        states = (ticket,) if _facts_change_once(added) else self._states(added)
        for state in states:
            for condition in self.conditions:
                if condition.holds(state):
                    self.grows = False
                    if decision is not None and len(added) == len(decision[1] + decision[2]):
                        self.decision = decision
                    return
        self.steps += 1
        self.ticket, self.events, self.no_ops = ticket, len(events), no_ops

    def _states(self, events: Iterable[Event]) -> Iterator[Ticket]:
        """Yield the states for which timers may have been planned in the step of these events."""
        state = self.ticket
        for event in events:
            state = evolve(state, event)
            yield state


def _facts_change_once(events: Sequence[Event]) -> bool:
    """Return whether one event alone may change facts: `Scheduled` changes none."""
    return len(events) == 1 or (len(events) == 2 and type(events[1]) is Scheduled)


@lru_cache(maxsize=4096)  # most tickets of a history have the same policies
def difference(base: Policy, other: Policy) -> Conditions | None:
    """Return the conditions of the timers in which two policies differ, under both of them.

    None if they differ in other rules too.
    """
    timers = (*base.timers, *other.timers)
    names = {t.name for t in timers if base.alternatives(t.name) != other.alternatives(t.name)}
    is_alike = (
        all(getattr(base, key) == getattr(other, key) for key in _ALIKE)
        and all(each.window_checked == "on-request" for each in base.types.values())
        and _without(base, names) == _without(other, names)
        and _paying(base) == _paying(other)
    )
    return frozenset(t.when for t in timers if t.name in names) if is_alike else None


def _without(policy: Policy, names: Collection[str]) -> list[TimerDefinition]:
    return [timer for timer in policy.timers if timer.name not in names]


def _paying(policy: Policy) -> list[tuple[str, Condition]]:
    """Return the effect and condition of each timer that `Policy.carries_out` looks at."""
    return [(t.effect, t.when) for t in policy.timers if t.effect in ("refund", "cancel")]
