"""Tables of a file, read into instances of the classes that declare their keys.

A table in which everything is right becomes an instance, made by its class. A table with a mistake
becomes a *partial* instance: it has the values that were read, and any other raises UnreadError
when a check asks for it. So a check of several values is skipped if one of them is wrong, and one
mistake of an author is one problem.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path as PathOnDisk
from typing import Any, Generic, TypeAlias, TypeVar

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._internal.limits import MAX_PROBLEMS
from ticketcore._toml._document import Document
from ticketcore._toml._keys import Key, default_of, keys_of
from ticketcore._toml._kinds import (
    REMOVE,
    Kind,
    PartialMapping,
    Reading,
    refuse_too_many,
    table_entries,
)
from ticketcore._toml._node import Node
from ticketcore._toml._positions import Path
from ticketcore._toml._problem import EnoughProblemsError, UnreadError
from ticketcore._toml._schema import share_parts
from ticketcore._toml._wording import closest, describe, nearest, sentence
from ticketcore.errors import TicketcoreError

A = TypeVar("A", bound=attrs.AttrsInstance)
T = TypeVar("T")

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect in which the schemas of files are written."""

Mistake: TypeAlias = tuple[Path, str]
"""A finding of a check: the key path of a value, and the message about it."""


def read(
    document: Document,
    cls: type[A],
    zone: str | None = None,
    folder: PathOnDisk | None = None,
    **given: object,
) -> A:
    """Read a whole document into an instance of *cls*, and note all its problems there.

    *zone* is the IANA zone of local dates and times, *folder* holds the files that values name.
    *given* are values of fields, which win over the file. The instance is whole only if the
    document has no problems.
    """
    head = frozenset(key.name for key in keys_of(cls).values() if not _is_table(key))
    reading = Reading(document.notes, head, zone, folder)
    try:
        return Table(cls).read(document.tree, reading, **given)
    except EnoughProblemsError:
        return partial(cls, given, attrs.fields_dict(cls).keys() - given.keys())


def check(
    document: Document, value: T, checks: Iterable[Callable[[T], Iterator[Mistake]]]
) -> None:
    """Note what the checks find about the value that was read from a document.

    A check ends when it asks for a value that could not be read; its earlier findings stay.
    """
    reading = Reading(document.notes)
    with suppress(EnoughProblemsError):
        for find in checks:
            with suppress(UnreadError):
                for path, message in find(value):
                    reading.note(document.tree, message, *path)


def each(
    prefix: str, entries: Iterable[tuple[str | int, T]], find: Callable[[T], Iterator[Mistake]]
) -> Iterator[Mistake]:
    """Find mistakes in each of several tables; a partial table does not stop the search."""
    for step, entry in entries:
        try:
            for path, message in find(entry):
                yield (prefix, step, *path), message
        except UnreadError:
            continue


def read_keys(
    node: Node, keys: Mapping[str, Key], reading: Reading
) -> tuple[dict[str, Any], set[str]]:
    """Read the keys of a table: the values by their attributes, and the attributes unread.

    If an unknown key may be a misspelling of a missing one, only the unknown key is reported.
    """
    try:
        entries = table_entries(node, reading)
    except UnreadError:
        return {}, {key.attribute for key in keys.values()}
    values, unread = {}, set()
    unknown = islice((name for name in entries if name not in keys), MAX_PROBLEMS)
    meant = {closest(name, keys) for name in unknown}
    for name, key in keys.items():
        try:
            if name in entries:
                values[key.attribute] = key.kind.read(entries[name], reading)
            elif name in meant:
                unread.add(key.attribute)
            elif key.required:
                unread.add(key.attribute)
                reading.note(node, f"missing; expected {key.kind.expected}", name)
        except UnreadError:
            unread.add(key.attribute)
    for name, entry in entries.items():
        if name not in keys:
            reading.note(entry, _unknown(name, keys, reading.head))
    return values, unread


def _keys_of_class(table: "Table[Any]") -> Mapping[str, Key]:
    return keys_of(table.cls)


@frozen
class Table(Generic[A]):
    """A table `[key]` that makes an instance of a class; its keys are those that it declares."""

    cls: type[A]
    keys: Mapping[str, Key] = attrs.field(
        default=attrs.Factory(_keys_of_class, takes_self=True), repr=False
    )
    expected = "a table"

    def read(self, node: Node, reading: Reading, **given: object) -> A:
        """Return an instance, or a partial one if there is any mistake, also further down."""
        before = len(reading.problems)
        values, unread = read_keys(node, self.keys, reading)
        if len(reading.problems) == before:
            try:
                return self.cls(**{**values, **given})
            except (ValueError, TicketcoreError) as error:
                reading.note(node, sentence(str(error)))
        return partial(self.cls, {**values, **given}, unread - given.keys())

    def schema(self) -> dict[str, Any]:
        """Describe the keys; any other is refused. `demands` says which of them must be there."""
        properties = {key.name: described(key) for key in self.keys.values()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


@frozen
class NamedTables(Generic[A]):
    """A table of tables `[key.NAME]`; the class has a field `name` for the name.

    A file that extends another removes one by `remove = true`. There may be *most* of them.
    """

    cls: type[A]
    most: int | None = None
    expected = "a table"

    def read(self, node: Node, reading: Reading) -> Mapping[str, A]:
        """Return the instances by their names, in the order of the file."""
        tables: dict[str, A] = {}
        entries = table_entries(node, reading)
        refuse_too_many(entries, self.most, node, reading)
        for name, entry in entries.items():
            if name:
                tables[name] = Table(self.cls).read(entry, reading, name=name)
            else:
                reading.note(entry, "expected a name as key, found an empty one")
        return PartialMapping(tables, {""}) if "" in entries else tables

    def schema(self) -> dict[str, Any]:
        """Describe each table, or its removal; its name is any that is not empty."""
        one = Table(self.cls).schema()
        one["properties"]["remove"] = REMOVE
        names = {"propertyNames": {"minLength": 1}}
        most = {} if self.most is None else {"maxProperties": self.most}
        return {"type": "object", "additionalProperties": one, **names, **most}


@frozen
class TableArray(Generic[T]):
    """An array of tables `[[key]]`, each of the kind *table*.

    Entries that agree in the keys of *identity* replace each other in a file that extends
    another, or are removed there by `remove = true`. An array may have *most* entries.
    """

    table: Kind[T]
    identity: tuple[str, ...] = ()
    most: int | None = None
    expected: str = "tables"

    def read(self, node: Node, reading: Reading) -> tuple[T, ...]:
        """Return the instance of each element, whole or partial."""
        if isinstance(node.value, list):
            refuse_too_many(node.value, self.most, node, reading)
            return tuple(self.table.read(element, reading) for element in node.value)
        header = f"[[{node.place.path[-1]}]]"
        found = describe(node.plain())
        reading.note(node, f"expected a list of tables, each headed {header}, found {found}")
        raise UnreadError

    def schema(self) -> dict[str, Any]:
        """Describe an element: either a whole one, or one that only says what to remove."""
        element = self.table.schema()
        array = {"type": "array"} | ({} if self.most is None else {"maxItems": self.most})
        if not isinstance(self.table, Table):
            return {**array, "items": element}
        demanded = demands(self.table.keys)
        if not self.identity:
            return {**array, "items": {**element, **demanded_by(demanded)}}
        element["properties"]["remove"] = REMOVE
        either = {"then": {"required": [*self.identity]}, "else": demanded}
        return {**array, "items": {**element, "if": {"required": ["remove"]}, **either}}


def identities(cls: type[attrs.AttrsInstance]) -> Mapping[str, tuple[str, ...]]:
    """Return the keys of a class that hold arrays of tables with an identity, as `merge` asks."""
    kinds = ((key.name, key.kind) for key in keys_of(cls).values())
    return {name: kind.identity for name, kind in kinds if isinstance(kind, TableArray)}


def file_schema(cls: type[attrs.AttrsInstance], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a file whose head is the class.

    A file that extends another may leave out any key that the other has.
    """
    keys = keys_of(cls)
    schema = {"$schema": DIALECT, "title": title, **Table(cls).schema()}
    if "extends" in keys:
        schema |= {"if": {"required": ["extends"]}, "then": {}, "else": demands(keys)}
    else:
        schema |= demanded_by(demands(keys))
    return share_parts(schema)


def demands(keys: Mapping[str, Key]) -> dict[str, Any]:
    """Return the part of a JSON Schema that says which keys must be there, at any depth."""
    below = {}
    for key in keys.values():
        kind = key.kind
        if isinstance(kind, NamedTables) and (demanded := demands(keys_of(kind.cls))):
            below[key.name] = {"additionalProperties": demanded}
        elif isinstance(kind, Table) and (demanded := demands(kind.keys)):
            below[key.name] = demanded
    required = [key.name for key in keys.values() if key.required]
    return ({"required": required} if required else {}) | ({"properties": below} if below else {})


def demanded_by(demanded: dict[str, Any]) -> dict[str, Any]:
    """Add demands to the JSON Schema of a table that has properties of its own."""
    return {"allOf": [demanded]} if "properties" in demanded else demanded


def described(key: Key) -> dict[str, Any]:
    """Return the JSON Schema of a key: its description, its kind and its example."""
    return {
        "description": key.about,
        **key.kind.schema(),
        "examples": [json_value(key.example)],
    }


def json_value(example: str) -> Any:
    """Return a value that is written in TOML as JSON has it: dates are text."""
    import tomllib

    return _as_json(tomllib.loads(f"example = {example}")["example"])


def _as_json(value: Any) -> Any:
    """Turn a value of TOML into one of JSON: dates become text."""
    if isinstance(value, dict):
        return {name: _as_json(below) for name, below in value.items()}
    if isinstance(value, list):
        return [_as_json(below) for below in value]
    return value if isinstance(value, str | int | float) else value.isoformat()


def _is_table(key: Key) -> bool:
    return isinstance(key.kind, TableArray) or key.kind.expected.startswith("a table")


def _unknown(name: str, keys: Iterable[str], head: frozenset[str]) -> str:
    if name in head and name not in keys:
        where = "if it is meant for the whole file, move it above the first [table]"
        return f"unknown key; {nearest(name, keys)}; {where}"
    return f"unknown key; {nearest(name, keys)}"


@cache
def _partial_class(cls: type[A]) -> type[A]:
    def unread(_: A, name: str) -> object:
        raise UnreadError(name)

    return type(cls.__name__, (cls,), {"__slots__": (), "__getattr__": unread})


def partial(cls: type[A], values: Mapping[str, Any], unread: Iterable[str]) -> A:
    """Make an instance of these values and of the defaults that can be worked out from them."""
    instance: A = object.__new__(_partial_class(cls))
    for field in attrs.fields(cls):
        if field.name in values:
            object.__setattr__(instance, field.name, values[field.name])
        elif field.name not in unread and field.default is not attrs.NOTHING:
            try:
                object.__setattr__(instance, field.name, default_of(field, instance))
            except UnreadError:
                continue
    return instance
