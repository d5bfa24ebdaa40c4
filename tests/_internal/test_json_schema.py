"""JSON Schemas of attrs classes."""

from datetime import datetime
from typing import Any, Literal

import attrs
from jsonschema import Draft202012Validator

from ticketcore._internal.json_schema import Definitions, closed_object


@attrs.frozen
class Inner:
    """A value
    in two lines.
    """

    name: str


@attrs.frozen
class Outer:
    """A value of every type that fields have."""

    count: int
    flag: bool = False
    colour: Literal["red", "blue"] = "red"
    other: Literal["red", "blue"] | None = None
    code: str = attrs.field(default="A1", metadata={"pattern": "[A-Z][0-9]"})
    inner: Inner | None = None
    items: tuple[Inner, ...] = ()
    at: datetime | None = None


def test_each_type_has_its_schema() -> None:
    """The schema of a field has its default, unless it is None, and refers to nested classes."""
    described = Definitions().describe(Outer)

    assert {
        "count": {"type": "integer"},
        "flag": {"type": "boolean", "default": False},
        "colour": {"enum": ["red", "blue"], "default": "red"},
        "other": {"anyOf": [{"enum": ["red", "blue"]}, {"type": "null"}]},
        "code": {"type": "string", "pattern": "^[A-Z][0-9]$", "default": "A1"},
        "inner": {"anyOf": [{"$ref": "#/$defs/Inner"}, {"type": "null"}]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Inner"}, "default": []},
        "at": {"anyOf": [{"$ref": "#/$defs/instant"}, {"type": "null"}]},
    } == described["properties"]
    assert ["count"] == described["required"]


def test_a_class_is_described_once() -> None:
    """The docstring of a class is its description, without indentation."""
    definitions = Definitions()

    assert definitions.refer(Inner) == definitions.refer(Inner) == {"$ref": "#/$defs/Inner"}
    assert ["instant", "Inner"] == list(definitions.found)
    assert "A value\nin two lines." == definitions.found["Inner"]["description"]


def test_fields_beside_the_object_are_left_out() -> None:
    """Fields beside the object are neither properties nor required."""
    described = Definitions().describe(Outer, beside=["count", "at"])

    assert [] == described["required"]
    assert {"count", "at"}.isdisjoint(described["properties"])


def test_an_object_has_no_further_properties() -> None:
    """An object with a misspelt key is not valid under the schema."""
    schema: dict[str, Any] = closed_object({"a": {"type": "integer"}}, required=["a"])
    validator = Draft202012Validator(schema)

    assert [True, False, False] == [
        validator.is_valid(value) for value in ({"a": 1}, {"a": 1, "b": 2}, {})
    ]
