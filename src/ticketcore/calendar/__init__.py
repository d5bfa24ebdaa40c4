"""Business time: opening hours, holidays, deadlines in open time, right on every day."""

from ticketcore.calendar._boundary import Boundary, Roll
from ticketcore.calendar._business import BusinessCalendar
from ticketcore.calendar._calendar import Calendar
from ticketcore.calendar._clock import clock_time
from ticketcore.calendar._closures import Closure
from ticketcore.calendar._explanation import Explanation, KnownHolidays, Reason, Skipped
from ticketcore.calendar._holidays import Holidays
from ticketcore.calendar._horizon import SUPPORTED_YEARS
from ticketcore.calendar._ical import IcsClosures, read_ics, write_ics
from ticketcore.calendar._span import Span
from ticketcore.calendar._zones import ClockChange, from_local, zone_of
from ticketcore.errors import CalendarError, CalendarRangeError, NaiveDatetimeError

__all__ = [
    "SUPPORTED_YEARS",
    "Boundary",
    "BusinessCalendar",
    "Calendar",
    "CalendarError",
    "CalendarRangeError",
    "ClockChange",
    "Closure",
    "Explanation",
    "Holidays",
    "IcsClosures",
    "KnownHolidays",
    "NaiveDatetimeError",
    "Reason",
    "Roll",
    "Skipped",
    "Span",
    "clock_time",
    "from_local",
    "read_ics",
    "write_ics",
    "zone_of",
]
