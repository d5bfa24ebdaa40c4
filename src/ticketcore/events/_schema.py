"""JSON Schema (2020-12) made from the types that the codec reads, so that the two cannot differ.

A schema cannot say everything. Refused by the reader alone: a date that its month does not have
(30 February), and a whole number written as 7.0, which JSON Schema takes for 7.
"""

from collections.abc import Collection
from datetime import datetime
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import attrs

from ticketcore.events._codec import EVENTS
from ticketcore.events._converter import CONVERTER
from ticketcore.events._instants import FORM
from ticketcore.events._values import CURRENCY, Money

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_INSTANT = {"type": "string", "pattern": f"^{FORM}$"}
_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: {"$ref": "#/$defs/instant"},
}


def event_schema() -> dict[str, Any]:
    """The JSON Schema of one line of a history file.

    The body of an event of an unknown name, or of a later schema, may be any object.
    """
    definitions = Definitions()
    cases = [
        {
            "if": {
                "properties": {"event": {"const": name}, "schema": {"const": cls.SCHEMA}},
                "required": ["event", "schema"],
            },
            "then": {"properties": {"data": definitions.refer(cls, beside=["at"])}},
        }
        for name, cls in EVENTS.items()
    ]
    text, number = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}
    line = {
        "ticket": text,
        "seq": number,
        "event": text,
        "schema": number,
        "occurred_at": _SIMPLE[datetime],
        "data": {"type": "object"},
    }
    return {
        "$schema": DIALECT,
        "title": "One event of a ticket, as a line of a history file",
        **_closed_object(line, required=list(line)),
        "allOf": cases,
        "$defs": definitions.found,
    }


class Definitions:
    """The named parts of a schema, each described once: *found*, by name."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"instant": _INSTANT}

    def refer(self, cls: Any, *, beside: Collection[str] = ()) -> dict[str, Any]:
        """A reference to the description of an attrs class, without the fields *beside* it."""
        if cls.__name__ not in self.found:
            self.found[cls.__name__] = self.describe(cls, beside=beside)
        return {"$ref": f"#/$defs/{cls.__name__}"}

    def describe(self, cls: Any, *, beside: Collection[str] = ()) -> dict[str, Any]:
        """The description of an attrs class itself."""
        fields = [field for field in attrs.fields(cls) if field.name not in beside]
        properties = {field.name: self._field(field) for field in fields}
        if cls is Money:
            properties["currency"]["pattern"] = f"^{CURRENCY.pattern}$"
        required = [field.name for field in fields if field.default is attrs.NOTHING]
        return {
            "description": cleandoc(cls.__doc__),
            **_closed_object(properties, required=required),
        }

    def _field(self, field: "attrs.Attribute[Any]") -> dict[str, Any]:
        described = dict(self._type(field.type))
        if field.default not in (attrs.NOTHING, None):
            described["default"] = CONVERTER.unstructure(field.default)
        return described

    def _type(self, kind: Any) -> dict[str, Any]:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is UnionType:
            return {"anyOf": [self._type(argument) for argument in arguments]}
        if origin is tuple:
            return {"type": "array", "items": self._type(arguments[0])}
        return self.refer(kind) if attrs.has(kind) else _SIMPLE[kind]


def _closed_object(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
