"""Orders with several tickets: their policies, and a host that keeps them.

All times are UTC, so that deadlines of different tickets can fall on one instant.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from ticketcore import commands as c
from ticketcore.commands import Command
from ticketcore.decider import OrderAdvance, advance_order, advance_ticket, decide_and_apply
from ticketcore.errors import OrderNotAdvancedError, RefusedError
from ticketcore.events import Event, Money, Order, Outcome, Party, Refunded, Unit, Unknown
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy, load_policy, parse_policy
from ticketcore.ticket import Ticket, evolve

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
ONE, TWO, THREE = NUMBERS = ("00000000001", "00000000002", "00000000003")  # K3: 11 digits
TICK = timedelta(microseconds=1)

CONFIRMED = """
extends = "clickbank"
name = "clickbank-confirmed"
[refunds]
requires_confirmation = true
partial = true
[[permission]]
commands = "refund"
by = ["vendor", "support"]
[[permission]]
commands = ["confirm-refund", "fail-refund"]
by = ["support", "system"]
"""


CLAIMS_WITHOUT_END = """
name = "claims-without-end"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[disputes.claim]
[[permission]]
commands = ["open", "open-dispute"]
by = ["customer", "support"]
"""
CLAIMS_ONLY = (
    CLAIMS_WITHOUT_END.replace("claims-without-end", "claims-only")
    + """
[[timer]]
name = "claim"
when = { dispute_kind = "claim" }
from = "dispute-opened"
after = "7 days"
effect = "lose-dispute"
"""
)
UPDATES = """
[[timer]]
name = "update"
from = "opened"
after = "90 days"
effect = "breach"
"""
PAID_IN_TIME = """
name = "paid-in-time"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[refunds]
partial = true
[[timer]]
name = "pay"
from = "opened"
after = "24 hours"
effect = "refund"
[[timer]]
name = "money"
from = "opened"
after = "48 hours"
met_by = "fully-refunded"
effect = "breach"
[[permission]]
commands = "open"
by = "customer"
"""
LOST_AT_ONCE = """
extends = "amazon-pay"
name = "lost-at-once"
[[timer]]
name = "chargeback"
when = { dispute_kind = "chargeback" }
from = "dispute-opened"
after = "11 days"
effect = "lose-dispute"
fires = "at"
"""
PER_UNIT = CONFIRMED.replace("clickbank-confirmed", "clickbank-per-unit").replace(
    "partial = true", "partial = true\nper_unit = true"
)
_FILES = {
    "clickbank-confirmed": CONFIRMED,
    "clickbank-per-unit": PER_UNIT,
    "claims-only": CLAIMS_ONLY,
    "paid-in-time": PAID_IN_TIME,
    "paid-per-unit": PAID_IN_TIME.replace("partial = true", "per_unit = true"),
    "claims-and-updates": CLAIMS_ONLY.replace("claims-only", "claims-and-updates") + UPDATES,
    "claims-without-end": CLAIMS_WITHOUT_END,
    "lost-at-once": LOST_AT_ONCE,
}


@cache
def policy_of_order(name: str) -> Policy:
    """Return a preset, or one of the policies above."""
    return parse_policy(_FILES[name]) if name in _FILES else load_policy(name)


def hours(count: float) -> datetime:
    """Return the instant *count* hours after Monday, 08:00."""
    return MONDAY + timedelta(hours=count)


def dollars(amount: int) -> Money:
    """Return an amount in dollars."""
    return Money(100 * amount, "USD")


def priced_units(*prices: int | None) -> tuple[Unit, ...]:
    """Return units of these prices in dollars, named u1, u2 and so on."""
    return tuple(
        Unit(id=f"u{place}", amount=None if price is None else dollars(price))
        for place, price in enumerate(prices, 1)
    )


def order_of(amount: int = 100, **facts: Any) -> Order:
    """Return the order of all tickets, sold a day before Monday, with an amount in dollars."""
    sold_at = MONDAY - timedelta(days=1)
    return Order(number="O-1", sold_at=sold_at, amount=dollars(amount), **facts)


def refund(at: float, amount: int | None = None, reference: str = "R", **more: Any) -> c.Refund:
    """Return a refund that the vendor requests, *at* hours after Monday, 08:00."""
    money = None if amount is None else dollars(amount)
    return c.Refund(at=hours(at), by="vendor", reference=reference, amount=money, **more)


def dispute(
    at: float, kind: str = "claim", amount: int | None = None, **more: Any
) -> c.OpenDispute:
    """Return the report of a dispute with its kind as its id."""
    more = {"dispute": kind, "amount": None if amount is None else dollars(amount), **more}
    return c.OpenDispute(at=hours(at), by="support", kind=kind, **more)


def resolve(at: float, dispute: str, outcome: Outcome) -> c.ResolveDispute:
    """Return the report of an outcome."""
    return c.ResolveDispute(at=hours(at), by="support", dispute=dispute, outcome=outcome)


class OrderHost:
    """The tickets of one order, each under a policy, and all that happened to them.

    *events* are the events of each ticket; *recorded* are those of all, in the order in which
    they were appended, with the number of the ticket.
    """

    def __init__(self, policies: Mapping[str, str]) -> None:
        self.policies = {number: policy_of_order(name) for number, name in policies.items()}
        self.tickets: dict[str, Ticket] = {}
        self.events: dict[str, list[Event]] = {}
        self.recorded: list[tuple[str, Event]] = []

    @property
    def ledger(self) -> Ledger | None:
        """The ledger of the tickets; None before the first is opened."""
        return Ledger.of(self.tickets) if self.tickets else None

    def policy_of(self, ticket: Ticket) -> Policy:
        """Return the policy of a ticket."""
        return self.policies[ticket.opened.number or ""]

    def open(self, number: str, at: float, by: Party = "customer", **facts: Any) -> "OrderHost":
        """Open a ticket about the order, *at* hours after Monday, 08:00."""
        kaufland = self.policies[number].name == "kaufland"
        place = {"storefront": "de"} if kaufland else {"zone": "UTC"}
        facts = {"order": order_of(), **place, **facts}
        return self.send(number, c.Open(at=hours(at), by=by, number=number, **facts))

    def send(self, number: str, *commands: Command) -> "OrderHost":
        """Apply commands to a ticket. Raises as `decide` does."""
        for command in commands:
            ticket = self.tickets.get(number)
            policy = self.policies[number]
            self._append(number, *decide_and_apply(ticket, command, policy, self.ledger))
        return self

    def receive_unread(self, number: str, name: str = "teleported") -> "OrderHost":
        """Add an event that this version cannot read to a ticket."""
        ticket = self.tickets[number]
        unread = Unknown(name=name, schema=1, at=ticket.at)
        self._append(number, evolve(ticket, unread), (unread,))
        return self

    def refused(self, number: str, command: Command) -> RefusedError:
        """Return the error with which a command is refused."""
        with pytest.raises(RefusedError) as caught:
            self.send(number, command)
        assert caught.value.command is command
        return caught.value

    def waits(self, number: str, command: Command) -> str | None:
        """Return the number of the ticket for which a command waits."""
        with pytest.raises(OrderNotAdvancedError) as caught:
            self.send(number, command)
        return caught.value.ticket

    def paid(self, number: str) -> list[str]:
        """Return the amounts of all refunds of a ticket."""
        return [str(event.amount) for event in self.events[number] if isinstance(event, Refunded)]

    def advance(self, number: str, at: datetime) -> tuple[Event, ...]:
        """Advance one ticket and return its events. Raises as `advance` does."""
        ticket, events = advance_ticket(
            self.tickets[number], self.policies[number], at, self.ledger
        )
        self._append(number, ticket, events)
        return events

    def advance_all(self, at: datetime) -> "OrderHost":
        """Advance all tickets of the order."""
        if self.tickets:
            done = self.advanced(at)
            assert {} == done.failed
            for number, events in done.events:
                self._append(number, done.tickets[number], events)
        return self

    def advanced(self, at: datetime) -> OrderAdvance:
        """Return the result of `advance_order`, without recording it."""
        return advance_order(self.tickets, self.policy_of, at)

    def result(self, number: str, command: Command) -> str:
        """Apply a command and return the code of its refusal, or "" if it is accepted.

        A ticket that comes first is advanced first.
        """
        while True:
            try:
                self.send(number, command)
            except RefusedError as refusal:
                return refusal.code
            except OrderNotAdvancedError as waits:
                self.advance_first(waits.ticket or "", command.at)
            else:
                return ""

    def advance_first(self, number: str, at: datetime) -> None:
        """Advance a ticket, or the one for which it waits."""
        seen = {number}
        while True:
            try:
                assert self.advance(number, at), f"nothing is due on {number} until {at}"
            except OrderNotAdvancedError as waits:
                number = waits.ticket or ""
                assert number not in seen, f"tickets {seen} wait for each other at {at}"
                seen.add(number)
            else:
                return

    def _append(self, number: str, ticket: Ticket, events: tuple[Event, ...]) -> None:
        self.tickets[number] = ticket
        self.events.setdefault(number, []).extend(events)
        self.recorded.extend((number, event) for event in events)
