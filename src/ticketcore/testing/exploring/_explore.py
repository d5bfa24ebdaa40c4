"""Explore everything that can happen under a policy."""

from collections.abc import Mapping

import attrs

from ticketcore.policies import Guarantee, Policy
from ticketcore.testing._policy_facts import policy_of
from ticketcore.testing.exploring._abstraction import StateAbstraction
from ticketcore.testing.exploring._findings import Finding, findings
from ticketcore.testing.exploring._guarantees import Proof, check_guarantees
from ticketcore.testing.exploring._search import StateSearch


@attrs.frozen(kw_only=True)
class Exploration:
    """The result of an exploration.

    *states* is the number of abstract ticket states that it distinguished. *complete* is False if
    there are more states than *max_states*, or more commands to try than a limit allows.
    *guarantees* has the proof of each guarantee by its name.
    """

    policy: Policy
    findings: tuple[Finding, ...]
    states: int
    complete: bool
    guarantees: Mapping[str, Proof]


def explore(policy: Policy | str, *, max_states: int = 20_000) -> Exploration:
    """Try every command and every timer under one policy, breadth first.

    The search tries every command by every party on each abstract ticket state: a second after
    the last event, and just before, at and just after each timer. It stops after *max_states*
    states, or 500,000 commands. It finds types, timers and permissions that never come into force,
    timers that always end before their deadline, open tickets that can no longer be closed, and
    refunds that exceed the cap. It combines each ticket with eight made-up other tickets
    of the order, tries refunds and timers, and finds money that is paid twice. It proves each
    guarantee of the policy or finds the shortest story that breaks it. An incomplete exploration
    reports findings about money and guarantees only.

    The search does not read a clock, and takes seconds. Raises ValueError for *max_states* below
    1.
    """
    loaded = policy_of(policy)
    if max_states < 1:
        raise ValueError(f"max_states is {max_states}: it must be at least 1")

    def search(
        watched: frozenset[str] = frozenset(), followed: Guarantee | None = None
    ) -> StateSearch:
        abstraction = StateAbstraction(loaded, watched)
        return StateSearch(loaded, max_states, abstraction, followed=followed).run()

    first_search = search()
    checked = tuple(check_guarantees(first_search, lambda guarantee: search(followed=guarantee)))
    broken = tuple(each.finding for each in checked if each.finding is not None)
    return Exploration(
        policy=loaded,
        findings=(*findings(first_search, search), *broken),
        states=len(first_search.states),
        complete=first_search.complete,
        guarantees={each.name: each.proof for each in checked},
    )
