"""The declarations of commands: values of the right types, and the registry."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import attrs
import pytest

from support.builders import PHOTO
from ticketcore.commands import (
    COMMANDS,
    AddNote,
    Assign,
    Cancel,
    Close,
    Command,
    CorrectDispute,
    CorrectOrder,
    Link,
    Open,
    OpenDispute,
    Refund,
    Reply,
    SetField,
)
from ticketcore.errors import FieldError, MoneyError, NaiveDatetimeError
from ticketcore.events import Money, Order, Reference, Unit

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_registered_by_its_name(name: str) -> None:
    """Declaring the class of a command registers it under its name."""
    assert name == COMMANDS[name].NAME


def test_a_base_class_without_a_name_is_not_registered() -> None:
    """A base class of commands without a name is not registered."""

    @attrs.frozen(kw_only=True, repr=False)
    class Abstract(Command):
        """A command without a name."""

    assert Abstract not in COMMANDS.values()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"by": "nobody"}, "Reply.by: expected one of 'customer', 'vendor', 'support', 'system'"),
        ({"text": 7}, "Reply.text: expected text, or None, found 7"),
        ({"interim": None}, "Reply.interim: expected True or False, found None"),
        ({"command_id": 7}, "Reply.command_id: expected text, or None, found 7"),
    ],
)
def test_a_constructor_refuses_values_of_wrong_types(
    values: dict[str, object], message: str
) -> None:
    """A constructor of a command refuses wrong types with the class and the field."""
    right: dict[str, object] = {"at": AT, "by": "vendor"}
    with pytest.raises(FieldError) as caught:
        Reply(**(right | values))  # type: ignore[arg-type]

    assert message == str(caught.value)[: len(message)]


def test_a_value_of_a_field_that_has_no_text_is_refused() -> None:
    """A float, which has several texts, is refused with the types that a field can have."""
    expected = (
        "expected text, a Decimal, Money, a date, an aware datetime, True or False, found 1.5"
    )
    wrong: Any = 1.5
    with pytest.raises(FieldError, match=rf"^SetField\.value: {expected}$"):
        SetField(at=AT, by="vendor", field="weight", value=wrong)
    with pytest.raises(FieldError, match=rf"^Open\.fields\.weight: {expected}$"):
        Open(at=AT, by="customer", fields={"weight": wrong})


def test_the_instant_of_a_command_must_have_an_offset() -> None:
    """A command refuses a naive datetime as its instant."""
    with pytest.raises(NaiveDatetimeError):
        Close(at=AT.replace(tzinfo=None), by="vendor")


def test_the_amounts_of_an_order_cannot_be_negative() -> None:
    """A negative amount of an order is refused, and the error has the amount."""
    negative = Order(number="M1", sold_at=AT, amount=Money(-100, "EUR"))
    with pytest.raises(MoneyError, match=r"^-1\.00 EUR .*: the amounts of an order cannot"):
        Open(at=AT, by="customer", order=negative)


@pytest.mark.parametrize(
    "facts",
    [
        {"invoice_amount": Money(100, "USD")},
        {"units": (Unit(id="u1"), Unit(id="u2", amount=Money(100, "USD")))},
    ],
)
def test_all_amounts_of_an_order_have_one_currency(facts: dict[str, Any]) -> None:
    """An order whose amounts have two currencies is refused."""
    order = Order(number="M1", sold_at=AT, amount=Money(100, "EUR"), **facts)
    expected = "order: expected amounts in EUR, the currency of the order, found '1.00 USD'"

    for build, name in ((Open, "Open"), (CorrectOrder, "CorrectOrder")):
        with pytest.raises(FieldError) as caught:
            build(at=AT, by="customer", order=order)
        assert f"{name}.{expected}" == str(caught.value)


def test_the_amount_of_a_dispute_cannot_be_negative() -> None:
    """The amount of a dispute, or of its correction, cannot be negative (A2)."""
    debt = Money(-1, "EUR")
    for build in (partial(OpenDispute, kind="claim"), CorrectDispute):
        with pytest.raises(MoneyError, match="the amount of a dispute cannot be negative"):
            build(at=AT, by="customer", dispute="D", amount=debt)


@pytest.mark.parametrize("command", [Open, Reply, AddNote])
def test_attachments_are_a_tuple(command: Callable[..., Open | Reply | AddNote]) -> None:
    """K14: the attachments of a message are a tuple, and a file may be empty."""
    empty = attrs.evolve(PHOTO, size=0)
    said = {"at": AT, "by": "support", "text": "Look."}

    assert (PHOTO, empty) == command(**said, attachments=(PHOTO, empty)).attachments
    with pytest.raises(FieldError, match="attachments: expected a tuple"):
        command(**said, attachments=[PHOTO])


def test_no_attachment_is_smaller_than_an_empty_file() -> None:
    """K14: an attachment has a number of bytes: 0 is one, -1 is none."""
    with pytest.raises(FieldError, match=r"Attachment\.size: expected 0 bytes or more, found -1"):
        attrs.evolve(PHOTO, size=-1)


def test_a_command_is_shown_without_its_defaults() -> None:
    """The repr of a command leaves out defaults and can be evaluated."""
    assert (
        "Reply(at=datetime.datetime(2026, 1, 9, 22, 0, tzinfo=datetime.timezone.utc),"
        " by='vendor', text='hello')"
    ) == repr(Reply(at=AT, by="vendor", text="hello"))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Assign(at=AT, by="support", assignee=""), "Assign.assignee"),
        (lambda: Refund(at=AT, by="support", reference=" "), "Refund.reference"),
        (lambda: Reply(at=AT, by="customer", text="\u200b"), "Reply.text"),
        (lambda: Cancel(at=AT, by="support", units=("a", "")), r"Cancel.units\[1\]"),
        (lambda: Link(at=AT, by="support", target=Reference(kind="ticket", number="")), "number"),
    ],
)
def test_a_name_or_text_that_cannot_be_seen_is_refused(
    make: Callable[[], Command], field: str
) -> None:
    """A name or text of invisible characters is refused."""
    with pytest.raises(FieldError, match=rf"{field}: expected text with a visible character"):
        make()


@pytest.mark.parametrize(
    "facts",
    [{"fields": {"\ud800": "x"}}, {"fields": {"x": "\0"}}, {"tags": ("\0",)}, {"units": ("\0",)}],
)
def test_text_that_databases_refuse_is_refused_in_lists_and_names(facts: dict[str, Any]) -> None:
    """NUL and lone surrogates are found in each part of a value."""
    with pytest.raises(FieldError):
        Open(at=datetime(2026, 1, 5, tzinfo=UTC), by="vendor", **facts)
