"""Strategies for any event, command or JSON value, made from the types of the fields."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

from ticketcore._internal.terminal import has_visible
from ticketcore.commands import COMMANDS, Command, CorrectDispute, OpenDispute
from ticketcore.events import (
    EVENTS,
    Attachment,
    Event,
    FieldContent,
    FieldSet,
    FieldValue,
    Money,
    Order,
    Unit,
    Unknown,
    field_text,
    kind_of,
)

INSTANTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
VISIBLE_TEXTS = TEXTS.filter(has_visible)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD"])

# Without numbers such as 7.0: JSON Schema accepts them as integers, the codec does not.
FRACTIONS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: n % 1)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | FRACTIONS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def _values_of(
    field_type: Any, least: int | None, texts: st.SearchStrategy[str]
) -> st.SearchStrategy[Any]:
    """Draw values of the type of a field; numbers, and money in minor units, from *least* on."""
    origin, arguments = get_origin(field_type), get_args(field_type)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (UnionType, Union):
        return st.one_of(*(_values_of(argument, least, texts) for argument in arguments))
    if origin is Mapping:
        return st.dictionaries(TEXTS, _values_of(arguments[1], None, texts), max_size=2)
    if origin is tuple:
        return st.lists(_values_of(arguments[0], least, texts), max_size=3).map(tuple)
    if field_type is Money:
        return st.builds(
            Money, st.integers(1 - 10**30 if least is None else least, 10**30 - 1), CURRENCIES
        )
    if field_type is Order and texts is VISIBLE_TEXTS:  # a command refuses two currencies
        return instances_of(field_type, texts).map(_in_one_currency)
    if attrs.has(field_type):
        return instances_of(field_type, texts)
    simple = {datetime: INSTANTS, str: texts, int: st.integers(least), bool: st.booleans()}
    return st.none() if field_type is NoneType else simple[field_type]


FIELD_CONTENTS: st.SearchStrategy[FieldContent] = st.one_of(
    TEXTS.filter(bool),
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3
    ),
    st.builds(Money, st.integers(-(10**9), 10**9), CURRENCIES),
    st.dates(),
    INSTANTS,
    st.booleans(),
)
"""Values of the fields of policies, of every kind."""


def instances_of(cls: Any, texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Any]:
    """Draw instances of an attrs class, with each field drawn or left at its default."""
    # Negative amounts of orders and disputes are refused, and negative sizes.
    least = 0 if cls in (Attachment, Order, Unit, OpenDispute, CorrectDispute) else None
    required = {
        field.name: _values_of(field.type, least, texts)
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING
    }
    optional = {
        field.name: _values_of(field.type, least, texts)
        for field in attrs.fields(cls)
        if field.default is not attrs.NOTHING
    }
    if issubclass(cls, Event):
        optional["command_id"] = st.none() | VISIBLE_TEXTS
    fields = st.fixed_dictionaries(required, optional=optional)
    if cls in (FieldSet, FieldValue):
        fields = st.builds(_with_content, fields, FIELD_CONTENTS)
    return fields.map(lambda values: cls(**values))


def _with_content(fields: dict[str, Any], content: FieldContent) -> dict[str, Any]:
    """Return the values of an instance's fields, with a text and a kind that belong together."""
    return {**fields, "kind": kind_of(content), "value": field_text(content)}


def _in_one_currency(order: Order) -> Order:
    """Return the order with all amounts in the currency of the first."""

    def converted(amount: Money | None) -> Money | None:
        return amount and Money(amount.minor, order.amount.currency)

    units = tuple(attrs.evolve(unit, amount=converted(unit.amount)) for unit in order.units)
    return attrs.evolve(order, invoice_amount=converted(order.invoice_amount), units=units)


UNKNOWN = st.builds(
    Unknown,
    name=st.sampled_from(["promoted", "weird name", "é", "Opened"]),
    schema=st.integers(1, 9),
    at=INSTANTS,
    body=st.just("{}"),
)

EVENTS_OF_ALL_KINDS: st.SearchStrategy[Event] = st.one_of(
    *(instances_of(cls) for cls in EVENTS.values()), UNKNOWN
)
COMMANDS_OF_ALL_KINDS: st.SearchStrategy[Command] = st.one_of(
    *(instances_of(cls, VISIBLE_TEXTS) for cls in COMMANDS.values())
)


@st.composite
def histories(draw: st.DrawFn, ticket: str = "T") -> tuple[str, tuple[Event, ...]]:
    """Draw a ticket number, and any events in chronological order after an opening."""
    events = draw(st.lists(EVENTS_OF_ALL_KINDS, max_size=5))
    instants = sorted(draw(st.lists(INSTANTS, min_size=6, max_size=6)))
    opened = draw(instances_of(EVENTS["opened"]))
    return ticket, tuple(
        attrs.evolve(event, at=at) for event, at in zip([opened, *events], instants, strict=False)
    )


@st.composite
def damaged_json(draw: st.DrawFn, value: Any) -> Any:
    """Draw a JSON value in which one value, at any depth, is replaced, added or removed."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.booleans()):
            return {**value, key: draw(damaged_json(value[key]))}
        return {name: value[name] for name in value if name != key}
    if isinstance(value, dict):
        return {**value, draw(TEXTS): draw(JSON_VALUES)}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [draw(damaged_json(value[0])), *value[1:]]
    return draw(JSON_VALUES)
