"""The calendar that callers configure, and the reasons for its closed time."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.calendar._calendar import Calendar
from ticketcore.calendar.definition._closed_time import ClosedTime, KnownHolidays
from ticketcore.calendar.definition._closures import Closure, parse_closures
from ticketcore.calendar.definition._holidays import Holidays, parse_holidays
from ticketcore.calendar.definition._rules import Rules
from ticketcore.calendar.definition._special_days import (
    SpecialDay,
    SpecialDays,
    parse_pauses,
    parse_special_days,
)
from ticketcore.calendar.definition._week import Week, parse_week
from ticketcore.calendar.definition._year import open_year
from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._intervals import Interval, difference, merge
from ticketcore.calendar.engine._timeline import OpenYear
from ticketcore.calendar.engine._zones import end_of_local, from_local, zone_of
from ticketcore.errors import CalendarError


def _parse_exceptions(days: SpecialDays) -> tuple[SpecialDay, ...]:
    return parse_special_days(days, "exceptions")


def _parse_breaks(days: SpecialDays) -> tuple[SpecialDay, ...]:
    return parse_special_days(days, "breaks")


@attrs.frozen(kw_only=True)
class BusinessCalendar(Calendar):
    """Business hours in one zone. Calendars compare, hash and pickle by their configuration.

    Args:
        zone: the IANA zone of the hours, such as `"Europe/Berlin"`.
        hours: weekly hours, as `"mon-fri 08:30-12:30 13:30-17:30; sat 09:00-12:00"` or as a
            mapping of the same days to hours. Openings may end at 24:00 or after midnight.
        holidays: a `Holidays` value, dates, or a mapping of dates to names.
        exceptions: dates with their own hours, `"closed"` or `()`. They override holidays. A
            value may be a mapping with `hours` and `name`.
        breaks: dates with times at which the calendar is closed, in the same forms.
        closures: whole dates that are closed regularly, as RFC 5545 rules or `Closure` values.
        pauses: pairs of instants between which no time counts.

    Raises:
        CalendarError: an argument cannot be read, or the calendar never opens.
        NaiveDatetimeError: an instant of a pause has no offset.

    """

    zone: ZoneInfo = attrs.field(converter=zone_of, eq=str, repr=lambda zone: repr(zone.key))
    hours: Week = attrs.field(converter=parse_week, repr=lambda week: repr(str(week)))
    holidays: Holidays = attrs.field(default=None, converter=parse_holidays)
    exceptions: tuple[SpecialDay, ...] = attrs.field(default=(), converter=_parse_exceptions)
    breaks: tuple[SpecialDay, ...] = attrs.field(default=(), converter=_parse_breaks)
    closures: tuple[Closure, ...] = attrs.field(default=(), converter=parse_closures)
    pauses: tuple[Interval, ...] = attrs.field(default=(), converter=parse_pauses)

    def __attrs_post_init__(self) -> None:
        if not any(self.hours.days) and not any(day.openings for day in self.exceptions):
            raise CalendarError(
                "the calendar never opens: give hours for at least one day, "
                'such as {"mon-fri": "09:00-17:00"}'
            )

    @property
    def supported_years(self) -> range:
        """The years 1900 to 2100, or those for which the country's holidays are known."""
        return self.holidays.known_years

    @property
    def known_holidays(self) -> tuple[KnownHolidays, ...]:
        """The country's rules and the listed dates, and until when each is known."""
        return self.holidays.sources

    @typed
    def make_up_days(self, start: date, end: date) -> tuple[date, ...]:
        """Return the make-up days from *start* to *end*, both included."""
        years = range(start.year, end.year + 1)
        found = {day for year in years for day in self.holidays.make_up_days(year)}
        special = {exception.day for exception in self.exceptions}
        return tuple(day for day in sorted(found - special) if start <= day <= end)

    def closed_time(self, start: datetime, end: datetime) -> Iterator[ClosedTime]:
        """Yield the reasons for closed time, piece by piece.

        The calendar must be closed from *start* to *end*. The reason is a pause or a break if the
        calendar would be open without it; otherwise it depends on the date.
        """
        without_pauses = attrs.evolve(self, pauses=()) if self.pauses else self
        without_breaks = attrs.evolve(without_pauses, breaks=()) if self.breaks else without_pauses
        paused = without_pauses.intervals(start, end)
        broken = list(difference(without_breaks.intervals(start, end), paused))
        pieces = [ClosedTime(begin, stop, "pause", "") for begin, stop in paused]
        for begin, stop in broken:
            name = self._rules.break_name(begin.astimezone(self.zone).date())
            pieces.append(ClosedTime(begin, stop, "break", name))
        for begin, stop in difference([(start, end)], sorted([*paused, *broken])):
            pieces += self._closed_dates(begin, stop)
        yield from sorted(pieces)

    def _closed_dates(self, start: datetime, end: datetime) -> Iterator[ClosedTime]:
        """Yield closed time date by date, each with the strongest rule for the date."""
        begin = start
        day = start.astimezone(self.zone).date()
        while begin < end:
            midnight = from_local(datetime.combine(day + DAY, time()), self.zone)
            stop = min(midnight, end)
            # A date that the zone skipped has no time.
            if begin < stop:
                yield ClosedTime(begin, stop, *self._rules.reason(day))
            begin, day = stop, day + DAY

    def _hours_of(self, day: date) -> Interval:
        openings = self._rules.openings(day)
        midnight = datetime.combine(day, time())
        begin = from_local(midnight + openings[0].start, self.zone)
        return begin, end_of_local(midnight + openings[-1].end, self.zone)

    @property
    def _rules(self) -> Rules:
        return Rules(self.hours, self.holidays, self.exceptions, self.breaks, self.closures)

    def _open_year(self, year: int) -> OpenYear:
        found = open_year(self._rules, self.zone, year, self.pauses)
        if not self.pauses:
            return found
        return OpenYear(list(difference(merge(found.intervals), self.pauses)), found.dates)
