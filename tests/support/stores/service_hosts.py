"""Services on each store, with a clock that tests set."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from support.stores.databases import SYNC, database
from ticketcore.commands import Command, Open
from ticketcore.events import Event, Money, Order
from ticketcore.policies import Policy, PolicyVersions, load_policy
from ticketcore.service import DueRun, Handled, TicketService
from ticketcore.store import MemoryStore
from ticketcore.ticket import Ticket, fold

MONDAY = datetime(2026, 1, 5, 17, tzinfo=UTC)
CLICKBANK = PolicyVersions.of(load_policy("clickbank"))
ORDER = Order(number="B-7", sold_at=MONDAY, amount=Money(5000, "USD"))
STORES = ("memory", *SYNC)


@attrs.define
class ServiceHost:
    """A service, and a way to begin a transaction of its store. *now* is its clock."""

    begin: Callable[[], AbstractContextManager[Any]]
    service: TicketService[Any]
    _now: list[datetime]

    @property
    def now(self) -> datetime:
        """The present instant of the clock."""
        return self._now[0]

    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self._now[0] += time

    def set_clock(self, now: datetime) -> None:
        """Set the clock."""
        self._now[0] = now

    def under(self, *policies: Policy) -> "ServiceHost":
        """Return the same tickets and clock under other policies, as after a deployment."""
        versions = PolicyVersions.of(*policies)
        return attrs.evolve(self, service=attrs.evolve(self.service, policies=versions))

    def handle(self, number: str, command: Command, **options: Any) -> Handled:
        """Handle a command in a transaction of its own."""
        with self.begin() as db:
            return self.service.handle(db, number, command, **options)

    def run_due_once(self, **options: Any) -> DueRun | None:
        """Run what is due in one order, in a transaction of its own."""
        with self.begin() as db:
            return self.service.run_due(db, **options)

    def run_due(self, **options: Any) -> list[DueRun]:
        """Run all that is due, each order in a transaction of its own."""
        runs = []
        while (run := self.run_due_once(**options)) is not None:
            runs.append(run)
        return runs

    def events(self, number: str, **options: Any) -> tuple[Event, ...]:
        """Return the stored events of a ticket."""
        with self.begin() as db:
            return tuple(each.event for each in self.service.store.events(db, number, **options))

    def ticket(self, number: str, **options: Any) -> Ticket:
        """Return a stored ticket."""
        return fold(self.events(number, **options))


def host(kind: str) -> ServiceHost:
    """Return a service under ClickBank's policy, on the empty store of a kind."""
    now = [MONDAY]
    begin, store = _empty_store(kind)
    service = TicketService(store=store, policies=CLICKBANK, clock=lambda: now[0])
    return ServiceHost(begin, service, now)


def _empty_store(kind: str) -> tuple[Callable[[], Any], Any]:
    if kind == "memory":
        memory = MemoryStore(followers=["notifications"])
        return memory.begin, memory
    of_process = database(kind, ("notifications",))
    of_process.empty()
    return of_process.engine.begin, of_process.store


def opening(**changes: Any) -> Open:
    """Return an opening of a refund ticket by its customer."""
    given: dict[str, Any] = {
        "at": MONDAY,
        "by": "customer",
        "actor": "anna",
        "customer": "anna",
        "type": "refund",
        "zone": "America/Boise",
        "order": ORDER,
        "text": "I want my money back.",
    }
    return Open(**{**given, **changes})
