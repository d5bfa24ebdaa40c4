"""What a reader asks of a file, noted down: so a schema and its reader cannot differ."""

from typing import Any, TypeVar

import attrs

from ticketcore._toml._node import Node
from ticketcore._toml._problem import Place, Problem
from ticketcore._toml._table import Required, Table
from ticketcore._toml._table_kinds import Kind
from ticketcore._toml._tables import DIALECT

D = TypeVar("D")
T = TypeVar("T")


_NOWHERE = Place("", 1, 1)
_ANY_NAME = "*"


@attrs.frozen(eq=False)
class Outline(Table):
    """A table that has everything it is asked for, and remembers what that was.

    Hand it to a reader in place of a file's root, then ask for its `schema`. Of a table with free
    names it has one entry.
    """

    _node: Node = attrs.field(default=Node({}, _NOWHERE), init=False)
    _problems: list[Problem] = attrs.field(factory=list, init=False)
    _properties: dict[str, Any] = attrs.field(factory=dict, init=False)
    _tables: "dict[str, Outline]" = attrs.field(factory=dict, init=False)
    _required: set[str] = attrs.field(factory=set, init=False)
    _optional: set[str] = attrs.field(factory=set, init=False)

    def schema(self, title: str) -> dict[str, Any]:
        """The JSON Schema (2020-12) of what was asked for; an array may stand as its one entry."""
        return {"$schema": DIALECT, "title": title, **self._described()}

    def _described(self) -> dict[str, Any]:
        properties = dict(self._properties)
        for name, table in self._tables.items():
            below = table._described()
            several = properties.get(name) == {"type": "array"}
            properties[name] = {"type": "array", "items": below} if several else below
        free = properties.pop(_ANY_NAME, False)
        described = {"type": "object", "properties": properties, "additionalProperties": free}
        if free:
            described["propertyNames"] = {"minLength": 1}
        required = sorted(self._required - self._optional)
        return described | ({"required": required} if required else {})

    def names(self) -> tuple[str, ...]:
        return (_ANY_NAME,)

    def has(self, key: str) -> bool:
        self._optional.add(key)
        return True

    def value(self, key: str, default: object = None) -> object:
        self._properties[key] = {}
        return default

    def section(self, key: str) -> Table:
        return self._tables.setdefault(key, Outline())

    def tables(self, key: str) -> tuple[Table, ...]:
        self._properties[key] = {"type": "array"}
        return (self.section(key),)

    def problem(self, where: object, message: str) -> None:
        """Nothing is wrong with what is not written."""

    def _read(self, key: str, kind: Kind[T], default: D | Required) -> T | D:
        self._note(key, dict(kind.schema), default)
        return kind.placeholder

    def _read_several(
        self, key: str, kind: Kind[T], default: D | Required, *, unique: bool
    ) -> tuple[T, ...] | D:
        one = dict(kind.schema)
        array = {"type": "array", "items": one, **({"uniqueItems": True} if unique else {})}
        self._note(key, {"anyOf": [one, array]}, default)
        return (kind.placeholder,)

    def _note(self, key: Any, schema: Any, default: object = None) -> None:
        if self._properties.get(key) != {}:  # what may be anything stays so
            self._properties[key] = schema
        if isinstance(default, Required) and key != _ANY_NAME:
            self._required.add(key)
