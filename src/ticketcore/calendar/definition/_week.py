"""Weekly opening hours, as text such as `mon-fri 09:00-17:00` or as a mapping.

Times of day are minutes and seconds after midnight. An opening may end at `24:00` or after
midnight (`22:00-06:00`, `22:00-26:00`); it belongs to the day on which it begins.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice, pairwise
from typing import Final, NamedTuple, TypeAlias

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.limits import MAX_OPENINGS
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_NUMBERS: Final = {name: n for names in (WEEKDAYS, WEEKDAY_NAMES) for n, name in enumerate(names)}
_TIME: Final = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_FORMS: Final = '"09:00-17:00", or several such as ["09:00-12:30", "13:30-17:30"]'

DayHours: TypeAlias = str | Iterable[Sequence[str]]
Hours: TypeAlias = "str | Mapping[str, DayHours] | Week"


class Opening(NamedTuple):
    """Open time of one day, from `start` up to but not including `end`, after midnight."""

    start: timedelta
    end: timedelta

    def __str__(self) -> str:
        return f"{time_text(self.start)}-{time_text(self.end)}"


@frozen
class Week(Value):
    """The openings of each weekday in order, Monday first."""

    days: tuple[tuple[Opening, ...], ...]

    def __str__(self) -> str:
        """Return the text form, with equal neighbouring days as one range."""
        parts = []
        for first, last in _runs(self.days):
            if self.days[first]:
                days = WEEKDAYS[first] + (f"-{WEEKDAYS[last]}" if last > first else "")
                parts.append(" ".join([days, *map(str, self.days[first])]))
        return "; ".join(parts)


def parse_week(hours: Hours) -> Week:
    """Read the hours of a week.

    The text form is `mon-fri 08:30-12:30 13:30-17:30; sat 09:00-12:00`; a mapping has the same
    days as keys. Days that are not named are closed.

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
                    f"{WEEKDAY_NAMES[weekday]} is given twice, the second time by {quoted(days)}: "
                    f"write all its openings in one place"
                )
            week[weekday] = parse_openings(day_hours, WEEKDAY_NAMES[weekday])
    _refuse_overlaps_after_midnight(week)
    return Week(tuple(week.get(weekday, ()) for weekday in range(7)))


def parse_openings(hours: object, day: str) -> tuple[Opening, ...]:
    """Read the openings of one day. `()`, an empty text and `"closed"` give none.

    *day* names the day in errors.

    Raises:
        CalendarError: a time cannot be read, two openings overlap, or there are too many.

    """
    if isinstance(hours, str):
        hours = [] if hours.strip() == "closed" else hours.replace(",", " ").split()
    if not isinstance(hours, Iterable):
        raise CalendarError(f"{day}: {quoted(hours)} is not a list of openings: give {_FORMS}")
    items = list(islice(hours, MAX_OPENINGS + 1))
    if len(items) > MAX_OPENINGS:
        raise CalendarError(f"{day}: more than {MAX_OPENINGS} openings: join some of them")
    openings = tuple(sorted(_parse_opening(item, day) for item in items))
    for first, second in pairwise(openings):
        if second.start < first.end:
            raise CalendarError(
                f"{day}: {first} and {second} overlap: "
                f"join them, or start the second at {time_text(first.end)} or later"
            )
    return openings


def parse_time(text: object, day: str) -> timedelta:
    """Read a time of day as the time after midnight, up to 48:00.

    Raises:
        CalendarError: the text is not a time, or could mean two different ones.

    """
    match = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise CalendarError(f"{day}: {quoted(text)} is not a time: write HH:MM or HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    time = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    # ISO 8601 allows hour 24 only for the end of the day. 24:10 is more often a slip for 00:10 or
    # 24:00 than a late closing. A late closing has an unmistakable form: 00:10, or 26:00.
    if hours == 24 and time != DAY:
        raise CalendarError(
            f"{day}: {quoted(text)} is after the end of the day: "
            f"write 24:00, or {time_text(time - DAY)} for the next morning"
        )
    if time > 2 * DAY:
        raise CalendarError(f"{day}: {quoted(text)} is after the end of the next day, 48:00")
    return time


def time_text(time: timedelta) -> str:
    """Write a time after midnight as `HH:MM`, or as `HH:MM:SS` if it has seconds."""
    minutes, seconds = divmod(time // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


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
            f"hours {quoted(hours)} cannot be read: give a mapping such as "
            f'{{"mon-fri": "09:00-17:00"}} or a text such as "mon-fri 09:00-17:00"'
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
            f"{quoted(name.strip())} in {quoted(text)} is not a day: write {', '.join(WEEKDAYS)}, "
            f"a range such as mon-fri, or a list such as mon,wed"
        )
    return weekday


def _parse_opening(item: object, day: str) -> Opening:
    ends = item.split("-") if isinstance(item, str) else item
    if isinstance(item, str) and item.partition("-")[0].lower() in _NUMBERS:
        raise CalendarError(
            f"{day}: {quoted(item)} is a day, not an opening: separate days by a semicolon, "
            f'as in "mon-fri 09:00-17:00; sat 10:00-12:00"'
        )
    if not isinstance(ends, Sequence) or len(ends) != 2:
        raise CalendarError(f"{day}: {quoted(item)} is not an opening: give {_FORMS}")
    start, end = parse_time(ends[0], day), parse_time(ends[1], day)
    if start >= DAY:
        raise CalendarError(
            f"{day}: {time_text(start)}-{time_text(end)} begins after midnight: "
            f"list it under the next day, from {time_text(start - DAY)}"
        )
    if start == end:
        raise CalendarError(
            f"{day}: {time_text(start)}-{time_text(end)} is empty: "
            f"leave it out, or write 00:00-24:00 for the whole day"
        )
    # An opening that ends before it begins, such as 22:00-06:00, ends on the next day.
    opening = Opening(start, end if start < end else end + DAY)
    if opening.end - opening.start > DAY:
        raise CalendarError(f"{day}: {opening} is longer than a day: give each day its own hours")
    return opening


def _refuse_overlaps_after_midnight(week: Mapping[int, tuple[Opening, ...]]) -> None:
    for weekday, openings in week.items():
        following = (weekday + 1) % 7
        for late in openings:
            for early in week.get(following, ()):
                if late.end - DAY > early.start:
                    raise CalendarError(
                        f"{WEEKDAY_NAMES[weekday]} {late} and "
                        f"{WEEKDAY_NAMES[following]} {early} overlap after midnight: "
                        f"end the first or begin the second elsewhere"
                    )
