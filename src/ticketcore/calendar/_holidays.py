"""Holidays: those of a country, or given dates, or both."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

import attrs

from ticketcore.calendar._country import Country
from ticketcore.calendar._dates import DateLike, parse_date
from ticketcore.errors import CalendarError

Named: TypeAlias = (
    Mapping[date, str]
    | Mapping[str, str]
    | Mapping[DateLike, str]
    | Iterable[DateLike]
    | Iterable[tuple[date, str]]
)


def _parse_added(added: Named) -> tuple[tuple[date, str], ...]:
    """Read dates, or dates with names, as pairs in order."""
    if isinstance(added, str):
        raise CalendarError(f"holidays: {added!r} is one text: give dates, or Holidays(country=…)")
    items = added.items() if isinstance(added, Mapping) else added
    pairs = (item if isinstance(item, tuple) else (item, "holiday") for item in items)
    return tuple(sorted((parse_date(day, "holidays"), str(name)) for day, name in pairs))


def _parse_removed(removed: Iterable[DateLike]) -> tuple[date | str, ...]:
    return tuple(sorted(map(_date_or_name, removed), key=str))


def _date_or_name(value: DateLike) -> date | str:
    """Read a text that is an ISO date as a date, and any other as a name."""
    try:
        return parse_date(value, "removed holidays")
    except CalendarError:
        if isinstance(value, str):
            return value
        raise


def _parse_categories(categories: str | Iterable[str]) -> tuple[str, ...]:
    return (categories,) if isinstance(categories, str) else tuple(categories)


@attrs.frozen(kw_only=True)
class Holidays:
    """Dates on which a calendar is closed, with their names.

    Args:
        country: an ISO 3166 code that the `holidays` package knows, or None for given dates only.
        subdivision: a state or region of it; without one, national holidays only.
        categories: such as `("public", "bank")`, where the country has them.
        language: of the names; the country's own if None, whatever the machine's locale is.
        add: more dates, or a mapping of dates to names.
        remove: dates and names of days that are worked all the same.

    Raises:
        CalendarError: a country, subdivision, category, language or date that is not known.

    """

    country: str | None = None
    subdivision: str | None = None
    categories: tuple[str, ...] = attrs.field(default=(), converter=_parse_categories)
    language: str | None = None
    add: tuple[tuple[date, str], ...] = attrs.field(default=(), converter=_parse_added)
    remove: tuple[date | str, ...] = attrs.field(default=(), converter=_parse_removed)
    place: Country | None = attrs.field(init=False, eq=False, repr=False)

    @place.default
    def _known_place(self) -> Country | None:
        if self.country is not None:
            return Country(self.country, self.subdivision, self.categories, self.language)
        if self.subdivision or self.categories or self.language:
            raise CalendarError("holidays: a subdivision, category or language needs a country")
        return None

    def of_year(self, year: int) -> dict[date, str]:
        """Return the holidays of a year with their names.

        Raises:
            CalendarRangeError: the holidays of the country are not known for that year.

        """
        found = dict(self.place.of_year(year)) if self.place else {}
        for removed in self.remove:
            found = {day: name for day, name in found.items() if removed not in (day, name)}
        begin = bisect_left(self.add, (date(year, 1, 1),))
        stop = bisect_left(self.add, (date(year + 1, 1, 1),))
        return found | dict(self.add[begin:stop])


def parse_holidays(holidays: Holidays | Named | None) -> Holidays:
    """Read any of the forms in which holidays are given."""
    return holidays if isinstance(holidays, Holidays) else Holidays(add=holidays or ())
