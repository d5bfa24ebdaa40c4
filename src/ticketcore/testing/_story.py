"""A story: what people asked of one ticket, and when. It can be run, and written as a scenario."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from ticketcore.commands import Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money
from ticketcore.policies import Policy
from ticketcore.testing._toml import dump
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Told:
    """One command of a story, and what came of it: events, or a refusal's code.

    *events* begin with those of the timers that were due before.
    """

    command: Command
    ticket: Ticket | None
    events: tuple[Event, ...]
    refused: str | None = None


@attrs.frozen(kw_only=True)
class Story:
    """Commands in the order of their instants, the first of which opens the ticket.

    The clock runs on to *until* (UTC) after the last of them; None: it stops there.
    """

    policy: Policy
    commands: tuple[Command, ...]
    until: datetime | None = None

    def told(self) -> Iterator[Told]:
        """Each command with what came of it, as a host would do it: the clocks first."""
        ticket: Ticket | None = None
        for command in self.commands:
            past: tuple[Event, ...] = ()
            if ticket is not None:
                ticket, past = advance_ticket(ticket, self.policy, command.at)
            try:
                ticket, events = decide_and_apply(ticket, command, self.policy)
            except RefusedError as refusal:
                yield Told(command=command, ticket=ticket, events=past, refused=refusal.code)
                continue
            yield Told(command=command, ticket=ticket, events=(*past, *events))

    def events(self) -> tuple[Event, ...]:
        """The whole history."""
        ticket: Ticket | None = None
        events: list[Event] = []
        for told in self.told():
            ticket = told.ticket
            events += told.events
        if ticket is not None and self.until is not None:
            events += advance_ticket(ticket, self.policy, self.until)[1]
        return tuple(events)

    def scenario(self, policy: str, ticket: str = "story", comment: str = "") -> str:
        """The story as a scenario file (TOML), for the policy of that name or path.

        It expects what happens: each refusal, and the events in their order.
        """
        events = [getattr(event, "NAME", "") for event in self.events()]
        document = {
            "policy": policy,
            **({} if self.until is None else {"until": self.until}),
            "ticket": {"id": ticket},
            "step": [_step(told) for told in self.told()],
            "expect": {"events": events},
        }
        heading = "".join(f"# {line}\n" for line in comment.splitlines())
        return heading + dump(document)


def _step(told: Told) -> dict[str, Any]:
    """A step as a scenario has it, with every field that says something."""
    refusal = {} if told.refused is None else {"expect": {"refused": told.refused}}
    return {"at": told.command.at, "command": told.command.NAME, **_said(told.command), **refusal}


def _said(value: Any) -> dict[str, Any]:
    fields = attrs.fields(type(value))
    said = {field.name: getattr(value, field.name) for field in fields}
    return {f.name: _stored(said[f.name]) for f in fields if said[f.name] != f.default}


def _stored(value: Any) -> Any:
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, tuple):
        return [_stored(one) for one in value]
    return _said(value) if attrs.has(type(value)) else value
