"""What is wrong with a policy, judged by all that a search has seen."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from datetime import timedelta
from functools import partial
from typing import Literal, TypeAlias

import attrs

from ticketcore.commands import COMMANDS, Command, FailRefund
from ticketcore.errors import RefusedError
from ticketcore.events import Party
from ticketcore.policies import CONDITIONS, Permission, Policy, TimerDefinition
from ticketcore.testing._asking import accepted, every_command
from ticketcore.testing._facts import kinds, openings
from ticketcore.testing._story import Story
from ticketcore.testing.exploring._search import BEGINNINGS, Place, Search

Problem: TypeAlias = Literal[
    "timer-never-set",
    "timer-never-fires",
    "permission-never-used",
    "type-never-used",
    "no-way-out",
    "money-twice",
]


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that is wrong with a policy.

    *problem* is a stable code, *what* names the timer, permission or type, *message* says in a
    sentence what was found. *story* is the shortest that shows it; for what never happens, the
    shortest that comes nearest to it.
    """

    problem: Problem
    what: str
    message: str
    story: Story

    def __str__(self) -> str:
        return f"{self.problem}: {self.message}"

    def scenario(self, policy: str) -> str:
        """The story as a scenario file (TOML), under a policy's name or path."""
        return self.story.scenario(policy, comment=str(self))


def findings(search: Search, later: Callable[[frozenset[str]], Search]) -> Iterator[Finding]:
    """All findings, in the order of the file; of what never happens only where all was seen.

    *later* searches anew with timers watched.
    """
    if not search.complete:
        yield from _money(search)
        return
    yield from _types(search)
    if not search.places:
        return  # nothing can be opened, so nothing else can be told
    yield from _timers(search, later)
    for index, allow in enumerate(search.policy.permissions):
        yield from _permission(search, index, allow)
    yield from _money(search)
    yield from _ways_out(search)


def _types(search: Search) -> Iterator[Finding]:
    seen = {place.ticket.type for place in search.places.values()}
    for kind in kinds(search.policy):
        if kind not in seen:
            message = f"no ticket can ever be a {kind}: nobody may open one, or make it one"
            story = Story(policy=search.policy, commands=_opening(search.policy, kind))
            yield Finding(problem="type-never-used", what=kind, message=message, story=story)


def _opening(policy: Policy, kind: str) -> tuple[Command, ...]:
    every = openings(policy, BEGINNINGS[0])
    return tuple(opening for opening in every if opening.type == kind)[:1]


def _timers(search: Search, later: Callable[[frozenset[str]], Search]) -> Iterator[Finding]:
    timers = search.policy.timers
    for index, rule in enumerate(timers):
        if index not in search.promised:
            message = f'the timer "{rule.name}"{_cited(rule.rule)} is never set'
            nearest = _nearest(search, partial(_fit, rule))
            story = nearest.story(search.policy)
            yield Finding(problem="timer-never-set", what=rule.name, message=message, story=story)
    silent = search.promised.keys() - search.fired
    if not silent:
        return
    again = later(frozenset(timers[index].name for index in silent))
    for index in sorted(silent - again.fired):
        yield _never_fires(search, timers[index], search.promised[index])


def _never_fires(search: Search, rule: TimerDefinition, place: Place) -> Finding:
    due = next(timer.due for timer in place.ticket.timers if timer.name == rule.name)
    story = attrs.evolve(place.story(search.policy), until=due + timedelta(seconds=1))
    message = f'the timer "{rule.name}"{_cited(rule.rule)} is set, but something always ends it'
    return Finding(problem="timer-never-fires", what=rule.name, message=message, story=story)


def _permission(search: Search, index: int, allow: Permission) -> Iterator[Finding]:
    unused = [
        (do, by)
        for do in allow.commands
        for by in allow.by
        if (index, do, by) not in search.granted
    ]
    for do, by in unused:
        message = (
            f"{by} may {do} by the permission{_cited(allow.rule)} [[permission]] {index + 1}, "
        )
        message += "but never does: no ticket comes to where it would count"
        yield Finding(
            problem="permission-never-used",
            what=f"{do} by {by}",
            message=message,
            story=_attempt(search, do, allow, by),
        )


def _attempt(search: Search, do: str, allow: Permission, by: Party) -> Story:
    """A ticket that fits the permission as well as any, and the command that does nothing."""
    place = _nearest(search, lambda place: allow.when.holds(place.ticket))
    at = place.ticket.at + timedelta(seconds=1)
    every = every_command(place.ticket, by, search.policy, at)
    asked = [command for command in every if isinstance(command, COMMANDS[do])]
    return place.story(search.policy, *asked[:1])


def _money(search: Search) -> Iterator[Finding]:
    place = search.double_payment
    if place is not None:
        story = place.story(search.policy)
        message = "more money can go back than may"
        yield Finding(problem="money-twice", what="refund", message=message, story=story)
    yield from _false_failures(search)


def _false_failures(search: Search) -> Iterator[Finding]:
    """A customer who may say that a refund failed is paid again."""
    for place in search.places.values():
        at = place.ticket.at + timedelta(seconds=1)
        for made in place.ticket.refunds:
            failure = FailRefund(at=at, by="customer", reference=made.reference or "")
            result = accepted(place.ticket, failure, search.policy)
            if made.state == "pending" and not isinstance(result, RefusedError):
                story = place.story(search.policy, failure)
                message = "the customer may say that a refund failed, and is paid again"
                yield Finding(
                    problem="money-twice", what="fail-refund", message=message, story=story
                )
                return


def _ways_out(search: Search) -> Iterator[Finding]:
    """Open tickets that nothing and nobody can ever close, one finding for each type."""
    ended = [s for s, place in search.places.items() if place.ticket.closed_at is not None]
    alive = _before(search, ended)
    told: set[str] = set()
    for shape, place in search.places.items():
        kind = place.ticket.type
        if shape in alive or kind in told:
            continue
        told.add(kind)
        idle = "" if place.ticket.timers else ", and nothing is pending"
        message = f"a {kind} ticket can come to where nothing and nobody can close it{idle}"
        story = place.story(search.policy)
        yield Finding(problem="no-way-out", what=kind, message=message, story=story)


def _before(search: Search, shapes: list[Hashable]) -> set[Hashable]:
    """All shapes from which one of these can be reached."""
    found = set(shapes)
    queue = deque(shapes)
    while queue:
        for shape in search.before.get(queue.popleft(), ()):
            if shape not in found:
                found.add(shape)
                queue.append(shape)
    return found


def _nearest(search: Search, fit: Callable[[Place], int]) -> Place:
    """The place that fits best; of several, the one with the shortest story."""
    return max(search.places.values(), key=fit)


def _fit(rule: TimerDefinition, place: Place) -> int:
    """How many of a timer's conditions hold."""
    return sum(
        CONDITIONS[fact](place.ticket) in values for fact, values in rule.when.facts.items()
    )


def _cited(rule: str | None) -> str:
    return "" if rule is None else f" ({rule})"
