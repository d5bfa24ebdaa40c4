"""Tests of dates, times and money in a recipient's language and zone."""

from datetime import UTC, datetime

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.errors import InstantError, NotificationError
from ticketcore.events import Money
from ticketcore.notifications._formats import Formats

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "zone", "expected"),
    [
        ("en", "America/Boise", "Wed, Jul 1, 2026 6:00 AM MDT"),
        ("en-GB", "Europe/London", "Wed, 1 Jul 2026 13:00 BST"),
        ("it", "Europe/Rome", "mer 1 lug 2026 14:00 CEST"),
        ("hu", "Europe/Budapest", "2026. júl. 1., Sze 14:00 CEST"),
        ("de", "Europe/Berlin", "Mi., 1. Juli 2026 14:00 MESZ"),
    ],
)
def test_an_instant_is_written_in_language_and_zone(locale: str, zone: str, expected: str) -> None:
    """Date, time and zone name follow the order of the language."""
    assert expected.split() == Formats(locale, zone).instant(NOON).split()


def test_an_instant_without_a_local_date_is_refused() -> None:
    """An instant whose local date would lie after the year 9999 is refused."""
    formats, last = Formats("de", "Europe/Berlin"), datetime.max.replace(tzinfo=UTC)
    for write in (formats.instant, formats.day):
        with pytest.raises(InstantError, match="has no date in Europe/Berlin"):
            write(last)


def test_the_zone_name_tells_the_repeated_hour_apart() -> None:
    """When clocks are put back, 02:30 occurs twice, once in summer time."""
    formats = Formats("de", "Europe/Berlin")
    written = [formats.instant(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)]
    assert ["02:30 MESZ", "02:30 MEZ"] == [" ".join(at.split()[-2:]) for at in written]


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en", "1249.00 USD", "$1,249.00"),
        ("en", "4900.00 HUF", "HUF 4,900.00"),
        ("de", "1249.00 EUR", "1.249,00 €"),
        ("de-AT", "1249.00 EUR", "€ 1.249,00"),
        ("it", "0.05 EUR", "0,05 €"),
        ("hu", "1249.00 HUF", "1 249,00 Ft"),
        ("en", "4900 JPY", "¥4,900"),
        ("it", "1.005 KWD", "1,005 KWD"),
        ("en", "-49.00 USD", "-$49.00"),
    ],
)
def test_money_is_written_in_the_language(locale: str, text: str, expected: str) -> None:
    """Sign, separators and the place of the currency follow the locale."""
    written = Formats(locale, "UTC").money(Money.parse(text))

    assert expected == written.replace("\N{NO-BREAK SPACE}", " ")


@given(
    st.sampled_from(["en", "it", "hu", "de", "de-AT", "en-GB"]),
    st.integers(0, 10**24),
    st.sampled_from(sorted(list_currencies())),
)
def test_no_digit_of_money_is_lost(locale: str, minor: int, currency: str) -> None:
    """Money is never rounded, however many minor digits Babel knows for the currency."""
    money = Money(minor, currency)
    written = Formats(locale, "UTC").money(money)
    number = str(money).split()[0]

    assert [d for d in number if d.isdigit()] == [d for d in written if d.isdigit()]


@pytest.mark.parametrize("locale", ["", "xx-XX", "not a locale", "de-de-de-de-de-de", "../de"])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    """An unknown locale is refused, without a fallback to another language."""
    with pytest.raises(NotificationError, match="is not a locale"):
        Formats(locale, "UTC").day(NOON)
