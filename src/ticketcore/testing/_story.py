"""A story: what people asked of one ticket, and when. It can be run, and written as a scenario."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from ticketcore.commands import Command, Open, dump_command
from ticketcore.decide import elapse, step
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money, Order
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

_OF_THE_TICKET = ("zone", "storefront", "customer", "account")


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
                ticket, past = elapse(ticket, self.policy, command.at)
            try:
                ticket, events = step(ticket, command, self.policy)
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
            events += elapse(ticket, self.policy, self.until)[1]
        return tuple(events)

    def scenario(self, policy: str, ticket: str = "story", comment: str = "") -> str:
        """The story as a scenario file (TOML), for the policy of that name or path.

        It expects what happens: each refusal, and the events in their order.
        """
        first = self.commands[0]
        lines = [f"# {line}" for line in comment.splitlines()]
        lines.append(f"policy = {_text(policy)}")
        if self.until is not None:
            lines.append(f"until = {_instant(self.until)}")
        lines += ["", "[ticket]", f"id = {_text(ticket)}"]
        if isinstance(first, Open):
            lines += _ticket(first)
        for told in self.told():
            lines += ["", "[[step]]", *_step(told)]
        names = tuple(getattr(event, "NAME", "") for event in self.events())
        lines += ["", "[expect]", f"events = {_value(names)}"]
        return "\n".join(lines) + "\n"


def _ticket(opened: Open) -> Iterator[str]:
    for field in _OF_THE_TICKET:
        if (value := getattr(opened, field)) is not None:
            yield f"{field} = {_text(value)}"
    if opened.order is not None:
        yield from _order(opened.order)


def _order(order: Order) -> Iterator[str]:
    yield from ("", "[ticket.order]", f"number = {_text(order.number)}")
    yield f"sold_at = {_instant(order.sold_at)}"
    yield f"amount = {_text(str(order.amount))}"
    yield f"billing = {_text(order.billing)}"
    if order.invoice is not None:
        yield f"invoice = {_text(str(order.invoice))}"
    if order.invoiced_at is not None:
        yield f"invoiced_at = {_instant(order.invoiced_at)}"
    if order.units:
        yield f"units = [{', '.join(f'{{ id = {_text(unit.id)} }}' for unit in order.units)}]"


def _step(told: Told) -> Iterator[str]:
    command: Any = told.command
    yield f"at = {_instant(command.at)}"
    for name, stored in dump_command(command).items():
        if name not in ("at", "order", *(_OF_THE_TICKET if command.DO == "open" else ())):
            value = getattr(command, name, stored)
            yield f"{name} = {_value(value)}"
    if told.refused is not None:
        yield f"expect = {{ refused = {_text(told.refused)} }}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return _instant(value)
        case Money():
            return _text(str(value))
        case tuple():
            return f"[{', '.join(_text(item) for item in value)}]"
        case _:
            return _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
