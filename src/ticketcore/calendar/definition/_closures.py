"""Recurring closures: RFC 5545 rules such as `FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31`."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from ticketcore.calendar.definition._dates import DateLike, parse_date
from ticketcore.calendar.engine._instants import DAY, LAST_YEAR, check_year
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

if TYPE_CHECKING:
    from dateutil.rrule import rrule


_DATES_ONLY: Final = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=")
_COUNTED: Final = re.compile(r"INTERVAL=(?!1\b)")
_PLACED: Final = re.compile(r"BY(MONTHDAY|YEARDAY|DAY|EASTER)=|FREQ=DAILY")


def _bare(rule: str) -> str:
    """Return the rule without its property name, and with dates instead of instants in UNTIL."""
    if not isinstance(rule, str):
        raise CalendarError(f"closure {quoted(rule)} is not an RFC 5545 rule: give a text")
    return re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", rule.strip().upper().removeprefix("RRULE:"))


def _dates(dates: Iterable[DateLike]) -> tuple[date, ...]:
    return tuple(parse_date(day, "closure") for day in dates)


def _date_or_none(day: DateLike | None) -> date | None:
    return None if day is None else parse_date(day, "closure")


@attrs.frozen
class Closure:
    """A recurring closure of whole dates.

    Args:
        rule: an RFC 5545 recurrence rule, such as `FREQ=WEEKLY;BYDAY=WE`.
        name: shown in explanations.
        since: the first date of the rule. Required if the rule counts from its beginning.
        days: number of dates that each occurrence closes.
        without: occurrences that stay open.

    Raises:
        CalendarError: the rule cannot be read, uses times of day, or needs `since`.

    """

    rule: str = attrs.field(converter=_bare)
    name: str = "recurring closure"
    since: date | None = attrs.field(default=None, converter=_date_or_none)
    days: int = 1
    without: tuple[date, ...] = attrs.field(default=(), converter=_dates)

    def __attrs_post_init__(self) -> None:
        if _DATES_ONLY.search(self.rule):
            raise CalendarError(
                f"closure {quoted(self.rule)} uses times of day, but closures cover whole dates: "
                f"use FREQ=DAILY or a longer period, and put times into hours"
            )
        if "COUNT=" in self.rule:
            raise CalendarError(
                f"closure {quoted(self.rule)} uses COUNT: "
                f"give an end date instead, such as UNTIL=20301231"
            )
        if self.since is None and (_COUNTED.search(self.rule) or not _PLACED.search(self.rule)):
            raise CalendarError(
                f"closure {quoted(self.rule)} depends on its first date: give it as "
                f"Closure(rule, since=date(...)), or name the days with BYDAY or BYMONTHDAY"
            )
        if type(self.days) is not int or self.days < 1:
            raise CalendarError(
                f"closure {quoted(self.rule)} closes {quoted(self.days)} days: give 1 or more"
            )
        _refuse_impossible(self.rule, self.since)

    def of_year(self, year: int) -> dict[date, str]:
        """Return the closed dates of a year, each with the closure's name.

        Raises:
            CalendarRangeError: the year lies outside 1900 to 2100.

        """
        check_year(year)
        first = date(year, 1, 1) - DAY * (self.days - 1)
        # A rule without a first date gives the same dates from any beginning, after a week.
        rule = _recurrence(self.rule, self.since or date(first.year - 1, 1, 1))
        begins = rule.between(_midnight(first), _midnight(date(year, 12, 31)), inc=True)
        days = [
            begin.date() + DAY * index
            for begin in begins
            if begin.date() not in self.without
            for index in range(self.days)
        ]
        return {day: self.name for day in days if day.year == year}


Closures: TypeAlias = str | Closure | Iterable[str | Closure] | None


def parse_closures(closures: Closures) -> tuple[Closure, ...]:
    """Read one rule or several."""
    if isinstance(closures, str | Closure):
        closures = (closures,)
    return tuple(c if isinstance(c, Closure) else Closure(c) for c in closures or ())


def _refuse_impossible(rule: str, since: date | None) -> None:
    """Refuse a rule that matches no date, such as 30 February, because its search would not end.

    The calendar repeats every 400 years. A rule that matches at all therefore matches in the last
    400 years before 9999, where the search ends soon. Easter falls on all its dates there, too.
    """
    late = since.replace(year=9200 + since.year % 400) if since else date(9600, 1, 1)
    if not any(True for _ in _parse(re.sub(r";?UNTIL=\w*", "", rule), late)):
        raise CalendarError(f"closure {quoted(rule)} matches no date: check its days and months")


@lru_cache(maxsize=512)
def _recurrence(rule: str, since: date) -> "rrule":
    """Return the rule with a cache of its dates. It ends with the supported years."""
    return _parse(rule if "UNTIL=" in rule else f"{rule};UNTIL={LAST_YEAR}1231", since)


def _parse(rule: str, since: date) -> "rrule":
    from dateutil.rrule import rrule as recurrence
    from dateutil.rrule import rrulestr

    try:
        parsed = rrulestr(rule, dtstart=_midnight(since), cache=True)
    except (ValueError, KeyError, TypeError) as error:
        raise CalendarError(f"closure {quoted(rule)} is not an RFC 5545 rule: {error}") from None
    if not isinstance(parsed, recurrence):
        raise CalendarError(f"closure {quoted(rule)} holds several rules: give them one by one")
    return parsed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
