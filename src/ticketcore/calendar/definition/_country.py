"""A country's holidays by year, from the `holidays` package, which is loaded on first use.

Besides holidays, a country may have two other kinds of special days:

- Half days, the category `half_day`. The offices close early; the package does not say when.
- Make-up days. Some countries exchange a working day for a day of the weekend, so that a holiday
  becomes longer. The package lists the free day as a holiday and the worked one separately. These
  exchanges are announced year by year.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar.engine._messages import did_you_mean, quoted
from ticketcore.errors import CalendarError, CalendarRangeError

if TYPE_CHECKING:
    from holidays import HolidayBase

HALF_DAY: Final = "half_day"
_BETWEEN_NAMES: Final = "; "
_RECENT: Final = range(2020, 2036)


@frozen
class Country(Value):
    """A country, the part and the categories of its holidays, and the language of their names."""

    code: str
    subdivision: str | None
    categories: tuple[str, ...]
    language: str | None

    def __attrs_post_init__(self) -> None:
        from holidays import country_holidays, list_supported_countries

        try:
            rules = country_holidays(str(self.code))
        except (NotImplementedError, TypeError):
            rules = None
        # The package also accepts names of other things in it, such as stock exchanges.
        if rules is None or not getattr(rules, "country", None):
            # Listing all countries takes long, so it is done only for the message.
            known_countries = list_supported_countries()
            raise CalendarError(_unknown("country", self.code, known_countries))
        asked = [
            ("subdivision", self.subdivision, {*rules.subdivisions, *rules.subdivisions_aliases}),
            ("language", self.language, rules.supported_languages),
            *(("category", category, rules.supported_categories) for category in self.categories),
        ]
        for kind, value, known in asked:
            if value is not None and value not in known:
                raise CalendarError(_unknown(f"{kind} of {self.code}", value, known))

    def __str__(self) -> str:
        return f"{self.code}-{self.subdivision}" if self.subdivision else self.code

    @property
    def known_years(self) -> range:
        """The years for which the package has this country's rules."""
        rules = _rules(self)
        return range(rules.start_year, rules.end_year + 1)

    @property
    def exchanges_known_until(self) -> int | None:
        """The last year whose make-up days are announced; None if the country has none."""
        rules = _rules(self)
        if not rules.has_substituted_holidays:
            return None
        announced = (getattr(rules, name) for name in dir(rules) if name.startswith("special_"))
        years: set[int] = set().union(*(found for found in announced if isinstance(found, dict)))
        return max(years)

    def holidays(self, year: int) -> Mapping[date, str]:
        """Return the names of the holidays of a year by date, without half days.

        Several holidays on one date have one text, with `; ` between their names.

        Raises:
            CalendarRangeError: the package has no rules for the year.

        """
        known = self.known_years
        if year not in known:
            raise CalendarRangeError(
                f"the holidays of {self} are known for {known[0]} to {known[-1]}, not for {year}: "
                f"ask about those years, or give the dates instead of a country"
            )
        categories = tuple(category for category in self.categories if category != HALF_DAY)
        if self.categories and not categories:
            return {}
        return _expand(attrs.evolve(self, categories=categories), year)

    def half_days(self, year: int) -> Mapping[date, str]:
        """Return the names of the half days of a known year, if they were asked for."""
        if HALF_DAY not in self.categories:
            return {}
        return _expand(attrs.evolve(self, categories=(HALF_DAY,)), year)

    def make_up_days(self, year: int) -> frozenset[date]:
        """Return the days of a known year that are worked in exchange for another."""
        return _exchanges(self, year) if _rules(self).has_substituted_holidays else frozenset()

    def check_name(self, name: str) -> None:
        """Refuse a name that no holiday has in any year. Raises CalendarError."""
        known = self.known_years
        recent = [year for year in _RECENT if year in known]
        for year in dict.fromkeys([*recent, *known]):
            for names in (*self.holidays(year).values(), *self.half_days(year).values()):
                if name in names.split(_BETWEEN_NAMES):
                    return
        raise CalendarError(_unknown(f"holiday of {self}", name, _names(self)))

    def without(self, names: str, removed: frozenset[str]) -> str:
        """Return the names of a date without those removed, and without their substitutes.

        A substitute is the day off that is observed because a holiday is on a weekend.
        """
        substitutes = _substitutes(self, removed)
        left = [n for n in names.split(_BETWEEN_NAMES) if n not in removed | substitutes]
        return _BETWEEN_NAMES.join(left)


@lru_cache(maxsize=4096)
def _expand(country: Country, year: int) -> Mapping[date, str]:
    """Return the holidays of a year, computed once for all calendars."""
    return MappingProxyType(dict(_rules(country, year)))


@lru_cache(maxsize=4096)
def _exchanges(country: Country, year: int) -> frozenset[date]:
    """Return the make-up days of a year, also for holidays of the year before or after."""
    years = (n for n in (year - 1, year, year + 1) if n in country.known_years)
    found = {day for n in years for day in _rules(country, n).weekend_workdays}
    return frozenset(day for day in found if day.year == year)


@lru_cache(maxsize=256)
def _substitutes(country: Country, names: frozenset[str]) -> frozenset[str]:
    """Return the names of the days that are observed instead of these holidays."""
    rules = _rules(country)
    labels = [getattr(rules, key) for key in dir(rules) if key.startswith("observed_")]
    texts = [rules.tr(label) for label in labels if isinstance(label, str) and "%s" in label]
    return frozenset(text % name for text in texts for name in names)


@lru_cache(maxsize=64)
def _names(country: Country) -> frozenset[str]:
    """Return the names that the country's holidays have in any year."""
    years = country.known_years
    texts = {text for year in years for text in country.holidays(year).values()}
    texts |= {text for year in years for text in country.half_days(year).values()}
    return frozenset(name for text in texts for name in text.split(_BETWEEN_NAMES))


@lru_cache(maxsize=512)
def _rules(country: Country, year: int | None = None) -> "HolidayBase":
    from holidays import country_holidays

    # Without a language the package uses that of the machine's locale.
    own_language = country_holidays(country.code).default_language
    return country_holidays(
        country.code,
        subdiv=country.subdivision,
        categories=country.categories or None,
        language=country.language or own_language,
        years=year,
    )


def _unknown(kind: str, value: object, known: Iterable[str]) -> str:
    known = sorted(known)
    names = ", ".join(known) or "none"
    hint = did_you_mean(value, known, cutoff=0.4) or f"known are {names}"
    return f"holidays: unknown {kind} {quoted(value)}: {hint}"
