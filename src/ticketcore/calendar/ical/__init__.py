"""Closures from iCalendar files, and calendars written as such. Needs `ticketcore[ical]`."""

from ticketcore.calendar.ical._read import IcsClosures, read_ics
from ticketcore.calendar.ical._write import write_ics

__all__ = ["IcsClosures", "read_ics", "write_ics"]
