"""Stories of one ticket, told in the local time of one zone, for the tests of the rules."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ticketcore.commands import COMMANDS, Command
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import EVENTS, Event, Money, Order, Unit
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
    """What one ticket meets under a policy: commands by their names, at local times.

    Local times are written "2026-01-09 15:00" and lie in *zone*, which is the vendor's too.
    """

    def __init__(self, policy: str | Policy, zone: str) -> None:
        self.policy = preset(policy) if isinstance(policy, str) else policy
        self.zone = ZoneInfo(zone)
        self.events: tuple[Event, ...] = ()
        self._ticket: Ticket | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket as it is now."""
        assert self._ticket is not None
        return self._ticket

    def instant(self, local: str) -> datetime:
        """The instant of a local time; of two, the first."""
        return datetime.fromisoformat(local).replace(tzinfo=self.zone)

    def local(self, instant: datetime) -> str:
        """An instant as local time, to the second only where it has seconds."""
        text = instant.astimezone(self.zone).replace(tzinfo=None)
        return text.isoformat(" ") if text.second or text.microsecond else f"{text:%Y-%m-%d %H:%M}"

    def open(self, at: str, by: str = "customer", **facts: Any) -> "Story":
        """Open the ticket."""
        return self.do("open", at, by, **{"zone": str(self.zone), **facts})

    def do(self, name: str, at: str, by: str, **fields: Any) -> "Story":
        """Give a command, by its name, that is granted."""
        return self.give(self.command(name, at, by, **fields))

    def give(self, command: Command) -> "Story":
        """Give a command that is granted."""
        self._ticket, events = decide_and_apply(self._ticket, command, self.policy)
        self.events += events
        return self

    def refused(self, name: str, at: str, by: str, **fields: Any) -> tuple[str, str | None]:
        """The code and the rule with which a command is refused."""
        with pytest.raises(RefusedError) as caught:
            decide_and_apply(self._ticket, self.command(name, at, by, **fields), self.policy)
        return caught.value.code, caught.value.rule

    def until(self, at: str) -> "Story":
        """Let time pass."""
        self._ticket, events = advance_ticket(self.ticket, self.policy, self.instant(at))
        self.events += events
        return self

    def command(self, name: str, at: str, by: str, **fields: Any) -> Command:
        """A command at a local time."""
        return COMMANDS[name](at=self.instant(at), by=by, **fields)  # type: ignore[arg-type]

    def told(self, *names: str) -> list[str]:
        """The stored names of what happened, or only those of some kinds, each with its time."""
        kinds = [EVENTS[name] for name in names]
        if not kinds:
            return [event.NAME for event in self.events if hasattr(event, "NAME")]
        return [f"{e.NAME} {self.local(e.at)}" for e in self.events if type(e) in kinds]  # type: ignore[union-attr]

    def due(self, timer: str) -> str | None:
        """When a pending timer falls due."""
        found = [t.due for t in self.ticket.timers if t.name == timer]
        return self.local(found[0]) if found else None

    def pending(self) -> dict[str, str]:
        """All pending timers, with when they fall due."""
        return {timer.name: self.local(timer.due) for timer in self.ticket.timers}


@cache
def preset(name: str) -> Policy:
    """A preset, read once."""
    return load_policy(name)


def order(sold_at: str = "2026-01-02T12:00:00+00:00", **facts: Any) -> Order:
    """An order of 49.00 USD, unless told otherwise."""
    sold = datetime.fromisoformat(sold_at)
    facts = {"amount": Money(4900, "USD"), **facts}
    return Order(
        number="MZ8X2K", sold_at=sold if sold.tzinfo else sold.replace(tzinfo=UTC), **facts
    )


def subscription(sold_at: str, invoiced_at: str | None = None, **facts: Any) -> Order:
    """A subscription, of which 19.00 USD were invoiced last."""
    at = None if invoiced_at is None else datetime.fromisoformat(invoiced_at)
    invoice = {"invoice_amount": Money(1900, "USD"), "invoiced_at": at}
    return order(sold_at, billing="recurring", **{**invoice, **facts})


def requested(at: str, by: str = "customer", zone: str = BOISE, kind: str = "refund") -> Story:
    """ClickBank: a refund, or a cancellation of a subscription, that a party asks for."""
    today = at[:10]
    bought = order(today) if kind == "refund" else subscription(today)
    return Story("clickbank", zone).open(at, by, type=kind, order=bought)


def support_ticket(at: str, zone: str = BOISE, by: str = "customer", **facts: Any) -> Story:
    """ClickBank: a request for technical support about an order."""
    facts = {"order": order(), **facts}
    return Story("clickbank", zone).open(at, by, type="technical", **facts)


def euros(cents: int) -> Money:
    """An amount in euros."""
    return Money(cents, "EUR")


def at_front(
    at: str = MONDAY, storefront: str = "de", by: str = "customer", **facts: Any
) -> Story:
    """Kaufland: a ticket of a storefront, in its local time, about an order of two units."""
    units = (Unit(id="u1", amount=euros(3000)), Unit(id="u2", amount=euros(1900)))
    facts = {"storefront": storefront, "order": order(amount=euros(4900), units=units), **facts}
    return Story("kaufland", FRONT_ZONES[storefront]).open(at, by, **facts)


def enquiry(at: str = MONDAY, zone: str = MADRID, **facts: Any) -> Story:
    """Amazon Pay: a question about an order of 49.00 EUR."""
    return Story("amazon-pay", zone).open(at, **{"order": order(amount=euros(4900)), **facts})
