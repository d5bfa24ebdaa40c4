"""Why a configured calendar is closed: the holiday's name, the break, the weekday."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import attrs

from ticketcore.calendar._explanation import KnownHolidays, Reason, Skipped
from ticketcore.calendar._holidays import Holidays
from ticketcore.calendar._hours import NAMES
from ticketcore.calendar._instants import DAY
from ticketcore.calendar._intervals import difference
from ticketcore.calendar._zones import from_local

if TYPE_CHECKING:
    from ticketcore.calendar._business import BusinessCalendar


def closed_time(calendar: "BusinessCalendar", start: datetime, end: datetime) -> Iterator[Skipped]:
    """Yield why it is closed from `start` to `end`, in which it is never open.

    A pause or break is what would be open without it. The rest is explained by its date.
    """
    unpaused = attrs.evolve(calendar, pauses=()) if calendar.pauses else calendar
    unbroken = attrs.evolve(unpaused, breaks=()) if calendar.breaks else unpaused
    paused = unpaused.intervals(start, end)
    broken = list(difference(unbroken.intervals(start, end), paused))
    pieces = [Skipped(begin, stop, "pause", "") for begin, stop in paused]
    for begin, stop in broken:
        pieces.append(Skipped(begin, stop, "break", _break_name(calendar, begin)))
    for begin, stop in difference([(start, end)], sorted([*paused, *broken])):
        pieces += _by_date(calendar, begin, stop)
    yield from sorted(pieces)


def known_holidays(holidays: Holidays) -> tuple[KnownHolidays, ...]:
    """Return until when holidays are known: by a country's rules, and as given dates."""
    found = []
    if holidays.place:
        source = f"the rules for {holidays.place} in the holidays package"
        found.append(KnownHolidays(source, date(holidays.place.known_years[-1], 12, 31)))
    if holidays.add:
        found.append(KnownHolidays("the given dates", holidays.add[-1][0]))
    return tuple(found)


def _by_date(calendar: "BusinessCalendar", start: datetime, end: datetime) -> Iterator[Skipped]:
    begin = start
    day = start.astimezone(calendar.zone).date()
    while begin < end:
        midnight = from_local(datetime.combine(day + DAY, time()), calendar.zone)
        stop = min(midnight, end)
        # A date that clocks leave out altogether has no time to be skipped.
        if begin < stop:
            yield Skipped(begin, stop, *_reason(calendar, day))
        begin, day = stop, day + DAY


def _reason(calendar: "BusinessCalendar", day: date) -> tuple[Reason, str]:
    """Return what decides about a date: the strongest rule that speaks of it."""
    for special in calendar.exceptions:
        if special.day == day:
            return "exception", special.name or ("special hours" if special.openings else "closed")
    closed = calendar.rules.closed_days(day.year).get(day)
    if closed:
        return closed
    if not calendar.hours.days[day.weekday()]:
        return "weekday", NAMES[day.weekday()]
    return "outside hours", ""


def _break_name(calendar: "BusinessCalendar", begin: datetime) -> str:
    """Return the name of the break of that local date, or of the shift that runs into it."""
    day = begin.astimezone(calendar.zone).date()
    names = {special.day: special.name for special in calendar.breaks}
    return names.get(day) or names.get(day - DAY) or ""
