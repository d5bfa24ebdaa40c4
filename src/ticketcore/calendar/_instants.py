"""Instants at the door: every datetime that comes in is made UTC, and a naive one is refused."""

from datetime import UTC, date, datetime, timedelta

from ticketcore.errors import CalendarError, CalendarRangeError, NaiveDatetimeError

NOTHING = timedelta(0)
DAY = timedelta(days=1)
LONGEST = timedelta(days=date.max.toordinal())


def utc(instant: datetime) -> datetime:
    """Return the same instant with `datetime.UTC` itself as its zone.

    Datetimes in one zone compare and subtract by wall clock, wrongly across a DST change:
    so everything is UTC from here on.

    Raises:
        NaiveDatetimeError: the instant has no offset.
        CalendarRangeError: it is within a day of year 1 or year 9999 and has no UTC form.
        CalendarError: it is a date or anything else that is not a datetime.

    """
    if instant.__class__ is datetime and instant.tzinfo is UTC:
        return instant
    if not isinstance(instant, datetime):
        raise CalendarError(f"{instant!r} is not an instant: give an aware datetime")
    if instant.utcoffset() is None:
        raise NaiveDatetimeError(instant)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise beyond_datetime(instant) from None


def moved(instant: datetime, time: timedelta) -> datetime:
    """Return the instant that much elapsed time later.

    Raises:
        CalendarRangeError: it lies outside the years 1 to 9999.

    """
    try:
        return instant + time
    except OverflowError:
        raise beyond_datetime(f"{time} after {instant}") from None


def beyond_datetime(what: object) -> CalendarRangeError:
    """Tell that a result has no place between the years 1 and 9999."""
    return CalendarRangeError(f"{what} lies outside the years 1 to 9999 that a datetime can hold")
