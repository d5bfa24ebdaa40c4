"""The calendar that is configured: hours, holidays, exceptions, breaks, closures and pauses."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar import _reasons
from ticketcore.calendar._calendar import Calendar
from ticketcore.calendar._closures import Closure, parse_closures
from ticketcore.calendar._explanation import KnownHolidays, Skipped
from ticketcore.calendar._holidays import Holidays, parse_holidays
from ticketcore.calendar._horizon import SUPPORTED_YEARS
from ticketcore.calendar._hours import Week, parse_week
from ticketcore.calendar._intervals import Interval, difference, merge
from ticketcore.calendar._pauses import parse_pauses
from ticketcore.calendar._rules import Rules
from ticketcore.calendar._specials import SpecialDay, Specials, parse_specials
from ticketcore.calendar._year import OpenYear, open_year
from ticketcore.calendar._zones import zone_of
from ticketcore.errors import CalendarError


def _parse_exceptions(specials: Specials) -> tuple[SpecialDay, ...]:
    return parse_specials(specials, "exceptions")


def _parse_breaks(specials: Specials) -> tuple[SpecialDay, ...]:
    return parse_specials(specials, "breaks")


@attrs.frozen(kw_only=True)
class BusinessCalendar(Calendar):
    """Business time as an office keeps it. A value: it compares, hashes and pickles as one.

    Args:
        zone: the IANA zone whose clocks the hours are read on, such as `"Europe/Berlin"`.
        hours: of the week, as `"mon-fri 08:30-12:30 13:30-17:30; sat 09:00-12:00"` or as a
            mapping of the same days to hours. Openings may end at 24:00 or after midnight.
        holidays: a `Holidays` value, dates, or a mapping of dates to names.
        exceptions: dates with hours of their own, `"closed"` or `()`; these win over holidays.
            A value may be a mapping of `hours` and `name`.
        breaks: dates with times at which it is closed all the same, in the same forms.
        closures: whole dates that are closed again and again, as RFC 5545 rules or `Closure`s.
        pauses: pairs of instants between which no time counts.

    Raises:
        CalendarError: anything that cannot be read or meant, or a calendar that never opens.
        NaiveDatetimeError: a pause whose instant has no offset.

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
                "such as {'mon-fri': '09:00-17:00'}"
            )

    @property
    def rules(self) -> Rules:
        """What decides about a date."""
        return Rules(self.hours, self.holidays, self.exceptions, self.breaks, self.closures)

    @property
    def supported_years(self) -> range:
        """The years from 1900 to 2100, as far as the holidays of the country are known."""
        known = self.holidays.place.known_years if self.holidays.place else SUPPORTED_YEARS
        return range(
            max(known.start, SUPPORTED_YEARS.start), min(known.stop, SUPPORTED_YEARS.stop)
        )

    @property
    def known_holidays(self) -> tuple[KnownHolidays, ...]:
        """Until when the holidays are known: by a country's rules, and as given dates."""
        return _reasons.known_holidays(self.holidays)

    def closed_time(self, start: datetime, end: datetime) -> Iterator[Skipped]:
        """Yield why it is closed, piece by piece, for an interval in which it is never open."""
        return _reasons.closed_time(self, start, end)

    def _open_year(self, year: int) -> OpenYear:
        found = open_year(self.rules, self.zone, year, self.pauses)
        if not self.pauses:
            return found
        return OpenYear(list(difference(merge(found.intervals), self.pauses)), found.dates)
