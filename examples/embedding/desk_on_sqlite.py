"""A support desk that keeps its tickets in SQLite, and leaves the rules to ticketcore."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from ticketcore import Policy, Recorded, Ticket, advance, decide, fold
from ticketcore.commands import Command
from ticketcore.events import Event, format_instant, from_line, to_line

_TABLES = """
CREATE TABLE IF NOT EXISTS event (
  ticket TEXT NOT NULL, seq INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (ticket, seq)
);
CREATE TABLE IF NOT EXISTS pending (ticket TEXT PRIMARY KEY, due TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS pending_due ON pending (due);
"""


class StaleError(Exception):
    """Somebody else has written to the ticket meanwhile: look again."""


class Desk:
    """Tickets under one policy, each an ordered list of events; the earliest timer is a column."""

    def __init__(self, database: sqlite3.Connection, policy: Policy) -> None:
        self._database = database
        self._policy = policy
        database.executescript(_TABLES)

    def events(self, number: str) -> tuple[Event, ...]:
        """Everything that has happened to a ticket."""
        rows = self._database.execute(
            "SELECT line FROM event WHERE ticket = ? ORDER BY seq", (number,)
        )
        return tuple(from_line(line).event for (line,) in rows)

    def handle(self, number: str, command: Command, version: int) -> None:
        """Decide a command of one who saw *version* events. Raises RefusedError, StaleError."""
        events = self.events(number)
        if len(events) != version:
            raise StaleError(f"ticket {number} has {len(events)} events, not {version}")
        ticket = fold(events) if events else None
        self._append(number, ticket, decide(ticket, command, self._policy))

    def tick(self, now: datetime) -> None:
        """Let the clocks of all tickets run. To be called every so often, however late."""
        due = self._database.execute(
            "SELECT ticket FROM pending WHERE due <= ? ORDER BY due", (format_instant(now),)
        )
        for (number,) in due.fetchall():
            ticket = fold(self.events(number))
            self._append(number, ticket, advance(ticket, self._policy, now))

    def _append(self, number: str, before: Ticket | None, events: Iterable[Event]) -> None:
        new = tuple(events)
        if not new:
            return
        after = fold(new, before)
        first = after.version - len(new) + 1
        lines = [
            (number, first + i, to_line(Recorded(number, first + i, event)))
            for i, event in enumerate(new)
        ]
        with self._database:
            self._database.executemany("INSERT INTO event VALUES (?, ?, ?)", lines)
            self._database.execute("DELETE FROM pending WHERE ticket = ?", (number,))
            if after.timers:
                due = format_instant(after.timers[0].due)
                self._database.execute("INSERT INTO pending VALUES (?, ?)", (number, due))
