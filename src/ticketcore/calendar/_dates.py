"""Dates as they are written: a `datetime.date`, or ISO text as in TOML keys and JSON."""

from datetime import date, datetime
from typing import TypeAlias

from ticketcore.errors import CalendarError

DateLike: TypeAlias = date | str


def parse_date(value: object, what: str) -> date:
    """Return the date; `what` names its place in errors.

    Raises:
        CalendarError: it is a datetime, or text that is no ISO date.

    """
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise CalendarError(f"{what}: {value!r} is not a date: give a date such as 2026-12-24")
