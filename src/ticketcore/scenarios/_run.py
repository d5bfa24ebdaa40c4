"""Run a scenario: decide its steps one by one, and advance the timers in between."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import attrs

from ticketcore.commands import ChangePolicy, Command, Open
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Recorded
from ticketcore.guarantees import broken_guarantees
from ticketcore.policies import Policy
from ticketcore.scenarios._checks import Expectation, check_outcome, check_refusal
from ticketcore.scenarios._scenario import Scenario
from ticketcore.ticket import Ticket
from ticketcore.timeline import TimelineBuilder, TimelineEntry


@attrs.frozen(kw_only=True)
class StepResult:
    """The events of one command, or, if *command* is None, of the timers that fired before *at*.

    *refusal* says why the command was refused, without any event.
    """

    at: datetime
    command: Command | None = None
    events: tuple[Event, ...] = ()
    refusal: RefusedError | None = None


@attrs.frozen(kw_only=True)
class ScenarioRun:
    """The results of a scenario's steps, the ticket at the end, and the checked expectations.

    A guarantee of the policy that the run breaks is an expectation that was not met. Without an
    opening, *ticket* is None.
    """

    scenario: Scenario
    steps: tuple[StepResult, ...]
    ticket: Ticket | None
    expectations: tuple[Expectation, ...]

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        """The whole history of the ticket."""
        events = (event for step in self.steps for event in step.events)
        return tuple(Recorded(self.scenario.ticket, seq, e) for seq, e in enumerate(events, 1))

    @property
    def failures(self) -> tuple[Expectation, ...]:
        """The expectations that were not met. An unexpected refusal is one of them."""
        return tuple(expectation for expectation in self.expectations if not expectation.met)


def run_scenario(scenario: Scenario) -> ScenarioRun:
    """Run a scenario, and check what it expects, and the guarantees of the ticket's policy.

    The function reads no clock, so a file always gives the same run. Timers that are due fire
    before each step, as in a host. Raises UnknownPolicyError if no version of the policy is in
    force at the opening, and CalendarRangeError if a deadline is outside the supported years.
    """
    runner = _Runner(scenario)
    steps = tuple(runner.run())
    events = tuple(event for step in steps for event in step.events)
    outcome = check_outcome(scenario.expected, runner.ticket, events, scenario.zone)
    return ScenarioRun(
        scenario=scenario,
        steps=steps,
        ticket=runner.ticket,
        expectations=(*runner.expectations, *outcome, *_broken(scenario, runner.ticket, events)),
    )


def _broken(
    scenario: Scenario, ticket: Ticket | None, events: Sequence[Event]
) -> Iterator[Expectation]:
    """Yield the guarantees of the ticket's policy that the run breaks, as failed expectations."""
    if ticket is not None:
        policy = scenario.policies.of_ticket(ticket)
        for violation in broken_guarantees(events, policy, scenario.until):
            yield Expectation(f"{violation.title} holds", False, violation.message)


def timeline_of(run: ScenarioRun) -> Iterator[TimelineEntry]:
    """Yield the entries of a run's timeline, with refusals where they happened."""
    versions = run.scenario.policies.versions
    by_name = {(policy.name, policy.version): policy for policy in versions}
    zone = run.ticket.opened.zone if run.ticket else run.scenario.zone or "UTC"
    builder = TimelineBuilder(
        zone, lambda ticket: by_name.get((ticket.policy or "", ticket.policy_version or ""))
    )
    for step in run.steps:
        for event in step.events:
            yield from builder.add(event)
        if step.refusal is not None:
            yield builder.add_refusal(step.refusal)


class _Runner:
    """The state of a run: the ticket so far, and the expectations of the steps so far."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.ticket: Ticket | None = None
        self.expectations: list[Expectation] = []

    def run(self) -> Iterator[StepResult]:
        for number, step in enumerate(self._scenario.steps, 1):
            yield from self._advance(step.command.at)
            result = self._decide(step.command)
            self.expectations += check_refusal(number, step, result.refusal, result.events)
            yield result
        yield from self._advance(self._scenario.until)

    def _advance(self, at: datetime) -> Iterator[StepResult]:
        if self.ticket is None:
            return
        policy = self._scenario.policies.of_ticket(self.ticket)
        self.ticket, events = advance_ticket(self.ticket, policy, at)
        if events:
            yield StepResult(at=at, events=events)

    def _decide(self, command: Command) -> StepResult:
        try:
            self.ticket, events = decide_and_apply(self.ticket, command, self._policy_for(command))
        except RefusedError as refusal:
            return StepResult(at=command.at, command=command, refusal=refusal)
        return StepResult(at=command.at, command=command, events=events)

    def _policy_for(self, command: Command) -> Policy:
        """Return the policy that decides a command.

        A change of policy goes to the newest version, an opening to the version in force at its
        date, and any other command to the ticket's version.
        """
        policies = self._scenario.policies
        newest = policies.versions[-1]
        if len(policies.versions) == 1 or isinstance(command, ChangePolicy):
            return newest
        if self.ticket is not None:
            return policies.of_ticket(self.ticket)
        return policies.of_opening(command) if isinstance(command, Open) else newest
