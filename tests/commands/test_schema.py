"""The published JSON Schema of commands accepts the same mappings as the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from support.strategies import COMMANDS_OF_ALL_KINDS, damaged_json
from ticketcore.commands import Command, command_schema, dump_command, load_stored_command
from ticketcore.errors import CodecError

PUBLISHED = Path(__file__).parents[2] / "docs" / "generated" / "schemas" / "commands.schema.json"
SCHEMA = command_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
FREE, OWED = {"currency": "EUR", "minor": 0}, {"currency": "EUR", "minor": -100}


def accepted(command: Any) -> bool:
    """Return whether a command can be read from a mapping."""
    try:
        load_stored_command(command)
    except CodecError:
        return False
    return True


def test_it_is_valid_json_schema() -> None:
    """The schema is valid JSON Schema of the dialect 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


def test_it_is_published() -> None:
    """The schema in the docs is what `make docs` writes."""
    assert json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n" == PUBLISHED.read_text("utf-8")


@given(COMMANDS_OF_ALL_KINDS)
def test_every_written_command_is_valid(command: Command) -> None:
    """The JSON of every command is valid under the schema."""
    assert VALIDATOR.is_valid(dump_command(command))


@given(st.data(), COMMANDS_OF_ALL_KINDS)
def test_a_damaged_command_is_valid_if_it_can_be_read(
    data: st.DataObject, command: Command
) -> None:
    """The schema accepts no mapping that the reader refuses, and refuses none that it reads."""
    mapping = data.draw(damaged_json(dump_command(command)))

    assert VALIDATOR.is_valid(mapping) == accepted(mapping)


@pytest.mark.parametrize(
    "order",
    [
        {"amount": OWED},
        {"amount": FREE, "invoice_amount": OWED},
        {"amount": FREE, "units": [{"id": "u"}, {"id": "v", "amount": OWED}]},
    ],
)
def test_an_order_with_a_negative_amount_is_not_valid(order: dict[str, Any]) -> None:
    """An order with a negative price of a unit or of an invoice is not valid."""
    opening = {
        "command": "open",
        "at": "2026-01-09T22:00:00.000000Z",
        "by": "customer",
        "order": {"number": "M1", "sold_at": "2026-01-09T22:00:00.000000Z", **order},
    }

    assert not VALIDATOR.is_valid(opening)


def test_the_schema_for_clients_lacks_the_fields_of_the_host() -> None:
    """The schema for clients lacks the fields of the host, so its forms are never refused."""
    schema: dict[str, Any] = command_schema(client=True)
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema).is_valid

    assert valid({"command": "reply", "text": "hello"})
    assert not valid({"command": "reply", "at": "2026-01-09T22:00:00.000000Z"})
    assert "Order" not in schema["$defs"]
