"""The values that events are made of: instants, parties, money, orders, timers."""

import re
from datetime import UTC, datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import InstantError, MoneyError, NaiveDatetimeError

Party: TypeAlias = Literal["customer", "vendor", "support", "system"]
"""Who acts. *customer* buys, *vendor* sells, *support* is the platform's own
first level, *system* is a timer. Which person it was is an id beside it."""

PARTIES: tuple[Party, ...] = ("customer", "vendor", "support", "system")

Billing: TypeAlias = Literal["one-time", "recurring"]

# ISO 4217: the currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

# No currency has so much; Python reads no more than some thousand digits.
_MOST_DIGITS = 30


def utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises NaiveDatetimeError for a naive datetime."""
    if value.__class__ is datetime and value.tzinfo is UTC:
        return value
    if not isinstance(value, datetime):
        raise InstantError(value, "is no instant: give an aware datetime")
    if value.utcoffset() is None:
        raise NaiveDatetimeError(value)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InstantError(
            value, "lies outside the years 1 to 9999 in UTC: give one within"
        ) from None


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The same instant by the clocks of *zone*. Raises InstantError where they show none, within
    a day of the year 1 or 9999."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        raise InstantError(
            at, f"has no date in {zone.key}: give one within the years 1 to 9999"
        ) from None


def utc_or_none(value: datetime | None) -> datetime | None:
    """`utc` of what may be left out."""
    return None if value is None else utc(value)


CURRENCY = re.compile("[A-Z]{3}")
"""The code of a currency."""


@attrs.frozen
class Money:
    """An amount in minor units (cents) of an ISO 4217 currency: 4900 USD is 49.00 USD.

    >>> Money.parse("49.00 USD")
    Money(minor=4900, currency='USD')
    """

    minor: int = attrs.field()
    currency: str = attrs.field()

    @minor.validator
    def _whole(self, _: object, value: object) -> None:
        if type(value) is not int:
            raise MoneyError(value, "minor units are a whole number")

    @currency.validator
    def _code(self, _: object, value: object) -> None:
        if not isinstance(value, str) or not CURRENCY.fullmatch(value):
            raise MoneyError(value, "a currency is three capital letters, for example EUR")

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read "49.00 USD", 30 digits at most. Never rounds; raises MoneyError for all else."""
        if not isinstance(text, str):
            raise MoneyError(text, "write it as text like '49.00 USD'")
        number, _, currency = text.strip().partition(" ")
        whole, point, part = number.partition(".")
        exponent = _EXPONENTS.get(currency, 2)
        digits = whole.removeprefix("-") + part
        well_formed = (
            digits.isascii()
            and digits.isdigit()
            and len(digits) <= _MOST_DIGITS
            and whole not in ("", "-")
            and len(part) == exponent
            and bool(point) == bool(exponent)
        )
        if not well_formed:
            example = "49.00 USD" if exponent else f"4900 {currency}"
            raise MoneyError(text, f"write it like {example!r}, with all minor digits")
        return cls(int(("-" if whole.startswith("-") else "") + digits), currency)

    def __str__(self) -> str:
        exponent = _EXPONENTS.get(self.currency, 2)
        sign, digits = "-" if self.minor < 0 else "", str(abs(self.minor)).zfill(exponent + 1)
        number = f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits
        return f"{sign}{number} {self.currency}"


@attrs.frozen(kw_only=True)
class Unit:
    """One unit of an order: what a marketplace sells, ships and cancels by itself."""

    id: str
    amount: Money | None = None


@attrs.frozen(kw_only=True)
class Shipment:
    """How an order was sent: its tracking number and when, kept as evidence (A5)."""

    number: str
    shipped_at: datetime = attrs.field(converter=utc)


@attrs.frozen(kw_only=True)
class Order:
    """The facts of an order, as they were when the ticket was opened.

    *amount* is what was captured; of a subscription, *invoice_amount* is the latest
    invoice and *invoiced_at* its instant.
    """

    number: str
    sold_at: datetime = attrs.field(converter=utc)
    amount: Money
    billing: Billing = "one-time"
    invoice_amount: Money | None = None
    invoiced_at: datetime | None = attrs.field(default=None, converter=utc_or_none)
    units: tuple[Unit, ...] = ()
    shipments: tuple[Shipment, ...] = ()


@attrs.frozen
class Timer:
    """A recorded promise: what falls due, when, and counted from which instant.

    *name* is the timer's name in the policy. Its identity is (name, since), for
    the timer of a dispute also which dispute.
    """

    name: str
    due: datetime = attrs.field(converter=utc)
    since: datetime = attrs.field(converter=utc)
    dispute: str | None = None
