"""The difference between expected and actual events, one field a line."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import unified_diff
from itertools import islice
from typing import Any

import attrs

from ticketcore.events import Event

_WHOLE_LIST = 10_000  # lines of context: a difference shows the equal events too


def difference(expected: Sequence[Event | type[Event]], actual: Sequence[Event]) -> str:
    """Return the lines that are missing (-) and unexpected (+); empty if both are equal.

    An event class equals any event of that class.
    """
    if _are_equal(expected, actual):
        return ""
    classes = [event for event in expected if isinstance(event, type)]
    comparable = [type(event) if type(event) in classes else event for event in actual]
    lines = unified_diff([*_lines(expected)], [*_lines(comparable)], n=_WHOLE_LIST, lineterm="")
    heading = 3
    return "\n".join(f"  {line[0]} {line[1:]}" for line in islice(lines, heading, None))


def _are_equal(expected: Sequence[Event | type[Event]], actual: Sequence[Event]) -> bool:
    return len(expected) == len(actual) and all(
        isinstance(event, wanted) if isinstance(wanted, type) else wanted == event
        for wanted, event in zip(expected, actual, strict=True)
    )


def _lines(events: Sequence[Event | type[Event]]) -> Iterator[str]:
    for event in events:
        if isinstance(event, type):
            yield event.__name__
            continue
        yield type(event).__name__
        for name, value in _set_fields(event):
            yield f"    {name} = {shown(value)}"


def _set_fields(instance: Any) -> Iterator[tuple[str, object]]:
    """Yield the fields that do not have their default value."""
    for field in attrs.fields(type(instance)):
        value = getattr(instance, field.name)
        if value != field.default:
            yield field.name, value


def shown(value: object) -> str:
    """Format a value for a message: instants in ISO form, without fields at their default."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    if attrs.has(type(value)):
        fields = ", ".join(f"{name}={shown(inner)}" for name, inner in _set_fields(value))
        return f"{type(value).__name__}({fields})"
    return repr(value)
