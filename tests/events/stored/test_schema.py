"""The published JSON Schema of events accepts the same lines as the codec."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from support.strategies import EVENTS_OF_ALL_KINDS, damaged_json
from ticketcore._internal.terminal import has_visible
from ticketcore.errors import CodecError
from ticketcore.events import (
    Event,
    Recorded,
    Replied,
    Unknown,
    event_schema,
    from_line,
    to_line,
    unknown_content,
)

PUBLISHED = Path(__file__).parents[3] / "docs" / "generated" / "schemas" / "events.schema.json"
SCHEMA: dict[str, Any] = event_schema()
AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
VALIDATOR = Draft202012Validator(SCHEMA)


def accepted(line: object) -> bool:
    """Return whether the codec reads a line, and knows all of its content."""
    try:
        event = from_line(json.dumps(line)).event
    except CodecError:
        return False
    return not isinstance(event, Unknown) or unknown_content(event) is None


def test_it_is_valid_json_schema() -> None:
    """The schema is valid JSON Schema of the dialect 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


def test_it_is_published() -> None:
    """The schema in the docs is what `make docs` writes."""
    assert json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n" == PUBLISHED.read_text("utf-8")


@given(EVENTS_OF_ALL_KINDS)
def test_every_written_line_is_valid(event: Event) -> None:
    """The line of every event is valid under the schema."""
    assert VALIDATOR.is_valid(json.loads(to_line(Recorded("T", 1, event))))


@pytest.mark.parametrize("key", ["recorded_at", "command_id"])
def test_a_key_may_be_null_in_place_of_left_out(key: str) -> None:
    """The schema and the codec accept null for what a line may leave out."""
    line = json.loads(to_line(Recorded("T", 1, Replied(at=AT, by="vendor")))) | {key: None}

    assert VALIDATOR.is_valid(line)
    assert accepted(line)


@given(st.data(), EVENTS_OF_ALL_KINDS)
def test_a_damaged_line_is_valid_if_the_codec_reads_it(data: st.DataObject, event: Event) -> None:
    """The schema accepts no line that the codec refuses, and refuses none that it reads."""
    line: Any = data.draw(damaged_json(json.loads(to_line(Recorded("T", 1, event)))))
    ids = [line.get(key) for key in ("ticket", "command_id")] if isinstance(line, dict) else []
    assume(all(has_visible(found) for found in ids if isinstance(found, str) and found))

    assert VALIDATOR.is_valid(line) == accepted(line)


def test_descriptions_and_defaults_come_from_the_classes() -> None:
    """The schema takes descriptions and defaults from the classes of the events."""
    opened = SCHEMA["$defs"]["Opened"]

    assert opened["description"].startswith("A ticket was opened.")
    assert "vendor" == opened["properties"]["default_handler"]["default"]
    assert "at" not in opened["properties"]
