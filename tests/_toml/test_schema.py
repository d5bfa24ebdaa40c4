"""Each large part of a JSON Schema is written once."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support.schemas import without_references
from ticketcore._toml import share_parts
from ticketcore.importers import mapping_schema
from ticketcore.policies import policy_schema
from ticketcore.scenarios import scenario_schema

LONG = {"description": "A day of the week. " * 12, "enum": ["monday", "sunday"]}
TABLE = {"type": "object", "properties": {"day": LONG}, "description": "Opening hours. " * 20}
OTHER = {"description": "A day of the month. " * 12, "type": "integer"}


def test_a_part_that_stands_twice_is_a_definition_with_the_name_of_its_key() -> None:
    """Parts of a schema that occur once, or are short, are not definitions."""
    short = {"type": "string"}
    parts = {"day": LONG, "last": LONG, "name": short, "title": short, "date": OTHER}
    shared = share_parts({"properties": parts})

    reference = {"$ref": "#/$defs/day"}
    assert {"day": LONG} == shared["$defs"]
    assert {**parts, "day": reference, "last": reference} == shared["properties"]


def test_parts_of_a_definition_are_definitions_only_if_they_stand_elsewhere() -> None:
    """A part of a definition is a definition only if it occurs elsewhere, too."""
    twice = {"first": TABLE, "second": TABLE}

    assert {"first": TABLE} == share_parts({"properties": twice})["$defs"]
    shared = share_parts({"properties": twice, "items": LONG})["$defs"]
    assert {"$ref": "#/$defs/day"} == shared["first"]["properties"]["day"]
    assert LONG == shared["day"]


def test_definitions_of_one_key_have_numbers() -> None:
    """Definitions of different keys with one name have numbers in the schema."""
    days = (LONG, OTHER, LONG, OTHER)
    tables = [{"title": str(n), "properties": {"day": day}} for n, day in enumerate(days)]

    assert {"day": LONG, "day-2": OTHER} == share_parts({"anyOf": tables})["$defs"]


@pytest.mark.parametrize(
    "schema", [policy_schema(), scenario_schema(), mapping_schema()], ids=lambda s: s["title"]
)
def test_the_schemas_of_files_say_the_same_as_without_definitions(schema: dict[str, Any]) -> None:
    """With definitions, schemas say the same in much less text, which editors can still read."""
    whole = without_references(schema)
    again = share_parts(whole)

    assert schema == again
    assert len(json.dumps(schema)) < 0.6 * len(json.dumps(whole))
    Draft202012Validator.check_schema(schema)
