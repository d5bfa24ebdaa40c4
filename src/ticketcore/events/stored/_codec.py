"""An event as a name, a schema number and a body of plain JSON values, and back."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from cattrs.gen import make_dict_unstructure_fn, override

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import utc
from ticketcore._internal.json_text import decode, encode
from ticketcore._internal.strict_json import CONVERTER, dump, load, reader, within
from ticketcore.errors import CodecError
from ticketcore.events._events import ENVELOPE, EVENTS, Event, Unknown
from ticketcore.events.stored._upcast import upcast


# Readers and writers are made on first use: each takes about half a millisecond.
@cache
def _reader(name: str) -> tuple[int, Callable[..., Event]]:
    cls = EVENTS[name]
    return cls.SCHEMA, reader(cls, beside=ENVELOPE)


@cache
def _writer(name: str) -> Callable[[Event], dict[str, Any]]:
    omitted: Any = {field: override(omit=True) for field in ENVELOPE}
    return make_dict_unstructure_fn(
        EVENTS[name], CONVERTER, _cattrs_omit_if_default=True, **omitted
    )


def dump_event(event: Event) -> tuple[str, int, dict[str, object]]:
    """Return the stored name, the schema number and the body of *event*.

    The body holds JSON values only. It leaves out fields that have their default, and the fields
    of the envelope (*at*, *command_id*, *derived*), which a stored line has outside the body.
    Raises CodecError, with the path from ``data``, for an Unknown that could not be read again.
    """
    if isinstance(event, Unknown):
        return event.name, event.schema, _unknown_body(event)
    return event.NAME, event.SCHEMA, _writer(event.NAME)(event)


def load_event(
    name: str,
    schema: int,
    at: datetime,
    body: object,
    *,
    command_id: str | None = None,
    derived: bool = False,
) -> Event:
    """Return the event that :func:`dump_event` gave, at the aware instant *at*.

    An event is kept as Unknown if a later version may have written it: its name is unknown, its
    schema is newer than this version's, or its body has a key or a word that this version does not
    know. Raises CodecError, with the path from ``data``, for a body that is wrong: no value is
    coerced, guessed or dropped.
    """
    current, read = _reader(name) if name in EVENTS else (0, None)
    if read is not None and schema <= current:
        plain = upcast(name, schema, _object(body), current=current) if schema < current else body
        try:
            return read(plain, at=utc(at), command_id=command_id, derived=derived)
        except CodecError as wrong:
            if schema < current or not wrong.is_unknown:
                raise within("data", wrong) from None
    return Unknown(
        name=name, schema=schema, at=at, body=_text(body), command_id=command_id, derived=derived
    )


def unknown_content(event: Unknown) -> CodecError | None:
    """Return what is unknown in the body of an event; None if its name or schema is unknown."""
    if event.name not in EVENTS or event.schema > EVENTS[event.name].SCHEMA:
        return None
    try:
        _reader(event.name)[1](decode(event.body), at=event.at)
    except CodecError as wrong:
        return within("data", wrong)
    return None


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


@frozen
class _Stored(Value):
    """The keys of an event that is the field of another value, such as the opening of a ticket."""

    event: str
    schema: int
    occurred_at: datetime
    data: Any  # read by the codec
    command_id: str | None = None
    derived: bool = False


def _is_event(kind: Any) -> bool:
    """Return whether a type is an event, or a union of events and None."""
    if get_origin(kind) in (UnionType, Union):
        kinds = set(get_args(kind)) - {NoneType}
        return all(map(_is_event, kinds))
    return isinstance(kind, type) and issubclass(kind, Event)


def _read_field(value: object, kind: Any) -> Event | None:
    if value is None and NoneType in get_args(kind):
        return None
    stored = load(_Stored, value)
    event = load_event(
        stored.event,
        stored.schema,
        stored.occurred_at,
        stored.data,
        command_id=stored.command_id,
        derived=stored.derived,
    )
    if type(event) is kind or type(event) in get_args(kind) or kind is Event:
        return event
    unknown = unknown_content(event) if isinstance(event, Unknown) else None
    raise unknown or CodecError("event", stored.event, "an event that this field can hold")


def _write_field(event: Event) -> dict[str, Any]:
    name, schema, data = dump_event(event)
    return dump(_Stored(name, schema, event.at, data, event.command_id, event.derived))


CONVERTER.register_structure_hook_factory(
    _is_event, lambda kind: lambda value, _: _read_field(value, kind)
)
CONVERTER.register_unstructure_hook_func(_is_event, _write_field)


def _unknown_body(event: Unknown) -> dict[str, Any]:
    if not event.name:
        raise CodecError("event", event.name, "text that is not empty")
    if event.schema < 1:
        raise CodecError("schema", event.schema, "a number from 1")
    try:
        body = decode(event.body)
    except ValueError:
        raise CodecError("data", event.body, "JSON text") from None
    _text(body)
    if not isinstance(load_event(event.name, event.schema, event.at, body), Unknown):
        expected = "an event of which this version does not know the name, schema or content"
        raise CodecError("event", event.name, expected)
    return _object(body)
