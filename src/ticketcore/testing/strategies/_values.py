"""Money, orders and spans."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from ticketcore.calendar import Span
from ticketcore.events import Billing, Money, Order, Shipment, Unit
from ticketcore.testing.strategies._arguments import check_least, strategy
from ticketcore.testing.strategies._zones import instants

_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD")
_BILLINGS: tuple[Billing, ...] = ("one-time", "recurring")


def money(
    *,
    minor: st.SearchStrategy[int] | None = None,
    currency: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[Money]:
    """Amounts above nothing, in minor units: up to 10, around a limit of policies (20.00, 75.00),
    or up to ten million, as likely each. Currencies of two minor digits, and of none and three.
    """
    return st.builds(
        Money,
        strategy("minor", minor, _minor),
        strategy("currency", currency, lambda: st.sampled_from(_CURRENCIES)),
    )


def _minor() -> st.SearchStrategy[int]:
    return st.one_of(
        st.integers(1, 10), st.sampled_from([1999, 2000, 2001, 7500]), st.integers(1, 10**7)
    )


def spans(*, working: bool | None = None, days: int = 60) -> st.SearchStrategy[Span]:
    """Spans of all kinds, from none to about *days* days: elapsed, calendar days, open time and
    open days. *working*: only those that count open time, or only those that do not."""
    check_least("days", days, 0)
    kinds = [
        ("minute", False, days * 1440),
        ("hour", False, days * 24),
        ("day", False, days),
        ("week", False, days // 7),
        ("month", False, days // 30),
        ("minute", True, days * 480),
        ("hour", True, days * 8),
        ("day", True, days * 5 // 7),
    ]
    chosen = [kind for kind in kinds if working in (None, kind[1])]
    return st.sampled_from(chosen).flatmap(
        lambda kind: st.builds(Span, st.integers(0, kind[2]), st.just(kind[0]), st.just(kind[1]))
    )


@st.composite
def orders(
    draw: st.DrawFn,
    *,
    before: st.SearchStrategy[datetime] | None = None,
    billing: st.SearchStrategy[Billing] | None = None,
    amount: st.SearchStrategy[Money] | None = None,
) -> Order:
    """Orders sold up to 100 days before an instant, most often within the refund windows of the
    presets, in whole hours.

    One-time or recurring, as likely; a recurring one half of the time with a later invoice of
    half its amount at most. None to three units, none or one shipment.
    """
    at = draw(strategy("before", before, instants))
    sold_at = at - timedelta(hours=draw(st.one_of(st.integers(0, 48), st.integers(0, 2400))))
    paid = draw(strategy("amount", amount, money))
    kind = draw(strategy("billing", billing, lambda: st.sampled_from(_BILLINGS)))
    invoiced = kind == "recurring" and draw(st.booleans())
    return Order(
        number=draw(st.sampled_from(["A-1", "00123456789"])),
        sold_at=sold_at,
        amount=paid,
        billing=kind,
        invoice_amount=Money((paid.minor + 1) // 2, paid.currency) if invoiced else None,
        invoiced_at=sold_at + (at - sold_at) / 2 if invoiced else None,
        units=tuple(Unit(id=f"unit-{n}") for n in range(1, draw(st.integers(0, 3)) + 1)),
        shipments=draw(st.sampled_from([(), (Shipment(number="S-1", shipped_at=at),)])),
    )
