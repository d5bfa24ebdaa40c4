"""Holidays of a country, listed dates, or both; with half days and make-up days."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TypeAlias

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar.definition._closed_time import KnownHolidays
from ticketcore.calendar.definition._country import HALF_DAY, Country
from ticketcore.calendar.definition._dates import DateLike, parse_date, parse_dates
from ticketcore.calendar.definition._week import DayHours, Opening, parse_openings, parse_time
from ticketcore.calendar.engine._instants import SUPPORTED_YEARS
from ticketcore.calendar.engine._messages import check_list, quoted
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
    check_list(added, "holidays", "give dates, or Holidays(country=…)")
    items = added.items() if isinstance(added, Mapping) else added
    pairs = (item if isinstance(item, tuple) else (item, "holiday") for item in items)
    return tuple(
        sorted((day, str(name)) for dates, name in pairs for day in parse_dates(dates, "holidays"))
    )


def _parse_removed(removed: Iterable[DateLike]) -> tuple[date | str, ...]:
    check_list(removed, "removed holidays")
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
    if isinstance(categories, str):
        return (categories,)
    check_list(categories, "categories", "give a list of names")
    return tuple(categories)


def _parse_half_day_until(text: str | timedelta | None) -> timedelta | None:
    return parse_time(text, "half_day_until") if isinstance(text, str) else text


def _parse_make_up_hours(hours: DayHours | None) -> tuple[Opening, ...] | None:
    return None if hours is None else parse_openings(hours, "make_up_hours")


@frozen(kw_only=True)
class Holidays(Value):
    """Dates on which a calendar is closed, with their names.

    Args:
        country: ISO 3166 code of a country in the `holidays` package. None: listed dates only.
        subdivision: state or region, for its regional holidays. None: national holidays only.
        categories: categories of the country's holidays, such as `("public", "bank")`.
        language: language of the names. None: the country's own, regardless of the locale.
        half_day_until: time at which half days end, such as `"12:00"`. Required if the categories
            include `"half_day"`.
        make_up_hours: hours of the days that a country works in exchange for another, such as
            `"09:00-14:00"` or `"closed"`. None: the hours of a Friday.
        add: further dates, or a mapping of dates to names. A range of dates is text such as
            `"2026-12-24 to 2027-01-02"`.
        remove: dates and names of holidays on which the calendar is open as usual. A name also
            removes the day on which that holiday is observed instead.

    Raises:
        CalendarError: the country, subdivision, category, language, a time, a date or the name of
            a removed holiday is unknown.

    """

    country: str | None = None
    subdivision: str | None = None
    categories: tuple[str, ...] = attrs.field(default=(), converter=_parse_categories)
    language: str | None = None
    half_day_until: timedelta | None = attrs.field(default=None, converter=_parse_half_day_until)
    make_up_hours: tuple[Opening, ...] | None = attrs.field(
        default=None, converter=_parse_make_up_hours
    )
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

    def __attrs_post_init__(self) -> None:
        if (HALF_DAY in self.categories) != (self.half_day_until is not None):
            raise CalendarError(
                'holidays: the category "half_day" and half_day_until, the time at which half '
                'days end, need each other: give half_day_until = "12:00", for example'
            )
        for name in self._removed_names:
            if self._country is None:
                raise CalendarError(
                    f"removed holidays: {quoted(name)} is the name of a holiday, "
                    f"which needs a country: give a date such as 2026-12-24"
                )
            self._country.check_name(name)

    def of_year(self, year: int) -> dict[date, str]:
        """Return the holidays of a year, each with its name. Half days are not among them.

        Raises:
            CalendarRangeError: the country's holidays are not known for that year.

        """
        found = self._left(self._country.holidays(year)) if self._country else {}
        begin = bisect_left(self.add, (date(year, 1, 1),))
        stop = bisect_left(self.add, (date(year + 1, 1, 1),))
        return found | dict(self.add[begin:stop])

    def half_days(self, year: int) -> dict[date, str]:
        """Return the days of a year that end at `half_day_until`, each with its name."""
        return self._left(self._country.half_days(year)) if self._country else {}

    def make_up_days(self, year: int) -> frozenset[date]:
        """Return the days of a year that are worked in exchange for another."""
        return self._country.make_up_days(year) if self._country else frozenset()

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
            package = f"{self._country} in the holidays package"
            known = date(self._country.known_years[-1], 12, 31)
            found.append(KnownHolidays(f"the rules for {package}", known))
            if announced := self._country.exchanges_known_until:
                source = f"days off and make-up days announced for {package}"
                found.append(KnownHolidays(source, date(announced, 12, 31)))
        if self.add:
            found.append(KnownHolidays("the listed dates", self.add[-1][0]))
        return tuple(found)

    @property
    def _removed_names(self) -> frozenset[str]:
        return frozenset(removed for removed in self.remove if isinstance(removed, str))

    def _left(self, holidays: Mapping[date, str]) -> dict[date, str]:
        """Return the country's holidays without the removed ones."""
        left = {day: names for day, names in holidays.items() if day not in self.remove}
        removed = self._removed_names
        if not removed or self._country is None:
            return left
        kept = {day: self._country.without(names, removed) for day, names in left.items()}
        return {day: names for day, names in kept.items() if names}


def parse_holidays(holidays: Holidays | Named | None) -> Holidays:
    """Read dates, dates with names, or a `Holidays` value."""
    return holidays if isinstance(holidays, Holidays) else Holidays(add=holidays or ())
