"""Tests of the desk with `ticketcore.testing`."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from desk_on_sqlite import Desk, StaleError
from hypothesis import settings

from ticketcore import load_policy
from ticketcore.commands import Command, Open, Reply
from ticketcore.errors import ConflictError
from ticketcore.events import Closed, Event, Replied
from ticketcore.testing import given
from ticketcore.testing.stateful import Backend, TicketMachine


class DeskBackend:
    """Adapter of the desk to the interface that `TicketMachine` tests."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def send(self, ticket: str, command: Command, version: int) -> None:
        """Decide a command; turn the desk's StaleError into a ConflictError."""
        try:
            self.desk.handle(ticket, command, version)
        except StaleError:
            raise ConflictError(ticket, version, len(self.desk.events(ticket))) from None

    def advance(self, ticket: str, at: datetime) -> None:
        """Fire the due timers of all tickets."""
        self.desk.tick(at)

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket."""
        return self.desk.events(ticket)


class ClickBankMachine(TicketMachine):
    """Compare the desk with the reference backend under the preset clickbank."""

    policy = "clickbank"

    def backend(self) -> Backend:
        """Return a desk with an empty database."""
        self.database = sqlite3.connect(":memory:")
        return DeskBackend(Desk(self.database, self.loaded_policy))

    def teardown(self) -> None:
        """Close the database."""
        self.database.close()


class OfficeMachine(ClickBankMachine):
    """Compare them under the preset office."""

    policy = "office"


ClickBankMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=15, deadline=None
)
OfficeMachine.TestCase.settings = ClickBankMachine.TestCase.settings

TestClickBank = ClickBankMachine.TestCase
TestOffice = OfficeMachine.TestCase


def test_after_a_reply_the_ticket_waits_for_the_customer() -> None:
    """A rule can be tested in three lines, without a database."""
    monday = datetime(2026, 1, 5, 10, tzinfo=UTC)
    opening = Open(at=monday, by="customer", type="technical", zone="Europe/Rome")
    reply = Reply(at=monday + timedelta(hours=1), by="vendor", text="hello")

    ticket = given(load_policy("clickbank"), opening).when(reply).then(Replied)

    assert ticket.waiting_for == "customer"


def test_a_ticket_that_cannot_be_advanced_stops_no_other() -> None:
    """Its policy was replaced by another; the ticket of the new policy goes on."""
    monday = datetime(2026, 1, 5, 10, tzinfo=UTC)
    opening = Open(at=monday, by="customer", type="technical", zone="Europe/Rome")
    database = sqlite3.connect(":memory:")
    Desk(database, load_policy("clickbank-24-7")).handle("1", opening, 0)
    desk = Desk(database, load_policy("clickbank"))
    desk.handle("2", opening, 0)
    desk.tick(monday + timedelta(days=30))
    closed = isinstance(desk.events("2")[-1], Closed)
    aside = database.execute("SELECT ticket, reason FROM aside").fetchall()
    database.close()

    assert closed
    assert [ticket for ticket, _ in aside] == ["1"]
    assert aside[0][1].startswith("WrongPolicyError")
