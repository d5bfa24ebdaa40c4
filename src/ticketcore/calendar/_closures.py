"""Recurring closures: RFC 5545 rules such as `FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31`."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from ticketcore.calendar._dates import DateLike, parse_date
from ticketcore.calendar._horizon import LAST_YEAR, check_year
from ticketcore.calendar._instants import DAY
from ticketcore.errors import CalendarError

if TYPE_CHECKING:
    from dateutil.rrule import rrule


_DATES_ONLY: Final = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=")
_COUNTED: Final = re.compile(r"INTERVAL=(?!1\b)")
_PLACED: Final = re.compile(r"BY(MONTHDAY|YEARDAY|DAY|EASTER)=|FREQ=DAILY")


def _bare(rule: str) -> str:
    """Return the rule alone, with a last date instead of a last instant: it is about dates."""
    if not isinstance(rule, str):
        raise CalendarError(f"closure {rule!r} is not an RFC 5545 rule: give a text")
    return re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", rule.strip().upper().removeprefix("RRULE:"))


def _dates(dates: Iterable[DateLike]) -> tuple[date, ...]:
    return tuple(parse_date(day, "closure") for day in dates)


def _date_or_none(day: DateLike | None) -> date | None:
    return None if day is None else parse_date(day, "closure")


@attrs.frozen
class Closure:
    """Dates that are closed again and again.

    Args:
        rule: an RFC 5545 recurrence rule, such as `FREQ=WEEKLY;BYDAY=WE`.
        name: what to tell those who ask why it was closed.
        since: the first date that it may close. A rule that counts from its beginning needs one.
        days: how many dates each occurrence closes.
        without: occurrences that are worked all the same.

    Raises:
        CalendarError: the rule cannot be read, is about times of day, or needs `since`.

    """

    rule: str = attrs.field(converter=_bare)
    name: str = "recurring closure"
    since: date | None = attrs.field(default=None, converter=_date_or_none)
    days: int = 1
    without: tuple[date, ...] = attrs.field(default=(), converter=_dates)

    def __attrs_post_init__(self) -> None:
        if _DATES_ONLY.search(self.rule):
            raise CalendarError(
                f"closure {self.rule!r} is about times of day: a closure takes whole dates, "
                f"so use FREQ=DAILY or rarer, and hours for the rest"
            )
        if "COUNT=" in self.rule:
            raise CalendarError(
                f"closure {self.rule!r} ends after a number of times: say until when instead, "
                f"as in UNTIL=20301231"
            )
        if self.since is None and (_COUNTED.search(self.rule) or not _PLACED.search(self.rule)):
            raise CalendarError(
                f"closure {self.rule!r} depends on where it begins: give its first date as "
                f"Closure(rule, since=date(...)), or name its days with a BYDAY or BYMONTHDAY"
            )
        if type(self.days) is not int or self.days < 1:
            raise CalendarError(f"closure {self.rule!r} closes {self.days!r} days: give 1 or more")
        _refuse_impossible(self.rule, self.since)

    def of_year(self, year: int) -> dict[date, str]:
        """Return the dates of a year that it closes, with its name.

        Raises:
            CalendarRangeError: the year lies outside 1900 to 2100.

        """
        check_year(year)
        first = date(year, 1, 1) - DAY * (self.days - 1)
        # A rule that needs no beginning gives the same dates from any, but for its first week.
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
    """Refuse a rule that never comes true, such as 30 February: it would be searched for ever.

    The calendar repeats every 400 years, so what is true at all is true in the last 400 before
    the year 9999, where the search ends soon. They have an Easter on each of its dates, too.
    """
    late = since.replace(year=9200 + since.year % 400) if since else date(9600, 1, 1)
    if not any(True for _ in _parse(re.sub(r";?UNTIL=\w*", "", rule), late)):
        raise CalendarError(f"closure {rule!r} never comes true: give days that exist")


@lru_cache(maxsize=512)
def _recurrence(rule: str, since: date) -> "rrule":
    """Return the rule with its dates kept as they are found, ending where calendars end."""
    return _parse(rule if "UNTIL=" in rule else f"{rule};UNTIL={LAST_YEAR}1231", since)


def _parse(rule: str, since: date) -> "rrule":
    from dateutil.rrule import rrule as recurrence
    from dateutil.rrule import rrulestr

    try:
        parsed = rrulestr(rule, dtstart=_midnight(since), cache=True)
    except (ValueError, KeyError, TypeError) as error:
        raise CalendarError(f"closure {rule!r} is not an RFC 5545 rule: {error}") from None
    if not isinstance(parsed, recurrence):
        raise CalendarError(f"closure {rule!r} is several rules: give them one by one")
    return parsed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
