"""Recurrence rules of RFC 5545 for whole dates, such as `FREQ=WEEKLY;BYDAY=WE`.

A rule repeats a period: a day, a week, a month or a year, or every INTERVAL of them, counted from
the period of its first date. Within each period, the dates that satisfy all BY parts are the
occurrences; BYSETPOS then picks some of them by position.

`dates_between` looks only at the periods of the years that it is asked about, so the cost does not
depend on the numbers in a rule. A rule that cannot be read, has a number out of range, or matches
no date at all is refused when it is parsed.

`BYEASTER=n` is an extension: the n-th day after Easter Sunday.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeAlias, assert_never

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar.engine._instants import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    days_in_month,
    is_leap,
)

Frequency: TypeAlias = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

_JANUARY_TO_DECEMBER: Final = range(1, 13)
_END: Final = date.max.toordinal() + 1


@frozen(kw_only=True)
class Recurrence(Value):
    """A parsed rule. `by_day` holds pairs of a position (0: each) and a weekday (0: Monday)."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_month: frozenset[int] = frozenset()
    by_week: frozenset[int] = frozenset()
    by_year_day: frozenset[int] = frozenset()
    by_month_day: frozenset[int] = frozenset()
    by_day: frozenset[tuple[int, int]] = frozenset()
    by_easter: frozenset[int] = frozenset()
    by_position: frozenset[int] = frozenset()
    week_start: int = 0

    @property
    def names_its_days(self) -> bool:
        """Whether the rule itself says which days of a period it means."""
        named = (self.by_week, self.by_year_day, self.by_month_day, self.by_day, self.by_easter)
        return any(named)

    @property
    def depends_on_first_date(self) -> bool:
        """Whether another first date gives other dates."""
        counts = self.interval > 1 or self.count is not None
        return counts or not (self.names_its_days or self.frequency == "DAILY")


def matches_a_date(rule: Recurrence, since: date) -> bool:
    """Tell whether the rule has a date, regardless of its end, in the supported years."""
    if not (rule.names_its_days or rule.by_month):
        return True  # the first date is one
    first = max(since.year, FIRST_YEAR)
    # Weekdays and leap years repeat within 40 years; Easter and intervals take longer.
    regular = rule.interval == 1 and not rule.by_easter
    last = first + 40 if regular else max(LAST_YEAR, first)
    years = range(first, min(last, date.max.year) + 1)
    return any(True for year in years for _ in _occurrences(rule, since, year))


def dates_between(rule: Recurrence, since: date, first: date, last: date) -> Iterator[date]:
    """Yield the occurrences from *first* to *last*, both included, of a rule that begins *since*.

    The rule's own COUNT and UNTIL apply.
    """
    last = min(last, rule.until or last)
    if rule.count is not None:
        last = min(last, _date_of_last(attrs.evolve(rule, count=None), since, rule.count))
    for year in range(max(first.year, since.year), last.year + 1):
        for day in _dates_of_year(rule, since, year):
            if first <= day <= last:
                yield day


@lru_cache(maxsize=512)
def _date_of_last(rule: Recurrence, since: date, count: int) -> date:
    """Return the date of the last of *count* occurrences, or a date after the supported years."""
    for year in range(since.year, LAST_YEAR + 1):
        dates = _dates_of_year(rule, since, year)
        if count <= len(dates):
            return dates[count - 1]
        count -= len(dates)
    return date.max


@lru_cache(maxsize=4096)
def _dates_of_year(rule: Recurrence, since: date, year: int) -> Sequence[date]:
    return list(_occurrences(rule, since, year))


def _occurrences(rule: Recurrence, since: date, year: int) -> Iterator[date]:
    """Yield the occurrences in one year, regardless of COUNT and UNTIL, in order."""
    first, last = max(date(year, 1, 1), since), date(year, 12, 31)
    rule = rule if rule.names_its_days else _with_days_of(rule, since)
    for period in _periods(rule, since, year):
        days = [day for day in period if _matches(rule, day)]
        for day in _at_positions(days, rule.by_position):
            if first <= day <= last:
                yield day


def _with_days_of(rule: Recurrence, since: date) -> Recurrence:
    """Return the rule with the month day or weekday of its first date."""
    match rule.frequency:
        case "YEARLY":
            months = rule.by_month or frozenset({since.month})
            return attrs.evolve(rule, by_month=months, by_month_day=frozenset({since.day}))
        case "MONTHLY":
            return attrs.evolve(rule, by_month_day=frozenset({since.day}))
        case "WEEKLY":
            return attrs.evolve(rule, by_day=frozenset({(0, since.weekday())}))
        case "DAILY":
            return rule
        case _:
            assert_never(rule.frequency)


def _periods(rule: Recurrence, since: date, year: int) -> Iterator[Sequence[date]]:
    """Yield the days of each period that the rule repeats and that has days in a year.

    Months that the rule leaves out are not looked at.
    """
    months = sorted(rule.by_month) or _JANUARY_TO_DECEMBER
    match rule.frequency:
        case "YEARLY":
            if (year - since.year) % rule.interval == 0:
                yield [day for month in months for day in _month(year, month)]
        case "MONTHLY":
            for month in months:
                if (12 * (year - since.year) + month - since.month) % rule.interval == 0:
                    yield _month(year, month)
        case "WEEKLY":
            origin, step = _week_of(since, rule.week_start), 7 * rule.interval
            low, high = _week_of(date(year, 1, 1), rule.week_start), date(year, 12, 31).toordinal()
            for week in range(low + (origin - low) % step, high + 1, step):
                yield [date.fromordinal(day) for day in range(max(week, 1), min(week + 7, _END))]
        case "DAILY":
            low, high = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            offset = (since.toordinal() - low) % rule.interval
            for day in range(low + offset, high + 1, rule.interval):
                yield [date.fromordinal(day)]
        case _:
            assert_never(rule.frequency)


def _month(year: int, month: int) -> Sequence[date]:
    return [date(year, month, day) for day in range(1, days_in_month(year, month) + 1)]


def _week_of(day: date, week_start: int) -> int:
    """Return the first day of a date's week as an ordinal; it may lie before year 1."""
    return day.toordinal() - (day.weekday() - week_start) % 7


def _matches(rule: Recurrence, day: date) -> bool:
    """Tell whether a date satisfies all BY parts, apart from BYSETPOS."""
    return (
        (not rule.by_month or day.month in rule.by_month)
        and (not rule.by_month_day or _is_in(rule.by_month_day, day.day, _month_length(day)))
        and (not rule.by_day or _matches_day(rule, day))
        and (not rule.by_year_day or _is_in(rule.by_year_day, _year_day(day), _year_length(day)))
        and (not rule.by_week or _is_in(rule.by_week, *_week_number(day, rule.week_start)))
        and (not rule.by_easter or (day - _easter(day.year)).days in rule.by_easter)
    )


def _is_in(numbers: frozenset[int], number: int, count: int) -> bool:
    """Tell whether *numbers* hold the number, or its negative form counted from the end."""
    return number in numbers or number - count - 1 in numbers


def _matches_day(rule: Recurrence, day: date) -> bool:
    """Tell whether BYDAY holds the weekday, or the weekday at its position in month or year."""
    weekday = day.weekday()
    if (0, weekday) in rule.by_day:
        return True
    if rule.frequency == "MONTHLY" or rule.by_month:
        number, length = day.day, _month_length(day)
    else:
        number, length = _year_day(day), _year_length(day)
    from_start, from_end = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
    return (from_start, weekday) in rule.by_day or (from_end, weekday) in rule.by_day


def _at_positions(days: Sequence[date], positions: frozenset[int]) -> Sequence[date]:
    """Return the dates at the positions of BYSETPOS, counted from either end, in order."""
    if not positions:
        return days
    return [day for n, day in enumerate(days, 1) if _is_in(positions, n, len(days))]


def _month_length(day: date) -> int:
    return days_in_month(day.year, day.month)


def _year_day(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _year_length(day: date) -> int:
    return 366 if is_leap(day.year) else 365


def _week_number(day: date, week_start: int) -> tuple[int, int]:
    """Return a date's week number and the number of weeks in the year of that week.

    Week 1 is the first week with at least four days in the year.
    """
    middle = date.fromordinal(_week_of(day, week_start)) + 3 * DAY
    first = _week_of(date(middle.year, 1, 4), week_start)
    last = _week_of(date(middle.year, 12, 28), week_start)
    return (_week_of(day, week_start) - first) // 7 + 1, (last - first) // 7 + 1


@lru_cache(maxsize=512)
def _easter(year: int) -> date:
    """Return the date of Easter Sunday."""
    from dateutil.easter import easter

    return easter(year)
