"""Reading what a policy file knows: types, calendars, storefronts, categories, amounts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import get_args

from ticketcore.calendar import Span, zone_of
from ticketcore.documents import Table, nearest
from ticketcore.errors import CalendarError
from ticketcore.events import PARTIES, Billing, Money, Party
from ticketcore.policies._calendars import ROUND_THE_CLOCK, CalendarRule, Storefront
from ticketcore.policies._model import Advice, Category, ClosingRules, RefundRules, TicketType

_EVIDENCE = ("order", "shipment", "reason", "text")
_SAMPLE = datetime(2026, 1, 1, tzinfo=UTC)


def read_types(section: Table) -> Mapping[str, TicketType]:
    """[types.NAME]."""
    types = {}
    for name in section.names():
        table = section.section(name)
        windows = table.section("windows")
        types[name] = TicketType(
            name=name,
            rule=table.text("rule", None),
            order=table.flag("order", False),
            billing=table.choices("billing", get_args(Billing), ()),
            billing_rule=table.text("billing_rule", None),
            windows={
                by: windows.parsed(by, Span.parse, example="60 days") for by in _parties(windows)
            },
            window_end=table.choice("window_end", ("instant", "before", "day"), "instant"),
            window_judged=table.choice("window_judged", ("asked", "due"), "asked"),
            window_rule=table.text("window_rule", None),
        )
        if types[name].windows and not types[name].order:
            table.problem("windows", "a window counts from the order: say order = true")
    return types


def _parties(table: Table) -> Iterable[Party]:
    return [by for by in PARTIES if table.has(by)]


def read_zone(table: Table, key: str, words: tuple[str, ...] = ()) -> str | None:
    """An IANA zone, or one of the words."""
    zone = table.text(key, None)
    if zone is not None and zone not in words:
        try:
            zone_of(zone)
        except CalendarError as error:
            table.problem(key, str(error))
    return zone


def read_storefronts(section: Table) -> Mapping[str, Storefront]:
    """[storefronts.NAME]."""
    storefronts = {}
    for name in section.names():
        table = section.section(name)
        if (zone := read_zone(table, "zone")) is None:
            table.problem("zone", "missing; expected an IANA time zone")
        country = table.text("country", None)
        storefronts[name] = Storefront(name=name, zone=zone or "UTC", country=country)
    return storefronts


def read_calendars(section: Table) -> Mapping[str, CalendarRule]:
    """[calendars.NAME], each tried out."""
    calendars = {}
    for name in section.names():
        table = section.section(name)
        calendars[name] = CalendarRule(
            name=name,
            zone=read_zone(table, "zone", ("vendor", "storefront")) or "vendor",
            hours=_hours(table),
            country=table.text("country", None),
            subdivision=table.text("subdivision", None),
            holidays=_dated(table.section("holidays")),
            exceptions=_dated(table.section("exceptions")),
            rule=table.text("rule", None),
        )
        _try_out(table, calendars[name])
    return calendars


def _hours(table: Table) -> object:
    hours = table.value("hours", ROUND_THE_CLOCK)
    if isinstance(hours, dict):
        days = table.section("hours")
        return {day: days.text(day) for day in days.names()}
    return table.text("hours", ROUND_THE_CLOCK)


def _dated(section: Table) -> dict[date, str]:
    dated = {}
    for key in section.names():
        text = section.text(key)
        try:
            dated[date.fromisoformat(key)] = text
        except ValueError:
            section.problem(key, f'"{key}" is no date: write it like "2026-12-24"')
    return dated


def _try_out(table: Table, rule: CalendarRule) -> None:
    country = None if rule.country == "storefront" else rule.country
    sample = Storefront(name="", zone="UTC", country=country)
    try:
        rule.build("UTC", sample).next_open(_SAMPLE)
    except CalendarError as error:
        table.problem("hours", str(error))


def read_categories(section: Table) -> Mapping[str, Category]:
    """[categories.NAME]."""
    categories = {}
    for name in section.names():
        table = section.section(name)
        categories[name] = Category(
            name=name,
            subcategories=table.texts("subcategories", (), unique=True),
            team=table.text("team", None),
            rule=table.text("rule", None),
        )
    return categories


def read_refunds(table: Table) -> RefundRules:
    """[refunds]."""
    return RefundRules(
        rule=table.text("rule", None),
        partial=table.flag("partial", False),
        at_most=table.integer("at_most", None, minimum=1),
        surplus_percent=table.integer("surplus_percent", 0, minimum=0, maximum=100),
        surplus_at_most=_amounts(table, "surplus_at_most"),
        confirmed=table.flag("confirmed", False),
    )


def _amounts(table: Table, key: str) -> dict[str, Money]:
    """Amounts by their currency: ["75.00 USD", "75.00 EUR"]."""
    amounts: dict[str, Money] = {}
    for text in table.texts(key, ()):
        try:
            money = Money.parse(text)
        except ValueError as error:
            table.problem(key, str(error))
            continue
        if money.currency in amounts:
            table.problem(key, f"two amounts in {money.currency}")
        amounts[money.currency] = money
    return amounts


def read_closing(table: Table) -> ClosingRules:
    """[closing]."""
    return ClosingRules(
        rule=table.text("rule", None),
        several=table.flag("several", False),
        final=table.choices("final", PARTIES, ()),
        reply_reopens=table.choices("reply_reopens", PARTIES, ()),
    )


def read_disputes(section: Table) -> Mapping[str, tuple[str, ...]]:
    """[disputes.KIND], with the kinds that one of it ends."""
    kinds = section.names()
    ends = {}
    for kind in kinds:
        table = section.section(kind)
        ends[kind] = table.texts("ends", (), unique=True)
        for other in ends[kind]:
            if other not in kinds:
                table.problem("ends", f'no dispute "{other}"; {nearest(other, kinds)}')
    return ends


def read_advice(table: Table) -> Advice:
    """[advice]."""
    return Advice(
        rule=table.text("rule", None),
        refund_below=_amounts(table, "refund_below"),
        ask_when_missing=table.choices("ask_when_missing", _EVIDENCE, ()),
    )


def read_profile(table: Table) -> Mapping[str, str]:
    """[profile.items]: what a vendor's profile must have, and how to say that it lacks."""
    items = table.section("items")
    return {key: items.text(key) for key in items.names()}
