"""Commands from JSON and as JSON (C19)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from support.strategies import COMMANDS_OF_ALL_KINDS
from ticketcore.commands import Command, Open, Refund, Reply, dump_command, load_command
from ticketcore.errors import CodecError, MoneyError
from ticketcore.events import Money, Order

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
REPLY = {"command": "reply", "at": "2026-01-09T22:00:00.000000Z", "by": "vendor"}


@given(COMMANDS_OF_ALL_KINDS)
def test_a_command_is_read_as_it_was_written(command: Command) -> None:
    """The source may be a mapping, JSON text or bytes."""
    mapping = dump_command(command)
    text = json.dumps(mapping)

    assert [command] * 3 == [load_command(source) for source in (mapping, text, text.encode())]


def test_a_command_is_written_without_defaults() -> None:
    """The key `command` has its name."""
    command = Refund(at=AT, by="vendor", reference="r-1", amount=Money(4900, "USD"))

    assert {
        "command": "refund",
        "at": "2026-01-09T22:00:00.000000Z",
        "by": "vendor",
        "reference": "r-1",
        "amount": {"minor": 4900, "currency": "USD"},
    } == dump_command(command)


def test_reading_leaves_the_mapping_unchanged() -> None:
    """The caller may use it again."""
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
def test_a_wrong_command_is_refused_with_its_path(source: Any, message: str) -> None:
    """The error has the value found and the accepted values."""
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
def test_an_order_with_a_negative_amount_is_refused(order: dict[str, Any]) -> None:
    """The price of a unit and of an invoice count, too."""
    mapping = {**REPLY, "command": "open", "order": {**SOLD, **order}}
    with pytest.raises(CodecError) as caught:
        load_command(mapping)
    assert "order: expected amounts that are not negative, found '-1.00 EUR'" == str(caught.value)

    bought = Order(number="M1", sold_at=AT, amount=Money(-100, "EUR"))
    with pytest.raises(
        MoneyError, match=r"-1\.00 EUR is not an amount of money: the amounts of an order"
    ):
        Open(at=AT, by="customer", order=bought)
