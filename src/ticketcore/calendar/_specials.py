"""Days that are not like their weekday: special openings, early closings, closures by date."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import TypeAlias

import attrs

from ticketcore.calendar._dates import DateLike, parse_date
from ticketcore.calendar._hours import DayHours
from ticketcore.calendar._instants import DAY
from ticketcore.calendar._times import Opening, parse_openings
from ticketcore.errors import CalendarError


@attrs.frozen
class SpecialDay:
    """The hours of one date, whatever its weekday says; no openings mean closed."""

    day: date
    openings: tuple[Opening, ...]
    name: str


SpecialHours: TypeAlias = DayHours | Mapping[str, object]
Specials: TypeAlias = (
    Mapping[date, SpecialHours]
    | Mapping[str, SpecialHours]
    | Mapping[DateLike, SpecialHours]
    | Iterable[SpecialDay]
    | None
)


def parse_specials(specials: Specials, what: str) -> tuple[SpecialDay, ...]:
    """Read a mapping of dates to hours, in order of dates; or the special days of calendars.

    Each value is hours as on a weekday, `"closed"` or `()`; or a mapping of `hours` and `name`.

    Raises:
        CalendarError: a date, an hour or a key cannot be read, or a date is given twice.

    """
    if isinstance(specials, Mapping):
        specials = [
            _parse_special(parse_date(key, what), value, what) for key, value in specials.items()
        ]
    found: dict[date, SpecialDay] = {}
    for special in specials or ():
        if not isinstance(special, SpecialDay):
            raise CalendarError(f"{what}: {special!r} is no special day: give dates with hours")
        day = special.day
        if day in found:
            raise CalendarError(f"{what}: {day} is given twice: write all its hours in one place")
        found[day] = special
    return tuple(found[day] for day in sorted(found))


def _parse_special(day: date, value: SpecialHours, what: str) -> SpecialDay:
    if not isinstance(value, Mapping):
        return SpecialDay(day, parse_openings(value, f"{what}, {day}"), "")
    unknown = sorted(set(value) - {"hours", "name"})
    if unknown or "hours" not in value:
        raise CalendarError(
            f"{what}, {day}: a special day has 'hours' and perhaps a 'name', not {sorted(value)}"
        )
    return SpecialDay(
        day, parse_openings(value["hours"], f"{what}, {day}"), str(value.get("name", ""))
    )


def of_year(
    specials: Sequence[SpecialDay], year: int, *, days_around: int = 0
) -> Sequence[SpecialDay]:
    """Return those of a year, and of so many days before and after it."""
    first, end = date(year, 1, 1) - days_around * DAY, date(year + 1, 1, 1) + days_around * DAY
    begin = bisect_left(specials, first, key=attrgetter("day"))
    return specials[begin : bisect_left(specials, end, key=attrgetter("day"))]


def without(openings: Iterable[Opening], breaks: Iterable[Opening]) -> tuple[Opening, ...]:
    """Return the openings of a day with its breaks taken out."""
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
