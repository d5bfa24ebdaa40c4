"""The table `[log]` of a mapping: how rows are found, and the columns that every row has."""

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs

from ticketcore._internal.terminal import short
from ticketcore._toml import (
    TEXT,
    ByName,
    Node,
    OneOf,
    Reading,
    Several,
    choice,
    key,
    parsed,
)
from ticketcore.importers.mapping._conditions import WHERE, RowCondition
from ticketcore.importers.mapping._values import COLUMN, CellValue

FORMATS: Final[Mapping[str, str]] = {
    "iso": "ISO 8601, with or without an offset: `2026-01-31T17:00:00+01:00`, `2026-01-31`.",
    "day-first": "The day, the month, the year, and perhaps a time: `31/1/2026 17:00`.",
    "month-first": "The month, the day, the year, and perhaps a time: `1/31/2026 5:00 PM`.",
    "email": "RFC 5322, as in the head of a mail: `Sat, 31 Jan 2026 17:00:00 +0100`.",
    "epoch": "Seconds since 1970 in UTC.",
    "epoch-ms": "Milliseconds since 1970 in UTC.",
}
"""The named forms of times; any other form is a pattern with `%`."""

UNMAPPED: Final[Mapping[str, str]] = {
    "left-out": "They are left out.",
    "fields": "Each becomes a field of the ticket, as if `[fields]` named it.",
}


def _time_format(text: str) -> str:
    if text in FORMATS or "%" in text:
        return text
    raise ValueError(_FORMAT_NAMES.nearest(text) + ", or a pattern such as %d.%m.%Y %H:%M")


_FORMAT_NAMES: Final[OneOf[str]] = OneOf(FORMATS)
_FORMAT: Final = parsed(_time_format, "day-first")


def _delimiter(text: str) -> str:
    if len(text) != 1 or text in '"\r\n\0':
        raise ValueError("expected one character, such as a semicolon")
    return text


def _path(text: str) -> str:
    if _PATH.fullmatch(text):
        return text
    raise ValueError(
        "expected keys with [] behind each list, such as issues[].comments[]; "
        "*[] has the values of the outermost object"
    )


def _encoding(text: str) -> str:
    import codecs

    try:
        return codecs.lookup(text).name
    except (LookupError, ValueError):
        raise ValueError(f"unknown encoding {short(text)}, such as utf-8 or cp1252") from None


_KEYS: Final = r"[^.\[\]]+(\.[^.\[\]]+)*"
_PATH: Final = re.compile(rf"(({_KEYS})?\[\])?(\.{_KEYS}\[\])*|{_KEYS}")
PATH: Final = parsed(_path, "issues[].changelog.histories[]")


_PATHS: Final = ByName(PATH)


class RowsKind:
    """The kind of `log.rows`: one path, or a table of names and paths."""

    expected = "a path such as issues[].comments[]"

    def read(self, node: Node, reading: Reading) -> Mapping[str, str]:
        """Return the paths by their names; a single path has the name ``""``."""
        if isinstance(node.value, dict):
            return _PATHS.read(node, reading)
        return {"": PATH.read(node, reading)}

    def schema(self) -> dict[str, Any]:
        """Describe the path and the table."""
        return {"anyOf": [PATH.schema(), _PATHS.schema()]}


ENCODING: Final = parsed(_encoding, "cp1252")
_ENCODINGS: Final = ByName(ENCODING)


class EncodingKind:
    """The kind of `log.encoding`: one encoding, or a table of file names and encodings."""

    expected = "an encoding such as cp1252"

    def read(self, node: Node, reading: Reading) -> Mapping[str, str]:
        """Return the encodings by the names of the files; ``""`` stands for all files."""
        if isinstance(node.value, dict):
            return _ENCODINGS.read(node, reading)
        return {"": ENCODING.read(node, reading)}

    def schema(self) -> dict[str, Any]:
        """Describe the encoding and the table."""
        return {"anyOf": [ENCODING.schema(), _ENCODINGS.schema()]}


@attrs.frozen(kw_only=True)
class LogFormat:
    """The table `[log]`: how rows are found, and the columns that every row has."""

    ticket: CellValue = attrs.field(
        metadata=key(
            COLUMN,
            "The column with the ticket number. This key and the other columns of this table "
            "may be text with braces, which joins columns, or a list, whose first value counts.",
            example='"number"',
        )
    )
    time: CellValue | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column with the instant of the row.",
            example='"updated_at"',
            unset="the row is a whole ticket: each event needs `at`",
        ),
    )
    time_format: tuple[str, ...] = attrs.field(
        default=("iso",),
        metadata=key(
            Several(_FORMAT),
            "The form of times: `iso`, `day-first`, `month-first`, `email`, `epoch`, `epoch-ms`, "
            "or a pattern such as `%d.%m.%Y %H:%M`. A list is tried in its order.",
            example='["day-first", "%b %d, %Y %I:%M %p"]',
            unset='`"iso"`',
        ),
    )
    order: CellValue | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column that numbers the rows of a ticket.",
            example='"sys_mod_count"',
            unset="the rows of a ticket are put in the order of their instants",
        ),
    )
    id: CellValue | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column that identifies a row. If rows of one ticket and path have the same "
            "value, the last one counts.",
            example='"history_id"',
            unset="rows with the same cells in all columns that the mapping reads are one",
        ),
    )
    state: CellValue | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column with the state of the ticket, or with the activity of the row.",
            example='"incident_state"',
        ),
    )
    where: RowCondition = attrs.field(
        default=RowCondition(),
        metadata=key(
            WHERE,
            "The rows that are read; the others are left out and counted.",
            example='{ incident_state = { not = "-100" } }',
            unset="all rows",
        ),
    )
    missing: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(TEXT),
            "Cells that mean no value, besides empty ones.",
            example='"?"',
            unset="only empty cells",
        ),
    )
    rows: Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=key(
            RowsKind(),
            "JSON: the path to the rows, with `[]` behind each list, or a table of several paths "
            "by name; `*[]` has the values of the outermost object. Several files: a table with "
            "the name of each file.",
            example='"issues[].changelog.histories[]"',
            unset="each element of the outermost list, each line, or all rows of all files",
        ),
    )
    delimiter: str | None = attrs.field(
        default=None,
        metadata=key(
            parsed(_delimiter, ";"),
            "CSV: the character between cells.",
            example='";"',
            unset="the most frequent of comma, semicolon, tab and bar in the header",
        ),
    )
    encoding: Mapping[str, str] = attrs.field(
        factory=dict,
        metadata=key(
            EncodingKind(),
            "CSV: the encoding of the text, or a table with the encoding of each file. A byte "
            "order mark decides by itself.",
            example='"cp1252"',
            unset='`"utf-8"`',
        ),
    )
    unmapped: str = attrs.field(
        default="left-out",
        metadata=key(
            choice(UNMAPPED),
            "The use of columns that the mapping does not name. In JSON and XES, these are the "
            "paths to other texts; the log is read twice to find them. A field has the column's "
            "name in lower case, with hyphens in place of other characters.",
            example='"fields"',
        ),
    )
    sha256: str | None = attrs.field(
        default=None,
        metadata=key(
            parsed(str, "fd184b", "^[0-9a-f]{64}$"),
            "The checksum of the only file that this mapping is for.",
            example='"fd184bbfd62329cfe093e99da2ea7071905f2ead91900b448eb2635870821bef"',
            unset="any file",
        ),
    )
