"""Commands from JSON and as JSON (C19): ``{"command":"reply","at":"…","by":"customer",…}``."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.declared import VISIBLE, check_fields, invisible_texts
from ticketcore._internal.instants import format_instant, instant_with_offset, utc
from ticketcore._internal.json_text import decode
from ticketcore._internal.strict_json import CONVERTER, check_storable, load, perhaps, reader
from ticketcore.commands import _clocks, _fields, _money  # noqa: F401  # they declare commands
from ticketcore.commands._commands import COMMANDS, HOST, Command
from ticketcore.errors import CodecError, FieldError, MoneyError
from ticketcore.events import Money, Party

HOST_FIELDS = {
    name: frozenset(field.name for field in attrs.fields(cls) if field.metadata == HOST)
    for name, cls in COMMANDS.items()
}
"""The fields of each command that the host alone supplies."""

_ALL_HOST_FIELDS = frozenset[str]().union(*HOST_FIELDS.values())

AMOUNT = "-?[0-9]{1,30}(?:[.][0-9]{1,4})? [A-Z]{3}"
"""An amount from a client as a regular expression. It accepts 49.0 USD, which lacks a digit."""


@cache  # each takes about half a millisecond to make
def _client_reader(name: str) -> Callable[..., Command]:
    return reader(COMMANDS[name], beside=HOST_FIELDS[name])


def _instant(field: str, text: str) -> str:
    """Return an instant of RFC 3339 in its stored form."""
    instant = instant_with_offset(text)
    if instant is None:
        raise CodecError(field, text, 'an instant with an offset, such as "2026-01-09T22:00:00Z"')
    return format_instant(instant)


def _amount(field: str, text: str) -> dict[str, Any]:
    """Return an amount in its stored form."""
    try:
        return dict(CONVERTER.unstructure(Money.parse(text)))
    except MoneyError:
        raise CodecError(field, text, 'an amount such as "49.00 USD"') from None


_OTHER_FORMS: Mapping[Any, Callable[[str, str], object]] = {
    datetime: _instant,
    datetime | None: _instant,
    Money | None: _amount,
}
"""Other forms of values that a client may use, by the type of the field."""


def load_command(
    source: str | bytes | Mapping[str, object],
    *,
    at: datetime,
    by: Party,
    actor: str | None = None,
    **facts: object,
) -> Command:
    """Return the command of a client from *source*, a JSON text or the mapping that it holds.

    The key ``command`` names the command; the other keys are its fields. Fields that carry money
    or trust are refused in *source*: the host supplies them as arguments. *at* is the instant,
    *by* the party and *actor* the id of the person. *facts* are further such fields, for example
    ``order`` or ``channel``; those that this command does not have are left out.

    Amounts are written like ``"49.00 USD"`` or ``{"currency":"USD","minor":4900}``, instants with
    an offset (RFC 3339) and at most six digits after the point. Raises CodecError with the path of
    the first mistake in *source*: no value is coerced, guessed or dropped. Raises FieldError
    for a wrong value of an argument, NaiveDatetimeError or InstantError for a wrong *at*.
    """
    name, fields = _named(source)
    given = {"at": utc(at), "by": by, "actor": actor, **facts}
    for field in given.keys() - _ALL_HOST_FIELDS:
        raise FieldError(COMMANDS[name].__name__, field, facts[field], "a field of the host")
    for field in fields.keys() & HOST_FIELDS[name]:
        raise CodecError(field, fields[field], "no such key from a client: the host supplies it")
    for declared in attrs.fields(COMMANDS[name]):
        text, read_other = fields.get(declared.name), _OTHER_FORMS.get(declared.type)
        if read_other is not None and isinstance(text, str):
            fields[declared.name] = read_other(declared.name, text)
    host = {field: value for field, value in given.items() if field in HOST_FIELDS[name]}
    try:
        command = _client_reader(name)(fields, **host)
    except MoneyError as wrong:
        raise CodecError("amount", str(wrong.value), "an amount that is not negative") from None
    check_fields(command)
    for path, text in invisible_texts(command):
        if path.partition(".")[0].partition("[")[0] in host:
            raise FieldError(type(command).__name__, path, text, VISIBLE)
        raise CodecError(path, text, VISIBLE)
    return command


def load_stored_command(source: str | bytes | Mapping[str, object]) -> Command:
    """Return the command that `dump_command` wrote, with all fields, those of the host too.

    Never pass it JSON from a client, who could choose the instant and the order's amount: use
    `load_command`. Instants are UTC, written like ``2026-01-09T22:00:00.000000Z``. Raises
    CodecError with the path of the first mistake.
    """
    name, fields = _named(source)
    try:
        command = load(COMMANDS[name], fields)
    except MoneyError as wrong:
        raise CodecError("order", str(wrong.value), "amounts that are not negative") from None
    check_fields(command)
    for path, text in invisible_texts(command):
        raise CodecError(path, text, VISIBLE)
    return command


@typed
def dump_command(command: Command) -> dict[str, object]:
    """Return *command* as a mapping of JSON values, without fields that have their default."""
    return {"command": command.NAME, **CONVERTER.unstructure(command)}


def _named(source: object) -> tuple[str, dict[str, object]]:
    """Return the name of the command, and its fields."""
    fields = dict(_mapping(source))
    check_storable(fields)
    name = fields.pop("command", None)
    if not isinstance(name, str) or name not in COMMANDS:
        raise CodecError("command", name, f"the name of a command{perhaps(str(name), COMMANDS)}")
    return name, fields


def _mapping(source: object) -> Mapping[str, object]:
    if isinstance(source, (str, bytes)):
        try:
            source = decode(source if isinstance(source, str) else str(source, "utf-8"))
        except ValueError as wrong:
            raise CodecError("", source, f"JSON text ({wrong})") from None
    if not isinstance(source, Mapping):
        raise CodecError("", source, "an object")
    return source
