"""Write the closed days of a calendar as an iCalendar file."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from ticketcore._internal.arguments import typed
from ticketcore.calendar._business_calendar import BusinessCalendar
from ticketcore.calendar.definition._closures import Closure
from ticketcore.calendar.engine._instants import DAY, check_year

if TYPE_CHECKING:
    from icalendar import Event

# DTSTAMP is required. Calendars have no such instant, and equal calendars write equal files.
_STAMP: Final = datetime(1970, 1, 1, tzinfo=UTC)


@typed
def write_ics(calendar: BusinessCalendar, years: Iterable[int]) -> str:
    """Write the closed days of a calendar as an iCalendar file.

    The file holds holidays, closed exceptions, regular closures and pauses, and closes the same
    dates in *years* as the calendar. Closures are written as rules if a rule can say the same,
    otherwise as dates. Weekly hours, breaks and exceptions with hours are not written.

    Raises:
        CalendarRangeError: the holidays of a year are not known, or the year is not supported.

    """
    from uuid import NAMESPACE_URL, uuid5

    from icalendar import Calendar

    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", "-//ticketcore//calendar//EN")
    for event in _events(calendar, sorted(set(years))):
        event.add("uid", str(uuid5(NAMESPACE_URL, event.to_ical().decode())))
        event.add("dtstamp", _STAMP)
        file.add_component(event)
    return str(file.to_ical().decode())


def _events(calendar: BusinessCalendar, years: list[int]) -> Iterator["Event"]:
    for year in years:
        check_year(year)
    dates = {day: name for year in years for day, name in calendar.holidays.of_year(year).items()}
    open_dates = set()
    for special in calendar.exceptions:
        dates.pop(special.day, None)
        if special.openings:
            open_dates.add(special.day)
        elif special.day.year in years:
            dates[special.day] = special.name or "closed"
    for day in sorted(dates):
        yield _event(dates[day], day, day + DAY)
    for closure in calendar.closures:
        yield from _closure_events(closure, years, open_dates)
    for begin, end in calendar.pauses:
        yield _event("pause", begin, end)


def _closure_events(
    closure: Closure, years: list[int], open_dates: set[date]
) -> Iterator["Event"]:
    """Yield one event with a rule, or one for each closed date if no rule can say the same."""
    closed = {day for year in years for day in closure.of_year(year)}
    if not closed:
        return
    opened = closed & open_dates
    several_opened = opened and closure.days > 1
    if several_opened or closure.recurrence.by_easter or closure.counts_positions_in_weeks:
        for day in sorted(closed - open_dates):
            yield _event(closure.name, day, day + DAY)
        return
    yield _recurring_event(closure, years, opened)


def _recurring_event(closure: Closure, years: list[int], opened: set[date]) -> "Event":
    """Return the rule as an event that begins with an occurrence."""
    from icalendar import vRecur

    first = closure.since or date(years[0], 1, 1) - DAY * (closure.days - 1)
    start = closure.first_occurrence(first)
    event = _event(closure.name, start, start + DAY * closure.days)
    event.add("rrule", vRecur.from_ical(closure.rule))
    excluded = sorted({*closure.without, *opened})
    if excluded:
        event.add("exdate", excluded)
    return event


def _event(name: str, start: date, end: date) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("summary", name)
    event.add("dtstart", start)
    event.add("dtend", end)
    return event
