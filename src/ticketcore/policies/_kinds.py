"""The kinds of values that only policies have: parties, spans, zones, amounts of money."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, get_args

import attrs

from ticketcore._toml import (
    TEXT,
    Node,
    Reading,
    Several,
    UnreadError,
    choice,
    key,
    literal,
    parsed,
)
from ticketcore.calendar import Holidays, Span, zone_of
from ticketcore.errors import CalendarError
from ticketcore.events import Money, Party

PARTIES_MEANT: Final[Mapping[str, Party]] = {
    "buyer": "customer",
    "client": "customer",
    "consumer": "customer",
    "requester": "customer",
    "user": "customer",
    "merchant": "vendor",
    "retailer": "vendor",
    "seller": "vendor",
    "shop": "vendor",
    "agent": "support",
    "helpdesk": "support",
    "marketplace": "support",
    "platform": "support",
    "bot": "system",
    "machine": "system",
}
"""Words that people write for a party, and the party that they mean."""

ROUND_THE_CLOCK: Final = "mon-sun 00:00-24:00"

# A hundred years.
_LONGEST: Final = timedelta(days=36_525)
_MOST_MONTHS: Final = 1_200

# EST, MST and HST have no daylight saving time, Etc zones have no place at all.
_FIXED: Final[Mapping[str, str]] = {
    "EST": "America/New_York",
    "MST": "America/Denver",
    "HST": "Pacific/Honolulu",
}

PARTY = literal(
    Party,
    {
        "customer": "The person who buys.",
        "vendor": "The merchant who sells.",
        "support": "The marketplace's own first level.",
        "system": "Timers and other machines.",
    },
    PARTIES_MEANT,
)
ACTOR = choice(("customer", "vendor", "support"), PARTIES_MEANT)  # C17: who can be active


RULE: Final = key(
    TEXT,
    "The ids of the written rules that this table implements; refusals and timelines show them.",
    example='"C1"',
    unset="no id is shown",
)
"""The key `rule` of many tables."""


def bounded_span(text: str) -> Span:
    """Read a span. Raises CalendarError for one of more than a hundred years."""
    span = Span.parse(text)
    if span.delta > _LONGEST or span.days > _LONGEST.days or span.months > _MOST_MONTHS:
        raise CalendarError(f'"{span}" is more than a hundred years: use a shorter span')
    return span


def _window(text: str) -> Span:
    span = bounded_span(text)
    if span.working:
        raise CalendarError(f'"{span}" needs a calendar, which only timers have: write days')
    return span


_UNITS: Final = "|".join(get_args(attrs.fields(Span).unit.type))
SPAN = parsed(bounded_span, "24 hours", rf"^\s*[0-9]+\s+(working\s+)?({_UNITS})s?\s*$")
WINDOW = parsed(_window, "14 days", rf"^\s*[0-9]+\s+({_UNITS})s?\s*$")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f'"{text}" is not a regular expression: {error}') from None
    return text


PATTERN = parsed(_pattern, example="[0-9]{11}")


def _zone(text: str) -> str:
    zone = zone_of(text).key
    if zone in _FIXED:
        raise CalendarError(
            f'"{zone}" is a fixed offset without daylight saving time: '
            f'name a place, such as "{_FIXED[zone]}"'
        )
    if zone.startswith("Etc/GMT") and zone not in (
        "Etc/GMT",
        "Etc/GMT0",
        "Etc/GMT+0",
        "Etc/GMT-0",
    ):
        raise CalendarError(
            f'"{zone}" is a fixed offset, with its sign reversed: '
            f'name a place, such as "Europe/Berlin"'
        )
    return zone


def _zone_of_calendar(text: str) -> str:
    return text if text in ("vendor", "storefront") else _zone(text)


def _country(text: str) -> str:
    Holidays(country=text)
    return text


def _country_of_calendar(text: str) -> str:
    return text if text == "storefront" else _country(text)


ZONE = parsed(_zone, example="Europe/Berlin")
COUNTRY = parsed(_country, example="AT")
CALENDAR_ZONE = parsed(_zone_of_calendar, example="Europe/Berlin")
CALENDAR_COUNTRY = parsed(_country_of_calendar, example="storefront")


class AmountsKind:
    """The kind of amounts of money by currency, written `["75.00 USD", "75.00 EUR"]`."""

    expected = 'text such as "75.00 USD", or an array'

    def read(self, node: Node, reading: Reading) -> Mapping[str, Money]:
        """Return the amounts. No amount is negative, and no currency has two amounts."""
        elements = node.value if isinstance(node.value, list) else [node]
        amounts: dict[str, Money] = {}
        wrong = False
        for element in elements:
            try:
                money = _AMOUNT.read(element, reading)
            except UnreadError:
                wrong = True
                continue
            if money.currency in amounts:
                reading.note(element, f"another amount is in {money.currency} already")
                wrong = True
            amounts[money.currency] = money
        if wrong:
            raise UnreadError
        return amounts

    def schema(self) -> dict[str, Any]:
        """Allow one amount, or an array of them."""
        return Several(_AMOUNT).schema()


def _money(text: str) -> Money:
    money = Money.parse(text)
    if money.minor < 0:
        raise ValueError(f'"{text}" is negative')
    return money


_AMOUNT = parsed(_money, example="75.00 USD")
