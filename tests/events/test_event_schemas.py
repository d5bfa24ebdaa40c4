"""The published schema of stored events says what the codec does."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from support.strategies import EVENTS_OF_ALL_KINDS, damaged_json
from ticketcore.errors import CodecError
from ticketcore.events import Event, Recorded, event_schema, from_line, to_line

PUBLISHED = Path(__file__).parents[2] / "docs" / "generated" / "schemas" / "events.schema.json"
SCHEMA = event_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def accepted(line: object) -> bool:
    """Whether the codec takes a line."""
    try:
        from_line(json.dumps(line))
    except CodecError:
        return False
    return True


def test_well_formed() -> None:
    """The schema is one: JSON Schema of 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


def test_published() -> None:
    """The schema in the docs is today's: write ``event_schema()`` there, indented by two."""
    assert json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n" == PUBLISHED.read_text("utf-8")


@given(EVENTS_OF_ALL_KINDS)
def test_written_is_valid(event: Event) -> None:
    """Every line that is written is valid."""
    assert VALIDATOR.is_valid(json.loads(to_line(Recorded("T", 1, event))))


@given(st.data(), EVENTS_OF_ALL_KINDS)
def test_damaged(data: st.DataObject, event: Event) -> None:
    """A damaged line is valid just when the codec takes it."""
    line: Any = data.draw(damaged_json(json.loads(to_line(Recorded("T", 1, event)))))

    assert VALIDATOR.is_valid(line) == accepted(line)


def test_described() -> None:
    """Descriptions and defaults come from the classes."""
    opened = SCHEMA["$defs"]["Opened"]

    assert opened["description"].startswith("A ticket was opened.")
    assert "vendor" == opened["properties"]["default_handler"]["default"]
    assert "at" not in opened["properties"]
