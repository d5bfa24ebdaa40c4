"""Recognize files that are not histories by their first lines, so that one message says it."""

import re
from collections.abc import Sequence
from typing import Final

from ticketcore._internal.files import not_a_text
from ticketcore._internal.json_text import decode
from ticketcore.errors import HistoryError
from ticketcore.events.stored._lines import place_of

LINES_READ: Final = 20

_IMPORT: Final = "convert it with `ticketcore history import`"
_TOML: Final = re.compile(r"#|\[{1,2}[\w. \"-]+\]{1,2}\s*(#|$)|[\w-]+\s*=[^=]")
_TABLE: Final = re.compile(r"[,;\t|]")
_KEYS: Final = frozenset({"ticket", "seq", "event"})


def other_file(lines: Sequence[str | bytes]) -> HistoryError | None:
    """Return an error that says what a file is, if its first *lines* are not of a history."""
    if any(place_of(line) != (None, None) for line in lines):
        return None
    first = next((line for line in lines if line.strip()), "")
    if isinstance(first, bytes):
        if first.startswith(b"\x1f\x8b"):
            return _error("is compressed: let its name end in .gz")
        if first.startswith(b"PK\x03\x04"):
            return _error(f"is a zip file: {_IMPORT}, which reads a zip file with one log")
        if wrong := not_a_text(first):
            return _error(wrong[1])
        first = first.decode(errors="replace")
    first = first.strip()
    if first.startswith("<"):
        return _error(f"is XML, not a history: {_IMPORT} if it is an XES log")
    if first in ("{", "[") or _is_other_json(first):
        return _error(f"is JSON of another system, not a history: {_IMPORT}")
    if _TOML.match(first):
        return _error("is a TOML file, such as a policy, not a history: see `policy check`")
    if _TABLE.search(first) and not first.startswith(("{", "[")):
        return _error(f"is a table such as CSV, not a history: {_IMPORT}")
    return None


def _is_other_json(line: str) -> bool:
    try:
        value = decode(line)
    except ValueError:
        return False
    if type(value) is dict:
        return bool(value) and _KEYS.isdisjoint(value)
    return type(value) is list


def _error(message: str) -> HistoryError:
    return HistoryError("not-a-history", message)
