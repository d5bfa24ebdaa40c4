"""Regular closures of whole dates, by RFC 5545 rules."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, TypeAlias

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar.definition._dates import DateLike, parse_date
from ticketcore.calendar.definition._recurrence import Recurrence, dates_between, matches_a_date
from ticketcore.calendar.definition._rule_text import parse_recurrence
from ticketcore.calendar.engine._instants import DAY, FIRST_YEAR, check_year
from ticketcore.calendar.engine._messages import check_list, quoted
from ticketcore.errors import CalendarError

# Any first date will do for a rule that does not depend on it.
_LONG_AGO: Final = date(FIRST_YEAR - 2, 1, 1)
_LONGEST: Final = 366


def _normalize(rule: str) -> str:
    """Return the rule in upper case, without its property name, with a date in UNTIL."""
    if not isinstance(rule, str):
        raise CalendarError(f"closure {quoted(rule)} is not an RFC 5545 rule: give a text")
    return re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", rule.strip().upper().removeprefix("RRULE:"))


def _dates(dates: Iterable[DateLike]) -> tuple[date, ...]:
    check_list(dates, "closure", "give a list of dates")
    return tuple(parse_date(day, "closure") for day in dates)


def _date_or_none(day: DateLike | None) -> date | None:
    return None if day is None else parse_date(day, "closure")


@frozen
class Closure(Value):
    """A regular closure of whole dates.

    Args:
        rule: an RFC 5545 recurrence rule, such as `FREQ=WEEKLY;BYDAY=WE`.
        name: shown in explanations.
        since: the first date of the rule. Required if the dates depend on it.
        days: number of dates that each occurrence closes, at most 366.
        without: first dates of occurrences that stay open.

    Raises:
        CalendarError: the rule cannot be read, uses times of day, matches no date, or needs
            `since`.

    """

    rule: str = attrs.field(converter=_normalize)
    name: str = "closure"
    since: date | None = attrs.field(default=None, converter=_date_or_none)
    days: int = 1
    without: tuple[date, ...] = attrs.field(default=(), converter=_dates)
    recurrence: Recurrence = attrs.field(init=False, eq=False, repr=False)
    _stays_open: frozenset[date] = attrs.field(init=False, eq=False, repr=False)

    @recurrence.default
    def _parse(self) -> Recurrence:
        return parse_recurrence(self.rule)

    @_stays_open.default
    def _dates_left_out(self) -> frozenset[date]:
        return frozenset(self.without)

    def __attrs_post_init__(self) -> None:
        if self.since is None and self.recurrence.depends_on_first_date:
            raise CalendarError(
                f"closure {quoted(self.rule)} depends on its first date: give it as "
                f"Closure(rule, since=date(...)), or name the days with BYDAY or BYMONTHDAY"
            )
        if type(self.days) is not int or not 1 <= self.days <= _LONGEST:
            raise CalendarError(
                f"closure {quoted(self.rule)} closes {quoted(self.days)} days: "
                f"give a number from 1 to {_LONGEST}"
            )
        if not matches_a_date(self.recurrence, self.first_date):
            raise CalendarError(
                f"closure {quoted(self.rule)} matches no date: check its days and months"
            )

    @classmethod
    def of_range(cls, first: date, last: date, name: str = "closure") -> "Closure":
        """Return the closure of all dates from *first* to *last*, both included."""
        until = parse_date(last, "last date of a closure")
        return cls(f"FREQ=DAILY;UNTIL={until:%Y%m%d}", name=name, since=first)

    @property
    def first_date(self) -> date:
        """The first date, or a date before the supported years."""
        return self.since or _LONG_AGO

    @property
    def counts_positions_in_weeks(self) -> bool:
        """Whether the rule has BYSETPOS for weeks: programs differ about its first week."""
        return self.recurrence.frequency == "WEEKLY" and bool(self.recurrence.by_position)

    def of_year(self, year: int) -> dict[date, str]:
        """Return the closed dates of a year, each with the closure's name.

        Raises:
            CalendarRangeError: the year lies outside 1900 to 2100.

        """
        check_year(year)
        last = date(year, 12, 31)
        first = date(year, 1, 1)
        closed: dict[date, str] = {}
        for begin in self.occurrences(first - DAY * (self.days - 1), last):
            after = begin + DAY * self.days
            day = max(begin, first)  # the days before belong to an occurrence before
            while day < after and day <= last:
                closed[day] = self.name
                day += DAY
            first = day
        return closed

    def occurrences(self, first: date, last: date) -> list[date]:
        """Return the first dates of the occurrences that begin from *first* to *last*."""
        found = dates_between(self.recurrence, self.first_date, first, last)
        return [day for day in found if day not in self._stays_open]

    def first_occurrence(self, first: date) -> date:
        """Return the first date of the rule from *first* on, even if it stays open."""
        return next(dates_between(self.recurrence, self.first_date, first, date.max))


Closures: TypeAlias = str | Closure | Iterable[str | Closure] | None


def parse_closures(closures: Closures) -> tuple[Closure, ...]:
    """Read one rule or several."""
    if isinstance(closures, str | Closure):
        closures = (closures,)
    return tuple(c if isinstance(c, Closure) else Closure(c) for c in closures or ())
