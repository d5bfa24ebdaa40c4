"""Check that timers do not set each other off for ever.

A timer or level that changes a fact can begin the count of another: of one that applies from then
on, or that counts from the wait which the change begins. If the values of a fact lead back to the
first one, the round never ends. Each fact is looked at alone.
"""

from collections.abc import Hashable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypeAlias

from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import Mistake, quoted
from ticketcore.policies._policy import Policy
from ticketcore.policies.conditions._conditions import OWN, Condition
from ticketcore.policies.tables._levels import Level
from ticketcore.policies.tables._timers import TimerDefinition

_Values: TypeAlias = Mapping[str, Hashable]


@frozen
class _Actor(Value):
    """A timer, or one of its levels, with the values that it gives to facts."""

    path: tuple[str | int, ...]
    name: str
    timer: TimerDefinition
    conditions: tuple[Condition, ...]
    values: _Values

    def begins_with(self, fact: str, value: Hashable) -> bool:
        """Whether its count begins when the fact gets this value."""
        if not all(when.allows(fact, (value,)) for when in self.conditions):
            return False
        if fact == "waiting_for" and "waiting-since" in self.timer.anchors:
            return True
        # Its count begins again only if its condition excludes the value that it sets itself.
        ends = not self.timer.when.allows(fact, (self.values[fact],))
        return self.timer.since == "applied" and ends

    def acts_at_once(self) -> bool:
        """Whether the timer is due at the instant from which it counts."""
        return not any(span.amount for span in (*self.timer.targets, *self.timer.then))


def rounds(policy: Policy) -> Iterator[Mistake]:
    """Find timers and levels that give a fact one value after another for ever."""
    actors = [*_actors(policy)]
    for fact in dict.fromkeys(fact for actor in actors for fact in actor.values):
        of_fact = [actor for actor in actors if fact in actor.values]
        for actor in of_fact:
            if actor.acts_at_once() and actor.begins_with(fact, actor.values[fact]):
                message = f"sets itself off again at the same instant, since it changes {fact}"
                yield (*actor.path, "effect"), message
                return
        found = _round(fact, of_fact)
        if found:
            names = " and ".join(dict.fromkeys(quoted(actor.name) for actor in found))
            values = ", ".join(dict.fromkeys(quoted(str(actor.values[fact])) for actor in found))
            message = (
                f"{names} set each other off for ever: {fact} becomes {values} again and again"
            )
            yield (*found[0].path, "effect"), message
            return


def _round(fact: str, actors: list[_Actor]) -> list[_Actor]:
    """Return a round of actors: each gives the fact the value that sets off the next one."""
    steps: dict[tuple[Hashable, Hashable], _Actor] = {}
    for value in dict.fromkeys(actor.values[fact] for actor in actors):
        for actor in actors:
            if actor.values[fact] != value and actor.begins_with(fact, value):
                steps.setdefault((value, actor.values[fact]), actor)
    graph: dict[Hashable, list[Hashable]] = {}
    for before, after in steps:
        graph.setdefault(after, []).append(before)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        values = error.args[1]
        return [steps[step] for step in pairwise(values)]
    return []


def _actors(policy: Policy) -> Iterator[_Actor]:
    for i, timer in enumerate(policy.timers):
        path = ("timer", i)
        values = values_given(policy, timer)
        if values:
            yield _Actor(path, timer.name, timer, (timer.when,), values)
        for j, level in enumerate(timer.levels):
            of_level = values_given(policy, level)
            if of_level:
                name = f"{timer.name}, {level.name}"
                when = (timer.when, level.when)
                yield _Actor((*path, "level", j), name, timer, when, of_level)


def values_given(policy: Policy, table: TimerDefinition | Level) -> _Values:
    """Return the values that the effect of a timer or level gives to facts."""
    match table.effect:
        case "set-field":
            values: dict[str, Hashable] = {}
            for name, content in table.fields.items():
                values[f"{OWN}{name}"] = content
                field = policy.fields.get(name)
                party = None if field is None else field.waiting_for.get(str(content))
                if party is not None:
                    values["waiting_for"] = party
            return values
        case "escalate":
            to = table.to if isinstance(table, Level) else "support"
            return {"handler": to, "waiting_for": to}
        case "change-type":
            assert isinstance(table, Level), "no timer changes the type"
            return {"type": table.type}
        case _:
            return {}
