"""Business time: opening hours, holidays, deadlines in open time, right on every day."""

from ticketcore.calendar._business import BusinessCalendar
from ticketcore.calendar._calendar import Calendar
from ticketcore.calendar._clock import clock_time
from ticketcore.calendar._closures import Closure
from ticketcore.calendar._edge import Edge, Roll
from ticketcore.calendar._explanation import Explanation, KnownHolidays, Reason, Skipped
from ticketcore.calendar._holidays import Holidays
from ticketcore.calendar._horizon import REACH
from ticketcore.calendar._ical import IcsClosures, read_ics, write_ics
from ticketcore.calendar._span import Span
from ticketcore.calendar._zones import ClockChange, from_local, zone_of
from ticketcore.errors import CalendarError, HorizonError, NaiveDatetimeError

__all__ = [
    "REACH",
    "BusinessCalendar",
    "Calendar",
    "CalendarError",
    "ClockChange",
    "Closure",
    "Edge",
    "Explanation",
    "Holidays",
    "HorizonError",
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
