"""The values that events consist of: parties, money, orders, timers."""

import re
from datetime import datetime
from typing import Any, Literal, TypeAlias

import attrs

from ticketcore._internal.declared import check_fields
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import format_instant, utc, utc_or_none
from ticketcore.errors import FieldError, MoneyError

Party: TypeAlias = Literal["customer", "vendor", "support", "system"]
"""The side that acts: *customer* buys, *vendor* sells, *support* is the platform's own first level
of support, *system* is a timer. The acting person's id is a field of its own, *actor*."""

PARTIES: tuple[Party, ...] = ("customer", "vendor", "support", "system")

Billing: TypeAlias = Literal["one-time", "recurring"]

# ISO 4217: the currencies whose minor unit is not 1/100.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

# No amount needs more digits; Python refuses to convert some thousand.
_MAX_DIGITS = 30
_TOO_MUCH = 10**_MAX_DIGITS


@frozen
class Money(Value):
    """An amount in minor units (cents) of an ISO 4217 currency: 4900 USD is 49.00 USD.

    Raises MoneyError for an amount that is not a whole number, or has more than 30 digits, and for
    a wrong currency code.

    >>> Money.parse("49.00 USD")
    Money(minor=4900, currency='USD')
    """

    minor: int = attrs.field()
    currency: str = attrs.field(
        metadata={"pattern": "[A-Z]{3}", "expected": "three capital letters, for example EUR"}
    )

    @minor.validator
    def _whole(self, _: object, value: object) -> None:
        if type(value) is not int:
            raise MoneyError(value, "minor units must be a whole number")
        if not -_TOO_MUCH < value < _TOO_MUCH:
            raise MoneyError(value, f"it has more than {_MAX_DIGITS} digits")

    @currency.validator
    def _code(self, _: object, value: object) -> None:
        if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
            raise MoneyError(value, "a currency has three capital letters, for example EUR")

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read an amount such as "49.00 USD", of at most 30 digits, without rounding.

        Raises MoneyError for any other text.
        """
        if not isinstance(text, str):
            raise MoneyError(text, "write it as text like '49.00 USD'")
        number, _, currency = text.strip().partition(" ")
        whole, point, part = number.partition(".")
        exponent = _EXPONENTS.get(currency, 2)
        digits = whole.removeprefix("-") + part
        well_formed = (
            digits.isascii()
            and digits.isdigit()
            and len(digits) <= _MAX_DIGITS
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


@frozen(kw_only=True)
class Unit(Value):
    """One unit of an order, which a marketplace ships, cancels and refunds by itself."""

    id: str
    amount: Money | None = None

    __attrs_post_init__ = check_fields


@frozen(kw_only=True)
class Shipment(Value):
    """A shipment of an order: tracking number and instant, kept as evidence (A5)."""

    number: str
    shipped_at: datetime = attrs.field(converter=utc)

    __attrs_post_init__ = check_fields


@frozen(kw_only=True)
class Order(Value):
    """The facts of an order when the ticket was opened.

    *amount* is the captured payment. For a subscription, *invoice_amount*, *invoice_number* and
    *invoiced_at* are the amount, the number and the instant of the latest invoice; *invoice* names
    it. Instants are UTC.
    """

    number: str
    sold_at: datetime = attrs.field(converter=utc)
    amount: Money
    billing: Billing = "one-time"
    invoice_amount: Money | None = None
    invoice_number: str | None = None
    invoiced_at: datetime | None = attrs.field(default=None, converter=utc_or_none)
    units: tuple[Unit, ...] = ()
    shipments: tuple[Shipment, ...] = ()

    __attrs_post_init__ = check_fields

    @property
    def invoice(self) -> str | None:
        """The name of the latest invoice: its number, or else its instant as text."""
        if self.invoice_number is not None or self.invoiced_at is None:
            return self.invoice_number
        return format_instant(self.invoiced_at)


def _no_less_than_empty(_: object, __: object, size: Any) -> None:
    if isinstance(size, int) and size < 0:
        raise FieldError("Attachment", "size", size, "0 bytes or more")


@frozen(kw_only=True)
class Attachment(Value):
    """A file that was sent with a message (K14): a reference to it, never its bytes.

    *size* is in bytes, *digest* is a checksum with its method, such as ``sha256:9f86…``, and
    *location* is the place where the host keeps the file.
    """

    name: str
    media_type: str
    size: int = attrs.field(validator=_no_less_than_empty, metadata={"minimum": 0})
    digest: str
    location: str

    __attrs_post_init__ = check_fields


ReferenceKind: TypeAlias = Literal["ticket", "order", "shipment", "product"]


@frozen(kw_only=True)
class Reference(Value):
    """Something that a ticket names: another ticket (O9, O10), or an example (W8).

    The money of a referenced order does not count for the ticket.
    """

    kind: ReferenceKind
    number: str

    __attrs_post_init__ = check_fields


TimerIdentity: TypeAlias = tuple[str, str | None, int]
"""The identity of a cycle of a timer: its name, its dispute, and its cycle."""


@attrs.frozen(repr=False)  # compared after each step: attrs writes a faster comparison
class Timer(Value):
    """A timer of a ticket: its recorded deadline *due*, counted from the instant *since*.

    *name* is the timer's name in the policy; *dispute* is the id of the dispute that it belongs
    to, if any. *cycle* is the sequence number of the `Scheduled` that first listed it: name,
    dispute and cycle identify it. It *fires* "at" its due instant, or "after" it, where a command
    at that instant is in time. Instants are UTC.

    *level* is the next level, which acts at the instant *level_at*. *overtaken* is how many of its
    repetitions were overtaken, and do not act, since the last one that acted. *paused* is the
    instant since which the timer has been paused; None while it runs. If *passed*, the deadline
    has fired, and the timer stays until it is met or cancelled. *target* is the span, and the
    calendar, to which the deadline was computed, where they can change. *by_hand* marks a deadline
    that a party set. *pauses_from* is the instant from which pauses count, if the deadline was
    computed without those before it, and *pauses_until* is the instant up to which they count, if
    a party set the deadline at that instant; None if all count. *anchor* is the instant of a field
    from which a count began that was restarted at *since*; None if the count was not restarted.
    """

    name: str
    due: datetime = attrs.field(converter=utc)
    since: datetime = attrs.field(converter=utc)
    dispute: str | None = None
    fires: Literal["at", "after"] = "at"
    cycle: int = 0
    level: str | None = None
    level_at: datetime | None = attrs.field(default=None, converter=utc_or_none)
    paused: datetime | None = attrs.field(default=None, converter=utc_or_none)
    passed: bool = False
    target: str | None = None
    by_hand: bool = False
    pauses_from: datetime | None = attrs.field(default=None, converter=utc_or_none)
    pauses_until: datetime | None = attrs.field(default=None, converter=utc_or_none)
    anchor: datetime | None = attrs.field(default=None, converter=utc_or_none)
    overtaken: int = 0

    __attrs_post_init__ = check_fields

    @property
    def identity(self) -> TimerIdentity:
        """The identity of the cycle."""
        return self.name, self.dispute, self.cycle

    @property
    def wakes(self) -> datetime | None:
        """The instant at which the next level or the deadline acts; None if neither will."""
        if self.paused is not None:
            return None
        return self.level_at or (None if self.passed else self.due)


@frozen
class EndedTimer(Value):
    """The end of a timer: it was met, or cancelled.

    *name*, *dispute* and *cycle* identify it. *cause* is the event or fact that ended it, such as
    "replied" or "solved"; None if its condition ceased to hold.
    """

    name: str
    cycle: int
    outcome: Literal["met", "cancelled"]
    cause: str | None = None
    dispute: str | None = None

    __attrs_post_init__ = check_fields

    @property
    def identity(self) -> TimerIdentity:
        """The identity of the cycle that ended."""
        return self.name, self.dispute, self.cycle
