"""One event of an iCalendar file, with its values converted and checked.

The icalendar library is lenient: it keeps broken values aside, accepts properties twice, and takes
an unknown time zone for no zone. `parse_event` refuses all of these with the event's name, because
a closure that is silently lost makes every deadline over it wrong.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias
from zoneinfo import ZoneInfo

from ticketcore._internal.instants import utc
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._messages import quoted
from ticketcore.calendar.engine._zones import from_local
from ticketcore.errors import CalendarError, NaiveDatetimeError

# The library types a property as one of thirty classes; which one it is depends on its name.
Component: TypeAlias = Any

_ONCE: Final = "UID DTSTART DTEND DURATION STATUS SEQUENCE SUMMARY RECURRENCE-ID".split()
_USED: Final = {*_ONCE, "RRULE", "RDATE", "EXDATE", "EXRULE"}


class CalendarEvent(NamedTuple):
    """An all-day event of `days` dates from `start`, or a timed event from `start` to `end`.

    `replaces` is the occurrence of the series with the same `uid` that the event stands for.
    `rules`, `further` and `excluded` hold RRULE, RDATE and EXDATE.
    """

    name: str
    uid: str | None
    sequence: int
    cancelled: bool
    replaces: date | datetime | None
    start: date | datetime
    days: int
    end: datetime | None
    rules: tuple[str, ...]
    further: tuple[date, ...]
    excluded: tuple[date, ...]

    def refuse(self, why: str) -> NoReturn:
        """Raise CalendarError with the name of the event."""
        _refuse(self.name, why)


def parse_event(component: Component, zone: ZoneInfo | None) -> CalendarEvent:
    """Convert a VEVENT. *zone* is the zone of floating times.

    Raises:
        CalendarError: a value is broken, given twice, or cannot be kept.
        NaiveDatetimeError: a time is floating, and *zone* is None.

    """
    name = str(component.get("SUMMARY", "closed"))
    _check(component, name)
    values = _Values(component, name, zone)
    start = values.start()
    all_day = not isinstance(start, datetime)
    return CalendarEvent(
        name=name,
        uid=str(component["UID"]) if "UID" in component else None,
        sequence=int(component.get("SEQUENCE", 0)),
        cancelled=str(component.get("STATUS", "")).strip().upper() == "CANCELLED",
        replaces=values.replaces(all_day=all_day),
        start=start,
        days=values.days(start) if all_day else 0,
        end=values.end(start) if isinstance(start, datetime) else None,
        rules=tuple(_rule_text(rule, name) for rule in _listed(component, "RRULE")),
        further=tuple(values.dates("RDATE")),
        excluded=tuple(values.dates("EXDATE")),
    )


def _check(component: Component, name: str) -> None:
    """Refuse values that the library put aside, and properties that it accepts twice."""
    for key, error in component.errors:
        # A line without a property name may be any of them.
        if key is None or key.upper() in _USED:
            _refuse(name, f"has a broken {key or 'line'}: {error}")
    for key in _ONCE:
        if isinstance(component.get(key), list):
            _refuse(name, f"has {key} more than once")
    if "DTSTART" not in component:
        _refuse(name, "has no DTSTART")
    if "DTEND" in component and "DURATION" in component:
        _refuse(name, "has both DTEND and DURATION")
    if "EXRULE" in component:
        _refuse(name, "has an EXRULE: list the dates as EXDATE")
    if "RECURRENCE-ID" in component and "RANGE" in component["RECURRENCE-ID"].params:
        _refuse(name, "changes all later occurrences (RANGE): end the series and begin another")


class _Values:
    """The dates and times of one event."""

    def __init__(self, component: Component, name: str, zone: ZoneInfo | None) -> None:
        self.component = component
        self.name = name
        self.zone = zone

    def start(self) -> date | datetime:
        """Return DTSTART: a date, or an instant in UTC."""
        return self._value("DTSTART")

    def days(self, start: date) -> int:
        """Return the number of dates of an all-day event. One without a length has one date."""
        if "DURATION" in self.component:
            duration: timedelta = self.component["DURATION"].dt
            if duration % DAY or duration < timedelta(0):
                _refuse(self.name, "has a DURATION that is not a number of whole days")
            return max(1, duration.days)
        if "DTEND" not in self.component:
            return 1
        end = self._value("DTEND")
        if isinstance(end, datetime):
            _refuse(self.name, "begins on a date and ends at a time of day")
        if end < start:
            _refuse(self.name, f"ends on {end}, before it begins on {start}")
        return max(1, (end - start).days)

    def end(self, start: datetime) -> datetime:
        """Return the end of a timed event in UTC. One without a length ends at its start."""
        if "DURATION" in self.component:
            return self._after(start, self.component["DURATION"].dt)
        if "DTEND" not in self.component:
            return start
        end = self._value("DTEND")
        if not isinstance(end, datetime):
            _refuse(self.name, "begins at a time of day and ends on a date")
        if end < start:
            _refuse(self.name, f"ends at {end}, before it begins at {start}")
        return end

    def _after(self, start: datetime, duration: timedelta) -> datetime:
        """Return the end of a duration: RFC 5545 lets hours elapse, and days follow the clocks.

        The library does not tell a day from 24 hours, so a duration for which this matters is
        refused.
        """
        if duration < timedelta(0):
            _refuse(self.name, "has a negative DURATION")
        end = start + duration
        zone = self.component["DTSTART"].dt.tzinfo or self.zone
        wall = self.component["DTSTART"].dt.replace(tzinfo=None) + DAY * duration.days
        if duration.days and utc(wall.replace(tzinfo=zone)) + (duration % DAY) != end:
            _refuse(self.name, "has a DURATION in days over a change of clocks: give DTEND")
        return end

    def replaces(self, *, all_day: bool) -> date | datetime | None:
        """Return RECURRENCE-ID."""
        if "RECURRENCE-ID" not in self.component:
            return None
        if all_day:
            return self._date(self.component["RECURRENCE-ID"].dt, "RECURRENCE-ID")
        return self._value("RECURRENCE-ID")

    def dates(self, key: str) -> Iterator[date]:
        """Yield the dates of EXDATE or RDATE."""
        for values in _listed(self.component, key):
            for value in values.dts:
                yield self._date(value.dt, key)

    def _date(self, value: object, key: str) -> date:
        """Return a date. A midnight counts as one, because Microsoft Exchange writes dates so."""
        if isinstance(value, datetime) and value.time() == time():
            return value.date()
        if not isinstance(value, date) or isinstance(value, datetime):
            _refuse(self.name, f"has the {key} {value}, which is not a date")
        return value

    def _value(self, key: str) -> date | datetime:
        """Return a date, or an instant in UTC."""
        prop = self.component[key]
        value = prop.dt
        if not isinstance(value, datetime):
            if not isinstance(value, date):
                _refuse(self.name, f"has a broken {key}: {value}")
            return value
        if str(prop.params.get("VALUE", "")).upper() == "DATE":
            return value.date()  # the library gives a date with a TZID a time
        if value.tzinfo is not None:
            return utc(value)
        if "TZID" in prop.params:
            _refuse(self.name, f"has an unknown time zone {quoted(str(prop.params['TZID']))}")
        if self.zone is None:
            raise NaiveDatetimeError(value, f"{key} of event {quoted(self.name)}")
        return from_local(value, self.zone)


def _listed(component: Component, key: str) -> list[Any]:
    """Return the values of a property that may be given several times."""
    value = component.get(key, [])
    return value if isinstance(value, list) else [value]


def _rule_text(rule: Component, name: str) -> str:
    try:
        return str(rule.to_ical().decode())
    except (TypeError, ValueError, AttributeError):
        _refuse(name, "has an RRULE that cannot be read")


def _refuse(name: str, why: str) -> NoReturn:
    raise CalendarError(f"event {quoted(name)} {why}")
