"""The story of one ticket: commands with their instants, to be run or written as a scenario."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money
from ticketcore.policies import Policy
from ticketcore.testing._difference import shown
from ticketcore.testing._toml_writer import dump
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class StoryStep:
    """A command of a story with its result.

    *events* begin with those of the timers that were due before the command. *refusal_code* is
    None if the command was accepted.
    """

    command: Command
    ticket: Ticket | None
    events: tuple[Event, ...]
    refusal_code: str | None = None


@attrs.frozen(kw_only=True)
class TicketStory:
    """The commands that one ticket receives, in order; the first opens it.

    After the last command, timers fire until *until* (UTC). None means that no more time passes.
    """

    policy: Policy
    commands: tuple[Command, ...]
    until: datetime | None = None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show one command a line; Hypothesis and IPython call this instead of `repr`."""
        lines = "".join(f"\n  {shown(command)}," for command in self.commands)
        policy = f"<{self.policy.name} {self.policy.version}>"
        until = shown(self.until)
        printer.text(f"TicketStory(policy={policy}, until={until}, commands=({lines}\n))")

    def steps(self) -> Iterator[StoryStep]:
        """Yield each command with its result, advancing the ticket before each as a host does."""
        ticket: Ticket | None = None
        for command in self.commands:
            timer_events: tuple[Event, ...] = ()
            if ticket is not None:
                ticket, timer_events = advance_ticket(ticket, self.policy, command.at)
            try:
                ticket, events = decide_and_apply(ticket, command, self.policy)
            except RefusedError as refusal:
                yield StoryStep(
                    command=command, ticket=ticket, events=timer_events, refusal_code=refusal.code
                )
                continue
            yield StoryStep(command=command, ticket=ticket, events=(*timer_events, *events))

    def events(self) -> tuple[Event, ...]:
        """Return the whole history."""
        ticket: Ticket | None = None
        events: list[Event] = []
        for step in self.steps():
            ticket = step.ticket
            events += step.events
        if ticket is not None and self.until is not None:
            events += advance_ticket(ticket, self.policy, self.until)[1]
        return tuple(events)

    def scenario(self, policy: str, ticket: str = "story", comment: str = "") -> str:
        """Return the story as a scenario file (TOML) for the policy of that name or path.

        The scenario expects each refusal, and all events in their order.
        """
        document = {
            "policy": policy,
            **({} if self.until is None else {"until": self.until}),
            "ticket": {"id": ticket},
            "step": [_step_table(step) for step in self.steps()],
            "expect": {"events": [event.NAME for event in self.events()]},
        }
        heading = "".join(f"# {line}\n" for line in comment.splitlines())
        return heading + dump(document)


def _step_table(step: StoryStep) -> dict[str, object]:
    """Return a step as a scenario file has it, with every field that is not at its default."""
    command = step.command
    expect = {} if step.refusal_code is None else {"expect": {"refused": step.refusal_code}}
    return {"at": command.at, "command": command.NAME, **_table(command), **expect}


def _table(instance: Any) -> dict[str, object]:
    """Return the fields of an attrs instance that are not at their default."""
    fields = attrs.fields(type(instance))
    values = {field.name: getattr(instance, field.name) for field in fields}
    return {f.name: _toml_value(values[f.name]) for f in fields if values[f.name] != f.default}


def _toml_value(value: object) -> object:
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, tuple):
        return [_toml_value(entry) for entry in value]
    return _table(value) if attrs.has(type(value)) else value
