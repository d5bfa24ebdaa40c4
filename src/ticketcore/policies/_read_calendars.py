"""Reading zones, storefronts and calendars: each part is tried out, so that what is wrong with it
is told at its own key, and gives way to what is right, so that it is told once."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final

import attrs

from ticketcore._toml import OldTable
from ticketcore.calendar import SUPPORTED_YEARS, BusinessCalendar, Holidays, zone_of
from ticketcore.errors import CalendarError
from ticketcore.policies._calendars import ROUND_THE_CLOCK, CalendarDefinition, Storefront

_SAMPLE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_OPEN: Final = {date(2000, 1, 1): "00:00-24:00"}  # whatever the hours of a week are


def read_zone(table: OldTable) -> str | None:
    """An IANA zone, if there is one."""
    return table.parsed("zone", _zone, None, example="Europe/Berlin")


def read_storefronts(section: OldTable) -> Mapping[str, Storefront]:
    """[storefronts.NAME]."""
    storefronts = {}
    for name in section.names():
        table = section.section(name)
        storefronts[name] = Storefront(
            name=name,
            zone=table.parsed("zone", _zone, example="Europe/Berlin"),
            country=table.parsed("country", _country, None, example="AT"),
        )
    return storefronts


def read_calendars(
    section: OldTable, storefronts: Mapping[str, Storefront]
) -> Mapping[str, CalendarDefinition]:
    """[calendars.NAME]."""
    calendars = {}
    for name in section.names():
        table = section.section(name)
        calendars[name] = CalendarDefinition(
            name=name,
            zone=table.parsed("zone", _zone_of, "vendor", example="Europe/Berlin"),
            hours=_hours(table),
            country=table.parsed("country", _country_of, None, example="storefront"),
            subdivision=table.text("subdivision", None) or None,
            holidays={day: text for _, day, text in _dated(table.section("holidays"))},
            exceptions=_exceptions(table.section("exceptions")),
            rule=table.text("rule", None),
        )
        _try_out(table, calendars[name], storefronts.values())
    return calendars


def _zone(text: str) -> str:
    return zone_of(text).key


def _zone_of(text: str) -> str:
    return text if text in ("vendor", "storefront") else _zone(text)


def _country(text: str) -> str:
    Holidays(country=text)
    return text


def _country_of(text: str) -> str:
    return text if text == "storefront" else _country(text)


def _hours(table: OldTable) -> Mapping[str, str] | str:
    value = table.value("hours", None)
    if not isinstance(value, dict):
        return table.parsed("hours", _week, ROUND_THE_CLOCK, example=ROUND_THE_CLOCK)
    days, hours = table.section("hours"), {}
    for day in days.names():
        text = days.text(day)
        if text == value[day] and _fits(days, day, hours={day: text}):
            hours[day] = text
    return hours if hours == value else ROUND_THE_CLOCK


def _week(text: str) -> str:
    BusinessCalendar(zone="UTC", hours=text, exceptions=_OPEN)
    return text


def _dated(section: OldTable) -> Iterator[tuple[str, date, str]]:
    found: set[date] = set()
    for key in section.names():
        text = section.text(key)
        try:
            day = date.fromisoformat(key)
        except ValueError:
            section.problem(key, f'"{key}" is no date: write it like "2026-12-24"')
            continue
        if day in found:
            section.problem(key, f"{day} is given twice")
        if day.year not in SUPPORTED_YEARS:
            section.problem(key, f"calendars reach from {SUPPORTED_YEARS[0]} to {SUPPORTED_YEARS[-1]}, not to {day}")
        found.add(day)
        yield key, day, text


def _exceptions(section: OldTable) -> dict[date, str]:
    return {
        day: text if _fits(section, key, exceptions={day: text}) else "00:00-24:00"
        for key, day, text in _dated(section)
    }


def _fits(
    table: OldTable,
    key: str,
    hours: Mapping[str, str] | str = ROUND_THE_CLOCK,
    exceptions: Mapping[date, str] = _OPEN,
) -> bool:
    try:
        BusinessCalendar(zone="UTC", hours=hours, exceptions=exceptions)
    except CalendarError as error:
        table.problem(key, str(error))
        return False
    return True


def _try_out(
    table: OldTable, rule: CalendarDefinition, storefronts: Collection[Storefront]
) -> None:
    """What no part shows by itself: which storefronts are meant, whose subdivision it is, and
    whether it opens at all."""
    for key in ("zone", "country"):
        if table.says(key, "storefront") and not storefronts:
            table.problem(key, "there are no storefronts: add one, such as [storefronts.de]")
    own = rule.country != "storefront"
    countries = {rule.country} if own else {place.country for place in storefronts} - {None}
    for country in sorted(countries, key=str) if rule.subdivision else ():
        try:
            Holidays(country=country, subdivision=rule.subdivision)
        except CalendarError as error:
            table.problem("subdivision", str(error))
    try:
        attrs.evolve(rule, country=None).build("UTC", None).next_open(_SAMPLE)
    except CalendarError as error:
        table.problem("hours", str(error))
