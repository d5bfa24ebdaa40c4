"""A support desk that stores its tickets in SQLite and lets ticketcore decide.

The events of a ticket are the rows of one table. The instant at which each ticket wakes is an
indexed column of another, so that `tick` finds the due tickets with one query. The desk decides
without a ledger, so its tickets must concern different orders; the service of
docs/how-to/embedding.md keeps several tickets about one order together.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from ticketcore import Policy, Recorded, Ticket, advance, decide, fold
from ticketcore.commands import Command
from ticketcore.errors import TicketcoreError
from ticketcore.events import Event, format_instant, from_line, to_line
from ticketcore.ledger import wakes

_TABLES = """
CREATE TABLE IF NOT EXISTS event (
  ticket TEXT NOT NULL, seq INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (ticket, seq)
);
CREATE TABLE IF NOT EXISTS pending (ticket TEXT PRIMARY KEY, due TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS pending_due ON pending (due);
CREATE TABLE IF NOT EXISTS aside (ticket TEXT PRIMARY KEY, reason TEXT NOT NULL);
"""


class StaleError(Exception):
    """A command whose sender has not seen the latest events of the ticket."""


class Desk:
    """Tickets under one policy, each stored as an ordered list of events."""

    def __init__(self, database: sqlite3.Connection, policy: Policy) -> None:
        self._database = database
        self._policy = policy
        database.executescript(_TABLES)

    def events(self, number: str) -> tuple[Event, ...]:
        """Return all events of a ticket; none if it was never opened."""
        rows = self._database.execute(
            "SELECT line FROM event WHERE ticket = ? ORDER BY seq", (number,)
        )
        return tuple(from_line(line).event for (line,) in rows)

    def handle(self, number: str, command: Command, version: int) -> None:
        """Decide a command, and store its events.

        *version* is the number of events that the sender has seen. Raises StaleError if the
        ticket has another number, and RefusedError if the policy refuses the command.
        """
        events = self.events(number)
        if len(events) != version:
            raise StaleError(f"ticket {number} has {len(events)} events, not {version}")
        ticket = fold(events) if events else None
        self._append(number, ticket, decide(ticket, command, self._policy))

    def tick(self, now: datetime) -> None:
        """Fire the due timers of all tickets, and store the events.

        Call it regularly. A late call stores the same events as a punctual one. A ticket that
        cannot be advanced is set aside with the error's text, and stops no other.
        """
        due = self._database.execute(
            "SELECT ticket FROM pending WHERE due <= ? ORDER BY due", (format_instant(now),)
        )
        for (number,) in due.fetchall():
            try:
                ticket = fold(self.events(number))
                self._append(number, ticket, advance(ticket, self._policy, now))
            except TicketcoreError as error:
                with self._database:
                    self._database.execute("DELETE FROM pending WHERE ticket = ?", (number,))
                    row = number, f"{type(error).__name__}: {error}"
                    self._database.execute("INSERT OR REPLACE INTO aside VALUES (?, ?)", row)

    def _append(self, number: str, before: Ticket | None, events: Sequence[Event]) -> None:
        if not events:
            return
        after = fold(events, before)
        first_seq = after.version - len(events) + 1
        lines = [
            (number, seq, to_line(Recorded(number, seq, event)))
            for seq, event in enumerate(events, first_seq)
        ]
        with self._database:
            self._database.executemany("INSERT INTO event VALUES (?, ?, ?)", lines)
            self._database.execute("DELETE FROM pending WHERE ticket = ?", (number,))
            if (due := wakes(after)) is not None:
                row = number, format_instant(due)
                self._database.execute("INSERT INTO pending VALUES (?, ?)", row)
