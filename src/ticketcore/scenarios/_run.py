"""Running a scenario: its steps are decided one by one, and its timers act in between."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ticketcore.commands import ChangePolicy, Command, Open
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import CalendarError, RefusedError
from ticketcore.events import Event, Recorded
from ticketcore.policies import Policy
from ticketcore.scenarios._checks import Expectation, check_outcome, check_refusal
from ticketcore.scenarios._scenario import Scenario
from ticketcore.ticket import Ticket
from ticketcore.timeline import TimelineBuilder, TimelineEntry


@attrs.frozen(kw_only=True)
class StepResult:
    """One turn of a run: what a command brought about, or, without one, the clock.

    *refusal* is why the command was not granted; then there are no events.
    """

    at: datetime
    command: Command | None = None
    events: tuple[Event, ...] = ()
    refusal: RefusedError | None = None


@attrs.frozen(kw_only=True)
class ScenarioRun:
    """What came of a scenario: its steps in order, the ticket at the end, and how each
    expectation fared. *ticket* is None when it was never opened."""

    scenario: Scenario
    steps: tuple[StepResult, ...]
    ticket: Ticket | None
    expectations: tuple[Expectation, ...]

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        """The history: every event at its place."""
        events = (event for step in self.steps for event in step.events)
        return tuple(Recorded(self.scenario.ticket, seq, e) for seq, e in enumerate(events, 1))

    @property
    def failures(self) -> tuple[Expectation, ...]:
        """The expectations that were not met, and refusals that nobody expected."""
        return tuple(expectation for expectation in self.expectations if not expectation.met)


def run_scenario(scenario: Scenario) -> ScenarioRun:
    """Play a scenario through. Pure: no clock is read, and the same file gives the same run.

    Before each step the clock advances to its instant, as a host's would. Raises
    UnknownPolicyError when no version is in force at the opening, and CalendarRangeError when a
    deadline lies beyond the dates that its calendar reaches.
    """
    player = _Player(scenario)
    steps = tuple(player.play())
    events = tuple(event for step in steps for event in step.events)
    expectations = (
        *player.refusals,
        *check_outcome(scenario.expected, player.ticket, events, scenario.zone),
    )
    return ScenarioRun(
        scenario=scenario, steps=steps, ticket=player.ticket, expectations=expectations
    )


def timeline_of(run: ScenarioRun) -> Iterator[TimelineEntry]:
    """What happened in a run of a scenario, refusals in their place."""
    versions = run.scenario.policies.versions
    by_name = {(policy.name, policy.version): policy for policy in versions}
    zone = run.ticket.opened.zone if run.ticket else run.scenario.zone or "UTC"
    builder = TimelineBuilder(
        zone, lambda t: by_name.get((t.policy or "", t.policy_version or ""))
    )
    for step in run.steps:
        for event in step.events:
            yield from builder.add(event)
        if step.refusal is not None:
            yield builder.add_refusal(step.refusal)


class _Player:
    """The ticket while the scenario is played, and the expectations of its steps so far."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.ticket: Ticket | None = None
        self.refusals: list[Expectation] = []

    def play(self) -> Iterator[StepResult]:
        for number, each in enumerate(self._scenario.steps, 1):
            yield from self._wait(each.command.at)
            step = self._decide(each.command)
            self.refusals += check_refusal(number, each, step.refusal, step.events)
            yield step
        yield from self._wait(self._scenario.until)

    def _wait(self, at: datetime) -> Iterator[StepResult]:
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
        """The ticket's own; the newest for a change of policy; by the date for an opening."""
        versions = self._scenario.policies.versions
        if len(versions) == 1 or isinstance(command, ChangePolicy):
            return versions[-1]
        if self.ticket is not None:
            return self._scenario.policies.of_ticket(self.ticket)
        zone = command.zone if isinstance(command, Open) else None
        try:
            return self._scenario.policies.at(command.at, zone or self._scenario.zone or "UTC")
        except CalendarError:
            return versions[-1]  # any version refuses a zone that there is not
