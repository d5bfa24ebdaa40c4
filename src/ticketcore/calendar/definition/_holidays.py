"""Holidays of a country, listed dates, or both."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

import attrs

from ticketcore.calendar.definition._closed_time import KnownHolidays
from ticketcore.calendar.definition._country import Country
from ticketcore.calendar.definition._dates import DateLike, parse_date
from ticketcore.calendar.engine._instants import SUPPORTED_YEARS
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

Named: TypeAlias = (
    Mapping[date, str]
    | Mapping[str, str]
    | Mapping[DateLike, str]
    | Iterable[DateLike]
    | Iterable[tuple[date, str]]
)


def _parse_added(added: Named) -> tuple[tuple[date, str], ...]:
    """Read dates, or dates with names, as sorted pairs."""
    if isinstance(added, str):
        raise CalendarError(
            f"holidays: {quoted(added)} is one text: give dates, or Holidays(country=…)"
        )
    items = added.items() if isinstance(added, Mapping) else added
    pairs = (item if isinstance(item, tuple) else (item, "holiday") for item in items)
    return tuple(sorted((parse_date(day, "holidays"), str(name)) for day, name in pairs))


def _parse_removed(removed: Iterable[DateLike]) -> tuple[date | str, ...]:
    return tuple(sorted(map(_date_or_name, removed), key=str))


def _date_or_name(value: DateLike) -> date | str:
    """Read an ISO date as a date, and any other text as a name."""
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
        country: ISO 3166 code of a country in the `holidays` package. None: listed dates only.
        subdivision: state or region, for its regional holidays. None: national holidays only.
        categories: categories of the country's holidays, such as `("public", "bank")`.
        language: language of the names. None: the country's own, regardless of the locale.
        add: further dates, or a mapping of dates to names.
        remove: dates and names of holidays on which the calendar is open as usual.

    Raises:
        CalendarError: the country, subdivision, category, language or a date is unknown.

    """

    country: str | None = None
    subdivision: str | None = None
    categories: tuple[str, ...] = attrs.field(default=(), converter=_parse_categories)
    language: str | None = None
    add: tuple[tuple[date, str], ...] = attrs.field(default=(), converter=_parse_added)
    remove: tuple[date | str, ...] = attrs.field(default=(), converter=_parse_removed)
    _country: Country | None = attrs.field(init=False, eq=False, repr=False)

    @_country.default
    def _find_country(self) -> Country | None:
        if self.country is not None:
            return Country(self.country, self.subdivision, self.categories, self.language)
        if self.subdivision or self.categories or self.language:
            raise CalendarError("holidays: a subdivision, category or language needs a country")
        return None

    def of_year(self, year: int) -> dict[date, str]:
        """Return the holidays of a year, each with its name.

        Raises:
            CalendarRangeError: the country's holidays are not known for that year.

        """
        found = dict(self._country.of_year(year)) if self._country else {}
        for removed in self.remove:
            found = {day: name for day, name in found.items() if removed not in (day, name)}
        begin = bisect_left(self.add, (date(year, 1, 1),))
        stop = bisect_left(self.add, (date(year + 1, 1, 1),))
        return found | dict(self.add[begin:stop])

    @property
    def known_years(self) -> range:
        """The supported years for which the country's holidays are known."""
        known = self._country.known_years if self._country else SUPPORTED_YEARS
        first, stop = SUPPORTED_YEARS.start, SUPPORTED_YEARS.stop
        return range(max(known.start, first), min(known.stop, stop))

    @property
    def sources(self) -> tuple[KnownHolidays, ...]:
        """The country's rules and the listed dates, with the last date that each one knows."""
        found = []
        if self._country:
            source = f"the rules for {self._country} in the holidays package"
            found.append(KnownHolidays(source, date(self._country.known_years[-1], 12, 31)))
        if self.add:
            found.append(KnownHolidays("the listed dates", self.add[-1][0]))
        return tuple(found)


def parse_holidays(holidays: Holidays | Named | None) -> Holidays:
    """Read dates, dates with names, or a `Holidays` value."""
    return holidays if isinstance(holidays, Holidays) else Holidays(add=holidays or ())
