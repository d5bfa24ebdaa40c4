"""Commands are values that can be sent as JSON (C19)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from support.strategies import COMMANDS_OF_ALL_KINDS, damaged_json
from ticketcore.commands import (
    Command,
    Open,
    Refund,
    Reply,
    command_schema,
    dump_command,
    load_command,
)
from ticketcore.errors import CodecError, MoneyError
from ticketcore.events import Money, Order

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
REPLY = {"command": "reply", "at": "2026-01-09T22:00:00.000000Z", "by": "vendor"}
PUBLISHED = Path(__file__).parents[2] / "docs" / "generated" / "schemas" / "commands.schema.json"
SCHEMA = command_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def accepted(command: Any) -> bool:
    """Whether a command can be built from it."""
    try:
        load_command(command)
    except CodecError:
        return False
    return True


@given(COMMANDS_OF_ALL_KINDS)
def test_round_trip(command: Command) -> None:
    """Every command comes back from its mapping, and from its JSON text or bytes."""
    mapping = dump_command(command)
    text = json.dumps(mapping)

    assert [command] * 3 == [load_command(source) for source in (mapping, text, text.encode())]


def test_form() -> None:
    """A command is named by ``command``; what has its default is left out."""
    command = Refund(at=AT, by="vendor", reference="r-1", amount=Money(4900, "USD"))

    assert {
        "command": "refund",
        "at": "2026-01-09T22:00:00.000000Z",
        "by": "vendor",
        "reference": "r-1",
        "amount": {"minor": 4900, "currency": "USD"},
    } == dump_command(command)


def test_source_is_kept() -> None:
    """Loading leaves the mapping as it was."""
    mapping = dict(REPLY)

    assert (Reply(at=AT, by="vendor"), REPLY) == (load_command(mapping), mapping)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            {**REPLY, "command": "relpy"},
            "command: expected the name of a command, perhaps 'reply'",
        ),
        ({**REPLY, "command": 7}, "command: expected the name of a command, found 7"),
        ({}, "command: expected the name of a command, found None"),
        ({**REPLY, "at": "2026-01-09T22:00:00"}, "at: expected an instant in UTC"),
        ({**REPLY, "by": "me"}, "by: expected one of 'customer', 'vendor'"),
        ({**REPLY, "txt": "x"}, "txt: expected a known field, perhaps 'text', found 'x'"),
        ({7: "x", "command": "reply"}, "7: expected a known field, found 'x'"),
        ({"command": "reply", "by": "vendor"}, "expected a field 'at', found {'by': 'vendor'}"),
        ("{", "expected JSON text"),
        (b"\xff", "expected JSON text"),
        ("[]", "expected an object, found []"),
        (7, "expected an object, found 7"),
    ],
)
def test_precise_refusal(source: Any, message: str) -> None:
    """A wrong command is refused: where, what was found, and what would be right."""
    with pytest.raises(CodecError) as caught:
        load_command(source)

    assert str(caught.value).startswith(message)


SOLD = {"number": "M1", "sold_at": "2026-01-09T22:00:00.000000Z"}
FREE, OWED = {"currency": "EUR", "minor": 0}, {"currency": "EUR", "minor": -100}


@pytest.mark.parametrize(
    "order",
    [
        {"amount": OWED},
        {"amount": FREE, "invoice_amount": OWED},
        {"amount": FREE, "units": [{"id": "u"}, {"id": "v", "amount": OWED}]},
    ],
)
def test_an_order_comes_to_nothing_or_more(order: dict[str, Any]) -> None:
    """No amount of it is negative, by the reader, the schema and the command itself."""
    mapping = {**REPLY, "command": "open", "order": {**SOLD, **order}}
    with pytest.raises(CodecError) as caught:
        load_command(mapping)
    assert "order: expected amounts that are not negative, found '-1.00 EUR'" == str(caught.value)
    assert not VALIDATOR.is_valid(mapping)

    bought = Order(number="M1", sold_at=AT, amount=Money(-100, "EUR"))
    with pytest.raises(
        MoneyError, match=r"-1\.00 EUR is no amount of money: the amounts of an order"
    ):
        Open(at=AT, by="customer", order=bought)


def test_schema_is_well_formed() -> None:
    """The schema is one: JSON Schema of 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_is_published() -> None:
    """The schema in the docs is today's: write ``command_schema()`` there, indented by two."""
    assert json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n" == PUBLISHED.read_text("utf-8")


@given(COMMANDS_OF_ALL_KINDS)
def test_dumped_is_valid(command: Command) -> None:
    """Every command that is dumped is valid under the schema."""
    assert VALIDATOR.is_valid(dump_command(command))


@given(st.data(), COMMANDS_OF_ALL_KINDS)
def test_damaged(data: st.DataObject, command: Command) -> None:
    """A damaged command is valid under the schema just when it can be loaded."""
    mapping = data.draw(damaged_json(dump_command(command)))

    assert VALIDATOR.is_valid(mapping) == accepted(mapping)
