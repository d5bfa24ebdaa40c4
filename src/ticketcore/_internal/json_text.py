"""JSON text, read strictly and written in one form.

The reader refuses more than the standard library does: NaN and Infinity, a key that occurs twice
in one object, and nesting that exceeds the interpreter's stack. Each raises ValueError.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from ticketcore._internal.limits import MAX_LINE_BYTES


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)

decode_from: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]  # typeshed lacks it
"""Return the value that begins at a position of a text, and the position where it ends.

Raises ValueError, StopIteration if no value begins there, RecursionError for too deep nesting.
"""

encode = _ENCODER.encode
"""Write a value with sorted keys, no spaces, and in ASCII. Raises ValueError for infinity."""


def json_problem(error: ValueError) -> str:
    """Return the message of a decoder's error, with the character but without the line.

    The decoder gets one line of a file, so it does not know the line's number.
    """
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    return f"{error.msg.removesuffix(' at')} at character {error.pos + 1}"


def decode(text: str) -> Any:
    """Return the value of *text*. Raises ValueError if it is not JSON, or too long."""
    if len(text) > MAX_LINE_BYTES + 1:
        raise ValueError(f"more than {MAX_LINE_BYTES:,} characters")
    try:
        try:
            value, end = decode_from(text, 0)
        except StopIteration:
            end = -1
        # The decoder's own method skips spaces around the value, in twice the time.
        return value if end == len(text) else _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
