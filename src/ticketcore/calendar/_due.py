"""When a span is over: one rule for each kind of span."""

from calendar import monthrange
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ticketcore.calendar._instants import DAY, beyond_datetime, moved, utc
from ticketcore.calendar._span import Span
from ticketcore.calendar._zones import from_local


def elapse(start: datetime, span: Span) -> datetime:
    """Return the UTC instant at which that much time has elapsed."""
    return moved(start if start.tzinfo is UTC else utc(start), span.delta)


def same_time_later(start: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """Return the instant at the same local time, that many calendar days later.

    A local time inside a DST gap becomes the transition. Of two occurrences it is the first;
    but no time at all leaves the start alone.
    """
    instant = start if start.tzinfo is UTC else utc(start)
    if not span.amount:
        return instant
    try:
        local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        return from_local(_same_time(local, span), zone)
    except (OverflowError, ValueError):
        raise beyond_datetime(f"{span} after {start}") from None


def _same_time(local: datetime, span: Span) -> datetime:
    match span.unit:
        case "month":
            return _months_later(local, span.amount)
        case "year":
            return _months_later(local, 12 * span.amount)
        case "week":
            return local + 7 * span.amount * DAY
        case _:
            return local + span.amount * DAY


def _months_later(local: datetime, months: int) -> datetime:
    """Return the same day of a later month, or the last it has: after 31 January, 28 February."""
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
