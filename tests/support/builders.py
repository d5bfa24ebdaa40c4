"""Stories of one ticket: commands at local times, for the tests of the rules."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ticketcore.commands import COMMANDS, Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money, Order, Unit
from ticketcore.policies import Policy, load_policy
from ticketcore.ticket import Ticket

BOISE = "America/Boise"
LA = "America/Los_Angeles"
FRIDAY = "2026-01-09 15:00"
MADRID = "Europe/Madrid"
MONDAY = "2026-01-12 09:00"
FRONT_ZONES = {
    "de": "Europe/Berlin",
    "cz": "Europe/Prague",
    "sk": "Europe/Bratislava",
    "pl": "Europe/Warsaw",
    "at": "Europe/Vienna",
    "fr": "Europe/Paris",
    "it": "Europe/Rome",
}


class Story:
    """One ticket under a policy, with commands by their names at local times.

    Local times are written "2026-01-09 15:00". Their zone is *zone*, the vendor's.
    """

    def __init__(self, policy: str | Policy, zone: str) -> None:
        self.policy = preset(policy) if isinstance(policy, str) else policy
        self.zone = ZoneInfo(zone)
        self.events: tuple[Event, ...] = ()
        self._ticket: Ticket | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket in its present state."""
        assert self._ticket is not None
        return self._ticket

    def instant(self, local: str) -> datetime:
        """Return the instant of a local time; the first one if the clocks show it twice."""
        return datetime.fromisoformat(local).replace(tzinfo=self.zone)

    def local(self, instant: datetime) -> str:
        """Return an instant as local time, with seconds only if it has any."""
        text = instant.astimezone(self.zone).replace(tzinfo=None)
        return text.isoformat(" ") if text.second or text.microsecond else f"{text:%Y-%m-%d %H:%M}"

    def open(self, at: str, by: str = "customer", **facts: Any) -> "Story":
        """Open the ticket."""
        return self.do("open", at, by, **{"zone": str(self.zone), **facts})

    def do(self, name: str, at: str, by: str, **fields: Any) -> "Story":
        """Give a command, by its name, which must be allowed."""
        return self.give(self.command(name, at, by, **fields))

    def give(self, command: Command) -> "Story":
        """Give a command, which must be allowed."""
        self._ticket, events = decide_and_apply(self._ticket, command, self.policy)
        self.events += events
        return self

    def refused(self, name: str, at: str, by: str, **fields: Any) -> tuple[str, str | None]:
        """Give a command that must be refused; return the code and the rule of the refusal."""
        with pytest.raises(RefusedError) as caught:
            decide_and_apply(self._ticket, self.command(name, at, by, **fields), self.policy)
        return caught.value.code, caught.value.rule

    def until(self, at: str) -> "Story":
        """Advance the ticket to a local time."""
        self._ticket, events = advance_ticket(self.ticket, self.policy, self.instant(at))
        self.events += events
        return self

    def command(self, name: str, at: str, by: str, **fields: Any) -> Command:
        """Return a command at a local time."""
        return COMMANDS[name](at=self.instant(at), by=by, **fields)  # type: ignore[arg-type]

    def event_names(self) -> list[str]:
        """Return the stored names of all events."""
        return [event.NAME for event in self.events]

    def dated_events(self, *names: str) -> list[str]:
        """Return the events with these stored names, each with its name and local time."""
        return [f"{e.NAME} {self.local(e.at)}" for e in self.events if e.NAME in names]

    def due(self, timer: str) -> str | None:
        """Return the local due time of a pending timer; None if it is not pending."""
        return self.pending().get(timer)

    def pending(self) -> dict[str, str]:
        """Return all pending timers with their local due times."""
        return {timer.name: self.local(timer.due) for timer in self.ticket.timers}


@cache
def preset(name: str) -> Policy:
    """Return a preset, which is read once."""
    return load_policy(name)


def order(sold_at: str = "2026-01-02T12:00:00+00:00", **facts: Any) -> Order:
    """Return an order, of 49.00 USD by default."""
    sold = datetime.fromisoformat(sold_at)
    facts = {"amount": Money(4900, "USD"), **facts}
    return Order(
        number="MZ8X2K", sold_at=sold if sold.tzinfo else sold.replace(tzinfo=UTC), **facts
    )


def subscription(sold_at: str, invoiced_at: str | None = None, **facts: Any) -> Order:
    """Return a subscription whose latest invoice was 19.00 USD."""
    at = None if invoiced_at is None else datetime.fromisoformat(invoiced_at)
    invoice = {"invoice_amount": Money(1900, "USD"), "invoiced_at": at}
    return order(sold_at, billing="recurring", **{**invoice, **facts})


def requested(at: str, by: str = "customer", zone: str = BOISE, kind: str = "refund") -> Story:
    """ClickBank: open a ticket for a refund, or for the cancellation of a subscription."""
    today = at[:10]
    bought = order(today) if kind == "refund" else subscription(today)
    return Story("clickbank", zone).open(at, by, type=kind, order=bought)


def support_ticket(at: str, zone: str = BOISE, by: str = "customer", **facts: Any) -> Story:
    """ClickBank: open a ticket for technical support about an order."""
    facts = {"order": order(), **facts}
    return Story("clickbank", zone).open(at, by, type="technical", **facts)


def euros(cents: int) -> Money:
    """Return an amount in euros."""
    return Money(cents, "EUR")


def at_front(
    at: str = MONDAY, storefront: str = "de", by: str = "customer", **facts: Any
) -> Story:
    """Kaufland: open a ticket about an order of two units, in a storefront's local time."""
    units = (Unit(id="u1", amount=euros(3000)), Unit(id="u2", amount=euros(1900)))
    facts = {"storefront": storefront, "order": order(amount=euros(4900), units=units), **facts}
    return Story("kaufland", FRONT_ZONES[storefront]).open(at, by, **facts)


def enquiry(at: str = MONDAY, zone: str = MADRID, **facts: Any) -> Story:
    """Amazon Pay: open a ticket about an order of 49.00 EUR."""
    return Story("amazon-pay", zone).open(at, **{"order": order(amount=euros(4900)), **facts})
