"""The persons that an event names, so that a store finds all tickets of a person."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import attrs

from ticketcore.events import PERSON_FIELDS, Event


def persons_in(event: Event) -> Iterator[str]:
    """Yield the ids of the person that acts in an event, and of those that it names."""
    fields: Callable[[Any], tuple[str, ...]] = _fields_of
    for field in fields(type(event)):
        person = getattr(event, field)
        if person is not None:
            yield person


@cache
def _fields_of(event: Any) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(event) if field.name in PERSON_FIELDS)
