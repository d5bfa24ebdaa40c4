"""Instants as people write them: with an offset, or as local time in a zone."""

from datetime import datetime

from ticketcore._toml import OldTable, describe
from ticketcore.calendar import zone_of
from ticketcore.events import utc

EXAMPLE = "2026-01-09T15:00 or 2026-01-09T15:00:00-07:00"
PLACEHOLDER = utc(datetime.fromisoformat("1970-01-01T00:00:00Z"))
"""Stands for an instant that could not be read; its problem is noted."""


def local_instant(value: object, zone: str | None) -> datetime:
    """The instant, in UTC, of a datetime or a text such as ``2026-01-09T15:00``.

    Without an offset it is local time in the IANA *zone*. Raises ValueError, with the way out,
    for what is no date and time, for a zone that there is not, and for a local time that does not
    exist or exists twice there.
    """
    moment = _moment(value)
    if moment.tzinfo is not None:
        return utc(moment)
    text = moment.isoformat(timespec="seconds" if moment.second else "minutes")
    if zone is None:
        raise ValueError(f"{text} has no offset, and no zone is known to read it in: add either")
    first = moment.replace(tzinfo=zone_of(zone))
    last = first.replace(fold=1)
    if first.utcoffset() == last.utcoffset():
        return utc(first)
    if utc(first).astimezone(first.tzinfo) != first:
        raise ValueError(f"{text} does not exist in {zone}: clocks were put forward over it")
    raise ValueError(
        f"{text} exists twice in {zone}: write {first.isoformat()} or {last.isoformat()}"
    )


def _moment(value: object) -> datetime:
    if isinstance(value, str) and len(value) > len("2026-01-09"):  # a date alone is no instant
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime):
        return value
    raise ValueError(f"expected a date and time such as {EXAMPLE}, found {describe(value)}")


def read_instant(table: OldTable, key: str, zone: str | None) -> datetime:
    """The instant below *key*; what is wrong with it is noted."""
    value = table.value(key, None)
    if value is None:
        table.problem(key, f"missing; expected a date and time such as {EXAMPLE}")
        return PLACEHOLDER
    try:
        return local_instant(value, zone)
    except ValueError as wrong:
        table.problem(key, str(wrong))
        return PLACEHOLDER
