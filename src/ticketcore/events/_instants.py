"""The one stored form of an instant: UTC, of fixed width, so that its text sorts by time."""

import re
from datetime import datetime

from ticketcore.errors import CodecError

EXAMPLE = "2026-01-09T22:00:00.000000Z"
FORM = (
    "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z"
)
"""The form as a regular expression. Dates that no month has pass it, but not the reader."""

_FORM = re.compile(FORM)


def format_instant(at: datetime) -> str:
    """*at*, which is in UTC, as stored: ``2026-01-09T22:00:00.000000Z``."""
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def parse_instant(text: object) -> datetime:
    """The instant that :func:`format_instant` wrote. Raises CodecError for any other form."""
    # fromisoformat reads many forms, of which the pattern admits only the one.
    if type(text) is str and _FORM.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise CodecError("", text, f'an instant in UTC like "{EXAMPLE}"')
