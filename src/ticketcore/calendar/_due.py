"""When a span is over: one rule for each kind of span."""

from calendar import monthrange
from datetime import datetime
from zoneinfo import ZoneInfo

from ticketcore.calendar._instants import beyond_datetime, moved, utc
from ticketcore.calendar._same_time import days_later
from ticketcore.calendar._span import Span
from ticketcore.calendar._zones import from_local


def elapse(start: datetime, span: Span) -> datetime:
    """Return the UTC instant at which that much time has elapsed."""
    return moved(utc(start), span.delta)


def same_time_later(start: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """Return the instant at the same local time, that many calendar days later.

    A local time inside a DST gap becomes the transition. Of two occurrences it is the first;
    but no time at all leaves the start alone.
    """
    instant = utc(start)
    if not span.amount:
        return instant
    try:
        match span.unit:
            case "day":
                return days_later(instant, span.amount, zone)
            case "week":
                return days_later(instant, 7 * span.amount, zone)
            case "month":
                return _months_later(instant, span.amount, zone)
            case _:
                return _months_later(instant, 12 * span.amount, zone)
    except (OverflowError, ValueError):
        raise beyond_datetime(f"{span} after {start}") from None


def _months_later(instant: datetime, months: int, zone: ZoneInfo) -> datetime:
    """Return the same day of a later month, or the last it has: after 31 January, 28 February."""
    local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, monthrange(year, month)[1])
    return from_local(local.replace(year=year, month=month, day=day), zone)
