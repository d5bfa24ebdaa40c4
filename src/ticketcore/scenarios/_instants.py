"""Instants as people write them: with an offset, or as local time in a zone."""

from datetime import datetime
from typing import Any

from ticketcore._toml import Node, Reading, UnreadError, describe
from ticketcore.calendar import zone_of
from ticketcore.events import utc

_EXAMPLE = "2026-01-09T15:00 or 2026-01-09T15:00:00-07:00"


def local_instant(value: object, zone: str | None) -> datetime:
    """Return the instant, in UTC, of a datetime or a text such as ``2026-01-09T15:00``.

    A value without an offset is local time in the IANA *zone*. Raises ValueError, which says what
    to write instead, for anything but a date and time, for an unknown zone, and for a local time
    that does not exist or occurs twice there.
    """
    written = _written(value)
    if written.tzinfo is not None:
        return utc(written)
    text = written.isoformat(timespec="seconds" if written.second else "minutes")
    if zone is None:
        raise ValueError(f"{text} has no offset, and the ticket has no zone: add one of them")
    first = written.replace(tzinfo=zone_of(zone))
    last = first.replace(fold=1)
    if first.utcoffset() == last.utcoffset():
        return utc(first)
    if utc(first).astimezone(first.tzinfo) != first:
        raise ValueError(
            f"{text} does not exist in {zone}, because the clocks skip it: "
            f"give another time, or an offset"
        )
    raise ValueError(
        f"{text} occurs twice in {zone}: write {first.isoformat()} or {last.isoformat()}"
    )


def _written(value: object) -> datetime:
    if isinstance(value, str) and len(value) > len("2026-01-09"):  # not a date alone
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime):
        return value
    raise ValueError(f"expected a date and time such as {_EXAMPLE}, found {describe(value)}")


class InstantKind:
    """The kind of instants; without an offset they are in the zone of the reading."""

    expected = f"a date and time such as {_EXAMPLE}"

    def read(self, node: Node, reading: Reading) -> datetime:
        """Return the instant in UTC."""
        try:
            return local_instant(node.plain(), reading.zone)
        except ValueError as error:
            reading.note(node, str(error))
            raise UnreadError from None

    def schema(self) -> dict[str, Any]:
        """Return the schema of text, since JSON has no dates and times."""
        return {"type": "string"}
