"""The published schema of policy files is what their reader asks for."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ticketcore.policies import policy_schema, preset_text, presets

PUBLISHED = Path(__file__).parents[2] / "docs" / "generated" / "schemas" / "policy.schema.json"
SCHEMA = policy_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def as_json(name: str) -> Any:
    """A preset's file as JSON would have it: dates are text."""
    return json.loads(json.dumps(tomllib.loads(preset_text(name)), default=str))


def test_it_is_published() -> None:
    """The schema in the docs is today's: `make docs` writes it."""
    schema = policy_schema()
    Draft202012Validator.check_schema(schema)
    assert json.dumps(schema, indent=2, ensure_ascii=False) + "\n" == PUBLISHED.read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in presets() if "extends" not in as_json(name)])
def test_presets_are_valid(name: str) -> None:
    """Every preset that stands on its own is valid."""
    assert [] == [error.message for error in VALIDATOR.iter_errors(as_json(name))]


@pytest.mark.parametrize(
    "path",
    [("timer", 0, "aftr"), ("alow",), ("types", "refund", "order_"), ("calendars", "x", "y")],
)
def test_a_misspelt_key_is_not(path: tuple[Any, ...]) -> None:
    """A key that the reader would not know is refused by the schema."""
    policy = as_json("clickbank")
    table = policy
    for step in path[:-1]:
        table = table[step] if isinstance(step, int) else table.setdefault(step, {})
    table[path[-1]] = "x"

    assert not VALIDATOR.is_valid(policy)
