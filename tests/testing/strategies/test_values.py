"""Drawn spans, amounts and orders are what their arguments say."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import Span
from ticketcore.events import Money, Order
from ticketcore.testing.strategies import money, orders, spans


@given(spans(working=True), spans(working=False))
def test_spans_can_be_drawn_of_one_kind(working: Span, elapsed: Span) -> None:
    """With `working`, spans are drawn of one kind: open time, or other time."""
    assert [True, False] == [working.working, elapsed.working]


@given(money(currency=st.just("EUR")))
def test_amounts_are_above_zero(amount: Money) -> None:
    """An amount is above zero, in the currency of the argument."""
    assert amount.minor > 0
    assert "EUR" == amount.currency


@given(money(minor=st.just(7500)))
def test_amounts_have_the_minor_units_of_the_argument(amount: Money) -> None:
    """An amount has the minor units of the argument, in any of the currencies."""
    assert 7500 == amount.minor


@given(orders(before=st.just(datetime(2026, 1, 5, tzinfo=UTC)), billing=st.just("recurring")))
def test_orders_were_sold_before_the_instant(order: Order) -> None:
    """An order was sold within 100 days before the instant, and invoiced since, if at all."""
    now = datetime(2026, 1, 5, tzinfo=UTC)

    assert timedelta() <= now - order.sold_at <= timedelta(days=100)
    assert order.sold_at <= (order.invoiced_at or now) <= now
