"""Closures from iCalendar files, and a calendar's closed days as one. Needs `ticketcore[ical]`."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from ticketcore._internal.instants import utc
from ticketcore.calendar._business_calendar import BusinessCalendar
from ticketcore.calendar.definition._closures import Closure
from ticketcore.calendar.engine._instants import DAY, FIRST_YEAR, SUPPORTED_YEARS, check_year
from ticketcore.calendar.engine._intervals import Interval
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError, NaiveDatetimeError

if TYPE_CHECKING:
    from icalendar import Event

# The stamp says when an event was made; a value has no such time, so that equal ones write alike.
STAMP: Final = datetime(1970, 1, 1, tzinfo=UTC)


class IcsClosures(NamedTuple):
    """What a file closes, in the forms that `BusinessCalendar` takes."""

    holidays: dict[date, str]
    closures: tuple[Closure, ...]
    pauses: tuple[Interval, ...]


def read_ics(text: str | bytes) -> IcsClosures:
    """Read closures from an iCalendar file.

    An all-day event closes its dates, and a recurring one its dates again and again.
    A timed event is a pause; one without an end takes no time. Cancelled events are left out.

    Raises:
        CalendarError: the text is no iCalendar, or an event cannot be kept as a closure: one with
            further dates (RDATE), or that stands for an occurrence of another (RECURRENCE-ID).
        NaiveDatetimeError: a timed event has no zone.

    """
    from icalendar import Calendar

    found: dict[date, str] = {}
    closures: list[Closure] = []
    pauses: list[Interval] = []
    try:
        for event in Calendar.from_ical(text).events:
            if event.get("STATUS") == "CANCELLED":
                continue
            _refuse_what_moves(event)
            if isinstance(event.start, datetime):
                pauses += _pause(event)
            elif event.rrules:
                closures.append(_closure(event))
            else:
                found |= dict.fromkeys(_dates(event), _name(event))
    except NaiveDatetimeError:
        raise
    except ValueError as error:
        raise CalendarError(f"the text is not an iCalendar file of closures: {error}") from error
    return IcsClosures(holidays=found, closures=tuple(closures), pauses=tuple(pauses))


def write_ics(calendar: BusinessCalendar, years: Iterable[int]) -> str:
    """Write the closed days of a calendar as an iCalendar file.

    It has the holidays and closed dates of the given years, the recurring closures as rules,
    and the pauses. Equal calendars are written alike.

    Raises:
        CalendarRangeError: the holidays of a year are not known, or no calendar reaches it.
        CalendarError: a day of a closure of several days is open by exception, which no rule says.

    """
    from icalendar import Calendar

    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", "-//ticketcore//calendar//EN")
    for event in _events(calendar, years):
        from uuid import NAMESPACE_URL, uuid5

        event.add("uid", str(uuid5(NAMESPACE_URL, event.to_ical().decode())))
        event.add("dtstamp", STAMP)
        file.add_component(event)
    return str(file.to_ical().decode())


def _events(calendar: BusinessCalendar, years: Iterable[int]) -> Iterator["Event"]:
    from icalendar import vRecur

    years = sorted(set(years))
    for year in years:
        check_year(year)
    dates = {day: name for year in years for day, name in calendar.holidays.of_year(year).items()}
    for special in calendar.exceptions:
        dates.pop(special.day, None)
        if special.day.year in years and not special.openings:
            dates[special.day] = special.name or "closed"
    for day in sorted(dates):
        yield _event(dates[day], day, day + DAY)
    for closure in calendar.closures:
        since = closure.since or date(FIRST_YEAR, 1, 1)
        event = _event(closure.name, since, since + DAY * closure.days)
        event.add("rrule", vRecur.from_ical(closure.rule))
        worked = sorted({*closure.without, *_opened(calendar, closure)})
        if worked:
            event.add("exdate", worked)
        yield event
    for begin, end in calendar.pauses:
        yield _event("pause", begin, end)


def _opened(calendar: BusinessCalendar, closure: Closure) -> Iterator[date]:
    """Yield the dates in the supported years that a closure closes and an exception opens."""
    for special in calendar.exceptions:
        year = special.day.year
        if special.openings and year in SUPPORTED_YEARS and special.day in closure.of_year(year):
            if closure.days > 1:
                raise CalendarError(
                    f"closure {quoted(closure.rule)} takes {closure.days} days, of which "
                    f"{special.day} is open by exception: close single days instead"
                )
            yield special.day


def _event(name: str, start: date, end: date) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("summary", name)
    event.add("dtstart", start)
    event.add("dtend", end)
    return event


def _closure(event: "Event") -> Closure:
    if len(event.rrules) > 1:
        raise CalendarError(f"event {quoted(_name(event))} has several rules: give it one")
    return Closure(
        event.rrules[0].to_ical().decode(),
        name=_name(event),
        since=event.start,
        days=len(_dates(event)),
        without=tuple(event.exdates),
    )


def _refuse_what_moves(event: "Event") -> None:
    for key, what in (("RDATE", "has further dates"), ("RECURRENCE-ID", "moves an occurrence")):
        if key in event:
            raise CalendarError(
                f"event {quoted(_name(event))} {what}, {key}: give each as its own event"
            )


def _pause(event: "Event") -> Iterator[Interval]:
    if event.rrules:
        raise CalendarError(
            f"event {quoted(_name(event))} recurs at times of day: "
            f"recurring closures cover whole dates"
        )
    begin, end = utc(cast(datetime, event.start)), utc(cast(datetime, event.end))
    if begin != end:
        yield begin, end


def _dates(event: "Event") -> list[date]:
    return [event.start + DAY * n for n in range((event.end - event.start).days)]


def _name(event: "Event") -> str:
    return str(event.get("SUMMARY", "closed"))
