"""The keys of a scenario that are fields of commands, events and orders."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator

from support.schemas import without_references
from ticketcore._toml import json_value
from ticketcore.commands import COMMANDS
from ticketcore.events import (
    EVENTS,
    Attachment,
    EndedTimer,
    FieldValue,
    Order,
    Reference,
    Shipment,
    Timer,
    Unit,
)
from ticketcore.scenarios import find_scenarios, scenario_schema
from ticketcore.scenarios._fields import _ABOUT, _ABOUT_IN, field_keys

ROOT = Path(__file__).parents[2]
CLASSES = [
    *COMMANDS.values(),
    *EVENTS.values(),
    Order,
    Unit,
    Shipment,
    Attachment,
    EndedTimer,
    FieldValue,
    Reference,
    Timer,
]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_field_has_a_description_and_a_valid_example(cls: Any) -> None:
    """Each field has a description and a valid example, which editors show."""
    keys = field_keys(cls)

    assert [field.name for field in attrs.fields(cls)] == list(keys)
    for key in keys.values():
        example = json_value(key.example)
        assert "" != key.about
        assert Draft202012Validator(key.kind.schema()).is_valid(example), key.name


def test_no_description_is_left_over() -> None:
    """Each description is about a field that exists."""
    fields = {(cls.__name__, field.name) for cls in CLASSES for field in attrs.fields(cls)}

    assert set() == set(_ABOUT) - {name for _, name in fields - set(_ABOUT_IN)}
    assert set() == set(_ABOUT_IN) - fields


@pytest.mark.parametrize("optional", [True, False])
def test_only_fields_without_a_default_are_required(optional: bool) -> None:
    """Steps require fields without a default, and expected events require none."""
    required = {key.name for key in field_keys(Order, optional=optional).values() if key.required}

    assert (set() if optional else {"number", "sold_at", "amount"}) == required


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Check scenarios as editors do."""
    schema = ROOT / "docs" / "generated" / "schemas" / "scenario.schema.json"
    taplo = Path(sys.executable).with_name("taplo")
    command = [str(taplo), "lint", f"--schema={schema.as_uri()}", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_editors_accept_every_example() -> None:
    """The scenarios of the examples have no mistake."""
    files = list(find_scenarios([ROOT / "examples"]))

    assert len(files) > 90
    assert 0 == lint(*files).returncode


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('command = "open"', 'command = "opne"'),
        ('by = "customer"', 'by = "costumer"'),
        ("[expect]", "[expct]"),
        ('status = "closed"', 'status = "close"'),
    ],
)
def test_editors_report_a_misspelt_word(tmp_path: Path, right: str, wrong: str) -> None:
    """A key or a value that the reader would refuse is underlined."""
    example = ROOT / "examples" / "clickbank" / "refund-over-the-weekend.toml"
    text = example.read_text(encoding="utf-8")
    file = tmp_path / "scenario.toml"
    file.write_text(text.replace(right, wrong), encoding="utf-8")

    assert right in text
    assert 1 == lint(file).returncode


def test_the_schema_describes_every_key() -> None:
    """The head, the ticket and the expectations have descriptions."""
    properties = without_references(scenario_schema())["properties"]

    for table in (
        properties,
        properties["ticket"]["properties"],
        properties["expect"]["properties"],
    ):
        assert all(key["description"] and key["examples"] for key in table.values())
