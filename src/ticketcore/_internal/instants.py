"""Instants: UTC inside the library; one stored form of fixed width, which sorts by time."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from ticketcore.errors import CodecError, InstantError, NaiveDatetimeError

EXAMPLE = "2026-01-09T22:00:00.000000Z"
FORM = (
    "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z"
)
"""The stored form as a regular expression. It accepts 30 February, which the reader refuses."""
RFC_3339 = (
    "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
"""An instant from a client as a regular expression. It accepts 30 February."""

_TO_ZERO = bytes.maketrans(b"123456789", b"0" * 9)
_ZEROS = b"0000-00-00T00:00:00.000000Z"


_combine = datetime.combine
_time = datetime.time


def utc(instant: datetime) -> datetime:
    """Return the same instant as a `datetime` whose zone is `datetime.UTC`.

    Two datetimes in one zone compare by wall clock, which is wrong across a change of clocks.
    Therefore the library converts every instant that it receives. A subclass such as
    `pandas.Timestamp` becomes a plain datetime; its nanoseconds below a microsecond are cut off.

    Raises:
        NaiveDatetimeError: the datetime has no offset.
        InstantError: the value is not a datetime, or lies outside the years 1 to 9999 in UTC.

    """
    if instant.__class__ is datetime:
        zone = instant.tzinfo
        if zone is UTC:
            return instant
    elif isinstance(instant, datetime):
        # The fields of a plain datetime are read ten times faster than those of pandas.
        zone = instant.tzinfo
        instant = _combine(instant, _time(instant), zone)
    else:
        raise InstantError(instant, "is not an instant: give an aware datetime")
    if zone is None or (offset := zone.utcoffset(instant)) is None:
        raise NaiveDatetimeError(instant)
    try:
        # `astimezone` gives the same result in twice the time.
        return _combine(instant, _time(instant), UTC) - offset
    except OverflowError:
        raise InstantError(
            instant, "lies outside the years 1 to 9999 in UTC: give an instant within them"
        ) from None


def utc_or_none(value: datetime | None) -> datetime | None:
    """Return `utc` of *value*, or None for None."""
    return None if value is None else utc(value)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the same instant in local time of *zone*.

    Raises InstantError if the local date lies outside the years 1 to 9999.
    """
    try:
        return at.astimezone(zone)
    except OverflowError:
        raise InstantError(
            at, f"has no date in {zone.key}: give an instant within the years 1 to 9999"
        ) from None


def format_instant(at: datetime) -> str:
    """Return *at* in its stored form, in UTC: ``2026-01-09T22:00:00.000000Z``.

    Raises NaiveDatetimeError or InstantError as `utc` does.
    """
    return _text_of(utc(at))


@lru_cache(maxsize=4096)  # one command writes the same instant up to ten times
def _text_of(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def instant_text(at: datetime) -> str:
    """Return *at* as people write it in a file, in UTC: ``2026-01-09T22:00Z``.

    Seconds follow if the instant has any. Raises NaiveDatetimeError or InstantError as `utc` does.
    """
    there = utc(at)
    precision = "auto" if there.second or there.microsecond else "minutes"
    return there.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def parse_instant(text: object) -> datetime:
    """Return the instant that `format_instant` wrote. Raises CodecError for any other form."""
    at = _instant_of(text) if type(text) is str else None
    if at is None:
        raise CodecError("", text, f'an instant in UTC like "{EXAMPLE}"')
    return at


@lru_cache(maxsize=4096)  # the events of a ticket repeat most of their instants
def _instant_of(text: str) -> datetime | None:
    return instant_in(text.encode(errors="replace"))


def instant_in(stored: bytes) -> datetime | None:
    """Return the instant whose stored form is *stored*, or None."""
    if stored.translate(_TO_ZERO) != _ZEROS:  # fromisoformat reads many other forms
        return None
    try:
        at = datetime.fromisoformat(stored.decode())
    except ValueError:
        return None
    return at if at.hour or stored[11:13] == b"00" else None  # some Pythons read 24:00


def instant_with_offset(text: str) -> datetime | None:
    """Return the instant, in UTC, that a text of RFC 3339 means, or None if it is none.

    It has an offset and at most six digits after the point.
    """
    try:
        return utc(datetime.fromisoformat(text.upper())) if re.fullmatch(RFC_3339, text) else None
    except (ValueError, InstantError):  # 30 February, or before the year 1 in UTC
        return None
