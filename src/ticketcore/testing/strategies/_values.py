"""Strategies for money, orders and spans."""

from datetime import datetime, timedelta

import attrs
from hypothesis import strategies as st

from ticketcore.calendar import Span
from ticketcore.events import Billing, Money, Order, Shipment, Unit
from ticketcore.testing.strategies._arguments import check_at_least, strategy_or_default
from ticketcore.testing.strategies._instants import instants

_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD")
_BILLINGS: tuple[Billing, ...] = ("one-time", "recurring")


def money(
    *,
    minor: st.SearchStrategy[int] | None = None,
    currency: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[Money]:
    """Draw amounts above zero, in currencies with two, three or no minor digits.

    The amount in minor units is up to 10, near a limit of the presets (20.00, 75.00), or up to
    ten million, equally often.
    """
    return st.builds(
        Money,
        strategy_or_default("minor", minor, _minor_units),
        strategy_or_default("currency", currency, lambda: st.sampled_from(_CURRENCIES)),
    )


def _minor_units() -> st.SearchStrategy[int]:
    return st.one_of(
        st.integers(1, 10), st.sampled_from([1999, 2000, 2001, 7500]), st.integers(1, 10**7)
    )


def spans(*, working: bool | None = None, days: int = 60) -> st.SearchStrategy[Span]:
    """Draw spans of all units, from zero to about *days* days.

    *working* is True for spans of open time only, False for the others only. Raises ValueError
    for negative *days*.
    """
    check_at_least("days", days, 0)
    units = [
        ("minute", False, days * 1440),
        ("hour", False, days * 24),
        ("day", False, days),
        ("week", False, days // 7),
        ("month", False, days // 30),
        ("minute", True, days * 480),
        ("hour", True, days * 8),
        ("day", True, days * 5 // 7),
    ]
    chosen = [unit for unit in units if working in (None, unit[1])]
    return st.sampled_from(chosen).flatmap(
        lambda unit: st.builds(Span, st.integers(0, unit[2]), st.just(unit[0]), st.just(unit[1]))
    )


@st.composite
def orders(
    draw: st.DrawFn,
    *,
    before: st.SearchStrategy[datetime] | None = None,
    billing: st.SearchStrategy[Billing] | None = None,
    amount: st.SearchStrategy[Money] | None = None,
) -> Order:
    """Draw orders that were sold up to 100 days before the instant *before*, in whole hours.

    Most of them lie within the refund windows of the presets. One-time and recurring orders are
    equally frequent; half of the recurring ones have a later invoice of half the amount. An order
    has up to three units, with a price each or with none, and at most one shipment.
    """
    at = draw(strategy_or_default("before", before, instants))
    sold_at = at - timedelta(hours=draw(st.one_of(st.integers(0, 48), st.integers(0, 2400))))
    paid = draw(strategy_or_default("amount", amount, money))
    billed = draw(strategy_or_default("billing", billing, lambda: st.sampled_from(_BILLINGS)))
    has_invoice = billed == "recurring" and draw(st.booleans())
    return Order(
        number=draw(st.sampled_from(["A-1", "00123456789"])),
        sold_at=sold_at,
        amount=paid,
        billing=billed,
        invoice_amount=Money((paid.minor + 1) // 2, paid.currency) if has_invoice else None,
        invoiced_at=sold_at + (at - sold_at) / 2 if has_invoice else None,
        units=_units(draw(st.integers(0, 3)), paid if draw(st.booleans()) else None),
        shipments=draw(st.sampled_from([(), (Shipment(number="S-1", shipped_at=at),)])),
    )


def _units(count: int, paid: Money | None) -> tuple[Unit, ...]:
    """Return units that share what was paid equally; without *paid* they have no prices."""
    price = None if paid is None or not count else attrs.evolve(paid, minor=paid.minor // count)
    return tuple(Unit(id=f"unit-{number}", amount=price) for number in range(1, count + 1))
