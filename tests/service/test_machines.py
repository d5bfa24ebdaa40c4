"""The machines of the test kit accept the service on each store, as a backend of a host."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

import attrs
from hypothesis import settings

from support.service_hosts import ServiceHost
from support.service_hosts import host as make_host
from ticketcore.commands import Command, Open
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Opened
from ticketcore.policies import parse_policy, preset_text
from ticketcore.testing.stateful import Backend, OrderBackend, OrderMachine, TicketMachine
from ticketcore.testing.stateful._orders import Sending

EARLY = parse_policy(preset_text("clickbank").replace("2013-01-01", "1900-01-01"))
AMAZON = parse_policy(preset_text("amazon-pay"))


class ServiceBackend:
    """Adapter of the service to the interfaces that the machines test."""

    def __init__(self, host: ServiceHost, *, apart: bool) -> None:
        """Keep tickets *apart*, each in a tenant of its own, if they share no ledger."""
        self.host = host
        self._apart = apart
        self.stamped: Command | None = None
        self._numbers: dict[str, str | None] = {}

    def _place(self, ticket: str) -> dict[str, str]:
        return {"tenant": ticket} if self._apart else {}

    def send(self, ticket: str, command: Command, version: int | None = None) -> None:
        """Handle a command at its own instant."""
        self.host.set_clock(command.at)
        place = self._place(ticket)
        answer = self.host.handle(ticket, command, expected_version=version, **place)
        if isinstance(command, Open):
            self._numbers.setdefault(ticket, command.number)
        own = [each.event.at for each in answer.events if not each.event.derived]
        self.stamped = attrs.evolve(command, at=own[0]) if own else command
        if answer.refusal is not None:
            self.stamped = answer.refusal.command  # type: ignore[assignment]  # it is a command
            raise answer.refusal

    def advance(self, ticket: str, at: datetime) -> None:
        """Run all that is due."""
        self.run_due(at)

    def run_due(self, until: datetime) -> None:
        """Run all that is due until an instant."""
        self.host.set_clock(max(until, self.host.now))
        self.host.run_due(until=until)

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket, with the number that the command named."""
        events = self.host.events(ticket, **self._place(ticket))
        opened = [event for event in events[:1] if isinstance(event, Opened)]
        named = [attrs.evolve(event, number=self._numbers[ticket]) for event in opened]
        return (*named, *events[len(named) :])


class _Memory(TicketMachine):
    """Compare the service with the reference backend."""

    policy = EARLY
    kind: ClassVar[str] = "memory"

    def backend(self) -> Backend:
        """Return a service on an empty store."""
        host = make_host(self.kind)
        return ServiceBackend(host.under(self.loaded_policy), apart=True)

    def _send(self, command: Command, ticket: str = "00000000001") -> None:
        """Send to the service first: it stamps a late command with the last event's instant."""
        tested, reference = self.tested, self.reference
        assert isinstance(tested, ServiceBackend)
        actual = _outcome(lambda: tested.send(ticket, command, len(tested.history(ticket))))
        stamped = tested.stamped
        assert stamped is not None
        self.now = max(self.now, stamped.at)
        seen = len(reference.history(ticket))
        assert _outcome(lambda: reference.send(ticket, stamped, seen)) == actual
        self._advance(self.now, ticket)
        self._compare(f"{command} was {actual}", ticket)


class _Sqlite(_Memory):
    kind = "sqlite"


class _Postgres(_Memory):
    kind = "postgresql+psycopg"


class _MemoryOrders(OrderMachine):
    """Compare the service with the reference backend of orders."""

    policy = AMAZON
    kind: ClassVar[str] = "memory"

    def backend(self) -> OrderBackend:
        """Return a service on an empty store."""
        host = make_host(self.kind)
        return ServiceBackend(host.under(self.loaded_policy), apart=False)

    def _send(self, sending: Sending) -> None:
        """Send to the service first: it stamps later than the order's last money event."""
        assert isinstance(self.tested, ServiceBackend)
        tested, reference = self.tested, self.reference
        number, command = sending.ticket, sending.command
        actual = _outcome(lambda: tested.send(number, command))
        stamped = tested.stamped
        assert stamped is not None
        self.now = max(self.now, stamped.at)
        assert _outcome(lambda: reference.send(number, stamped)) == actual
        if actual == "accepted":
            self.granted.append(Sending(number, stamped))


class _SqliteOrders(_MemoryOrders):
    kind = "sqlite"


class _PostgresOrders(_MemoryOrders):
    kind = "postgresql+psycopg"


def _outcome(send: Callable[[], None]) -> str:
    try:
        send()
    except RefusedError as refusal:
        return refusal.code
    return "accepted"


def _few(case: Any) -> Any:
    case.settings = settings(max_examples=6, stateful_step_count=10, deadline=None)
    return case


TestMemory = _few(_Memory.TestCase)
TestSqlite = _few(_Sqlite.TestCase)
TestPostgres = _few(_Postgres.TestCase)
TestMemoryOrders = _few(_MemoryOrders.TestCase)
TestSqliteOrders = _few(_SqliteOrders.TestCase)
TestPostgresOrders = _few(_PostgresOrders.TestCase)
