"""Commands from JSON and as JSON (C19): ``{"command":"reply","at":"…","by":"customer",…}``."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ticketcore._internal.json_text import decode
from ticketcore._internal.strict_json import CONVERTER, perhaps, reader
from ticketcore.commands._commands import COMMANDS, Command
from ticketcore.errors import CodecError, MoneyError


@cache  # each takes about half a millisecond to make
def _reader(name: str) -> Callable[..., Command]:
    return reader(COMMANDS[name])


def load_command(source: str | bytes | Mapping[str, object]) -> Command:
    """Return the command in *source*, a JSON text or the mapping that it holds.

    The key ``command`` names the command; the other keys are its fields. Instants are UTC, written
    like ``2026-01-09T22:00:00.000000Z``; an amount is ``{"currency":"USD","minor":4900}``. Raises
    CodecError with the path of the first mistake: no value is coerced, guessed or dropped.
    """
    fields = dict(_mapping(source))
    name = fields.pop("command", None)
    if not isinstance(name, str) or name not in COMMANDS:
        raise CodecError("command", name, f"the name of a command{perhaps(str(name), COMMANDS)}")
    try:
        return _reader(name)(fields)
    except MoneyError as wrong:
        raise CodecError("order", str(wrong.value), "amounts that are not negative") from None


def dump_command(command: Command) -> dict[str, Any]:
    """Return *command* as a mapping of JSON values, without fields that have their default."""
    return {"command": command.NAME, **CONVERTER.unstructure(command)}


def _mapping(source: object) -> Mapping[str, object]:
    if isinstance(source, (str, bytes)):
        try:
            source = decode(source if isinstance(source, str) else str(source, "utf-8"))
        except ValueError as wrong:
            raise CodecError("", source, f"JSON text ({wrong})") from None
    if not isinstance(source, Mapping):
        raise CodecError("", source, "an object")
    return source
