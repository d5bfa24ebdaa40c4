"""Commands from JSON and as JSON (C19)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from support.strategies import COMMANDS_OF_ALL_KINDS
from ticketcore.commands import (
    Command,
    Open,
    OpenDispute,
    Refund,
    Reply,
    command_schema,
    dump_command,
    load_command,
    load_stored_command,
)
from ticketcore.errors import CodecError, FieldError, MoneyError, NaiveDatetimeError
from ticketcore.events import Money, Order

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
REPLY = {"command": "reply", "at": "2026-01-09T22:00:00.000000Z", "by": "vendor"}


@given(COMMANDS_OF_ALL_KINDS)
def test_a_command_is_read_as_it_was_written(command: Command) -> None:
    """A command is read unchanged from a mapping, from JSON text or from bytes."""
    mapping = dump_command(command)
    text = json.dumps(mapping)

    assert [command] * 3 == [
        load_stored_command(source) for source in (mapping, text, text.encode())
    ]


def test_a_command_is_written_without_defaults() -> None:
    """A written command has its name under the key `command`, and leaves out defaults."""
    command = Refund(at=AT, by="vendor", reference="r-1", amount=Money(4900, "USD"))

    assert {
        "command": "refund",
        "at": "2026-01-09T22:00:00.000000Z",
        "by": "vendor",
        "reference": "r-1",
        "amount": {"minor": 4900, "currency": "USD"},
    } == dump_command(command)


def test_reading_leaves_the_mapping_unchanged() -> None:
    """Reading a command leaves its mapping unchanged."""
    mapping = dict(REPLY)

    assert (Reply(at=AT, by="vendor"), REPLY) == (load_stored_command(mapping), mapping)


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
        ({"command": "reply", "by": "vendor"}, "at: expected a value, found None"),
        ({**REPLY, "text": "a\0b"}, "text: expected text without NUL and lone surrogates"),
        ({**REPLY, "text": "\ud800"}, "text: expected text without NUL and lone surrogates"),
        (
            '{"command":"cancel","at":"2026-01-09T22:00:00.000000Z","by":"vendor",'
            '"units":["u","\\u0000"]}',
            "units[1]: expected text without NUL and lone surrogates",
        ),
        ({**REPLY, "command": "open", "order": {"number": "\0"}}, "order.number: expected text"),
        ({**REPLY, "te\0xt": "x"}, "expected text without NUL and lone surrogates"),
        ("{", "expected JSON text"),
        (b"\xff", "expected JSON text"),
        ("[]", "expected an object, found []"),
        (7, "expected an object, found 7"),
    ],
)
def test_a_wrong_command_is_refused_with_its_path(source: Any, message: str) -> None:
    """A wrong command is refused with its path, the value found and the accepted values."""
    with pytest.raises(CodecError) as caught:
        load_stored_command(source)

    assert str(caught.value).startswith(message)


CLIENT = {"command": "open", "type": "refund", "text": "I want my money back."}
BOUGHT = Order(number="M1", sold_at=AT, amount=Money(1999, "EUR"))


def test_a_client_sets_the_fields_of_a_client() -> None:
    """A client sets the fields of a client, and the host supplies the others."""
    command = load_command(
        json.dumps(CLIENT), at=AT, by="customer", actor="anna", order=BOUGHT, automatic=True
    )

    assert command == Open(
        at=AT,
        by="customer",
        actor="anna",
        type="refund",
        text="I want my money back.",
        order=BOUGHT,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "2027-01-01T00:00:00.000000Z"),
        ("by", "support"),
        ("actor", "sara"),
        ("number", "7"),
        ("order", dump_command(Open(at=AT, by="vendor", order=BOUGHT))["order"]),
        ("customer", "anna"),
        ("account", "shop-1"),
        ("vendor", "v-1"),
        ("zone", "Pacific/Kiritimati"),
        ("storefront", "de"),
        ("channel", "portal"),
        ("has_grace_period", False),
        ("possible_duplicates", []),
        ("attachments", []),
    ],
)
def test_a_client_cannot_set_a_field_of_the_host(field: str, value: object) -> None:
    """A client cannot set the order's amount, the party, or the instant of a command."""
    with pytest.raises(CodecError, match="the host supplies it") as caught:
        load_command({**CLIENT, field: value}, at=AT, by="customer")

    assert field == caught.value.path


REPORT = {"command": "open-dispute", "dispute": "D1", "kind": "claim"}


@pytest.mark.parametrize(
    "deadline",
    [
        "2026-01-12T17:00:00.000000Z",
        "2026-01-12T17:00:00Z",
        "2026-01-12t17:00:00.000z",
        "2026-01-12T10:00:00-07:00",
        "2026-01-12T22:30:00.0+05:30",
        "2026-01-13T16:59:00.0000+23:59",
    ],
)
@pytest.mark.parametrize("amount", ["49.00 EUR", {"minor": 4900, "currency": "EUR"}])
def test_a_client_writes_instants_and_amounts_in_other_forms(deadline: str, amount: Any) -> None:
    """C19: any instant with an offset is read, and an amount in words or in minor units."""
    body = {**REPORT, "deadline": deadline, "amount": amount}
    expected = OpenDispute(
        at=AT,
        by="customer",
        dispute="D1",
        kind="claim",
        deadline=datetime(2026, 1, 12, 17, tzinfo=UTC),
        amount=Money(4900, "EUR"),
    )

    assert expected == load_command(body, at=AT, by="customer")
    assert Draft202012Validator(command_schema(client=True)).is_valid(body)
    assert deadline == body["deadline"]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("deadline", "2026-01-12T17:00:00", "an instant with an offset"),
        ("deadline", "2026-01-12 17:00:00Z", "an instant with an offset"),
        ("deadline", "2026-01-12", "an instant with an offset"),
        ("deadline", "2026-02-30T17:00:00Z", "an instant with an offset"),
        ("deadline", "2026-01-12T17:00:60Z", "an instant with an offset"),
        ("deadline", "2026-01-12T17:00:00.0000001Z", "an instant with an offset"),
        ("deadline", "0001-01-01T00:00:00+01:00", "an instant with an offset"),
        ("deadline", 1768237200, "an instant in UTC"),
        ("amount", "49 EUR", "an amount such as"),
        ("amount", "49,00 EUR", "an amount such as"),
        ("amount", "49.00", "an amount such as"),
        ("amount", 4900, "an object"),
        ("amount", "-1.00 EUR", "an amount that is not negative"),
    ],
)
def test_an_ambiguous_instant_or_amount_is_refused(
    field: str, value: object, expected: str
) -> None:
    """C19: an instant without an offset and an amount without its digits are not guessed."""
    with pytest.raises(CodecError, match=f"^{field}: expected {expected}"):
        load_command({**REPORT, field: value}, at=AT, by="customer")


def test_stored_commands_have_one_form() -> None:
    """Only clients may write other forms: a stored command has the form that was written."""
    stored = {**REPORT, "at": "2026-01-12T17:00:00Z", "by": "customer"}
    with pytest.raises(CodecError, match=r"^at: expected an instant in UTC"):
        load_stored_command(stored)


def test_a_negative_amount_from_a_client_is_refused() -> None:
    """A negative amount from a client is refused with the path of the mistake."""
    body = {"command": "open-dispute", "dispute": "D1", "kind": "claim", "amount": OWED}
    with pytest.raises(CodecError, match="an amount that is not negative") as caught:
        load_command(body, at=AT, by="support")

    assert "amount" == caught.value.path


def test_a_wrong_argument_of_the_host_is_refused() -> None:
    """A wrong argument of the host raises an error that does not blame the client."""
    with pytest.raises(FieldError, match=r"Reply\.txet: expected a field of the host"):
        load_command({"command": "reply"}, at=AT, by="customer", txet="x")
    with pytest.raises(FieldError, match=r"Reply\.text: expected a field of the host"):
        load_command({"command": "reply"}, at=AT, by="customer", text="x")
    with pytest.raises(FieldError, match=r"Open\.order: expected Order, or None"):
        load_command(CLIENT, at=AT, by="customer", order={"number": "M1"})
    with pytest.raises(NaiveDatetimeError):
        load_command(CLIENT, at=AT.replace(tzinfo=None), by="customer")


SOLD = {"number": "M1", "sold_at": "2026-01-09T22:00:00.000000Z"}
FREE, OWED = {"currency": "EUR", "minor": 0}, {"currency": "EUR", "minor": -100}


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ({"command": "refund", "reference": ""}, "reference"),
        ({"command": "cancel", "units": ["u1", "\u200b"]}, "units[1]"),
        ({"command": "link", "target": {"kind": "ticket", "number": " "}}, "target.number"),
    ],
)
def test_a_text_that_nobody_can_see_is_refused_with_its_path(
    source: dict[str, Any], path: str
) -> None:
    """JSON of a client and JSON of `dump_command` raise the same error."""
    stored = {**source, "at": "2026-01-09T22:00:00.000000Z", "by": "vendor"}
    with pytest.raises(CodecError, match="text with a visible character") as of_client:
        load_command(source, at=AT, by="vendor")
    with pytest.raises(CodecError, match="text with a visible character") as of_store:
        load_stored_command(stored)

    assert (path, path) == (of_client.value.path, of_store.value.path)


def test_an_argument_of_the_host_that_nobody_can_see_is_its_own_mistake() -> None:
    """A blank argument of the host raises FieldError, which names the field of the command."""
    with pytest.raises(FieldError, match=r"Reply.channel: expected text"):
        load_command({"command": "reply", "text": "a"}, at=AT, by="vendor", channel=" ")


@pytest.mark.parametrize(
    "order",
    [
        {"amount": OWED},
        {"amount": FREE, "invoice_amount": OWED},
        {"amount": FREE, "units": [{"id": "u"}, {"id": "v", "amount": OWED}]},
    ],
)
def test_an_order_with_a_negative_amount_is_refused(order: dict[str, Any]) -> None:
    """An order with a negative price of a unit or of an invoice is refused."""
    mapping = {**REPLY, "command": "open", "order": {**SOLD, **order}}
    with pytest.raises(CodecError) as caught:
        load_stored_command(mapping)
    assert "order: expected amounts that are not negative, found '-1.00 EUR'" == str(caught.value)

    bought = Order(number="M1", sold_at=AT, amount=Money(-100, "EUR"))
    with pytest.raises(
        MoneyError, match=r"-1\.00 EUR is not an amount of money: the amounts of an order"
    ):
        Open(at=AT, by="customer", order=bought)
