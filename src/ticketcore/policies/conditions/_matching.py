"""The values that a condition wants of one fact: some values, any others, a range, or tags.

A plain set of values is the common case; the classes here are used like one: ``value in wanted``.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import instant_text
from ticketcore._internal.terminal import either
from ticketcore._toml import (
    NAME,
    Key,
    Kind,
    Node,
    PartialMapping,
    Reading,
    Scalar,
    Several,
    UnreadError,
    described,
    nearest,
    read_keys,
    table_entries,
)
from ticketcore.events import FieldContent, Money, field_text, parse_field
from ticketcore.policies.conditions._fields import FIELD_CONTENT


@frozen
class Other(Value):
    """Any value but these, or no value."""

    values: frozenset[FieldContent]

    def __contains__(self, value: object) -> bool:
        return value not in self.values


@frozen
class Range(Value):
    """Values of one kind from a lower bound on, and below an upper one. None: no bound."""

    at_least: FieldContent | None = None
    below: FieldContent | None = None

    def __contains__(self, value: object) -> bool:
        return all(
            bound is None
            or (_kind(value) == _kind(bound) and (_sortable(value) < _sortable(bound)) == is_upper)
            for bound, is_upper in ((self.at_least, False), (self.below, True))
        )

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in the range."""
        return self.at_least is not None and self.below is not None and self.at_least not in self


def _kind(value: object) -> object:
    return value.currency if isinstance(value, Money) else type(value)


def _sortable(value: Any) -> Any:
    return value.minor if isinstance(value, Money) else value


@frozen
class Tagging(Value):
    """Tickets with one of these tags or, if *negated*, with none of them."""

    values: frozenset[FieldContent]
    negated: bool = False

    def __contains__(self, tags: object) -> bool:
        assert isinstance(tags, tuple), "the tags of a ticket"
        return self.values.isdisjoint(tags) == self.negated


Wanted: TypeAlias = frozenset[FieldContent] | Other | Range | Tagging


def named_values(wanted: Wanted) -> frozenset[FieldContent]:
    """Return the values that a condition names, of which it wants some, others or none."""
    match wanted:
        case frozenset():
            return wanted
        case Range():
            return frozenset(b for b in (wanted.at_least, wanted.below) if b is not None)
        case _:
            return wanted.values


def in_words(name: str, wanted: Wanted) -> str:
    """Write what a condition wants of a fact, such as ``not solved`` or ``type refund``."""
    fact = _fact(name)
    match wanted:
        case frozenset() if wanted == {True}:
            return fact
        case frozenset() if wanted == {False}:
            return f"has no {fact[4:]}" if fact.startswith("has ") else f"not {fact}"
        case Range():
            return f"{fact} {_bounds(wanted)}"
        case Tagging(negated=negated):
            return f"{'no ' if negated else ''}tag {_listed(wanted.values)}"
        case Other():
            return f"{fact} not {_listed(wanted.values)}"
        case _:
            return f"{fact} {_listed(wanted)}"


def _fact(name: str) -> str:
    """Return the name of a fact; a field of the policy keeps its name."""
    own = name.removeprefix("fields.")
    return name.replace("_", " ") if own == name else own


_NOUNS: Final[Mapping[str, str]] = {
    "requested_by": "party that set the type",
    "opened_by": "party that opened the ticket",
    "waiting_for": "party that has to answer",
    "handler": "party that handles the ticket",
    "subcategory": "sub-category",
    "assigned_to": "assignee",
}
_FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "has_account": ("the ticket has no account", "the ticket has an account"),
    "answered": ("the ticket was not answered", "the ticket was answered"),
    "solved": ("the latest reply solves nothing", "the latest reply solves the problem"),
    "acknowledged": ("work has not begun", "work has begun"),
    "has_grace_period": ("the vendor has no grace period", "the vendor has a grace period"),
}


def as_clause(name: str, wanted: Wanted) -> str:
    """Write a condition on a fact as it follows "if": ``the priority is urgent``."""
    fact = f"the {_NOUNS.get(name) or _fact(name)}"
    match wanted:
        case Range():
            return f"{fact} is {_bounds(wanted)}"
        case Tagging(negated=negated):
            return f"{fact} {'do not ' if negated else ''}contain {_either(wanted.values)}"
        case Other():
            return f"{fact} is not {_either(wanted.values)}"
        case frozenset() if name in _FLAGS and len(wanted) == 1:
            return _FLAGS[name][True in wanted]
        case _:
            return f"{fact} is {_either(wanted)}"


def as_written(name: str, wanted: Wanted) -> str:
    """Write what a condition wants of a fact, in the form of the file."""
    if isinstance(wanted, Range):
        bounds = {"at_least": wanted.at_least, "below": wanted.below}
        texts = (f"{key} = {_toml(bound)}" for key, bound in bounds.items() if bound is not None)
        return f"{name} = {{ {', '.join(texts)} }}"
    values = sorted(map(_toml, named_values(wanted)))
    value = values[0] if len(values) == 1 else f"[{', '.join(values)}]"
    negated = isinstance(wanted, Other) or (isinstance(wanted, Tagging) and wanted.negated)
    return f"{name} = {{ not = {value} }}" if negated else f"{name} = {value}"


def _bounds(wanted: Range) -> str:
    lower = () if wanted.at_least is None else (f"at least {_text(wanted.at_least)}",)
    upper = () if wanted.below is None else (f"below {_text(wanted.below)}",)
    return " and ".join((*lower, *upper))


def _listed(values: Iterable[FieldContent]) -> str:
    """List values without a comma, which separates the facts of a condition."""
    return " or ".join(_texts(values))


def _either(values: Iterable[FieldContent]) -> str:
    return either(_texts(values))


def _texts(values: Iterable[FieldContent]) -> list[str]:
    return sorted(map(_text, values))


def _text(value: FieldContent) -> str:
    return instant_text(value) if isinstance(value, datetime) else _toml_value(value)


def _toml(value: FieldContent) -> str:
    return f'"{value}"' if isinstance(value, str | Money) else _toml_value(value)


def _toml_value(value: FieldContent) -> str:
    return str(value).lower() if isinstance(value, bool) else field_text(value)


def with_amounts(wanted: Wanted) -> Wanted:
    """Return the wanted values of a field of the policy; a file writes amounts as text."""
    match wanted:
        case frozenset():
            return wanted | {*_amounts(wanted)}
        case Other(values=values):
            return Other(values | {*_amounts(values)})
        case _:
            return wanted


def _amounts(values: Iterable[object]) -> Iterator[Money]:
    for value in values:
        amount = parse_field("money", value) if isinstance(value, str) else None
        if isinstance(amount, Money):
            yield amount


def _values(node: Node, reading: Reading, kind: Kind[Any]) -> frozenset[Any]:
    """Read one value or an array of values that is not empty."""
    found = kind.read(node, reading)
    if found == ():
        reading.note(node, "an empty list never applies: name a value")
        raise UnreadError
    return frozenset(found if isinstance(found, tuple) else (found,))


def _read_not(node: Node, reading: Reading, kind: Kind[Any]) -> frozenset[Any]:
    for name in node.entries.keys() - {"not"}:
        reading.note(node.entries[name], f"unknown key; {nearest(name, ('not',))}")
    if node.entries.keys() != {"not"}:
        raise UnreadError
    return _values(node.entries["not"], reading, kind)


def _schema_of_not(schema: Mapping[str, Any]) -> dict[str, Any]:
    negated = {"not": {"description": "Any value but these.", **schema}}
    return {
        "type": "object",
        "properties": negated,
        "required": ["not"],
        "additionalProperties": False,
    }


@frozen
class Matching:
    """The kind of the values wanted of a built-in fact: values, or ``{ not = … }``."""

    kind: Kind[Any]
    negatable: bool = True

    @property
    def expected(self) -> str:
        """The name of the values."""
        return self.kind.expected

    def read(self, node: Node, reading: Reading) -> frozenset[Any] | Other:
        """Return the values, or the ones that are excluded."""
        if self.negatable and isinstance(node.value, dict):
            return Other(_read_not(node, reading, self.kind))
        return _values(node, reading, self.kind)

    def schema(self) -> dict[str, Any]:
        """Allow the values, and a table that excludes some."""
        schema = self.kind.schema()
        if not self.negatable:
            return schema
        return {"anyOf": [*schema.get("anyOf", [schema]), _schema_of_not(schema)]}


class TagsMatching:
    """The kind of the tags that a condition wants."""

    expected = "a tag, or an array"

    def read(self, node: Node, reading: Reading) -> Tagging:
        """Return the tags of which a ticket must have one, or must have none."""
        if isinstance(node.value, dict):
            return Tagging(_read_not(node, reading, _TAGS), negated=True)
        return Tagging(_values(node, reading, _TAGS))

    def schema(self) -> dict[str, Any]:
        """Allow tags, and a table that excludes some."""
        return Matching(_TAGS).schema()


_TAGS: Final = Several(NAME)


def _bound(value: object) -> FieldContent:
    content = FIELD_CONTENT.parse(value)
    if isinstance(content, str):
        return Money.parse(content)
    if isinstance(content, bool):
        raise ValueError("a range has numbers, amounts, dates or instants")
    return content


_BOUND: Final = Scalar("a number, an amount, a date or an instant", _bound, FIELD_CONTENT.schema())
_RANGE: Final[Mapping[str, Key]] = {
    name: Key(
        name=name,
        attribute=name,
        kind=_BOUND,
        about=about,
        example="5",
        unset="no bound",
        default=None,
    )
    for name, about in (
        ("at_least", "The value is this or more."),
        ("below", "The value is less than this."),
    )
}


class FieldsMatching:
    """The kind of the values wanted of the policy's own fields, by their names."""

    expected = "a table"

    def read(self, node: Node, reading: Reading) -> Mapping[str, Wanted]:
        """Return for each field the values, the ones that are excluded, or a range."""
        wanted: dict[str, Wanted] = {}
        unread = set()
        for name, entry in table_entries(node, reading).items():
            try:
                wanted[name] = _field(entry, reading)
            except UnreadError:
                unread.add(name)
        return PartialMapping(wanted, unread) if unread else wanted

    def schema(self) -> dict[str, Any]:
        """Allow any name; the check knows the fields."""
        values = Several(FIELD_CONTENT).schema()
        bounds = {key.name: described(key) for key in _RANGE.values()}
        a_range = {
            "type": "object",
            "properties": bounds,
            "minProperties": 1,
            "additionalProperties": False,
        }
        one = {"anyOf": [*values["anyOf"], _schema_of_not(values), a_range]}
        return {"type": "object", "additionalProperties": one, "minProperties": 1}


def _field(node: Node, reading: Reading) -> Wanted:
    if not isinstance(node.value, dict):
        return _values(node, reading, _CONTENTS)
    if "not" in node.entries:
        return Other(_read_not(node, reading, _CONTENTS))
    values, unread = read_keys(node, {**_RANGE, "not": _NOT}, reading)
    if unread or values.keys() - _RANGE.keys():
        raise UnreadError
    if not node.entries:
        reading.note(node, "an empty table has no effect: write a value, not, at_least or below")
    if not values:
        raise UnreadError
    return Range(**values)


_CONTENTS: Final = Several(FIELD_CONTENT)
_NOT: Final = Key(
    name="not",
    attribute="not",
    kind=_CONTENTS,
    about="Any value but these.",
    example='"low"',
    unset=None,
    default=None,
)
