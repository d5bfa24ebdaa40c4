"""A country's public holidays by year, from the `holidays` package, loaded on first use."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from ticketcore.calendar.engine._messages import did_you_mean, quoted
from ticketcore.errors import CalendarError, CalendarRangeError

if TYPE_CHECKING:
    from holidays import HolidayBase


@attrs.frozen
class Country:
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

    def of_year(self, year: int) -> Mapping[date, str]:
        """Return the names of the holidays of a year, by date.

        Raises:
            CalendarRangeError: the package has no rules for the year.

        """
        known = self.known_years
        if year not in known:
            raise CalendarRangeError(
                f"the holidays of {self} are known for {known[0]} to {known[-1]}, not for {year}: "
                f"ask about those years, or give the dates instead of a country"
            )
        return _expand(self, year)


@lru_cache(maxsize=4096)
def _expand(country: Country, year: int) -> Mapping[date, str]:
    """Return the holidays of a year, computed once for all calendars."""
    return MappingProxyType(dict(_rules(country, year)))


@lru_cache(maxsize=64)
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
