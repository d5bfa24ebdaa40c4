"""Recognize files of another kind than the one that is read, so that one message says it."""

import re
from collections.abc import Collection
from typing import Final, Literal, TypeAlias

FileKind: TypeAlias = Literal["policy", "scenario", "mapping"]

_KEYS: Final[dict[FileKind, frozenset[str]]] = {
    "policy": frozenset({"extends", "effective", "permission"}),
    "scenario": frozenset({"policy", "step"}),
    "mapping": frozenset({"log"}),
}
"""The keys that only files of a kind have."""

_COMMANDS: Final[dict[FileKind, str]] = {
    "policy": "policy check",
    "scenario": "test",
    "mapping": "history import --map",
}
"""The command that takes files of a kind."""

_CONTENTS: Final = (
    (re.compile(rb"\x1f\x8b"), "a gzip file", ": unpack it"),
    (re.compile(rb"PK\x03\x04"), "a zip file", ": unpack it"),
    (re.compile(rb"\{|\[\s*\{"), "JSON, such as a history", ""),
    (re.compile(rb"<"), "XML", ""),
    (re.compile(rb'"?[\w .-]+"?([,;\t|]"?[\w .-]+"?)+\s*?(\n|$)'), "a table such as CSV", ""),
)
_LOOKED_AT: Final = 1_000  # bytes: the pattern of a table tries each run of blanks in several ways


def other_kind(keys: Collection[str], kind: FileKind | None) -> str | None:
    """Say what a TOML file with these keys is, if its keys are not those of *kind*."""
    if kind is None or not _KEYS[kind].isdisjoint(keys):
        return None
    for other, known in _KEYS.items():
        if not known.isdisjoint(keys):
            return f"is a {other}, not a {kind}: run `ticketcore {_COMMANDS[other]}` with it"
    return None


def other_content(content: bytes, kind: FileKind | None) -> str | None:
    """Say what a file that is not TOML is, if its first bytes show that."""
    start = content.lstrip()[:_LOOKED_AT]
    expected = "TOML" if kind is None else f"a {kind} in TOML"
    for pattern, what, remedy in _CONTENTS:
        if pattern.match(start):
            return f"is {what}, not {expected}{remedy}"
    return None
