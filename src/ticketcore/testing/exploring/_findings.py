"""The faults of a policy, found in the result of a search.

A finding about something that never happens (a type, a timer, a permission) needs a complete
search. A timer may seem silent only because the abstract state leaves out its condition, or how
long timers still have to run; a second search that watches these timers decides.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Literal, TypeAlias

import attrs

from ticketcore.commands import COMMANDS, Command, FailRefund
from ticketcore.errors import RefusedError
from ticketcore.events import Party
from ticketcore.policies import Permission, Policy, TimerDefinition, fact_getter
from ticketcore.testing._candidates import candidates, class_of, try_command
from ticketcore.testing._policy_facts import openings, ticket_types
from ticketcore.testing._story import TicketStory
from ticketcore.testing.exploring._abstraction import AbstractState
from ticketcore.testing.exploring._search import BEGINNINGS, ReachedState, StateSearch
from ticketcore.testing.exploring._siblings import MoneyTwice, money_twice

FindingCode: TypeAlias = Literal[
    "timer-never-set",
    "timer-never-fires",
    "permission-never-used",
    "type-never-used",
    "cannot-be-closed",
    "over-refund",
    "money-twice",
    "guarantee-broken",
    "guarantee-never-applies",
]


@attrs.frozen(kw_only=True)
class Finding:
    """A fault of a policy.

    *subject* names the timer, the type, or the command with its party; *message* describes the
    fault in a sentence. *story* is the shortest story that shows it. If the fault is that
    something never happens, *story* is the one that comes closest to it.
    """

    code: FindingCode
    subject: str
    message: str
    story: TicketStory

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def scenario(self, policy: str) -> str:
        """Return the story as a scenario file (TOML) for the policy of that name or path."""
        return self.story.scenario(policy, comment=str(self))


def findings(
    search: StateSearch, search_watching: Callable[[frozenset[str]], StateSearch]
) -> Iterator[Finding]:
    """Yield all findings, in the order of the policy file.

    *search_watching* searches again and watches the timers of these names. An incomplete search
    yields findings about refunds only.
    """
    if not search.complete:
        yield from _over_refunds(search)
        return
    yield from _unused_types(search)
    if not search.states:
        return  # no ticket can be opened, so there is nothing else to find
    yield from _silent_timers(search, search_watching)
    for index, permission in enumerate(search.policy.permissions):
        yield from _unused_permissions(search, index, permission)
    yield from _over_refunds(search)
    yield from _tickets_that_cannot_be_closed(search)


def _unused_types(search: StateSearch) -> Iterator[Finding]:
    for name in ticket_types(search.policy):
        if name not in search.types:
            yield Finding(
                code="type-never-used",
                subject=name,
                message=f"no ticket can have the type {name}: nobody may open one or change to it",
                story=TicketStory(policy=search.policy, commands=_opening(search.policy, name)),
            )


def _opening(policy: Policy, type_name: str) -> tuple[Command, ...]:
    every = openings(policy, BEGINNINGS[0])
    return tuple(build() for build in every if build.keywords["type"] == type_name)[:1]


def _silent_timers(
    search: StateSearch, search_watching: Callable[[frozenset[str]], StateSearch]
) -> Iterator[Finding]:
    timers = search.policy.timers
    doubtful = {*range(len(timers))} - search.fired_timers
    if not doubtful:
        return
    second_search = search_watching(frozenset(timers[index].name for index in doubtful))
    for index in sorted(doubtful - second_search.fired_timers):
        first_set = search.set_timers.get(index) or second_search.set_timers.get(index)
        if first_set is None:
            yield _never_set(second_search, timers[index])
        else:
            yield _never_fires(search, timers[index], first_set)


def _never_set(search: StateSearch, timer: TimerDefinition) -> Finding:
    nearest = _nearest(search, partial(_conditions_met, timer))
    return Finding(
        code="timer-never-set",
        subject=timer.name,
        message=f'the timer "{timer.name}"{_cited(timer.rule)} is never set',
        story=nearest.story(search.policy),
    )


def _never_fires(search: StateSearch, timer: TimerDefinition, first_set: ReachedState) -> Finding:
    due = next(pending.due for pending in first_set.ticket.timers if pending.name == timer.name)
    return Finding(
        code="timer-never-fires",
        subject=timer.name,
        message=f'the timer "{timer.name}"{_cited(timer.rule)} is set, but always ends before '
        "its deadline",
        story=attrs.evolve(first_set.story(search.policy), until=due + timedelta(seconds=1)),
    )


def _unused_permissions(
    search: StateSearch, index: int, permission: Permission
) -> Iterator[Finding]:
    for name in permission.commands:
        for by in permission.by:
            if (index, name, by) not in search.used_permissions:
                yield Finding(
                    code="permission-never-used",
                    subject=f"{name} by {by}",
                    message=f"{by} may {name} by the permission{_cited(permission.rule)} "
                    f"[[permission]] {index + 1}, but no reachable ticket meets the conditions",
                    story=_attempt(search, name, permission, by),
                )


def _attempt(search: StateSearch, name: str, permission: Permission, by: Party) -> TicketStory:
    """Return a story with the unused command, on a ticket that meets `when` if one does."""
    nearest = _nearest(search, lambda reached: permission.when.holds(reached.ticket))
    at = nearest.ticket.at + timedelta(seconds=1)
    every = candidates(nearest.ticket, by, search.policy, at)
    of_this_kind = [build() for build in every if class_of(build) is COMMANDS[name]]
    return nearest.story(search.policy, *of_this_kind[:1])


def _over_refunds(search: StateSearch) -> Iterator[Finding]:
    if search.over_refund is not None:
        yield Finding(
            code="over-refund",
            subject="refund",
            message="refunds can exceed the cap",
            story=search.over_refund.story(search.policy),
        )
    yield from _false_failures(search)
    yield from map(partial(money_finding, search.policy), money_twice(search))


def money_finding(policy: Policy, twice: MoneyTwice) -> Finding:
    """Return the finding about money that leaves twice over two tickets of one order."""
    story = twice.reached.story(policy, *(() if twice.command is None else (twice.command,)))
    if twice.command is None:
        due = twice.reached.ticket.pending_timers[0].due
        story = attrs.evolve(story, until=due + timedelta(seconds=1))
    return Finding(
        code="money-twice",
        subject="refund"
        if twice.command is not None
        else twice.reached.ticket.pending_timers[0].name,
        message=f"beside another ticket of the order that {twice.sibling}, {twice.fault}",
        story=story,
    )


def _false_failures(search: StateSearch) -> Iterator[Finding]:
    """Yield a finding if the customer may declare a refund failed, and is then paid again."""
    for reached in search.states.values():
        at = reached.ticket.at + timedelta(seconds=1)
        for record in reached.ticket.refunds:
            if record.state != "pending" or record.reference is None:
                continue
            failure = FailRefund(at=at, by="customer", reference=record.reference)
            result = try_command(reached.ticket, failure, search.policy)
            if not isinstance(result, RefusedError):
                yield Finding(
                    code="over-refund",
                    subject="fail-refund",
                    message="the customer may declare a refund failed, and is then paid again",
                    story=reached.story(search.policy, failure),
                )
                return


def _tickets_that_cannot_be_closed(search: StateSearch) -> Iterator[Finding]:
    """Yield a finding for each type with an open ticket that no one and no timer can close."""
    closed = [
        state for state, reached in search.states.items() if reached.ticket.closed_at is not None
    ]
    can_be_closed = _with_predecessors(search, closed)
    reported_types: set[str] = set()
    for state, reached in search.states.items():
        name = reached.ticket.type
        if state in can_be_closed or name in reported_types:
            continue
        reported_types.add(name)
        idle = "" if reached.ticket.next_timer else "; no timer is pending"
        yield Finding(
            code="cannot-be-closed",
            subject=name,
            message=f"a ticket of type {name} can reach a state in which no timer and no party "
            f"can close it{idle}",
            story=reached.story(search.policy),
        )


def _with_predecessors(search: StateSearch, states: Iterable[AbstractState]) -> set[AbstractState]:
    """Return these states, and all from which one of them can be reached."""
    seen = set(states)
    queue = deque(seen)
    while queue:
        for state in search.predecessors.get(queue.popleft(), ()):
            if state not in seen:
                seen.add(state)
                queue.append(state)
    return seen


def _nearest(search: StateSearch, fit: Callable[[ReachedState], int]) -> ReachedState:
    """Return the state that fits best; among equals, the one with the shortest story."""
    return max(search.states.values(), key=fit)


def _conditions_met(timer: TimerDefinition, reached: ReachedState) -> int:
    when = timer.when
    return sum(when.allows(name, (fact_getter(name)(reached.ticket),)) for name in when.facts)


def _cited(rule: str | None) -> str:
    return "" if rule is None else f" ({rule})"
