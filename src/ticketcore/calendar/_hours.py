"""The hours of a week, as a text or as a mapping, made one value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from ticketcore.calendar._instants import DAY
from ticketcore.calendar._times import Opening, parse_openings
from ticketcore.errors import CalendarError

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS: Final = {name: n for names in (WEEKDAYS, NAMES) for n, name in enumerate(names)}

DayHours: TypeAlias = str | Iterable[Sequence[str]]
Hours: TypeAlias = "str | Mapping[str, DayHours] | Week"


@attrs.frozen
class Week:
    """The openings of each weekday, Monday first, in order."""

    days: tuple[tuple[Opening, ...], ...]

    def __str__(self) -> str:
        """Write the text form, equal neighbours as one range."""
        parts = []
        for first, last in _runs(self.days):
            if self.days[first]:
                days = WEEKDAYS[first] + (f"-{WEEKDAYS[last]}" if last > first else "")
                parts.append(" ".join([days, *map(str, self.days[first])]))
        return "; ".join(parts)


def parse_week(hours: Hours) -> Week:
    """Read the hours of a week.

    The text form is `mon-fri 08:30-12:30 13:30-17:30; sat 09:00-12:00`; the mapping has
    the same days as keys. A day that is not named is closed.

    Raises:
        CalendarError: a day or time cannot be read, a day is given twice, or openings overlap.

    """
    if isinstance(hours, Week):
        return hours
    week: dict[int, tuple[Opening, ...]] = {}
    for days, day_hours in _entries(hours):
        for weekday in _parse_days(days):
            if weekday in week:
                raise CalendarError(
                    f"{NAMES[weekday]} is given twice, the second time by {days!r}: "
                    f"write all its openings in one place"
                )
            week[weekday] = parse_openings(day_hours, NAMES[weekday])
    _refuse_overlaps_over_midnight(week)
    return Week(tuple(week.get(weekday, ()) for weekday in range(7)))


def _runs(days: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of each run of equal items."""
    first = 0
    for index in range(1, len(days) + 1):
        if index == len(days) or days[index] != days[first]:
            yield first, index - 1
            first = index


def _entries(hours: str | Mapping[str, DayHours]) -> Iterable[tuple[str, DayHours]]:
    if isinstance(hours, Mapping):
        return hours.items()
    if not isinstance(hours, str):
        raise CalendarError(
            f"{hours!r} are not the hours of a week: give a mapping such as "
            f"{{'mon-fri': '09:00-17:00'}} or a text such as 'mon-fri 09:00-17:00'"
        )
    entries = [entry.split(None, 1) for entry in hours.split(";") if entry.strip()]
    return [(days, "".join(rest)) for days, *rest in entries]


def _parse_days(text: str) -> list[int]:
    """Read `mon`, `mon-fri`, `sat-mon` (over the end of the week) or `mon,wed`."""
    found: list[int] = []
    for part in str(text).split(","):
        first, dash, last = part.partition("-")
        begin = _parse_weekday(first, text)
        length = (_parse_weekday(last, text) - begin) % 7 if dash else 0
        found.extend((begin + n) % 7 for n in range(length + 1))
    return found


def _parse_weekday(name: str, text: str) -> int:
    weekday = _NUMBERS.get(name.strip().lower())
    if weekday is None:
        raise CalendarError(
            f"{name.strip()!r} in {text!r} is not a day: write {', '.join(WEEKDAYS)}, "
            f"a range such as mon-fri, or a list such as mon,wed"
        )
    return weekday


def _refuse_overlaps_over_midnight(week: Mapping[int, tuple[Opening, ...]]) -> None:
    for weekday, openings in week.items():
        following = (weekday + 1) % 7
        for late in openings:
            for early in week.get(following, ()):
                if late.end - DAY > early.start:
                    raise CalendarError(
                        f"{NAMES[weekday]} {late} and {NAMES[following]} {early} overlap "
                        f"after midnight: end the first or begin the second elsewhere"
                    )
