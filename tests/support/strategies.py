"""Hypothesis strategies for events, commands and the values in them, made from their types."""

from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import attrs
from hypothesis import strategies as st

from ticketcore.commands import COMMANDS, Command
from ticketcore.events import EVENTS, Event, Money, Order, Unit, Unknown

INSTANTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(max_size=20)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD"])

# Without 7.0, which is the whole number 7 for JSON Schema, but not for the codec.
FRACTIONS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: n % 1)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | FRACTIONS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def of(kind: Any, least: int | None = None) -> st.SearchStrategy[Any]:
    """Return values of the type of a field; amounts of at least *least* minor units."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is UnionType:
        return st.one_of(*(of(argument, least) for argument in arguments))
    if origin is tuple:
        return st.lists(of(arguments[0], least), max_size=3).map(tuple)
    if kind is Money:
        return st.builds(Money, st.integers(least), CURRENCIES)
    if attrs.has(kind):
        return built(kind)
    simple = {datetime: INSTANTS, str: TEXTS, int: st.integers(), bool: st.booleans()}
    return st.none() if kind is NoneType else simple[kind]


def built(cls: Any) -> st.SearchStrategy[Any]:
    """Return instances of an attrs class. Optional fields are drawn or keep their default."""
    least = 0 if cls in (Order, Unit) else None  # a command refuses negative amounts of an order
    required = {
        field.name: of(field.type, least)
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING
    }
    optional = {
        field.name: of(field.type, least)
        for field in attrs.fields(cls)
        if field.default is not attrs.NOTHING
    }
    fields = st.fixed_dictionaries(required, optional=optional)
    return fields.map(lambda values: cls(**values))


UNKNOWN = st.builds(
    Unknown,
    name=st.sampled_from(["promoted", "weird name", "é", "Opened"]),
    schema=st.integers(1, 9),
    at=INSTANTS,
    body=st.just("{}"),
)

EVENTS_OF_ALL_KINDS: st.SearchStrategy[Event] = st.one_of(
    *(built(cls) for cls in EVENTS.values()), UNKNOWN
)
COMMANDS_OF_ALL_KINDS: st.SearchStrategy[Command] = st.one_of(
    *(built(cls) for cls in COMMANDS.values())
)


@st.composite
def histories(draw: st.DrawFn, ticket: str = "T") -> tuple[str, tuple[Event, ...]]:
    """Draw a ticket and its events in order: the opening first, and no instant before another."""
    events = draw(st.lists(EVENTS_OF_ALL_KINDS, max_size=5))
    instants = sorted(draw(st.lists(INSTANTS, min_size=6, max_size=6)))
    opened = draw(built(EVENTS["opened"]))
    return ticket, tuple(
        attrs.evolve(event, at=at) for event, at in zip([opened, *events], instants, strict=False)
    )


@st.composite
def damaged(draw: st.DrawFn, value: Any) -> Any:
    """Draw a copy of a JSON value with one change at any depth: replaced, added or removed."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.booleans()):
            return {**value, key: draw(damaged(value[key]))}
        return {name: value[name] for name in value if name != key}
    if isinstance(value, dict):
        return {**value, draw(TEXTS): draw(JSON_VALUES)}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [draw(damaged(value[0])), *value[1:]]
    return draw(JSON_VALUES)
