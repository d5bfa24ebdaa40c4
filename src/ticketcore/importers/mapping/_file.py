"""Mapping files: the keys of the head, of `[log]`, `[people]`, `[opened]` and `[[event]]`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from ticketcore._internal.limits import MAX_RULES
from ticketcore._toml import (
    NAME,
    TEXT,
    ByName,
    Document,
    Key,
    Node,
    Reading,
    Several,
    Table,
    TableArray,
    UnreadError,
    choice,
    described,
    key,
    keys_of,
    partial,
    read_keys,
)
from ticketcore._toml._positions import Path
from ticketcore.events import Event, Opened, Party
from ticketcore.importers.mapping._conditions import STATES, WHERE, CellTest, RowCondition
from ticketcore.importers.mapping._fields import MAPPED_EVENTS, PARTY, PARTY_NAME, field_keys
from ticketcore.importers.mapping._log import LogFormat
from ticketcore.importers.mapping._values import COLUMN, VALUE, CellValue


@attrs.frozen(kw_only=True)
class People:
    """The table `[people]`: who acted, for events that do not say it themselves."""

    actor: CellValue = attrs.field(
        metadata=key(COLUMN, "The column with the acting person.", example='"author"')
    )
    customer: CellValue | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "The column with the customer. An actor with the same value acts as customer.",
            example='"reporter"',
        ),
    )
    system: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(TEXT),
            "Actors that are machines. Where another party acts, such as a customer by mail, "
            "their name is left out.",
            example='["Automation", "admin"]',
        ),
    )
    support: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(TEXT),
            "Actors of the desk, if `otherwise` or `opener` is another party.",
            example='["Ada", "Ben"]',
        ),
    )
    opener: Party | None = attrs.field(
        default=None,
        metadata=key(
            PARTY_NAME,
            "The party of the person who opened the ticket, in all its rows.",
            example='"customer"',
            unset="as that of other actors",
        ),
    )
    otherwise: Party = attrs.field(
        default="support",
        metadata=key(PARTY_NAME, "The party of all other actors.", example='"vendor"'),
    )
    names: Mapping[str, str] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(TEXT),
            "Other spellings and numbers of persons, each with the name that the history has. "
            "They count for actors, assignees and customers.",
            example='{ "A. Lovelace" = "Ada", "17" = "Ada" }',
        ),
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
class OpeningRule:
    """The table `[opened]`: the opening of each ticket, from its first row."""

    at: CellValue | None
    by: CellValue | None
    actor: CellValue | None
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


class OpeningKind:
    """The kind of `[opened]`."""

    expected = "a table"

    def read(self, node: Node, reading: Reading) -> OpeningRule:
        """Return the opening."""
        values, unread = read_keys(node, _OPENING, reading)
        own = {name: values.pop(name, None) for name in ("at", "by", "actor")}
        if unread:
            raise UnreadError
        return OpeningRule(**own, fields=values)

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
            "The name of the path or file in `log.rows` whose rows make the event.",
            example='"comment"',
            unset="rows of any path or file",
        ),
    )
    where: RowCondition = attrs.field(
        default=RowCondition(),
        metadata=key(
            WHERE,
            "Columns with the cells that they must have: a text, `{ contains = … }`, a list of "
            'both, `{ not = … }`, `{ column = "…" }`. `""` is a cell without a value.',
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
            "Columns, of which at least one differs from the ticket's previous row.",
            example='"assignment_group"',
        ),
    )
    rises: str | None = attrs.field(
        default=None,
        metadata=key(
            NAME,
            "A column whose number is higher than in the previous row.",
            example='"reassignment_count"',
        ),
    )
    falls: str | None = attrs.field(
        default=None,
        metadata=key(
            NAME, "A column whose number is lower than in the previous row.", example='"priority"'
        ),
    )
    at: CellValue | None = attrs.field(
        default=None,
        metadata=key(
            COLUMN,
            "A column with the instant of the event. The event then happens once for each ticket, "
            "if its last row with a value there fits.",
            example='"closed_at"',
            unset="the instant of the row",
        ),
    )
    by: CellValue | None = None
    actor: CellValue | None = None
    fields: Mapping[str, Any] = attrs.field(factory=dict)


_OTHER_WORDS: Final = {
    "answered": "replied",
    "comment": "replied",
    "commented": "replied",
    "message": "replied",
    "resolved": "replied",
    "solved": "replied",
    "merged": "closed",
    "note": "note-added",
}
"""Words for events in other systems, with the event that they mean."""

_EVENT: Final = Key(
    name="event",
    attribute="event",
    kind=choice(MAPPED_EVENTS.keys(), _OTHER_WORDS),
    about="The name of the event.",
    example='"replied"',
    unset=None,
    default=attrs.NOTHING,
)


def _conditions() -> Mapping[str, Key]:
    return {**keys_of(Rule), "by": _BY, "actor": _ACTOR}


class RuleKind:
    """The kind of `[[event]]`: the name of an event, its conditions and its fields."""

    expected = "a table"

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
    opened: OpeningRule = attrs.field(
        metadata=key(
            OpeningKind(), "The opening of each ticket.", example='{ type = "{category}" }'
        )
    )
    fields: Mapping[str, CellValue] = attrs.field(
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
            TableArray(RuleKind(), most=MAX_RULES),
            "The events that rows make. The first rule that fits a row counts among those with "
            "the same event and party, or with the same event and `at`; a row closes once.",
            example='[{ event = "closed", by = "support", to_state = "Closed" }]',
            name="event",
        ),
    )
    origin: Document | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def columns(self) -> Iterator[tuple[str, Path]]:
        """The columns that the mapping reads, each with a key path; some occur several times.

        The path of a value ends with the number of the alternative.
        """
        yield from _columns_of(self.log, ("log",))
        if self.people is not None:
            yield from _columns_of(self.people, ("people",))
        yield from _columns_of(self.opened, ("opened",))
        for name, value in self.fields.items():
            yield from ((column, ("fields", name, n)) for column, n in value.numbered_columns)
        for i, rule in enumerate(self.rules):
            yield from _columns_of(rule, ("event", i))


def _columns_of(table: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the columns of a table, whose fields hold values, conditions and names of columns."""
    values = {name: getattr(table, name) for name in attrs.fields_dict(type(table))}
    for name, value in {**values, **values.pop("fields", {})}.items():
        if isinstance(value, CellValue):
            yield from ((column, (*path, name, n)) for column, n in value.numbered_columns)
        elif isinstance(value, RowCondition):
            yield from ((column, (*path, name, key)) for column, key in value.columns)
        elif name in ("changed", "rises", "falls"):
            names = (value,) if isinstance(value, str) else value or ()
            yield from ((column, (*path, name)) for column in names)
