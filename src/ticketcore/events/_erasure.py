"""Erase a person from events: which fields are personal, and how they are replaced.

A pseudonym replaces the person's id in every personal field. The words of the person, and the
names of their files, are replaced by `ERASED`. Words of others stay, because only people can judge
whether these words name the person; `mentions` finds the places. Instants, money, timers, and
everything else that decisions read stay as they are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from ticketcore.events._events import Event, Opened
from ticketcore.events._fields import FieldSet
from ticketcore.events._values import Attachment, Order, Reference
from ticketcore.events.stored._codec import dump_event

ERASED: Final = "[erased]"
"""The text in place of words that were erased."""

PERSON_FIELDS: Final = ("actor", "assignee", "customer", "with_person")
"""The fields of events whose value is the id of a person."""

WORD_FIELDS: Final = ("attachments", "subject", "text")
"""The fields of events that hold words of the acting person, and the files sent with them."""


def redact(
    event: Event,
    person: str,
    pseudonym: str,
    *,
    words: bool,
    fields: bool = False,
    orders: Mapping[str, str] | None = None,
) -> Event:
    """Return the event with *pseudonym* in place of *person*.

    With *words*, the text of the event is erased too; with *fields*, the values of the policy's
    fields that are personal. *orders* has new numbers of orders. An event that this version cannot
    read is returned as it is.
    """
    present = {field.name: getattr(event, field.name) for field in attrs.fields(type(event))}
    changes: dict[str, Any] = {
        name: pseudonym for name in PERSON_FIELDS if present.get(name) == person
    }
    if words:
        changes |= {name: _erased(present[name]) for name in WORD_FIELDS if present.get(name)}
    if fields:
        changes |= _without_personal_fields(event)
    if orders:
        renumbered = {name: _renumbered(value, orders) for name, value in present.items()}
        changes |= {name: v for name, v in renumbered.items() if v != present[name]}
    return attrs.evolve(event, **changes) if changes else event


def _erased(value: str | tuple[Attachment, ...]) -> object:
    if isinstance(value, str):
        return ERASED
    return tuple(attrs.evolve(file, name=ERASED, digest="", location="") for file in value)


def _without_personal_fields(event: Event) -> dict[str, Any]:
    match event:
        case FieldSet(personal=True):
            return {"value": None}
        case Opened(fields=values):
            return {"fields": {name: v for name, v in values.items() if not v.personal}}
        case _:
            return {}


def _renumbered(value: object, orders: Mapping[str, str]) -> object:
    match value:
        case Order(number=number) if number in orders:
            return attrs.evolve(value, number=orders[number])
        case Reference(kind="order", number=number) if number in orders:
            return attrs.evolve(value, number=orders[number])
        case tuple():
            return tuple(_renumbered(each, orders) for each in value)
        case _:
            return value


def mentions(event: Event, names: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of all texts of an event that contain one of these names as a word.

    Upper and lower case are the same. The body of an event that this version cannot read is
    searched too.
    """
    words = "|".join(map(re.escape, filter(None, names)))
    if not words:
        return ()
    found = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    return tuple(path for path, text in _texts(dump_event(event)[2]) if found.search(text))


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text in JSON values, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _texts(below, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _texts(below, f"{path}[{index}]")
