"""Run a scenario: decide its steps one by one, and advance the timers in between."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.commands import ChangePolicy, Command, Open
from ticketcore.decider import advance_order, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Recorded
from ticketcore.guarantees import broken_guarantees
from ticketcore.ledger import Ledger, by_order, order_of
from ticketcore.policies import Language, Policy
from ticketcore.scenarios._checks import Expectation, check_outcome, check_refusal
from ticketcore.scenarios._scenario import Scenario, Step
from ticketcore.ticket import Ticket
from ticketcore.timeline import TimelineBuilder, TimelineEntry


@attrs.frozen(kw_only=True)
class StepResult:
    """The events of one command, or, if *command* is None, of the timers that fired before *at*.

    They belong to the ticket with the number *ticket*. *refusal* says why the command was refused,
    without any event.
    """

    ticket: str
    at: datetime
    command: Command | None = None
    events: tuple[Event, ...] = ()
    refusal: RefusedError | None = None


@attrs.frozen(kw_only=True)
class ScenarioRun:
    """The results of a scenario's steps, its tickets at the end, and the checked expectations.

    *tickets* are the opened tickets by their numbers, in the order of their openings. A guarantee
    of a ticket's policy that the run breaks is an expectation that was not met.
    """

    scenario: Scenario
    steps: tuple[StepResult, ...]
    tickets: Mapping[str, Ticket]
    expectations: tuple[Expectation, ...]

    @property
    def ticket(self) -> Ticket | None:
        """The first ticket of the file, or None if it was not opened."""
        return self.tickets.get(self.scenario.ticket)

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        """The whole histories of the tickets, one after the other."""
        return tuple(
            Recorded(number, seq, event)
            for number in self.tickets
            for seq, event in enumerate(self.events_of(number), 1)
        )

    def events_of(self, number: str) -> Iterator[Event]:
        """Yield the events of the ticket of a number."""
        return (event for step in self.steps if step.ticket == number for event in step.events)

    @property
    def failures(self) -> tuple[Expectation, ...]:
        """The expectations that were not met, and unexpected refusals."""
        return tuple(expectation for expectation in self.expectations if not expectation.met)


@typed
def run_scenario(scenario: Scenario) -> ScenarioRun:
    """Run a scenario, and check what it expects, and the guarantees of the ticket's policy.

    The function reads no clock, so a file always gives the same run. Timers that are due fire
    before each step, as in a host. Raises UnknownPolicyError if no version of the policy is in
    force at the opening, and CalendarRangeError if a deadline is outside the supported years.
    """
    runner = _Runner(scenario)
    run = ScenarioRun(
        scenario=scenario,
        steps=tuple(runner.run()),
        tickets=runner.tickets,
        expectations=tuple(runner.expectations),
    )
    return attrs.evolve(run, expectations=(*run.expectations, *_outcomes(run)))


def _outcomes(run: ScenarioRun) -> Iterator[Expectation]:
    """Check the expected result of each ticket, and the guarantees of its policy."""
    scenario = run.scenario
    for number, expected in scenario.expected.by_ticket(scenario.ticket):
        ticket, events = run.tickets.get(number), tuple(run.events_of(number))
        for checked in check_outcome(expected, ticket, events, scenario.zone):
            yield _about(run, number, checked)
    for number, ticket in run.tickets.items():
        policy = scenario.policies_of(number).of_ticket(ticket)
        events = tuple(run.events_of(number))
        for violation in broken_guarantees(events, policy, scenario.until):
            broken = Expectation(f"{violation.title} holds", False, violation.message)
            yield _about(run, number, broken)


def _about(run: ScenarioRun, number: str, checked: Expectation) -> Expectation:
    """Name the ticket of an expectation, if it is not the first of the file."""
    if number == run.scenario.ticket:
        return checked
    return attrs.evolve(checked, expected=f"ticket {number}: {checked.expected}")


@typed
def timeline_of(
    run: ScenarioRun, *, language: Language = "en"
) -> Iterator[tuple[str, TimelineEntry]]:
    """Yield the entries of a run's timeline, with refusals where they happened.

    Each comes with the number of its ticket. Fields, their values, tags and pauses have the
    policy's words in *language*.
    """
    zone = run.ticket.opened.zone if run.ticket else run.scenario.zone or "UTC"
    builders = {
        step.ticket: TimelineBuilder(
            zone, run.scenario.policies_of(step.ticket).of_ticket, language=language
        )
        for step in run.steps
    }
    for step in run.steps:
        builder = builders[step.ticket]
        for event in step.events:
            yield from ((step.ticket, entry) for entry in builder.add(event))
        if step.refusal is not None:
            yield step.ticket, builder.add_refusal(step.refusal)


class _Runner:
    """The state of a run: the tickets so far, and the expectations of the steps so far."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.tickets: dict[str, Ticket] = {}
        self.expectations: list[Expectation] = []

    def run(self) -> Iterator[StepResult]:
        for number, step in enumerate(self._scenario.steps, 1):
            yield from self._advance(step.command.at)
            result = self._decide(step)
            self.expectations += check_refusal(number, step, result.refusal, result.events)
            yield result
        yield from self._advance(self._scenario.until)

    def _advance(self, at: datetime) -> Iterator[StepResult]:
        for tickets in by_order(self.tickets).values():
            done = advance_order(tickets, self._policy_of, at)
            for error in done.failed.values():
                raise error
            self.tickets |= done.tickets
            for number, events in done.events:
                yield StepResult(ticket=number, at=at, events=events)

    def _policy_of(self, ticket: Ticket) -> Policy:
        number = ticket.number or self._scenario.ticket  # without one, it is the only ticket
        return self._scenario.policies_of(number).of_ticket(ticket)

    def _decide(self, step: Step) -> StepResult:
        number, command = step.ticket, step.command
        policy, ledger = self._policy_for(step), self._others(step)
        result = StepResult(ticket=number, at=command.at, command=command)
        try:
            ticket, events = decide_and_apply(self.tickets.get(number), command, policy, ledger)
        except RefusedError as refusal:
            return attrs.evolve(result, refusal=refusal)
        self.tickets[number] = ticket
        return attrs.evolve(result, events=events)

    def _others(self, step: Step) -> Ledger | None:
        """Return the ledger of the other tickets of the order, if there are any."""
        about = self.tickets.get(step.ticket, step.command)
        order = order_of(about) if isinstance(about, Ticket | Open) else None
        if order is None:
            return None
        tickets = by_order(self.tickets).get(order, {})
        others = {number: each for number, each in tickets.items() if number != step.ticket}
        return Ledger.of(others) if others else None

    def _policy_for(self, step: Step) -> Policy:
        """Return the policy that decides a command.

        A change of policy goes to the newest version, an opening to the version in force at its
        date, and any other command to the ticket's version.
        """
        policies, command = self._scenario.policies_of(step.ticket), step.command
        newest = policies.versions[-1]
        if len(policies.versions) == 1 or isinstance(command, ChangePolicy):
            return newest
        if step.ticket in self.tickets:
            return policies.of_ticket(self.tickets[step.ticket])
        return policies.of_opening(command) if isinstance(command, Open) else newest
