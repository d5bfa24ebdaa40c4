"""Orders, tickets and stories for the tests of rules, in the local time of one zone."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ticketcore.commands import COMMANDS, Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import EVENTS, Attachment, Event, Money, Order, Unit
from ticketcore.policies import Policy, load_policy
from ticketcore.ticket import Ticket

BOISE = "America/Boise"
LA = "America/Los_Angeles"
MADRID = "Europe/Madrid"
FRIDAY = "2026-01-09 15:00"
MONDAY = "2026-01-12 09:00"
STOREFRONT_ZONES = {
    "de": "Europe/Berlin",
    "cz": "Europe/Prague",
    "sk": "Europe/Bratislava",
    "pl": "Europe/Warsaw",
    "at": "Europe/Vienna",
    "fr": "Europe/Paris",
    "it": "Europe/Rome",
}

PHOTO = Attachment(
    name="kettle.jpg",
    media_type="image/jpeg",
    size=204800,
    digest="sha256:9f86d081",
    location="files/0b2c",
)


class LocalStory:
    """A ticket under a policy, and the commands that it receives at local times.

    Local times are written "2026-01-09 15:00" and belong to *zone*, the vendor's zone.
    """

    def __init__(self, policy: str | Policy, zone: str) -> None:
        self.policy = preset(policy) if isinstance(policy, str) else policy
        self.zone = ZoneInfo(zone)
        self.events: tuple[Event, ...] = ()
        self._ticket: Ticket | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket after the last command."""
        assert self._ticket is not None
        return self._ticket

    def instant(self, local: str) -> datetime:
        """Return the instant of a local time; of two, the first."""
        return datetime.fromisoformat(local).replace(tzinfo=self.zone)

    def local(self, instant: datetime) -> str:
        """Return the local time of an instant, with seconds only if it has some."""
        text = instant.astimezone(self.zone).replace(tzinfo=None)
        return text.isoformat(" ") if text.second or text.microsecond else f"{text:%Y-%m-%d %H:%M}"

    def open(self, at: str, by: str = "customer", **facts: Any) -> "LocalStory":
        """Open the ticket."""
        return self.do("open", at, by, **{"zone": str(self.zone), **facts})

    def do(self, name: str, at: str, by: str, **fields: Any) -> "LocalStory":
        """Apply a command, by its stored name, that the policy accepts."""
        return self.give(self.command(name, at, by, **fields))

    def give(self, command: Command) -> "LocalStory":
        """Apply a command that the policy accepts."""
        self._ticket, events = decide_and_apply(self._ticket, command, self.policy)
        self.events += events
        return self

    def refused(self, name: str, at: str, by: str, **fields: Any) -> tuple[str, str | None]:
        """Return the code and the rule with which a command is refused."""
        command = self.command(name, at, by, **fields)
        with pytest.raises(RefusedError) as caught:
            decide_and_apply(self._ticket, command, self.policy)
        assert caught.value.command is command
        return caught.value.code, caught.value.rule

    def until(self, at: str) -> "LocalStory":
        """Fire the timers that are due until a local time."""
        self._ticket, events = advance_ticket(self.ticket, self.policy, self.instant(at))
        self.events += events
        return self

    def command(self, name: str, at: str, by: str, **fields: Any) -> Command:
        """Return a command at a local time; a reply has a text unless *fields* give another."""
        if name == "reply":
            fields = {"text": "A message.", **fields}
        command_class: Any = COMMANDS[name]
        command: Command = command_class(at=self.instant(at), by=by, **fields)
        return command

    def event_names(self) -> list[str]:
        """Return the stored names of all events."""
        return [event.NAME for event in self.events]

    def dated_events(self, *names: str) -> list[str]:
        """Return the events of these names, each as its name and local time."""
        classes = [EVENTS[name] for name in names]
        events = [event for event in self.events if type(event) in classes]
        return [f"{event.NAME} {self.local(event.at)}" for event in events]

    def due(self, timer: str) -> str | None:
        """Return the local time at which a pending timer is due."""
        return self.pending().get(timer)

    def pending(self) -> dict[str, str]:
        """Return the local due time of each pending timer."""
        return {timer.name: self.local(timer.due) for timer in self.ticket.pending_timers}


@cache
def preset(name: str) -> Policy:
    """Return a preset, which is loaded once."""
    return load_policy(name)


def order(sold_at: str = "2026-01-02T12:00:00+00:00", **facts: Any) -> Order:
    """Return an order of 49.00 USD."""
    sold = datetime.fromisoformat(sold_at)
    facts = {"amount": Money(4900, "USD"), **facts}
    return Order(
        number="MZ8X2K", sold_at=sold if sold.tzinfo else sold.replace(tzinfo=UTC), **facts
    )


def subscription(sold_at: str, invoiced_at: str | None = None, **facts: Any) -> Order:
    """Return a subscription with a last invoice of 19.00 USD."""
    at = None if invoiced_at is None else datetime.fromisoformat(invoiced_at)
    invoice = {"invoice_amount": Money(1900, "USD"), "invoiced_at": at}
    return order(sold_at, billing="recurring", **{**invoice, **facts})


def refund_request(
    at: str, by: str = "customer", zone: str = BOISE, kind: str = "refund"
) -> LocalStory:
    """Open a ClickBank ticket that requests a refund, or the cancellation of a subscription."""
    today = at[:10]
    bought = order(today) if kind == "refund" else subscription(today)
    return LocalStory("clickbank", zone).open(at, by, type=kind, order=bought)


def support_ticket(at: str, zone: str = BOISE, by: str = "customer", **facts: Any) -> LocalStory:
    """Open a ClickBank ticket that requests technical support for an order."""
    facts = {"order": order(), **facts}
    return LocalStory("clickbank", zone).open(at, by, type="technical", **facts)


def euros(cents: int) -> Money:
    """Return an amount in euros."""
    return Money(cents, "EUR")


def storefront_ticket(
    at: str = MONDAY, storefront: str = "de", by: str = "customer", **facts: Any
) -> LocalStory:
    """Open a Kaufland ticket about an order of two units, in the storefront's local time."""
    units = (Unit(id="u1", amount=euros(3000)), Unit(id="u2", amount=euros(1900)))
    facts = {"storefront": storefront, "order": order(amount=euros(4900), units=units), **facts}
    return LocalStory("kaufland", STOREFRONT_ZONES[storefront]).open(at, by, **facts)


def enquiry(at: str = MONDAY, zone: str = MADRID, **facts: Any) -> LocalStory:
    """Open an Amazon Pay ticket about an order of 49.00 EUR."""
    return LocalStory("amazon-pay", zone).open(at, **{"order": order(amount=euros(4900)), **facts})
