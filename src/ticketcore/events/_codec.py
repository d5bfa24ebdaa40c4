"""An event as a name, a schema number and a body of plain JSON values, and back."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias, get_args

from cattrs.gen import make_dict_unstructure_fn, override

from ticketcore.errors import CodecError
from ticketcore.events._converter import CONVERTER, reader, within
from ticketcore.events._events import Event, Unknown
from ticketcore.events._json import decode, encode
from ticketcore.events._upcast import upcast
from ticketcore.events._values import utc

KnownEvent: TypeAlias = Any
"""A member of Event with NAME and SCHEMA: every one but Unknown."""

EVENTS: dict[str, KnownEvent] = {cls.NAME: cls for cls in get_args(Event) if cls is not Unknown}
"""The classes of the events by their stored names."""

_READERS = {name: (cls.SCHEMA, reader(cls, beside=["at"])) for name, cls in EVENTS.items()}


@cache  # made when first used: it takes half a millisecond each, which a mere reader need not pay
def _writer(name: str) -> Callable[[Event], dict[str, Any]]:
    return make_dict_unstructure_fn(
        EVENTS[name], CONVERTER, _cattrs_omit_if_default=True, at=override(omit=True)
    )


def dump_event(event: Event) -> tuple[str, int, dict[str, Any]]:
    """The stored name, the schema number and the body of *event*.

    The body holds JSON values only, without fields that have their default. The instant is not
    in it: it is stored beside. Raises CodecError, with the path from ``data``, for an event that
    could not be read again: one built with values of wrong types would lock its ticket.
    """
    if isinstance(event, Unknown):
        return event.name, event.schema, _unknown_body(event)
    body = _writer(event.NAME)(event)
    if load_event(event.NAME, event.SCHEMA, event.at, body) != event:
        raise CodecError("data", event, "values of the types that its fields have")
    return event.NAME, event.SCHEMA, body


def load_event(name: str, schema: int, at: datetime, body: object) -> Event:
    """The event that :func:`dump_event` gave, at the aware instant *at*.

    Kept as Unknown: a name that this version does not know, and a known name of a later schema,
    whose body cannot be judged here. Raises CodecError, with the path from ``data``, for a body
    that is wrong: nothing is coerced, guessed or dropped.
    """
    current, read = _READERS.get(name, (0, None))
    if read is None or schema > current:
        return Unknown(name=name, schema=schema, at=at, body=_text(body))
    if schema < current:
        body = upcast(name, schema, _object(body), current=current)
    try:
        event: Event = read(body, at=utc(at))
    except CodecError as wrong:
        raise within("data", wrong) from None
    return event


def _object(body: object) -> dict[str, Any]:
    if type(body) is not dict:
        raise CodecError("data", body, "an object")
    return body


def _text(body: object) -> str:
    plain = _object(body)
    try:
        return encode(plain)
    except ValueError:
        raise CodecError("data", body, "finite numbers") from None


def _unknown_body(event: Unknown) -> dict[str, Any]:
    if type(event.name) is not str or not event.name:
        raise CodecError("event", event.name, "text that is not empty")
    if type(event.schema) is not int or event.schema < 1:
        raise CodecError("schema", event.schema, "a number from 1")
    known, _ = _READERS.get(event.name, (0, None))
    if event.schema <= known:  # it would come back as the event of that name
        raise CodecError("event", event.name, "a name or schema that this version does not know")
    try:
        body = decode(event.body)
    except ValueError:
        raise CodecError("data", event.body, "JSON text") from None
    _text(body)
    return _object(body)
