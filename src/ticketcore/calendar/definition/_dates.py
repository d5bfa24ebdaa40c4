"""Dates as callers write them: `datetime.date`, or ISO text as in TOML keys and JSON.

A range of dates is text such as `2026-12-24 to 2027-01-02`; both ends are included.
"""

from datetime import date, datetime
from typing import Final, TypeAlias

from ticketcore.calendar.engine._instants import DAY
from ticketcore.calendar.engine._messages import quoted
from ticketcore.errors import CalendarError

DateLike: TypeAlias = date | str

_LONGEST_RANGE: Final = 366


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


def parse_dates(value: object, place: str) -> list[date]:
    """Return the dates of a date or of a range. *place* says in errors where it was given.

    Raises:
        CalendarError: the value is neither, or the range is reversed or longer than 366 days.

    """
    first, to, last = value.partition(" to ") if isinstance(value, str) else (value, "", "")
    begin = parse_date(first, place)
    end = parse_date(last, place) if to else begin
    count = (end - begin).days + 1
    if not 1 <= count <= _LONGEST_RANGE:
        raise CalendarError(
            f"{place}: {quoted(value)} has {count} days: give a range of 1 to {_LONGEST_RANGE}"
        )
    return [begin + DAY * n for n in range(count)]
