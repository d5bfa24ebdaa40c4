"""Which parts of a policy the scenarios and the tickets of a history use."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.backtest import (
    Progress,
    Replay,
    ReplayJob,
    TicketFilter,
    TicketPosition,
    WorkerPool,
    run_replay,
)
from ticketcore.coverage._parts import PolicyPart, parts_of, used_parts
from ticketcore.errors import TicketcoreError
from ticketcore.policies import Policy
from ticketcore.scenarios import load_scenario, run_scenario


@attrs.frozen
class Use:
    """The number of scenarios and of tickets of the history that use a part."""

    scenarios: int
    tickets: int

    @property
    def is_used(self) -> bool:
        """Whether a scenario or a ticket uses the part."""
        return bool(self.scenarios or self.tickets)


@attrs.frozen(kw_only=True)
class Coverage:
    """The use of each part of a policy.

    *scenarios* counts the scenarios that follow this version of the policy, *others* those that
    follow another one and are left out. *tickets* counts the tickets that were replayed, *broken*
    those that could not be; both are None without a history. *first_broken* says why the first of
    these could not be replayed.
    """

    policy: Policy
    uses: Mapping[PolicyPart, Use]
    scenarios: int
    others: int
    tickets: int | None = None
    broken: int | None = None
    first_broken: str | None = None

    @property
    def used(self) -> int:
        """Number of parts that a scenario or a ticket uses."""
        return sum(use.is_used for use in self.uses.values())

    @property
    def percent(self) -> float:
        """Share of the parts that are used, from 0 to 100; 100 for a policy without parts."""
        return 100 * self.used / len(self.uses) if self.uses else 100.0


@typed
def measure_coverage(
    policy: Policy,
    scenarios: Iterable[Path] = (),
    history: str | os.PathLike[str] | None = None,
    *,
    tickets: TicketFilter | None = None,
    workers: int | WorkerPool | None = None,
    progress: Progress | None = None,
) -> Coverage:
    """Run scenario files, replay a history file, and count what they use of a policy.

    The tickets of the history are replayed under the policy as a backtest does, with as many
    *workers*; *tickets* selects those that are counted. Raises ScenarioError for a broken
    scenario, and errors as `backtest` does.
    """
    by_scenario: Counter[PolicyPart] = Counter()
    followed = others = 0
    for path in scenarios:
        used = _used_by_scenario(path, policy)
        if used is None:
            others += 1
        else:
            followed += 1
            by_scenario.update(used)
    by_ticket = TicketUses()
    if history is not None:
        job = ReplayJob[TicketUses](
            path=os.fspath(history), policies=(policy,), admits=tickets, collect=TicketUses
        )
        for part in run_replay(job, workers, progress=progress):
            by_ticket.merge(part)
    return Coverage(
        policy=policy,
        uses={part: Use(by_scenario[part], by_ticket.uses[0][part]) for part in parts_of(policy)},
        scenarios=followed,
        others=others,
        tickets=None if history is None else by_ticket.tickets,
        broken=None if history is None else by_ticket.broken,
        first_broken=by_ticket.reason,
    )


def _used_by_scenario(path: Path, policy: Policy) -> frozenset[PolicyPart] | None:
    """Return what a scenario uses, or None if it does not follow this version of the policy.

    A scenario in which the openings of all tickets under the policy are refused uses nothing.
    """
    scenario = load_scenario(path)
    run = run_scenario(scenario)
    version = policy.name, policy.version
    used = [
        used_parts(run.events_of(number), policy)
        for number, ticket in run.tickets.items()
        if (ticket.policy, ticket.policy_version) == version
    ]
    if used:
        return frozenset().union(*used)
    refused = {step.ticket for step in scenario.steps} - run.tickets.keys()
    tried = (each for number in refused for each in scenario.policies_of(number).versions)
    follows = any((each.name, each.version) == version for each in tried)
    return frozenset() if follows else None


@attrs.define
class TicketUses:
    """The uses of the policies' parts by the tickets of a history, in the order of the policies.

    It collects replays, also beside a table of outcomes, and its results add up. *broken* counts
    the tickets that cannot be replayed under one of the policies; they are left out. With
    *policies*, it counts the uses of the first policies only, in that number.
    """

    policies: int | None = None

    uses: defaultdict[int, Counter[PolicyPart]] = attrs.field(
        factory=partial(defaultdict, Counter)
    )
    tickets: int = 0
    broken: int = 0
    first_broken: tuple[TicketPosition, str] | None = None

    def add(self, position: TicketPosition, replays: Sequence[Replay]) -> None:
        """Count what a replayed ticket uses."""
        self.tickets += 1
        for place, replay in enumerate(replays[: self.policies]):
            if replay.events:
                self.uses[place].update(used_parts(replay.events, replay.policy))

    def add_broken(
        self, position: TicketPosition, ticket: str | None, error: TicketcoreError
    ) -> None:
        """Count a ticket that could not be replayed, and keep the first one's error."""
        self.broken += 1
        self._keep((position, str(error) if ticket is None else f"ticket {ticket}: {error}"))

    def result(self) -> "TicketUses":
        """Return the counts themselves: they can be merged."""
        return self

    def merge(self, other: "TicketUses") -> None:
        """Add the counts of another part."""
        for place, uses in other.uses.items():
            self.uses[place].update(uses)
        self.tickets += other.tickets
        self.broken += other.broken
        if other.first_broken is not None:
            self._keep(other.first_broken)

    def _keep(self, broken: tuple[TicketPosition, str]) -> None:
        self.first_broken = min(self.first_broken or broken, broken)

    @property
    def reason(self) -> str | None:
        """Why the first broken ticket could not be replayed; None if there is none."""
        return None if self.first_broken is None else self.first_broken[1]

    def coverage_of(self, policies: Sequence[Policy]) -> list[Coverage]:
        """Return the coverage of the policies under which the tickets were replayed."""
        return [
            Coverage(
                policy=policy,
                uses={part: Use(0, self.uses[place][part]) for part in parts_of(policy)},
                scenarios=0,
                others=0,
                tickets=self.tickets,
                broken=self.broken,
                first_broken=self.reason,
            )
            for place, policy in enumerate(policies)
        ]
