"""Refuse a TOML text that would cost more than its length suggests, before tomllib reads it.

tomllib takes time that grows with the square of the parts of a dotted key, and every key and
element becomes a node of some hundred bytes. One pass over the tokens counts both. It does not
check the syntax: the counts of a text that is not TOML mean nothing, but tomllib then refuses it.
"""

import re
from itertools import islice

from ticketcore._internal.limits import MAX_DEPTH, MAX_FILE_VALUES

TOO_DEEP = f"nested too deeply: more than {MAX_DEPTH} keys or arrays inside one another"

_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*')"""
_TOKEN = re.compile(
    rf'''
      \#[^\n]*
    | """(?:[^"\\]|\\.|"{{1,2}}(?!"))*+"{{3,5}}
    | \'\'\'(?:[^']|'{{1,2}}(?!'))*+'{{3,5}}
    | (?P<key>{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*+)
    | (?P<value>[=,\[{{])
    | (?P<unclosed>["'])
    ''',
    re.DOTALL | re.VERBOSE,
)
_PART = re.compile(_NAME)


def too_large(text: str) -> tuple[int, str] | None:
    """Return the position and the description of the first excess, or None."""
    values = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "value":
            values += 1
            if values > MAX_FILE_VALUES:
                return token.start(), f"more than {MAX_FILE_VALUES:,} keys and array elements"
        elif token.lastgroup == "key" and len(token[0]) > 2 * MAX_DEPTH:
            parts = _PART.finditer(text, *token.span())
            if (excess := next(islice(parts, MAX_DEPTH, None), None)) is not None:
                return excess.start(), TOO_DEEP
        elif token.lastgroup == "unclosed":
            return None  # a search for its end from each later quote would take long
    return None
