"""Mapping files: the keys of the head, of `[log]`, `[people]`, `[opened]` and `[[event]]`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from ticketcore._toml import (
    NAME,
    TEXT,
    ByName,
    Choice,
    Document,
    Key,
    Node,
    Reading,
    Several,
    Table,
    Tables,
    UnreadError,
    choice,
    described,
    key,
    keys_of,
    parsed,
    partial,
    read_keys,
)
from ticketcore._toml._positions import Path
from ticketcore.events import Event, Opened, Party
from ticketcore.importers.mapping._conditions import STATES, WHERE, CellTest, RowCondition
from ticketcore.importers.mapping._fields import MAPPED_EVENTS, PARTY, PARTY_NAME, field_keys
from ticketcore.importers.mapping._values import COLUMN, VALUE, Value

FORMATS: Final[Mapping[str, str]] = {
    "iso": "ISO 8601, with or without an offset: `2026-01-31T17:00:00+01:00`, `2026-01-31`.",
    "day-first": "The day, the month, the year, and perhaps a time: `31/1/2026 17:00`.",
    "month-first": "The month, the day, the year, and perhaps a time: `1/31/2026 5:00 PM`.",
    "epoch": "Seconds since 1970 in UTC.",
    "epoch-ms": "Milliseconds since 1970 in UTC.",
}
"""The named forms of times; any other form is a pattern with `%`."""


def _time_format(text: str) -> str:
    if text in FORMATS or "%" in text:
        return text
    raise ValueError(_FORMAT_NAMES.nearest(text) + ", or a pattern such as %d.%m.%Y %H:%M")


_FORMAT_NAMES: Final[Choice[str]] = Choice(FORMATS)
_FORMAT: Final = parsed(_time_format, "day-first")


def _delimiter(text: str) -> str:
    if len(text) != 1 or text in '"\r\n\0':
        raise ValueError("expected one character, such as a semicolon")
    return text


def _path(text: str) -> str:
    if _PATH.fullmatch(text):
        return text
    raise ValueError("expected keys with [] behind each list, such as issues[].comments[]")


def _encoding(text: str) -> str:
    import codecs

    try:
        return codecs.lookup(text).name
    except (LookupError, ValueError):
        raise ValueError(f"unknown encoding {text!r}, such as utf-8 or cp1252") from None


_KEYS: Final = r"[^.\[\]]+(\.[^.\[\]]+)*"
_PATH: Final = re.compile(rf"(({_KEYS})?\[\])?(\.{_KEYS}\[\])*|{_KEYS}")
PATH: Final = parsed(_path, "issues[].changelog.histories[]")


_PATHS: Final = ByName(PATH)


@attrs.frozen(eq=False, repr=False)
class RowsKind:
    """The kind of `log.rows`: one path, or a table of names and paths."""

    expected: str = "a path such as issues[].comments[]"

    def read(self, node: Node, reading: Reading) -> Mapping[str, str]:
        """Return the paths by their names; a single path has the name ``""``."""
        if isinstance(node.value, dict):
            return _PATHS.read(node, reading)
        return {"": PATH.read(node, reading)}

    def schema(self) -> dict[str, Any]:
        """Describe the path and the table."""
        return {"anyOf": [PATH.schema(), _PATHS.schema()]}


@attrs.frozen(kw_only=True)
class LogFormat:
    """The table `[log]`: how rows are found, and the columns that every row has."""

    ticket: Value = attrs.field(
        metadata=key(
            COLUMN,
            "The column with the ticket number. Here and at the other columns of this table, text "
            "with braces joins columns, and of a list the first that has a value counts.",
            example='"number"',
        )
    )
    time: Value | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column with the instant of the row.",
            example='"updated_at"',
            unset="the row is a whole ticket: each event needs `at`",
        ),
    )
    time_format: str = attrs.field(
        default="iso",
        metadata=key(
            _FORMAT,
            "The form of times: `iso`, `day-first`, `month-first`, `epoch`, `epoch-ms`, or a "
            "pattern such as `%d.%m.%Y %H:%M`.",
            example='"day-first"',
        ),
    )
    order: Value | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column that numbers the rows of a ticket.",
            example='"sys_mod_count"',
            unset="the rows of a ticket are put in the order of their instants",
        ),
    )
    state: Value | None = attrs.field(
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
            "Cells that stand for no value, beside empty ones.",
            example='"?"',
            unset="only empty cells",
        ),
    )
    rows: Mapping[str, str] | None = attrs.field(
        default=None,
        metadata=key(
            RowsKind(),
            "JSON: the path to the rows, with `[]` behind each list, or a table of several paths "
            "by name.",
            example='"issues[].changelog.histories[]"',
            unset="each element of the outermost list, or each line",
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
    encoding: str = attrs.field(
        default="utf-8",
        metadata=key(
            parsed(_encoding, "cp1252"),
            "CSV: the encoding of the text. A byte order mark decides by itself.",
            example='"cp1252"',
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


@attrs.frozen(kw_only=True)
class People:
    """The table `[people]`: who acted, for events that do not say it themselves."""

    actor: Value = attrs.field(
        metadata=key(COLUMN, "The column with the acting person.", example='"author"')
    )
    customer: Value | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column with the customer: who has the same value as `actor` acts as customer.",
            example='"reporter"',
        ),
    )
    system: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(TEXT), "Actors that are machines.", example='["Automation", "admin"]'
        ),
    )
    otherwise: Party = attrs.field(
        default="support",
        metadata=key(PARTY_NAME, "The party of all other actors.", example='"vendor"'),
    )


_BY: Final = Key(
    name="by",
    attribute="by",
    kind=PARTY,
    about="The party that acts.",
    example='"support"',
    unset="as `[people]` says",
    default=None,
)
_ACTOR: Final = Key(
    name="actor",
    attribute="actor",
    kind=VALUE,
    about="The acting person.",
    example='"{updated_by}"',
    unset="the `actor` of `[people]`, if there is one",
    default=None,
)


@attrs.frozen(kw_only=True)
class Opening:
    """The table `[opened]`: the opening of each ticket, from its first row."""

    at: Value | None
    by: Value | None
    actor: Value | None
    fields: Mapping[str, Any]


_OPENING: Final[Mapping[str, Key]] = {
    "at": Key(
        name="at",
        attribute="at",
        kind=COLUMN,
        about="The column with the instant of the opening.",
        example='"opened_at"',
        unset="the instant of the first row",
        default=None,
    ),
    "by": attrs.evolve(_BY, unset='`"customer"`'),
    "actor": _ACTOR,
    **{name: k for name, k in field_keys(Opened).items() if name not in ("zone", "number")},
}


@attrs.frozen(eq=False, repr=False)
class OpeningKind:
    """The kind of `[opened]`."""

    expected: str = "a table"

    def read(self, node: Node, reading: Reading) -> Opening:
        """Return the opening."""
        values, unread = read_keys(node, _OPENING, reading)
        own = {name: values.pop(name, None) for name in ("at", "by", "actor")}
        if unread:
            raise UnreadError
        return Opening(**own, fields=values)

    def schema(self) -> dict[str, Any]:
        """Describe the facts of an opening."""
        return _table_schema(_OPENING, required=["type"])


@attrs.frozen(kw_only=True)
class Rule:
    """A table `[[event]]`: the rows that make an event, and the event."""

    event: type[Event]
    rows: str | None = attrs.field(
        default=None,
        metadata=key(
            NAME,
            "JSON: the name of the path in `log.rows` whose rows make the event.",
            example='"comment"',
            unset="rows of any path",
        ),
    )
    where: RowCondition = attrs.field(
        default=RowCondition(),
        metadata=key(
            WHERE,
            "Columns with the cells that they must have: a text, a list of texts, `{ not = … }`, "
            '`{ column = "…" }`. `""` is a cell without a value.',
            example='{ Activity = ["Resolve ticket", "Resolve SW anomaly"] }',
            unset="any row",
        ),
    )
    to_state: CellTest | None = attrs.field(
        default=None,
        metadata=key(
            STATES, "The state changed to one of these.", example='["Resolved", "Closed"]'
        ),
    )
    from_state: CellTest | None = attrs.field(
        default=None,
        metadata=key(STATES, "The state changed from one of these.", example='"On hold"'),
    )
    changed: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "Columns of which one differs from the ticket's row before.",
            example='"assignment_group"',
        ),
    )
    rises: str | None = attrs.field(
        default=None,
        metadata=key(
            NAME, "A column whose number is higher than before.", example='"reassignment_count"'
        ),
    )
    falls: str | None = attrs.field(
        default=None,
        metadata=key(NAME, "A column whose number is lower than before.", example='"priority"'),
    )
    at: Value | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "A column with the instant of the event. The event then happens once for each ticket, "
            "if its last row with a value there fits.",
            example='"closed_at"',
            unset="the instant of the row",
        ),
    )
    by: Value | None = None
    actor: Value | None = None
    fields: Mapping[str, Any] = attrs.field(factory=dict)


_EVENT: Final = Key(
    name="event",
    attribute="event",
    kind=choice(MAPPED_EVENTS.keys()),
    about="The name of the event.",
    example='"replied"',
    unset=None,
    default=attrs.NOTHING,
)


def _conditions() -> Mapping[str, Key]:
    return {**keys_of(Rule), "by": _BY, "actor": _ACTOR}


@attrs.frozen(eq=False, repr=False)
class RuleKind:
    """The kind of `[[event]]`: the name of an event, its conditions and its fields."""

    expected: str = "a table"

    def read(self, node: Node, reading: Reading) -> Rule:
        """Return the rule; only a known event says which fields there are."""
        try:
            name = _EVENT.kind.read(node.entries["event"], Reading())
        except (KeyError, UnreadError):
            name = None
        fields = {} if name is None else field_keys(MAPPED_EVENTS[name])
        keys = {"event": _EVENT, **_conditions(), **fields}
        if name is None and node.entries:  # the fields of an unknown event are not reported
            known = {name: entry for name, entry in node.entries.items() if name in keys}
            node = attrs.evolve(node, value=known)
        values, unread = read_keys(node, keys, reading)
        values.pop("event", None)
        rule = {name: values.pop(name) for name in _conditions() if name in values}
        rule["fields"] = values
        if unread or name is None:
            return partial(Rule, rule, {"event", *unread})
        return Rule(event=MAPPED_EVENTS[name], **rule)

    def schema(self) -> dict[str, Any]:
        """Describe each event with its fields."""
        tables = []
        for name, event in MAPPED_EVENTS.items():
            keys = {**_conditions(), **field_keys(event)}
            required = [k.name for k in keys.values() if k.required]
            table = _table_schema(keys, required=["event", *required])
            table["properties"] = {"event": {"const": name}, **table["properties"]}
            tables.append(table)
        return {"oneOf": tables}


def _table_schema(keys: Mapping[str, Key], required: list[str]) -> dict[str, Any]:
    properties = {name: described(k) for name, k in keys.items()}
    closed = {"additionalProperties": False, "required": required}
    return {"type": "object", "properties": properties, **closed}


@attrs.frozen(kw_only=True)
class LogMapping:
    """A mapping from the rows of another system's log to the events of tickets."""

    title: str = attrs.field(
        default="",
        metadata=key(TEXT, "The log that the mapping is for.", example='"Our help desk"'),
    )
    log: LogFormat = attrs.field(
        metadata=key(Table(LogFormat), "The rows of the log.", example='{ ticket = "number" }')
    )
    people: People | None = attrs.field(
        default=None,
        metadata=key(Table(People), "Who acted.", example='{ actor = "author" }'),
    )
    opened: Opening = attrs.field(
        metadata=key(
            OpeningKind(), "The opening of each ticket.", example='{ type = "{category}" }'
        )
    )
    fields: Mapping[str, Value] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(VALUE),
            "Fields of the ticket by name, each with its value. The first row gives the fields of "
            "the opening; a row with another value sets the field. A policy reads those that it "
            "declares.",
            example='{ priority = "{priority}", team = "{assignment_group}" }',
        ),
    )
    rules: tuple[Rule, ...] = attrs.field(
        default=(),
        metadata=key(
            Tables(RuleKind()),
            "The events that rows make. Of the rules with the same event and party, the first "
            "that fits a row counts.",
            example='[{ event = "closed", by = "support", to_state = "Closed" }]',
            name="event",
        ),
    )
    origin: Document | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def columns(self) -> Iterator[tuple[str, Path]]:
        """The columns that the mapping reads, each with a key path; some occur several times."""
        yield from _columns_of(self.log, ("log",))
        if self.people is not None:
            yield from _columns_of(self.people, ("people",))
        yield from _columns_of(self.opened, ("opened",))
        for name, value in self.fields.items():
            yield from ((column, ("fields", name)) for column in value.columns)
        for i, rule in enumerate(self.rules):
            yield from _columns_of(rule, ("event", i))


def _columns_of(table: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the columns of a table, whose fields hold values, conditions and names of columns."""
    values = {name: getattr(table, name) for name in attrs.fields_dict(type(table))}
    for name, value in {**values, **values.pop("fields", {})}.items():
        if isinstance(value, Value):
            yield from ((column, (*path, name)) for column in value.columns)
        elif isinstance(value, RowCondition):
            yield from ((column, (*path, name, key)) for column, key in value.columns)
        elif name in ("changed", "rises", "falls"):
            names = (value,) if isinstance(value, str) else value or ()
            yield from ((column, (*path, name)) for column in names)
