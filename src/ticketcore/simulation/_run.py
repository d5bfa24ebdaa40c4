"""Running a scenario: its steps are decided one by one, and its timers act in between."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from ticketcore.commands import ChangePolicy, Command, Open
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import CalendarError, RefusedError
from ticketcore.events import Event, Recorded
from ticketcore.policies import Policy
from ticketcore.simulation._scenario import Scenario
from ticketcore.simulation._scenario_checks import Check, check_refusal, checks_of
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Moment:
    """One turn of a run: what a command brought about, or, without one, the clock.

    *refusal* is why the command was not granted; then there are no events.
    """

    at: datetime
    command: Command | None = None
    events: tuple[Event, ...] = ()
    refusal: RefusedError | None = None


@attrs.frozen(kw_only=True)
class Run:
    """What came of a scenario: its moments in order, the ticket at the end, and how each
    expectation fared. *ticket* is None when it was never opened."""

    scenario: Scenario
    moments: tuple[Moment, ...]
    ticket: Ticket | None
    checks: tuple[Check, ...]

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        """The history: every event at its place."""
        events = (event for moment in self.moments for event in moment.events)
        return tuple(Recorded(self.scenario.ticket, seq, e) for seq, e in enumerate(events, 1))

    @property
    def failures(self) -> tuple[Check, ...]:
        """The expectations that were not met, and refusals that nobody expected."""
        return tuple(check for check in self.checks if not check.met)


def run_scenario(scenario: Scenario) -> Run:
    """Play a scenario through. Pure: no clock is read, and the same file gives the same run.

    Before each step the clock advances to its instant, as a host's would. Raises
    UnknownPolicyError when no version is in force at the opening, and CalendarRangeError when a
    deadline lies beyond the dates that its calendar reaches.
    """
    player = _Player(scenario)
    moments = tuple(player.play())
    events = tuple(event for moment in moments for event in moment.events)
    checks = (
        *player.refusals,
        *checks_of(scenario.expected, player.ticket, events, scenario.zone),
    )
    return Run(scenario=scenario, moments=moments, ticket=player.ticket, checks=checks)


class _Player:
    """The ticket while the scenario is played, and the checks of its steps so far."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.ticket: Ticket | None = None
        self.refusals: list[Check] = []

    def play(self) -> Iterator[Moment]:
        for number, each in enumerate(self._scenario.steps, 1):
            yield from self._wait(each.command.at)
            moment = self._ask(each.command)
            self.refusals += check_refusal(number, each, moment.refusal, moment.events)
            yield moment
        yield from self._wait(self._scenario.until)

    def _wait(self, at: datetime) -> Iterator[Moment]:
        if self.ticket is None:
            return
        policy = self._scenario.book.of_ticket(self.ticket)
        self.ticket, events = advance_ticket(self.ticket, policy, at)
        if events:
            yield Moment(at=at, events=events)

    def _ask(self, command: Command) -> Moment:
        try:
            self.ticket, events = decide_and_apply(self.ticket, command, self._policy_for(command))
        except RefusedError as refusal:
            return Moment(at=command.at, command=command, refusal=refusal)
        return Moment(at=command.at, command=command, events=events)

    def _policy_for(self, command: Command) -> Policy:
        """The ticket's own; the newest for a change of policy; by the date for an opening."""
        versions = self._scenario.book.versions
        if len(versions) == 1 or isinstance(command, ChangePolicy):
            return versions[-1]
        if self.ticket is not None:
            return self._scenario.book.of_ticket(self.ticket)
        zone = command.zone if isinstance(command, Open) else None
        try:
            return self._scenario.book.at(command.at, zone or self._scenario.zone or "UTC")
        except CalendarError:
            return versions[-1]  # any version refuses a zone that there is not
