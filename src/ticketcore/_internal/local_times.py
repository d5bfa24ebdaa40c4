"""Instants as people read them: in local time."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def clock_time(local: datetime) -> str:
    """Write the time of day as `15:00`, with seconds and microseconds only where it has any."""
    if local.microsecond:
        return f"{local:%H:%M:%S.%f}"
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def day_and_time(local: datetime) -> str:
    """Write a local time with its weekday and date: ``Mon 2026-01-12 15:00``."""
    return f"{local:%a %Y-%m-%d} {clock_time(local)}"


def local_text(at: datetime, zone: str) -> str:
    """Write an instant in a time zone, with its offset: ``Mon 2026-01-12 10:00 UTC-07:00``.

    It is for messages, so it never fails: an instant of an unknown zone, or without a date there,
    is written in UTC.
    """
    try:
        there = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        there = at
    return f"{day_and_time(there)} UTC{there.isoformat()[-6:]}"
