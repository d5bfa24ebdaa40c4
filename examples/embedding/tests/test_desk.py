"""The desk, proved by ticketcore's test kit."""

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
    """The desk, in the words of the kit."""

    def __init__(self, default_handler: Desk) -> None:
        self.default_handler = default_handler

    def send(self, ticket: str, command: Command, version: int) -> None:
        """Decide a command; the desk calls a conflict stale."""
        try:
            self.default_handler.handle(ticket, command, version)
        except StaleError:
            raise ConflictError(
                ticket, version, len(self.default_handler.events(ticket))
            ) from None

    def advance(self, ticket: str, at: datetime) -> None:
        """Let the clocks of all tickets run."""
        self.default_handler.tick(at)

    def history(self, ticket: str) -> Sequence[Event]:
        """All events of a ticket."""
        return self.default_handler.events(ticket)


class DeskMachine(TicketMachine):
    """Whatever people and clocks do, the desk does as the reference does."""

    policy = "clickbank"

    def backend(self) -> Backend:
        """A desk with an empty database."""
        self.database = sqlite3.connect(":memory:")
        return DeskAsBackend(Desk(self.database, self.in_force))

    def teardown(self) -> None:
        """A story ends: its database goes."""
        self.database.close()


class OfficeMachine(DeskMachine):
    """The same under other rules."""

    policy = "office"


DeskMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
OfficeMachine.TestCase.settings = DeskMachine.TestCase.settings

TestDesk = DeskMachine.TestCase
TestOffice = OfficeMachine.TestCase


def test_a_reply_passes_the_turn() -> None:
    """One rule in three lines, without a database."""
    monday = datetime(2026, 1, 5, 10, tzinfo=UTC)
    opened = Open(at=monday, by="customer", type="technical", zone="Europe/Rome")
    reply = Reply(at=monday + timedelta(hours=1), by="vendor", text="hello")

    ticket = given(load_policy("clickbank"), opened).when(reply).then(Replied)

    assert ticket.waiting_for == "customer"
