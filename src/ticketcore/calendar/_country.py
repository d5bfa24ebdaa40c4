"""A country's public holidays by year, from the `holidays` package, loaded when first asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from ticketcore.errors import CalendarError, CalendarRangeError

if TYPE_CHECKING:
    from holidays import HolidayBase


@attrs.frozen
class Country:
    """Where holidays are kept, which of them, and in which language they are named."""

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
        # The package takes the name of anything in it, such as a stock exchange, for a country.
        if rules is None or not getattr(rules, "country", None):
            # Listing all countries takes longer than all the rest: only to help.
            known_countries = list_supported_countries()
            raise CalendarError(_unknown("country", self.code, known_countries))
        asked = [
            ("subdivision", self.subdivision, {*rules.subdivisions, *rules.subdivisions_aliases}),
            ("language", self.language, rules.supported_languages),
            *(("category", category, rules.supported_categories) for category in self.categories),
        ]
        for what, value, known in asked:
            if value is not None and value not in known:
                raise CalendarError(_unknown(f"{what} of {self.code}", value, known))

    def __str__(self) -> str:
        return f"{self.code}-{self.subdivision}" if self.subdivision else self.code

    @property
    def known_years(self) -> range:
        """The years that the rules of the package cover."""
        rules = _rules(self)
        return range(rules.start_year, rules.end_year + 1)

    def of_year(self, year: int) -> Mapping[date, str]:
        """Return the names of the holidays of a year, by date.

        Raises:
            CalendarRangeError: the year is not covered.

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
    """Return the holidays of a year: expanded once, shared by all calendars."""
    return MappingProxyType(dict(_rules(country, year)))


@lru_cache(maxsize=64)
def _rules(country: Country, year: int | None = None) -> "HolidayBase":
    from holidays import country_holidays

    # Left alone, the package names holidays in the language of the machine's locale.
    own_language = country_holidays(country.code).default_language
    return country_holidays(
        country.code,
        subdiv=country.subdivision,
        categories=country.categories or None,
        language=country.language or own_language,
        years=year,
    )


def _unknown(what: str, value: object, known: Iterable[str]) -> str:
    known = sorted(known)
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(str(value).casefold(), folded, n=1, cutoff=0.4)
    right = f"did you mean {folded[near[0]]!r}?" if near else ""
    hint = right or f"known are {', '.join(known) or 'none'}"
    return f"holidays: there is no {what} {value!r}: {hint}"
