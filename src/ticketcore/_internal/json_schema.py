"""JSON Schema (2020-12) of attrs classes, made from the types that `strict_json` reads.

A schema cannot express two rules that the reader has: a month has the dates of its calendar
(30 February is refused), and a whole number is not written as 7.0.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from ticketcore._internal.instants import FORM
from ticketcore._internal.strict_json import CONVERTER

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INSTANT_REFERENCE = {"$ref": "#/$defs/instant"}
_INSTANT = {"type": "string", "pattern": f"^{FORM}$"}
_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: INSTANT_REFERENCE,
}


class Definitions:
    """The definitions of a schema, each written once: *found* by name."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"instant": _INSTANT}

    def refer(self, cls: Any, *, beside: Collection[str] = ()) -> dict[str, Any]:
        """Return a reference to the description of *cls*, without the fields in *beside*."""
        if cls.__name__ not in self.found:
            self.found[cls.__name__] = self.describe(cls, beside=beside)
        return {"$ref": f"#/$defs/{cls.__name__}"}

    def describe(self, cls: Any, *, beside: Collection[str] = ()) -> dict[str, Any]:
        """Return the description of *cls* itself."""
        fields = [field for field in attrs.fields(cls) if field.name not in beside]
        properties = {field.name: self._field(field) for field in fields}
        required = [field.name for field in fields if field.default is attrs.NOTHING]
        return {
            "description": cleandoc(cls.__doc__),
            **closed_object(properties, required=required),
        }

    def _field(self, field: "attrs.Attribute[Any]") -> dict[str, Any]:
        described = dict(self._type(field.type))
        if "pattern" in field.metadata:
            described["pattern"] = f"^{field.metadata['pattern']}$"
        if "minimum" in field.metadata:
            described["minimum"] = field.metadata["minimum"]
        if field.default not in (attrs.NOTHING, None):
            described["default"] = CONVERTER.unstructure(field.default)
        return described

    def _type(self, kind: Any) -> dict[str, Any]:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (UnionType, Union):
            return {"anyOf": [self._type(argument) for argument in arguments]}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self._type(arguments[1])}
        if origin is tuple:
            return {"type": "array", "items": self._type(arguments[0])}
        return self.refer(kind) if attrs.has(kind) else _SIMPLE[kind]


def closed_object(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    """Return the schema of an object without further properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
