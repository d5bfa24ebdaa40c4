"""Make examples/histories/marketplace.jsonl.gz: a year of an invented marketplace, 5,000 tickets.

Customers write about orders in seven storefronts. Vendors answer within days, refund units or
whole orders, and call in support when they cannot help. Some customers open a claim or go to their
bank. About half of the tickets are closed by people, the rest by the system after a week of
silence. One ticket in twelve is of the marketplace's own staff, about payroll, administration or
servers. So there are tickets for each of the presets: types and windows of refunds, reasons,
categories, units, storefronts, disputes and fields.

``python tools/marketplace.py`` writes always the same file.
"""

import gzip
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from ticketcore.events import (
    Closed,
    DisputeAnswered,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    FieldSet,
    FieldValue,
    HandedBack,
    Money,
    Opened,
    Order,
    Refunded,
    Reopened,
    Replied,
    TypeChanged,
    Unit,
    write_histories,
)

TARGET = Path(__file__).parents[1] / "examples/histories/marketplace.jsonl.gz"
NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)
MINUTES = 365 * 24 * 60
SILENCE = timedelta(days=7)
STOREFRONTS = {
    "de": ("Europe/Berlin", "EUR"),
    "at": ("Europe/Vienna", "EUR"),
    "fr": ("Europe/Paris", "EUR"),
    "it": ("Europe/Rome", "EUR"),
    "sk": ("Europe/Bratislava", "EUR"),
    "cz": ("Europe/Prague", "CZK"),
    "pl": ("Europe/Warsaw", "PLN"),
}
TYPES = ("technical", "technical", "technical", "refund", "refund", "cancellation")
REASONS = ("not-as-described", "defective", "not-delivered", "return", "other")
CATEGORIES = {
    "not-as-described": ("orders", "complaint"),
    "defective": ("orders", "complaint"),
    "not-delivered": ("orders", "status"),
    "return": ("orders", "change"),
    "other": ("invoicing", "invoice"),
}
OFFICE = ("payroll", "administration", "servers")
SUBJECTS = {
    "not-as-described": "The colour is another one",
    "defective": "It does not switch on",
    "not-delivered": "Where is my parcel?",
    "return": "I want to send it back",
    "other": "A question about my order",
}
T = TypeVar("T")


class Chance:
    """Random choices that are the same in every version of Python."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def happens(self, share: float) -> bool:
        """Return True with this probability."""
        return self._random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number between both, both included."""
        return low + int(self._random() * (high - low + 1))

    def among(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[self.between(0, len(options) - 1)]

    def later(self, at: datetime, hours: int) -> datetime:
        """Return an instant at most so many hours later; short waits are the most frequent."""
        return at + timedelta(minutes=1 + int(self._random() ** 2 * 60 * hours))


def tickets(count: int = 5_000) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield ticket numbers and events, in the order of the openings."""
    chance = Chance(20250101)
    starts = sorted(chance.between(0, MINUTES) for _ in range(count))
    for number, minute in enumerate(starts, 1):
        at = NEW_YEAR + timedelta(minutes=minute)
        story = _Story(chance, number, at)
        internal = chance.happens(1 / 12)
        yield f"{number:011}", tuple(story.internal() if internal else story.events())


class _Story:
    """One ticket: who does what is drawn as it goes on."""

    def __init__(self, chance: Chance, number: int, at: datetime) -> None:
        self.chance, self.at = chance, at
        self.storefront = chance.among([*STOREFRONTS])
        self.zone, self.currency = STOREFRONTS[self.storefront]
        self.customer = f"c-{chance.between(1, 2_500)}"
        self.vendor = f"v-{chance.between(1, 60)}"
        self.type = chance.among(TYPES)
        self.recurring = self.type == "cancellation" or chance.happens(0.05)
        prices = [100 * chance.between(5, 120) - 1 for _ in range(chance.between(1, 3))]
        units = tuple(
            Unit(id=f"u{n}", amount=Money(price, self.currency))
            for n, price in enumerate(prices, 1)
        )
        sold_at = at - timedelta(hours=chance.between(2, 45 * 24))
        self.order = Order(
            number=f"M{number:06}",
            sold_at=sold_at,
            amount=Money(sum(prices), self.currency),
            billing="recurring" if self.recurring else "one-time",
            units=units,
        )
        self.priority = "high" if sum(prices) > 20_000 else chance.among(("low", "normal"))

    def by(self, party: str) -> dict[str, Any]:
        """Return the instant, the party and the person of an event now."""
        actor = {"customer": self.customer, "vendor": self.vendor, "support": "s-1"}.get(party)
        return {"at": self.at, "by": party, "actor": actor}

    def wait(self, hours: int) -> None:
        """Let up to so many hours pass."""
        self.at = self.chance.later(self.at, hours)

    def events(self) -> Iterator[Event]:
        """Yield the events of the ticket."""
        chance = self.chance
        yield self._opened()
        if self.type == "technical" and chance.happens(0.06):
            self.wait(72)
            yield TypeChanged(**self.by("customer"), type="refund")
        while chance.happens(0.45):
            yield from self._exchange()
        if chance.happens(0.05):
            yield from self._dispute()
            return
        if chance.happens(0.08):
            yield from self._support()
        elif chance.happens(0.85):
            self.wait(60)
            yield Replied(**self.by("vendor"), solution=True)
        if chance.happens(0.22):
            self.wait(24)
            yield self._refunded()
        yield from self._ended()

    def internal(self) -> Iterator[Event]:
        """Yield the events of a request of the marketplace's own staff."""
        category = self.chance.among(OFFICE)
        yield Opened(
            **self.by("customer"),
            type="request",
            zone="Europe/Rome",
            default_handler="support",
            waiting_for="support",
            customer=self.customer,
            category=category,
            subject=f"A question about {category}",
            text="Please call me back.",
            channel="portal",
        )
        self.wait(30)
        yield Replied(**self.by("support"), text="It is done.", solution=True)
        self.wait(50)
        yield Closed(**self.by("support" if self.chance.happens(0.7) else "customer"))

    def _opened(self) -> Opened:
        reason = self.chance.among(REASONS)
        fields = {"priority": self.priority, "product": f"p-{self.chance.between(1, 300)}"}
        return Opened(
            **self.by("customer"),
            type=self.type,
            zone=self.zone,
            storefront=self.storefront,
            customer=self.customer,
            vendor=self.vendor,
            order=self.order,
            units=(self.order.units[0].id,) if self.chance.happens(0.6) else (),
            account=f"a-{int(self.customer[2:]) % 900}" if self.chance.happens(0.95) else None,
            category=CATEGORIES[reason][0],
            subcategory=CATEGORIES[reason][1],
            reason=reason,
            subject=SUBJECTS[reason],
            text=f"{SUBJECTS[reason]}, order {self.order.number}.",
            channel="portal",
            fields={name: FieldValue(kind="text", value=text) for name, text in fields.items()},
        )

    def _exchange(self) -> Iterator[Event]:
        self.wait(70)
        yield Replied(
            **self.by("vendor"), interim=self.chance.happens(0.1), text="We look into it."
        )
        if self.chance.happens(0.05):
            yield FieldSet(**self.by("vendor"), field="priority", kind="text", value="high")
        self.wait(60)
        yield Replied(**self.by("customer"), text="Thank you, but it is still the same.")

    def _support(self) -> Iterator[Event]:
        self.wait(60)
        yield Escalated(**self.by("vendor"), reason="unable-to-help", text="We cannot help.")
        self.wait(30)
        yield Replied(**self.by("support"), text="We have asked the shop.")
        if self.chance.happens(0.5):
            self.wait(12)
            yield HandedBack(**self.by("support"), text="The shop will answer.")
            self.wait(40)
            yield Replied(**self.by("vendor"), solution=True)

    def _refunded(self) -> Refunded:
        units = self.order.units
        some = len(units) > 1 and self.chance.happens(0.5)
        amount = units[0].amount if some else self.order.amount
        assert amount is not None
        reference = f"r-{self.order.number}"
        paid = (units[0].id,) if some else ()
        return Refunded(**self.by("vendor"), amount=amount, units=paid, reference=reference)

    def _dispute(self) -> Iterator[Event]:
        """Let the customer open a claim; silence of the vendor decides for them."""
        chance, dispute = self.chance, f"d-{self.order.number}"
        kind = "chargeback" if chance.happens(0.3) else "claim"
        self.wait(10 * 24)
        yield DisputeOpened(
            **self.by("system"), dispute=dispute, kind=kind, amount=self.order.amount
        )
        answered = chance.happens(0.7)
        if answered:
            self.wait(6 * 24)
            yield DisputeAnswered(**self.by("vendor"), dispute=dispute, text="It was delivered.")
            self.at += timedelta(days=5)
        else:
            self.at += timedelta(days=12)
        lost = not answered or chance.happens(0.4)
        yield DisputeResolved(
            **self.by("system"), dispute=dispute, outcome="lost" if lost else "won"
        )
        yield from self._ended()

    def _ended(self) -> Iterator[Event]:
        chance = self.chance
        if chance.happens(0.02):
            return  # nobody closes it
        if chance.happens(0.5):
            self.wait(80)
            yield Closed(**self.by("customer" if chance.happens(0.3) else "vendor"), consent=True)
        else:
            self.at += SILENCE + timedelta(minutes=chance.between(0, 50))
            yield Closed(**self.by("system"))
        if chance.happens(0.04):
            self.wait(20 * 24)
            yield Reopened(**self.by("customer"))
            yield Replied(**self.by("customer"), text="It happened again.")
            self.wait(60)
            yield Replied(**self.by("vendor"), solution=True)
            self.at += SILENCE
            yield Closed(**self.by("system"))


def packed(histories: Iterator[tuple[str, tuple[Event, ...]]]) -> bytes:
    """Return a compressed history that holds no date of its own."""
    file = io.BytesIO()
    write_histories(file, histories)
    return gzip.compress(file.getvalue(), mtime=0)


if __name__ == "__main__":
    TARGET.write_bytes(packed(tickets()))
