"""The desk, tested with ticketcore's test kit."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from desk_on_sqlite import Desk, StaleError
from hypothesis import settings

from ticketcore import load_policy
from ticketcore.commands import Command, Open, Reply
from ticketcore.events import Event, Replied
from ticketcore.testing import given
from ticketcore.testing.stateful import Backend, ConflictError, TicketMachine


class DeskAsBackend:
    """The desk, with the interface that the kit expects."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def send(self, ticket: str, command: Command, version: int) -> None:
        """Decide a command, and turn StaleError into ConflictError."""
        try:
            self.desk.handle(ticket, command, version)
        except StaleError:
            raise ConflictError(ticket, version, len(self.desk.events(ticket))) from None

    def advance(self, ticket: str, at: datetime) -> None:
        """Fire the timers that are due."""
        self.desk.tick(at)

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket."""
        return self.desk.events(ticket)


class DeskMachine(TicketMachine):
    """The desk decides any commands and timers as the reference does."""

    policy = "clickbank"

    def backend(self) -> Backend:
        """Return a desk with an empty database."""
        self.database = sqlite3.connect(":memory:")
        return DeskAsBackend(Desk(self.database, self.in_force))

    def teardown(self) -> None:
        """Close the database at the end of a story."""
        self.database.close()


class OfficeMachine(DeskMachine):
    """The same test under another policy."""

    policy = "office"


DeskMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
OfficeMachine.TestCase.settings = DeskMachine.TestCase.settings

TestDesk = DeskMachine.TestCase
TestOffice = OfficeMachine.TestCase


def test_a_ticket_waits_for_the_customer_after_a_reply() -> None:
    """A rule can be tested in three lines, without a database."""
    monday = datetime(2026, 1, 5, 10, tzinfo=UTC)
    opened = Open(at=monday, by="customer", type="technical", zone="Europe/Rome")
    reply = Reply(at=monday + timedelta(hours=1), by="vendor", text="hello")

    ticket = given(load_policy("clickbank"), opened).when(reply).then(Replied)

    assert ticket.waiting_for == "customer"
