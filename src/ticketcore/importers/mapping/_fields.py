"""The keys of a mapping that are fields of events, made from the types of the fields."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin

import attrs

from ticketcore._toml import FLAG, Key, Kind, OneOf, choice
from ticketcore.events import EVENTS, Event, Money, Opened, Party, Scheduled
from ticketcore.importers.mapping._amounts import amount_of
from ticketcore.importers.mapping._values import VALUE, ValueKind
from ticketcore.policies import PARTIES_MEANT

Convert: TypeAlias = Callable[[str], Any]
"""A function from the text of a value to the value of a field. Raises ValueError."""

PARTY_NAME: Final[OneOf[Any]] = choice(get_args(Party), PARTIES_MEANT)
PARTY: Final = ValueKind(choice=PARTY_NAME)
_ENVELOPE: Final = frozenset({"at", "by", "actor", "command_id", "derived"})


def listed(text: str) -> tuple[str, ...]:
    """Split a text at commas and semicolons."""
    parts = text.replace(";", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())


def field_keys(event: type[Event]) -> Mapping[str, Key]:
    """Return the keys for the fields of an event, except those of the envelope.

    Fields that are not text, a flag, a choice, an amount, an instant or a list of texts have no
    key.
    """
    keys = {}
    for field in attrs.fields(event):
        kind = _kind(field.type)
        if field.name not in _ENVELOPE and kind is not None:
            keys[field.name] = Key(
                name=field.name,
                attribute=field.name,
                kind=kind,
                about=f"The field `{field.name}` of the event.",
                example="true" if kind is FLAG else _example(kind),
                unset=None,
                default=field.default,
            )
    return keys


def convert_of(kind: Any) -> Convert | None:
    """Return the function that makes a value of this type, or None for text."""
    some = _without_none(kind)
    if some is Money:
        return amount_of
    return listed if get_origin(some) is tuple else None


def is_instant(kind: Any) -> bool:
    """Return whether a field of this type holds an instant."""
    return _without_none(kind) is datetime


def _kind(kind: Any) -> Kind[Any] | None:
    some = _without_none(kind)
    if some is bool:
        return FLAG
    if get_origin(some) is Literal:
        return PARTY if some == Party else ValueKind(choice=choice(get_args(some)))
    if some in (str, Money, datetime) or some == tuple[str, ...]:
        return VALUE
    return None


def _example(kind: Kind[Any]) -> str:
    options = kind.choice.options if isinstance(kind, ValueKind) and kind.choice else ()
    return f'"{next(iter(options))}"' if options else '"{Column}"'


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (UnionType, Union):
        (some,) = set(get_args(kind)) - {NoneType}
        return some
    return kind


def _can_be_made(event: type[Event]) -> bool:
    keys = field_keys(event)
    required = (field.name for field in attrs.fields(event) if field.default is attrs.NOTHING)
    return all(name in keys or name in _ENVELOPE for name in required)


MAPPED_EVENTS: Final[Mapping[str, type[Event]]] = {
    name: event
    for name, event in EVENTS.items()
    if event not in (Opened, Scheduled) and _can_be_made(event)
}
"""The events that a rule of a mapping can make, by their names."""
