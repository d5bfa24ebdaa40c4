"""The persons that events name, so that a store finds all tickets of a person."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import attrs

from ticketcore.events import PERSON_FIELDS, Event


def persons_in(events: Iterable[Event]) -> frozenset[str]:
    """Return the ids of all persons that act in these events, or that they name."""
    fields: Callable[[Any], tuple[str, ...]] = _fields_of
    named = (getattr(event, field) for event in events for field in fields(type(event)))
    return frozenset(person for person in named if person is not None)


@cache
def _fields_of(event: Any) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(event) if field.name in PERSON_FIELDS)
