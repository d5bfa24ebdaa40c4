"""Events side by side: what was expected and what happened, one field a line."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import unified_diff
from itertools import islice
from typing import Any

import attrs

from ticketcore.events import Event

_ALL = 10_000


def difference(expected: Sequence[Event | type[Event]], actual: Sequence[Event]) -> str:
    """What is expected (-) and what is there (+); empty where the two agree.

    A class stands for any event of its kind.
    """
    if _agree(expected, actual):
        return ""
    kinds = [event for event in expected if isinstance(event, type)]
    alike = [event.__class__ if event.__class__ in kinds else event for event in actual]
    lines = unified_diff([*_lines(expected)], [*_lines(alike)], n=_ALL, lineterm="")
    return "\n".join(f"  {line[0]} {line[1:]}" for line in islice(lines, 3, None))  # no heading


def _agree(expected: Sequence[Event | type[Event]], actual: Sequence[Event]) -> bool:
    return len(expected) == len(actual) and all(
        isinstance(got, want) if isinstance(want, type) else want == got
        for want, got in zip(expected, actual, strict=True)
    )


def _lines(events: Sequence[Event | type[Event]]) -> Iterator[str]:
    for event in events:
        if isinstance(event, type):
            yield event.__name__
            continue
        yield type(event).__name__
        for name, value in _fields(event):
            yield f"    {name} = {shown(value)}"


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    for field in attrs.fields(type(value)):
        if (found := getattr(value, field.name)) != field.default:
            yield field.name, found


def shown(value: Any) -> str:
    """A value as people read it: instants in ISO form, and no field that has its default."""
    match value:
        case datetime():
            return value.isoformat()
        case tuple():
            return f"({', '.join(map(shown, value))})"
        case _ if attrs.has(type(value)):
            fields = ", ".join(f"{name}={shown(found)}" for name, found in _fields(value))
            return f"{type(value).__name__}({fields})"
        case _:
            return repr(value)
