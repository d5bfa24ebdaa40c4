"""Wording of problems: the value that was found, and what would be right."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from ticketcore._internal.terminal import visible
from ticketcore._toml._positions import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 40  # characters of a text that was found, and of a name that is compared with it
_MOST = 20  # names in one message
_MOST_COMPARED = 100  # names among which the nearest one is looked for

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
    """Put a text in double quotes, on one line; a long text is cut."""
    return visible(json.dumps(_shortened(text), ensure_ascii=False))


def nearest(found: str, names: Iterable[str], others: Mapping[str, str] | None = None) -> str:
    """Say what would be right in place of a wrong name: the nearest one, or else all of them.

    *others* maps further words that people write to the names that they mean.
    """
    known = [str(name) for name in names]
    meant = (others or {}).get(found.casefold())
    near = meant if meant in known else closest(found, known)
    return f"expected {one_of(known)}" if near is None else f"did you mean {quoted(near)}?"


def closest(found: str, names: Iterable[str]) -> str | None:
    """Return the name that is spelt most like a wrong one, or None if none is like it.

    Comparing two names takes time that grows with the product of their lengths, so a long name has
    no nearest one.
    """
    import difflib

    if len(found) > _LONGEST:
        return None
    short = sorted(name for name in names if len(name) <= _LONGEST)
    folded = {name.casefold(): name for name in short[:_MOST_COMPARED]}
    near = difflib.get_close_matches(found.casefold(), folded, n=1)
    return folded[near[0]] if near else None


def one_of(names: Iterable[str]) -> str:
    """List the names that are right, in quotes."""
    ordered = sorted(names)
    return ("one of " if len(ordered) > 1 else "") + listed(ordered) or "nothing here"


def listed(names: Sequence[str]) -> str:
    """List names in quotes, the first ones if they are many."""
    rest = ["…"] if len(names) > _MOST else []
    return ", ".join([*map(quoted, names[:_MOST]), *rest])


def dotted(path: Path) -> str:
    """Write a key path as one text: `timer[2].after`; indices count from 0."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if _BARE.fullmatch(step) else quoted(step))
    return text


def sentence(text: str) -> str:
    """Make a message begin with a small letter and stay on one line."""
    line = " ".join(text.split())
    return line if line[1:2].isupper() else line[:1].lower() + line[1:]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
