"""The published schema of scenario files accepts what the reader accepts."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from ticketcore.cli import app
from ticketcore.scenarios import find_scenarios, scenario_schema

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(scenario_schema())


def as_json(path: Path) -> Any:
    """Return a scenario file as JSON, with dates and times as text."""
    return json.loads(json.dumps(tomllib.loads(path.read_text("utf-8")), default=str))


@pytest.mark.parametrize("kind", ["commands", "events", "scenario"])
def test_schemas_are_published(kind: str) -> None:
    """`ticketcore schema` prints valid JSON Schema, which is also in the docs."""
    printed = CliRunner().invoke(app, ["schema", kind]).stdout

    Draft202012Validator.check_schema(json.loads(printed))
    published = ROOT / "docs" / "generated" / "schemas" / f"{kind}.schema.json"
    assert published.read_text("utf-8") == printed


def test_all_examples_are_valid() -> None:
    """The schema accepts every example scenario."""
    paths = list(find_scenarios([ROOT / "examples"]))

    assert paths
    assert [] == [path.name for path in paths if not VALIDATOR.is_valid(as_json(path))]


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("step", "command", "opne"),
        ("step", "tpye", "refund"),
        ("step", "by", "costumer"),
        ("ticket", "zome", "UTC"),
        ("step", "policy", ["clickbank"]),
        ("expect", "status", "opened"),
        ("expect", "events", ["opned"]),
    ],
)
def test_the_schema_refuses_mistakes(table: str, key: str, value: object) -> None:
    """The schema refuses an unknown command, field, party or event."""
    scenario = as_json(ROOT / "examples" / "clickbank" / "refund-over-the-weekend.toml")
    target = scenario[table][0] if table == "step" else scenario[table]
    target[key] = value

    assert not VALIDATOR.is_valid(scenario)


@pytest.mark.parametrize(("command", "valid"), [("open", True), ("reply", False)])
def test_only_an_opening_names_a_policy(command: str, valid: bool) -> None:
    """The schema has the policy of a ticket among the keys of `open` alone."""
    step = {"at": "2026-01-12T09:00:00", "command": command, "by": "vendor", "policy": "office"}

    assert valid == VALIDATOR.is_valid({"policy": "clickbank", "step": [step]})
