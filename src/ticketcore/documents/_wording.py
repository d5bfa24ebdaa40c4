"""How a problem says what was found and what would be right."""

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterable

from ticketcore._internal.terminal import visible
from ticketcore.documents._positions import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 40  # characters of a text that was found
_MOST = 20  # names in one message

_NOUNS: dict[type, str] = {
    int: "the integer",
    float: "the number",
    dt.datetime: "the date and time",
    dt.date: "the date",
    dt.time: "the time",
}


def describe(value: object) -> str:
    """Name a value in a message: `the integer 7`, `the text "7"`, `a table`."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return f"{_NOUNS.get(type(value), 'the value')} {_shortened(str(value))}"


def quoted(text: str) -> str:
    """A text in double quotes, on one line, cut when it is long."""
    return visible(json.dumps(_shortened(text), ensure_ascii=False))


def nearest(found: str, names: Iterable[str]) -> str:
    """What would be right in place of a wrong name: the nearest one, or else all of them."""
    known = sorted(str(name) for name in names)
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(found.casefold(), folded, n=1)
    if close:
        return f"did you mean {quoted(folded[close[0]])}?"
    return f"expected {one_of(known)}"


def one_of(names: Iterable[str]) -> str:
    """The names that are right, in quotes."""
    listed = [quoted(name) for name in sorted(names)]
    if len(listed) < 2:
        return listed[0] if listed else "none"
    rest = ["…"] if len(listed) > _MOST else []
    return "one of " + ", ".join(listed[:_MOST] + rest)


def dotted(path: Path) -> str:
    """A key path as one text: `timer[2].after`; indices count from 0."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if _BARE.fullmatch(step) else quoted(step))
    return text


def sentence(text: str) -> str:
    """A message as ours begin: with a small letter, on one line."""
    line = " ".join(text.split())
    return line if line[1:2].isupper() else line[:1].lower() + line[1:]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
