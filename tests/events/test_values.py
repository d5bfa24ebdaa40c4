"""The values that events are made of refuse what cannot be meant."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import CURRENCIES
from ticketcore.errors import InstantError, MoneyError, NaiveDatetimeError
from ticketcore.events import Money, Replied, format_instant, local, utc, utc_or_none

HOUR_EAST = timezone(timedelta(hours=1))


def test_instants_become_utc() -> None:
    """An aware datetime of any zone is the same instant in UTC."""
    at = datetime(2026, 1, 9, 23, tzinfo=HOUR_EAST)

    assert datetime(2026, 1, 9, 22, tzinfo=UTC) == utc(at)
    assert UTC is utc(at).tzinfo
    assert UTC is Replied(at=at, by="vendor").at.tzinfo
    assert None is utc_or_none(None)


def test_an_instant_is_written_in_utc() -> None:
    """Whatever its zone: texts of the one form sort by time."""
    assert "2026-01-09T22:00:00.000000Z" == format_instant(
        datetime(2026, 1, 9, 23, tzinfo=HOUR_EAST)
    )
    with pytest.raises(NaiveDatetimeError):
        format_instant(datetime(2026, 1, 9, 22))  # noqa: DTZ001


def test_naive_instants() -> None:
    """A naive datetime is refused: it could mean any of many instants."""
    naive = datetime(2026, 1, 9, 22)  # noqa: DTZ001
    with pytest.raises(NaiveDatetimeError) as refused:
        Replied(at=naive, by="vendor")

    assert naive == refused.value.value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026-01-09", "'2026-01-09' is not an instant: give an aware datetime"),
        (
            datetime(1, 1, 1, tzinfo=HOUR_EAST),
            "0001-01-01 00:00:00+01:00 lies outside the years 1 to 9999 in UTC:"
            " give an instant within them",
        ),
    ],
)
def test_no_instants(value: object, told: str) -> None:
    """What is no datetime, or has no place in UTC's calendar, is no instant, and why is said."""
    with pytest.raises(InstantError) as refused:
        utc(value)  # type: ignore[arg-type]

    assert told == str(refused.value)


def test_clocks_of_a_zone() -> None:
    """They show each instant, but for those whose date there no calendar has."""
    new_york = ZoneInfo("America/New_York")
    there = local(datetime(2026, 1, 9, 22, tzinfo=UTC), new_york)

    assert ("2026-01-09T17:00:00-05:00", new_york) == (there.isoformat(), there.tzinfo)
    with pytest.raises(InstantError) as refused:
        local(datetime(1, 1, 1, tzinfo=UTC), new_york)
    told = "has no date in America/New_York: give an instant within the years 1 to 9999"
    assert f"0001-01-01 00:00:00+00:00 {told}" == str(refused.value)


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
def test_money_as_text(text: str, money: Money) -> None:
    """An amount is written with the digits that its currency has."""
    assert (money, text) == (Money.parse(text), str(money))


@given(st.builds(Money, st.integers(1 - 10**30, 10**30 - 1), CURRENCIES))
def test_money_round_trip(money: Money) -> None:
    """Every amount of up to 30 digits can be read from what it prints."""
    assert money == Money.parse(str(money))


@pytest.mark.parametrize("minor", [10**30, -(10**30)])
def test_an_amount_of_more_digits_is_not_read(minor: int) -> None:
    """It can be held and printed; as text it is refused, not cut."""
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
def test_no_money(text: str) -> None:
    """An amount is never rounded or guessed."""
    with pytest.raises(MoneyError):
        Money.parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (4900, "4900 is no amount of money: write it as text like '49.00 USD'"),
        (
            "49 USD",
            "'49 USD' is no amount of money: write it like '49.00 USD', with all minor digits",
        ),
        (
            "49.00 JPY",
            "'49.00 JPY' is no amount of money: write it like '4900 JPY', with all minor digits",
        ),
        (
            "49.00 US dollars",
            "'US dollars' is no amount of money: "
            "a currency has three capital letters, for example EUR",
        ),
    ],
)
def test_what_is_no_money_is_told_how_to_write_it(text: object, told: str) -> None:
    """With an amount of the sort that was meant."""
    with pytest.raises(MoneyError) as refused:
        Money.parse(text)  # type: ignore[arg-type]

    assert told == str(refused.value)


@pytest.mark.parametrize("minor", [49.0, True, "49", None])
def test_minor_units_are_a_whole_number(minor: Any) -> None:
    """Nothing is rounded or taken for a number."""
    with pytest.raises(MoneyError) as refused:
        Money(minor, "USD")

    assert (minor, "minor units must be a whole number") == refused.value.args


@pytest.mark.parametrize("currency", [840, None, "usd", "US", "USDX", "US1", "ÄÖÜ"])
def test_a_currency_is_three_capital_letters(currency: Any) -> None:
    """Of the 26 that ISO 4217 has."""
    with pytest.raises(MoneyError) as refused:
        Money(1, currency)

    told = "a currency has three capital letters, for example EUR"
    assert (currency, told) == refused.value.args


def test_no_amount_has_thousands_of_digits() -> None:
    """It is refused as text that is no amount, before Python refuses to read it."""
    with pytest.raises(MoneyError, match="write it like"):
        Money.parse("9" * 5000 + ".00 USD")
