"""Business time: business hours, holidays, and deadlines in open time.

Knows nothing of tickets and can be used alone.
"""

from ticketcore._internal.instants import utc
from ticketcore._internal.local_times import clock_time
from ticketcore.calendar._business_calendar import BusinessCalendar
from ticketcore.calendar._calendar import Calendar
from ticketcore.calendar._landing import Boundary, Roll
from ticketcore.calendar._span import Span
from ticketcore.calendar.definition._closed_time import ClosedTime, KnownHolidays, Reason
from ticketcore.calendar.definition._closures import Closure
from ticketcore.calendar.definition._holidays import Holidays
from ticketcore.calendar.engine._instants import SUPPORTED_YEARS
from ticketcore.calendar.engine._zones import ClockChange, from_local, zone_of
from ticketcore.calendar.explanation._explanation import Explanation, duration_text
from ticketcore.calendar.explanation._svg import explanation_to_svg
from ticketcore.calendar.ical import IcsClosures, read_ics, write_ics
from ticketcore.errors import CalendarError, CalendarRangeError, InstantError, NaiveDatetimeError

__all__ = [
    "SUPPORTED_YEARS",
    "Boundary",
    "BusinessCalendar",
    "Calendar",
    "CalendarError",
    "CalendarRangeError",
    "ClockChange",
    "ClosedTime",
    "Closure",
    "Explanation",
    "Holidays",
    "IcsClosures",
    "InstantError",
    "KnownHolidays",
    "NaiveDatetimeError",
    "Reason",
    "Roll",
    "Span",
    "clock_time",
    "duration_text",
    "explanation_to_svg",
    "from_local",
    "read_ics",
    "utc",
    "write_ics",
    "zone_of",
]
