"""A correct backend on SQLite that keeps the events in a file, for several threads."""

import sqlite3
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ticketcore.errors import ConflictError
from ticketcore.events import Event, Recorded, format_instant, from_line, to_line
from ticketcore.ledger import wakes
from ticketcore.policies import Policy
from ticketcore.testing.stateful import ReferenceBackend
from ticketcore.ticket import Ticket, fold

_PRAGMAS = "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY"  # a crash may lose the file


class SqliteBackend(ReferenceBackend):
    """A backend that stores the events, and the instant at which each ticket wakes.

    It stores events behind those that this thread has read last. If another thread was faster, the
    unique key refuses them.
    """

    KEY = ", PRIMARY KEY (ticket, seq)"
    INSERT = "INSERT"

    def __init__(self, policy: Policy, folder: Path) -> None:
        super().__init__(policy)
        self.folder = folder
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self.database.executescript(
            f"CREATE TABLE IF NOT EXISTS event (ticket TEXT, seq INTEGER, line TEXT{self.KEY});"
            "CREATE TABLE IF NOT EXISTS wakes (ticket TEXT PRIMARY KEY, at TEXT)"
        )

    @property
    def database(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._local, "database"):
            # `close` may run in another thread.
            file = self.folder / "tickets"
            opened = sqlite3.connect(file, timeout=10, check_same_thread=False)
            opened.executescript(_PRAGMAS)
            self._connections.append(opened)
            self._local.database = opened
            self._local.seen = {}
        connection: sqlite3.Connection = self._local.database
        return connection

    def restarted(self) -> "SqliteBackend":
        """Return a new backend on the same file, as after a restart."""
        self.close()
        return type(self)(self.policy, self.folder)

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._connections:
            connection.close()

    def history(self, ticket: str) -> Sequence[Event]:
        return self._events(ticket)

    def ticket(self, ticket: str) -> Ticket | None:
        events = self._events(ticket)
        self._local.seen[ticket] = len(events)
        return fold(events) if events else None

    def check_version(self, ticket: str, version: int) -> None:
        actual = len(self._events(ticket))
        if actual != version:
            raise ConflictError(ticket, version, actual)

    def run_due(self, at: datetime) -> None:
        """Advance all tickets that wake until *at*."""
        for (ticket,) in self.due(at):
            self.advance(ticket, at)

    def due(self, at: datetime) -> list[tuple[str]]:
        """Return the tickets that wake until *at*, the earliest first."""
        query = "SELECT ticket FROM wakes WHERE at <= ? ORDER BY at"
        return self.database.execute(query, [format_instant(at)]).fetchall()

    def store(self, ticket: str, events: Sequence[Event]) -> None:
        if not events:
            return
        seen = self._local.seen[ticket]
        rows = [
            (ticket, seq, to_line(Recorded(ticket, seq, event)))
            for seq, event in enumerate(events, seen + 1)
        ]
        try:
            with self.database as database:
                database.executemany(f"{self.INSERT} INTO event VALUES (?, ?, ?)", rows)
        except sqlite3.IntegrityError:
            raise ConflictError(ticket, seen, len(self._events(ticket))) from None
        self._local.seen[ticket] = seen + len(events)
        self.remember_due(ticket)

    def remember_due(self, ticket: str) -> None:
        """Store the instant at which the ticket wakes, if it has one."""
        due = wakes(fold(self._events(ticket)))
        with self.database as database:
            row = ticket, due and format_instant(due)
            database.execute("INSERT OR REPLACE INTO wakes VALUES (?, ?)", row)

    def _events(self, ticket: str) -> tuple[Event, ...]:
        rows = self.database.execute(
            "SELECT line FROM event WHERE ticket = ? ORDER BY seq, rowid", [ticket]
        )
        return tuple(from_line(line).event for (line,) in rows)
