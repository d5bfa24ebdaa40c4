"""Holidays: those of a country as the `holidays` package has them, or given dates, or both."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import attrs

from ticketcore.calendar._dates import DateLike, parse_date
from ticketcore.errors import CalendarError, HorizonError

if TYPE_CHECKING:
    from holidays import HolidayBase

Named: TypeAlias = Mapping[DateLike, str] | Iterable[DateLike] | Iterable[tuple[date, str]]


def _parse_added(added: Named) -> tuple[tuple[date, str], ...]:
    """Read dates, or dates with names, as pairs in order."""
    if isinstance(added, str):
        raise CalendarError(f"holidays: {added!r} is one text: give dates, or Holidays(country=…)")
    items = added.items() if isinstance(added, Mapping) else added
    pairs = (item if isinstance(item, tuple) else (item, "holiday") for item in items)
    return tuple(sorted((parse_date(day, "holidays"), str(name)) for day, name in pairs))


def _parse_removed(removed: Iterable[DateLike]) -> tuple[date | str, ...]:
    """Read dates and names; a text that is an ISO date is a date."""
    return tuple(sorted(map(_date_or_name, removed), key=str))


def _date_or_name(value: DateLike) -> date | str:
    if not isinstance(value, str):
        return parse_date(value, "removed holidays")
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


@attrs.frozen(kw_only=True)
class Holidays:
    """Dates on which a calendar is closed, with their names.

    Args:
        country: an ISO 3166 code that the `holidays` package knows, or None for given dates only.
        subdivision: a state or region of it; without one, national holidays only.
        categories: such as `("public", "bank")`, where the country has them.
        add: more dates, or a mapping of dates to names.
        remove: dates and names of days that are worked all the same.

    Raises:
        CalendarError: a country, subdivision, category or date that is not known.

    """

    country: str | None = None
    subdivision: str | None = None
    categories: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    add: tuple[tuple[date, str], ...] = attrs.field(default=(), converter=_parse_added)
    remove: tuple[date | str, ...] = attrs.field(default=(), converter=_parse_removed)

    def __attrs_post_init__(self) -> None:
        if self.country is not None:
            _refuse_unknown(self.country, self.subdivision, self.categories)

    def of_year(self, year: int) -> dict[date, str]:
        """Return the holidays of a year with their names.

        Raises:
            HorizonError: the holidays of the country are not known for that year.

        """
        found = dict(self._of_country(year))
        for removed in self.remove:
            found = {d: name for d, name in found.items() if removed not in {d, *_names(name)}}
        return found | {day: name for day, name in self.add if day.year == year}

    def _of_country(self, year: int) -> Mapping[date, str]:
        if self.country is None:
            return {}
        known = self.known_years
        if year not in known:
            raise HorizonError(
                f"the holidays of {self.country} are known for {known[0]} to {known[-1]}, "
                f"not for {year}: give a calendar without them for that time"
            )
        return _expand(self.country, self.subdivision, self.categories, year)

    @property
    def known_years(self) -> range:
        """The years for which a country's holidays are known; none for given dates."""
        if self.country is None:
            return range(0)
        rules = _rules(self.country, self.subdivision, self.categories)
        return range(rules.start_year, rules.end_year + 1)


def parse_holidays(holidays: "Holidays | Named | None") -> Holidays:
    """Read any of the forms in which holidays are given."""
    return holidays if isinstance(holidays, Holidays) else Holidays(add=holidays or ())


def _names(name: str) -> list[str]:
    """Return the whole name of a date and its parts, as two holidays can share one date."""
    return [name, *name.split("; ")]


def _rules(
    country: str, subdivision: str | None, categories: tuple[str, ...], year: int | None = None
) -> "HolidayBase":
    from holidays import country_holidays

    return country_holidays(country, subdiv=subdivision, categories=categories or None, years=year)


@lru_cache(maxsize=4096)
def _expand(
    country: str, subdivision: str | None, categories: tuple[str, ...], year: int
) -> Mapping[date, str]:
    """Return a country's holidays of one year: expanded once, shared by all calendars."""
    return MappingProxyType(dict(_rules(country, subdivision, categories, year)))


def _refuse_unknown(country: str, subdivision: str | None, categories: tuple[str, ...]) -> None:
    from holidays import country_holidays, list_supported_countries

    countries = list_supported_countries()
    if country not in countries:
        raise CalendarError(_unknown("country", country, countries))
    rules = country_holidays(country)
    if subdivision is not None and subdivision not in countries[country]:
        raise CalendarError(_unknown(f"subdivision of {country}", subdivision, countries[country]))
    for category in categories:
        if category not in rules.supported_categories:
            raise CalendarError(
                _unknown(f"category of {country}", category, rules.supported_categories)
            )


def _unknown(what: str, value: str, known: Iterable[str]) -> str:
    near = get_close_matches(value, known, 1, 0.4)
    return f"holidays: there is no {what} {value!r}: " + (
        f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known)) or 'none'}"
    )
