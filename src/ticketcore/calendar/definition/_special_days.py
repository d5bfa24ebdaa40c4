"""Dates with hours of their own (exceptions, breaks), and pauses between two instants."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import TypeAlias

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import utc
from ticketcore.calendar.definition._dates import DateLike, parse_dates
from ticketcore.calendar.definition._week import DayHours, Opening, parse_openings
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._intervals import Interval, merge
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError


@frozen
class SpecialDay(Value):
    """The hours of one date, regardless of its weekday. No openings: the date is closed."""

    day: date
    openings: tuple[Opening, ...]
    name: str


SpecialHours: TypeAlias = DayHours | Mapping[str, object]
SpecialDays: TypeAlias = (
    Mapping[date, SpecialHours]
    | Mapping[str, SpecialHours]
    | Mapping[DateLike, SpecialHours]
    | Iterable[SpecialDay]
    | None
)
Pauses: TypeAlias = Iterable[tuple[datetime, datetime]] | None


def parse_special_days(days: SpecialDays, place: str) -> tuple[SpecialDay, ...]:
    """Read a mapping of dates to hours, or the special days of other calendars, sorted by date.

    A key may be a range of dates. Each value holds hours as for a weekday, `"closed"` or `()`; or
    it is a mapping with `hours` and, optionally, `name`. *place* says in errors where the dates
    were given.

    Raises:
        CalendarError: a date, an hour or a key cannot be read, or a date is given twice.

    """
    if isinstance(days, Mapping):
        read: dict[str, tuple[Opening, ...]] = {}
        days = [
            _parse_special(day, value, place, read)
            for key, value in days.items()
            for day in parse_dates(key, place)
        ]
    found: dict[date, SpecialDay] = {}
    for special in days or ():
        if not isinstance(special, SpecialDay):
            raise CalendarError(
                f"{place}: {quoted(special)} has no hours: give a mapping of dates to hours"
            )
        day = special.day
        if day in found:
            raise CalendarError(f"{place}: {day} is given twice: write all its hours in one place")
        found[day] = special
    return tuple(found[day] for day in sorted(found))


def _parse_special(
    day: date, value: SpecialHours, place: str, read: dict[str, tuple[Opening, ...]]
) -> SpecialDay:
    """Read the hours of one date; *read* keeps those of each text, which a range repeats."""
    if isinstance(value, str):
        if value not in read:
            read[value] = parse_openings(value, f"{place}, {day}")
        return SpecialDay(day, read[value], "")
    if not isinstance(value, Mapping):
        return SpecialDay(day, parse_openings(value, f"{place}, {day}"), "")
    unknown = sorted(set(value) - {"hours", "name"})
    if unknown or "hours" not in value:
        names = ", ".join(quoted(key) for key in sorted(value)) or "an empty mapping"
        raise CalendarError(f'{place}, {day}: give "hours" and, optionally, "name", not {names}')
    return SpecialDay(
        day, parse_openings(value["hours"], f"{place}, {day}"), str(value.get("name", ""))
    )


def of_year(
    days: Sequence[SpecialDay], year: int, *, days_around: int = 0
) -> Sequence[SpecialDay]:
    """Return the special days of a year, and of *days_around* days before and after it."""
    first, end = date(year, 1, 1) - days_around * DAY, date(year + 1, 1, 1) + days_around * DAY
    begin = bisect_left(days, first, key=attrgetter("day"))
    return days[begin : bisect_left(days, end, key=attrgetter("day"))]


def without(openings: Iterable[Opening], breaks: Iterable[Opening]) -> tuple[Opening, ...]:
    """Return the openings of a day minus its breaks."""
    remaining = list(openings)
    for pause in breaks:
        remaining = [
            Opening(start, end)
            for opening in remaining
            for start, end in (
                (opening.start, min(opening.end, pause.start)),
                (max(opening.start, pause.end), opening.end),
            )
            if start < end
        ]
    return tuple(remaining)


def parse_pauses(pauses: Pauses) -> tuple[Interval, ...]:
    """Read pairs of instants, sorted; pauses that touch or overlap become one.

    Raises:
        NaiveDatetimeError: an instant has no offset.
        CalendarError: a pause ends at or before its start.

    """
    found = sorted((utc(begin), utc(end)) for begin, end in pauses or ())
    for begin, end in found:
        if end <= begin:
            raise CalendarError(f"pause from {begin} to {end} ends before it begins: swap them")
    return tuple(merge(found))
