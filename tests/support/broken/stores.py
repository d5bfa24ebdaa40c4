"""Backends on SQLite with one fault each: in retries, restarts, threads or batches."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken.backends import BROKEN
from support.broken.databases import BROKEN_DATABASES
from support.stores.sqlite_backend import SqliteBackend
from ticketcore.commands import Command, Refund
from ticketcore.events import Event, format_instant
from ticketcore.policies import Policy
from ticketcore.testing.stateful import Backend, ReferenceBackend, TicketMachine


class RefundsAgain(SqliteBackend):
    """The backend gives a refund that is sent again a new reference, so that it is paid twice."""

    POLICY = "kaufland"  # refunds parts of an order

    def send(self, ticket: str, command: Command, version: int) -> None:
        current = self.ticket(ticket)
        known = {record.reference for record in current.refunds} if current else set()
        if isinstance(command, Refund) and command.reference in known:
            command = attrs.evolve(command, reference=f"{command.reference}-again")
        super().send(ticket, command, version)


class ChecksThenWrites(SqliteBackend):
    """The backend checks the version before it writes, and has no unique key."""

    KEY = ""


class InsertsOrIgnores(SqliteBackend):
    """The backend ignores a key that exists: the slower of two writers loses its events."""

    INSERT = "INSERT OR IGNORE"


class InsertsOrReplaces(SqliteBackend):
    """The backend replaces a key that exists: the faster of two writers loses its events."""

    INSERT = "INSERT OR REPLACE"


class KeepsLastEventInMemory(SqliteBackend):
    """The backend writes an event only when the next one comes."""

    def __init__(self, policy: Policy, folder: Path) -> None:
        super().__init__(policy, folder)
        self.last: dict[str, Event] = {}

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        if events:
            written = [self.last[ticket]] if ticket in self.last else []
            self.last[ticket] = events[-1]
            super().store(ticket, [*written, *events[:-1]])

    def _events(self, ticket: str) -> tuple[Event, ...]:
        written = super()._events(ticket)
        return (*written, self.last[ticket]) if ticket in self.last else written


class ForgetsWhatIsDue(SqliteBackend):
    """The backend keeps the instants at which tickets wake in memory."""

    def __init__(self, policy: Policy, folder: Path) -> None:
        super().__init__(policy, folder)
        self.database.execute("DELETE FROM wakes")
        self.database.commit()


class WritesWakesOnce(SqliteBackend):
    """The backend stores the instant at which a ticket wakes only when the ticket is opened."""

    POLICY = "amazon-pay"  # commands add timers that are due before those of the opening

    def remember_due(self, ticket: str) -> None:
        known = "SELECT 1 FROM wakes WHERE ticket = ?"
        if self.database.execute(known, [ticket]).fetchone() is None:
            super().remember_due(ticket)


class RepeatsLastAfterRestart(SqliteBackend):
    """After a restart the backend processes the last entry of its log once more."""

    def __init__(self, policy: Policy, folder: Path) -> None:
        super().__init__(policy, folder)
        query = "SELECT ticket FROM event ORDER BY rowid DESC LIMIT 1"
        for (ticket,) in self.database.execute(query).fetchall():
            self.ticket(ticket)
            self.store(ticket, self._events(ticket)[-1:])


class RunsTwoDueTickets(SqliteBackend):
    """The backend takes two due tickets at a time, and does not look for more."""

    def due(self, at: datetime) -> list[tuple[str]]:
        return super().due(at)[:2]


class RunsDueTooLate(SqliteBackend):
    """The backend looks for tickets that wake before an instant, not at it."""

    def due(self, at: datetime) -> list[tuple[str]]:
        query = "SELECT ticket FROM wakes WHERE at < ?"
        return self.database.execute(query, [format_instant(at)]).fetchall()


class RunsAhead(SqliteBackend):
    """The clock of the process that runs due tickets is a second ahead."""

    def run_due(self, at: datetime) -> None:
        super().run_due(at + timedelta(seconds=1))


class CachesTickets(SqliteBackend):
    """The backend keeps a ticket's events in memory, and does not notice those of `advance`."""

    def __init__(self, policy: Policy, folder: Path) -> None:
        super().__init__(policy, folder)
        self.cache: dict[str, tuple[Event, ...]] = {}

    def send(self, ticket: str, command: Command, version: int) -> None:
        self.cache.pop(ticket, None)
        super().send(ticket, command, version)
        self.cache.pop(ticket, None)

    def history(self, ticket: str) -> Sequence[Event]:
        return self.cache.setdefault(ticket, self._events(ticket))


BROKEN_STORES: dict[type[ReferenceBackend], int] = {
    RefundsAgain: 2,
    ChecksThenWrites: 2,
    InsertsOrIgnores: 2,
    InsertsOrReplaces: 2,
    KeepsLastEventInMemory: 2,
    ForgetsWhatIsDue: 3,
    WritesWakesOnce: 4,
    RepeatsLastAfterRestart: 2,
    RunsTwoDueTickets: 2,
    RunsDueTooLate: 2,
    RunsAhead: 4,
    CachesTickets: 3,
}
"""Each broken backend, and the largest number of steps in which its fault must be shown."""

ALL_BROKEN: dict[type[ReferenceBackend], int] = BROKEN | BROKEN_DATABASES | BROKEN_STORES


def on_sqlite(broken: type[ReferenceBackend]) -> type[SqliteBackend]:
    """Return a broken backend that stores in SQLite what it stores."""
    if issubclass(broken, SqliteBackend):
        return broken
    return type(broken.__name__, (broken, SqliteBackend), {})


def memory_machine(broken: type[ReferenceBackend]) -> type[TicketMachine]:
    """Return the machine for a broken backend whose fault shows in memory."""

    class Machine(TicketMachine):
        policy = getattr(broken, "POLICY", "clickbank")

        def backend(self) -> Backend:
            return broken(self.loaded_policy)

    return Machine


class SqliteMachine(TicketMachine):
    """A machine for a backend that can be restarted and that two threads may call."""

    races = True
    begun: ClassVar[int] = 0


def sqlite_machine(backend_class: type[SqliteBackend]) -> type[SqliteMachine]:
    """Return the machine for a backend. It counts the backends that it made."""

    class Machine(SqliteMachine):
        policy = getattr(backend_class, "POLICY", "clickbank")

        def backend(self) -> Backend:
            type(self).begun += 1
            self.folder = Path(mkdtemp())
            return backend_class(self.loaded_policy, self.folder)

        def restart(self) -> Backend:
            backend = self.tested
            assert isinstance(backend, SqliteBackend)
            return backend.restarted()

        def teardown(self) -> None:
            assert isinstance(self.tested, SqliteBackend)
            self.tested.close()
            rmtree(self.folder)

    return Machine


SEEDED = settings(
    max_examples=1_000,
    stateful_step_count=8,
    report_multiple_bugs=False,
    print_blob=False,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_STEP = re.compile(r"^state\.(?!teardown|satisfies_invariants)", re.MULTILINE)


def check_found(machine: type[TicketMachine], steps: int) -> None:
    """Check that five seeds find the fault, one of them in at most *steps* steps.

    Shrinking can end at a story that is longer than it needs to be. So the story of the next seed
    is shrunk too until one is short enough.
    """
    is_short = False
    for number in range(5):
        phases = [Phase.generate] if is_short else [Phase.generate, Phase.shrink]
        with pytest.raises(AssertionError) as failure:
            run_state_machine_as_test(
                seed(number)(machine), settings=settings(SEEDED, phases=phases)
            )
        is_short = is_short or steps_of(failure.value) <= steps
    assert is_short, story_of(failure.value)


def story_of(failure: AssertionError) -> str:
    """Return the story that Hypothesis prints for a failure."""
    return "\n".join(failure.__notes__)


def steps_of(failure: AssertionError) -> int:
    """Return the number of steps of the story of a failure."""
    return len(_STEP.findall(story_of(failure)))
