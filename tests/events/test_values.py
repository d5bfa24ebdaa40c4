"""The values in events: money and its text."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import CURRENCIES
from ticketcore.errors import FieldError, MoneyError, NaiveDatetimeError
from ticketcore.events import Attachment, Money, Order, Replied, Scheduled, Shipment, Timer, Unit

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
EURO = Money(100, "EUR")
ORDER: dict[str, Any] = {"number": "O-1", "sold_at": AT, "amount": EURO}


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("49.00 USD", Money(4900, "USD")),
        ("-0.05 EUR", Money(-5, "EUR")),
        ("0.00 EUR", Money(0, "EUR")),
        ("4900 JPY", Money(4900, "JPY")),
        ("1.234 KWD", Money(1234, "KWD")),
        ("1.2345 CLF", Money(12345, "CLF")),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(text: str, money: Money) -> None:
    """An amount is read and written with the digits of its currency."""
    assert (money, text) == (Money.parse(text), str(money))


@given(st.builds(Money, st.integers(1 - 10**30, 10**30 - 1), CURRENCIES))
def test_an_amount_is_read_as_it_was_written(money: Money) -> None:
    """Amounts of up to 30 digits are read as they were written."""
    assert money == Money.parse(str(money))


@pytest.mark.parametrize("minor", [10**30, -(10**30)])
def test_text_of_more_than_30_digits_is_refused(minor: int) -> None:
    """Text of more than 30 digits is refused as an amount, though it can be printed."""
    assert Money(10**30 - 1, "USD") == Money.parse(f"{'9' * 28}.99 USD")
    with pytest.raises(MoneyError):
        Money.parse(str(Money(minor, "USD")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "49 USD",
        "49.0 USD",
        "49.000 USD",
        "49.00",
        "49.00 usd",
        "49.00 US",
        "49.00 JPY",
        "49. JPY",
        ".50 USD",
        "-.50 USD",
        "4,900.00 USD",
        "1e2 USD",
        "\u0664\u0669.00 USD",
    ],
)
def test_text_in_another_form_is_refused(text: str) -> None:
    """Text in another form is refused, since an amount is never rounded or guessed."""
    with pytest.raises(MoneyError):
        Money.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (4900, "4900 is not an amount of money: write it as text like '49.00 USD'"),
        (
            "49 USD",
            "'49 USD' is not an amount of money: write it like '49.00 USD', with all minor digits",
        ),
        (
            "49.00 JPY",
            "'49.00 JPY' is not an amount of money: "
            "write it like '4900 JPY', with all minor digits",
        ),
        (
            "49.00 US dollars",
            "'US dollars' is not an amount of money: "
            "a currency has three capital letters, for example EUR",
        ),
    ],
)
def test_a_refused_amount_has_an_example_of_its_currency(text: object, message: str) -> None:
    """A refused amount has an example in its currency, and the message quotes the value found."""
    with pytest.raises(MoneyError) as refused:
        Money.parse(text)  # type: ignore[arg-type]

    assert message == str(refused.value)


@pytest.mark.parametrize("minor", [49.0, True, "49", None])
def test_minor_units_must_be_a_whole_number(minor: Any) -> None:
    """Minor units must be a whole number; fractions, booleans and text are refused."""
    with pytest.raises(MoneyError) as refused:
        Money(minor, "USD")

    assert (minor, "minor units must be a whole number") == refused.value.args


@pytest.mark.parametrize("minor", [10**30, -(10**30), 10**5_000], ids=["more", "less", "huge"])
def test_an_amount_has_at_most_30_digits(minor: int) -> None:
    """An amount of more digits is refused, also one that Python cannot print."""
    assert 30 == len(str(Money(10**30 - 1, "USD").minor))
    with pytest.raises(MoneyError, match="is not an amount of money: it has more than 30 digits"):
        Money(minor, "USD")


@pytest.mark.parametrize("currency", [840, None, "usd", "US", "USDX", "US1", "ÄÖÜ"])
def test_a_currency_must_be_three_capital_letters(currency: Any) -> None:
    """A currency is three capital letters from A to Z."""
    with pytest.raises(MoneyError) as refused:
        Money(1, currency)

    message = "a currency has three capital letters, for example EUR"
    assert (currency, message) == refused.value.args


def test_text_of_thousands_of_digits_is_refused() -> None:
    """Text of thousands of digits is refused before Python's own limit applies."""
    with pytest.raises(MoneyError, match="write it like"):
        Money.parse("9" * 5000 + ".00 USD")


@pytest.mark.parametrize(
    ("cls", "values", "message"),
    [
        (Unit, {"id": 7}, "Unit.id: expected text, found 7"),
        (Unit, {"id": "u", "amount": 4}, "Unit.amount: expected Money, or None, found 4"),
        (
            Order,
            {**ORDER, "billing": "weekly"},
            "Order.billing: expected one of 'one-time', 'recurring', found 'weekly'",
        ),
        (
            Order,
            {**ORDER, "units": ("u1",)},
            "Order.units: expected a tuple, of Unit each, found ('u1',)",
        ),
        (
            Timer,
            {"name": "late", "due": AT, "since": AT, "dispute": 7},
            "Timer.dispute: expected text, or None, found 7",
        ),
        (
            Shipment,
            {"number": None, "shipped_at": AT},
            "Shipment.number: expected text, found None",
        ),
    ],
)
def test_a_value_refuses_fields_of_wrong_types(
    cls: type, values: dict[str, Any], message: str
) -> None:
    """A value refuses a field of a wrong type with its class and the value found."""
    with pytest.raises(FieldError) as caught:
        cls(**values)

    assert message == str(caught.value)


def test_instants_of_an_order_become_utc() -> None:
    """Instants of an order become UTC, and a naive datetime is refused."""
    there = AT.astimezone(ZoneInfo("Asia/Tokyo"))
    order = Order(number="O-1", sold_at=there, amount=EURO, invoiced_at=there)

    assert (UTC, UTC) == (order.sold_at.tzinfo, getattr(order.invoiced_at, "tzinfo", None))
    assert None is Order(number="O-1", sold_at=AT, amount=EURO).invoiced_at
    with pytest.raises(NaiveDatetimeError):
        Order(number="O-1", sold_at=AT.replace(tzinfo=None), amount=EURO)


def test_an_attachment_has_no_negative_size() -> None:
    """An attachment may be empty; a negative size is refused."""
    facts: dict[str, Any] = {
        "name": "a",
        "media_type": "text/plain",
        "digest": "d",
        "location": "l",
    }

    assert 0 == Attachment(size=0, **facts).size
    with pytest.raises(
        FieldError, match=r"^Attachment\.size: expected 0 bytes or more, found -1$"
    ):
        Attachment(size=-1, **facts)


def test_a_ticket_has_a_limited_number_of_timers() -> None:
    """A thousand timers can be pending at once, and no more."""
    timer = Timer(name="t", due=AT, since=AT, cycle=1)

    assert 1000 == len(Scheduled(at=AT, timers=(timer,) * 1000).timers)
    message = r"^Scheduled\.timers: expected at most 1,000 pending timers, found '1,001 timers'$"
    with pytest.raises(FieldError, match=message):
        Scheduled(at=AT, timers=(timer,) * 1001)


def test_the_latest_invoice_has_its_number_or_its_instant() -> None:
    """The name of the latest invoice is its number; without one, its instant."""
    assert [None, "I-7", "I-7", "2026-01-09T22:00:00.000000Z"] == [
        Order(**ORDER, **facts).invoice
        for facts in (
            {},
            {"invoice_number": "I-7"},
            {"invoice_number": "I-7", "invoiced_at": AT},
            {"invoiced_at": AT},
        )
    ]


@pytest.mark.parametrize(
    ("facts", "is_answer"),
    [
        ({"text": "Hello"}, True),
        ({}, True),
        ({"text": "- yes"}, True),
        ({"text": " "}, False),
        ({"text": "a", "interim": True}, False),
        ({"text": "a", "automatic": True}, False),
        ({"text": " ", "solution": True}, True),
        ({"text": " ", "by": "customer"}, True),
    ],
)
def test_a_reply_that_says_something_is_an_answer(facts: Any, *, is_answer: bool) -> None:
    """A reply of the vendor without visible text says nothing, unless it solves the problem."""
    assert is_answer == Replied(**{"at": AT, "by": "vendor"} | facts).is_answer
