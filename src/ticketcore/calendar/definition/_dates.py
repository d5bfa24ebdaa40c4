"""Dates as callers write them: `datetime.date`, or ISO text as in TOML keys and JSON."""

from datetime import date, datetime
from typing import TypeAlias

from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

DateLike: TypeAlias = date | str


def parse_date(value: object, place: str) -> date:
    """Return the date. *place* says in errors where it was given.

    Raises:
        CalendarError: the value is a datetime, or text that is not an ISO date.

    """
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise CalendarError(f"{place}: {quoted(value)} is not a date: give a date such as 2026-12-24")
