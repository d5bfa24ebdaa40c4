"""Read closures from an iCalendar file. Everything is kept exactly, or refused by name.

| in the file | becomes |
|---|---|
| all-day event | dates in `holidays`; a closure if it is longer than a month |
| recurring all-day event | a closure for each RRULE; further dates (RDATE) in `holidays` |
| cancelled or excluded occurrence | a date in the closure's `without` |
| moved occurrence | the same, and its new date in `holidays` |
| timed event | a pause |
| cancelled event, older version of an event | nothing |

Recurring timed events, changes of all later occurrences, and broken or contradictory events are
refused. Components other than events close nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ticketcore._internal.arguments import typed
from ticketcore._internal.limits import MAX_CLOSURES, MAX_FILE_BYTES
from ticketcore._internal.terminal import cut
from ticketcore.calendar.definition._closures import Closure
from ticketcore.calendar.engine._instants import DAY, SUPPORTED_YEARS
from ticketcore.calendar.engine._intervals import Interval
from ticketcore.calendar.engine._messages import quoted
from ticketcore.calendar.engine._zones import zone_of
from ticketcore.calendar.ical._event import CalendarEvent, parse_event
from ticketcore.errors import CalendarError, NaiveDatetimeError

_MOST_DATES: Final = 31

# Errors that the icalendar library raises for a broken file.
_BROKEN: Final = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RecursionError,
    OSError,
)


class IcsClosures(NamedTuple):
    """The closures of a file, as arguments of `BusinessCalendar`."""

    holidays: dict[date, str]
    closures: tuple[Closure, ...]
    pauses: tuple[Interval, ...]


@typed
def read_ics(text: str | bytes, *, zone: str | ZoneInfo | None = None) -> IcsClosures:
    """Read closures from an iCalendar file.

    Tentative and transparent events close their dates too. *zone* is the zone of floating times,
    which are written without one.

    Raises:
        CalendarError: the text is not an iCalendar file, or an event cannot be kept exactly. The
            message has the event's name.
        NaiveDatetimeError: a time is floating, and *zone* is None.

    """
    floating = None if zone is None else zone_of(zone)
    reader = _Reader()
    for series in _series(_parse(text, floating)):
        reader.read(series)
    return IcsClosures(
        holidays=dict(sorted(reader.holidays.items())),
        closures=tuple(reader.closures),
        pauses=tuple(sorted(reader.pauses)),
    )


def _parse(text: str | bytes, zone: ZoneInfo | None) -> list[CalendarEvent]:
    from icalendar import Calendar

    if len(text) > MAX_FILE_BYTES:
        raise CalendarError(f"the text has more than {MAX_FILE_BYTES:,} bytes")
    try:
        events = []
        calendars = Calendar.from_ical(text, multiple=True)
        if not calendars:
            raise CalendarError("the text holds no calendar: it must begin with BEGIN:VCALENDAR")
        for calendar in calendars:
            if calendar.name != "VCALENDAR":
                raise CalendarError(f"the file begins with {calendar.name}, not with VCALENDAR")
            events += [parse_event(component, zone) for component in calendar.walk("VEVENT")]
    except (CalendarError, NaiveDatetimeError):
        raise
    except _BROKEN as error:
        raise CalendarError(
            f"the text is not a valid iCalendar file: {cut(str(error))}"
        ) from error
    return events


def _series(events: Iterable[CalendarEvent]) -> Iterable[Sequence[CalendarEvent]]:
    """Group events by UID, and keep the version with the highest SEQUENCE of each."""
    newest: dict[tuple[str | int, date | datetime | None], CalendarEvent] = {}
    for number, event in enumerate(events):
        key = (number if event.uid is None else event.uid, event.replaces)
        other = newest.get(key)
        if other is not None and other.sequence == event.sequence:
            event.refuse(f"has the same UID and SEQUENCE as event {quoted(other.name)}")
        if other is None or event.sequence > other.sequence:
            newest[key] = event
    groups: defaultdict[str | int, list[CalendarEvent]] = defaultdict(list)
    for (uid, _), event in newest.items():
        groups[uid].append(event)
    return groups.values()


class _Reader:
    """Collects the closures of a file."""

    def __init__(self) -> None:
        self.holidays: dict[date, str] = {}
        self.closures: list[Closure] = []
        self.pauses: list[Interval] = []

    def read(self, series: Sequence[CalendarEvent]) -> None:
        """Keep a series: an event, and its changed occurrences."""
        changed = [event for event in series if event.replaces is not None]
        replaced = {event.replaces for event in changed if isinstance(event.replaces, date)}
        for event in series:
            if event.replaces is None and not event.cancelled:
                self._read_main(event, replaced)
        excluded = {day for event in series for day in event.excluded}
        for event in changed:
            if event.rules or event.further:
                event.refuse("is one occurrence of a series and recurs itself")
            if event.replaces in excluded:
                event.refuse(f"replaces the occurrence {event.replaces}, which EXDATE excludes")
            if not event.cancelled:
                self._close(event, event.start)

    def _read_main(self, event: CalendarEvent, changed: set[date]) -> None:
        excluded = {*event.excluded, *changed}
        if isinstance(event.start, datetime):
            if event.rules or event.further:
                event.refuse("recurs at times of day, but closures cover whole dates")
            if not excluded:
                self._close(event, event.start)
            return
        self._refuse_too_many(len(event.rules))
        closures = [self._closure(event, rule, event.start, excluded) for rule in event.rules]
        self.closures += closures
        # The first date of a series counts even if its rule leaves it out.
        dates = {event.start, *event.further}
        years = {day.year for day in dates} & {*SUPPORTED_YEARS}
        in_rules = {
            day
            for closure in closures
            for year in years
            for day in closure.occurrences(date(year, 1, 1), date(year, 12, 31))
        }
        for day in sorted(dates - excluded - in_rules):
            self._close(event, day)

    def _refuse_too_many(self, more: int) -> None:
        if len(self.closures) + more > MAX_CLOSURES:
            raise CalendarError(f"the file has more than {MAX_CLOSURES} regular or long closures")

    def _closure(
        self, event: CalendarEvent, rule: str, since: date, excluded: set[date]
    ) -> Closure:
        open_dates = tuple(sorted(excluded))
        try:
            closure = Closure(rule, event.name, since=since, days=event.days, without=open_dates)
        except CalendarError as error:
            event.refuse(f"cannot be kept: {error}")
        if closure.counts_positions_in_weeks and since.weekday() != closure.recurrence.week_start:
            event.refuse("uses BYSETPOS and begins in the middle of a week")
        until = closure.recurrence.until
        if until and until < since:
            event.refuse(f"recurs until {until}, before it begins on {since}")
        return closure

    def _close(self, event: CalendarEvent, start: date | datetime) -> None:
        """Close the dates of one occurrence, or pause from its start to its end."""
        if isinstance(start, datetime):
            assert event.end is not None
            if start < event.end:
                self.pauses.append((start, event.end))
            return
        days = min(event.days, date.max.toordinal() - start.toordinal() + 1)
        if days > _MOST_DATES:
            self._refuse_too_many(1)
            self.closures.append(Closure.of_range(start, start + DAY * (days - 1), event.name))
            return
        for n in range(days):
            self.holidays.setdefault(start + DAY * n, event.name)
