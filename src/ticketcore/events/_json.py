"""JSON text, read strictly and written in one form.

Refused beyond what the JSON of the standard library refuses: NaN and Infinity, a key that an
object holds twice, nesting deeper than the interpreter can follow. All of it raises ValueError.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)

decode_from: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]  # which typeshed does not know
"""The value that begins at a place in a text, and the place where it ends.

Raises ValueError, StopIteration where no value begins, RecursionError for one nested too deeply.
"""

encode = _ENCODER.encode
"""The one form: sorted keys, no spaces, ASCII. Raises ValueError for an infinite number."""


def decode(text: str) -> Any:
    """The value of *text*. Raises ValueError."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
