"""The strategy of each public class, for `st.from_type`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

from ticketcore._internal.terminal import has_visible
from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.commands import COMMANDS, Command
from ticketcore.events import (
    EVENTS,
    Attachment,
    EndedTimer,
    Event,
    FieldSet,
    FieldValue,
    Money,
    Order,
    Recorded,
    Reference,
    Shipment,
    Timer,
    Unit,
    Unknown,
)
from ticketcore.policies import Policy
from ticketcore.testing._story import TicketStory
from ticketcore.testing.strategies._calendars import calendars
from ticketcore.testing.strategies._histories import histories, scenarios
from ticketcore.testing.strategies._instants import instants, zones
from ticketcore.testing.strategies._policies import policies
from ticketcore.testing.strategies._values import money, orders, spans
from ticketcore.ticket import Ticket, fold

_Strategy: TypeAlias = st.SearchStrategy[Any]

_BUILT = (Attachment, EndedTimer, FieldValue, Recorded, Reference, Shipment, Timer, Unit)
_OF_A_KIND = (FieldSet, FieldValue)
_KINDS = (
    ("text", "urgent"),
    ("number", "12.5"),
    ("money", "49.00 USD"),
    ("date", "2026-01-31"),
    ("instant", "2026-01-09T22:00:00.000000Z"),
    ("yes-no", "yes"),
)
_HINTS = {
    "ticketcore.calendar": "draw calendars(), spans() or instants(), and call the calendar",
    "ticketcore.policies": "draw policies(), and take it from the policy",
    "ticketcore.testing": "draw scenarios() or policies(), and call the function that returns it",
}
_HINT = "draw histories() or scenarios(), and call the function that returns it"


def strategy_of(cls: type) -> _Strategy:
    """Return the strategy that draws a class of commands, events or values.

    A command is well-formed, but no policy was asked: :func:`commands` draws those that a ticket
    accepts. Raises LookupError for any other class, with the strategy to use instead.
    """
    if cls in _STRATEGIES:
        return _STRATEGIES[cls]()
    if cls in _BUILT or (issubclass(cls, Command | Event) and hasattr(cls, "NAME")):
        return _built(cls)
    package = ".".join(cls.__module__.split(".")[:2])
    raise LookupError(f"no strategy draws {cls.__name__}: {_HINTS.get(package, _HINT)}")


def names() -> st.SearchStrategy[str]:
    """Draw names and texts: printable, in all scripts, with a visible character."""
    characters = st.characters(categories=["L", "N", "P", "S", "Zs"])
    return st.text(characters, min_size=1, max_size=30).filter(has_visible)


def _built(cls: type[attrs.AttrsInstance]) -> _Strategy:
    """Draw each field by its type; a field with a default is often left out."""
    required: dict[str, _Strategy] = {}
    optional: dict[str, _Strategy] = {}
    for field in attrs.fields(cls):
        if field.init and not (cls in _OF_A_KIND and field.name in ("kind", "value")):
            chosen = required if field.default is attrs.NOTHING else optional
            chosen[field.name] = _field(field)
    fields = st.fixed_dictionaries(required, optional=optional)
    if cls in _OF_A_KIND:  # the text must be one of its kind
        pairs = st.sampled_from(_KINDS)
        return st.tuples(fields, pairs).map(lambda d: cls(**d[0], kind=d[1][0], value=d[1][1]))
    return fields.map(lambda fields: cls(**fields))


def _field(field: "attrs.Attribute[Any]") -> _Strategy:
    return zones() if field.name == "zone" else _of_type(field.type)


def _of_type(kind: Any) -> _Strategy:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        return st.one_of(*map(_of_type, arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is Mapping:
        return st.dictionaries(names(), _of_type(arguments[1]), max_size=3)
    if origin is tuple:
        return st.lists(_of_type(arguments[0]), max_size=3).map(tuple)
    return _PLAIN[kind]() if kind in _PLAIN else strategy_of(kind)


_PLAIN: Mapping[Any, Callable[[], _Strategy]] = {
    NoneType: st.none,
    str: names,
    bool: st.booleans,
    int: lambda: st.integers(1, 10**6),
    datetime: instants,
}


def _unknown_events() -> st.SearchStrategy[Unknown]:
    return st.builds(
        Unknown,
        at=instants(),
        name=st.sampled_from(["host.called", "paused-by-moon"]),
        schema=st.integers(1, 9),
        body=st.sampled_from(["{}", '{"minutes":7}']),
    )


_STRATEGIES: Mapping[type, Callable[[], _Strategy]] = {
    BusinessCalendar: calendars,
    Command: lambda: st.sampled_from([*COMMANDS.values()]).flatmap(_built),
    Event: lambda: st.sampled_from([*EVENTS.values()]).flatmap(_built),
    Money: money,
    Order: orders,
    Policy: policies,
    Span: spans,
    Ticket: lambda: histories().map(fold),
    TicketStory: scenarios,
    Unknown: _unknown_events,
}
