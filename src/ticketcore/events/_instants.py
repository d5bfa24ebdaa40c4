"""The one stored form of an instant: UTC, of fixed width, so that its text sorts by time."""

from datetime import datetime

from ticketcore.errors import CodecError
from ticketcore.events._values import utc

EXAMPLE = "2026-01-09T22:00:00.000000Z"
FORM = (
    "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z"
)
"""The form as a regular expression. Dates that no month has pass it, but not the reader."""

_TO_ZERO = bytes.maketrans(b"123456789", b"0" * 9)
_ZEROS = b"0000-00-00T00:00:00.000000Z"


def format_instant(at: datetime) -> str:
    """*at* as stored, in UTC: ``2026-01-09T22:00:00.000000Z``.

    Raises NaiveDatetimeError or InstantError for what is no instant.
    """
    return utc(at).isoformat(timespec="microseconds")[:26] + "Z"


def parse_instant(text: object) -> datetime:
    """The instant that :func:`format_instant` wrote. Raises CodecError for any other form."""
    at = instant_in(text.encode(errors="replace")) if type(text) is str else None
    if at is None:
        raise CodecError("", text, f'an instant in UTC like "{EXAMPLE}"')
    return at


def instant_in(stored: bytes) -> datetime | None:
    """The instant that these bytes are the one form of, or None."""
    if stored.translate(_TO_ZERO) != _ZEROS:  # fromisoformat reads many forms
        return None
    try:
        at = datetime.fromisoformat(stored.decode())
    except ValueError:
        return None
    return at if at.hour or stored[11:13] == b"00" else None  # some Pythons read 24:00
