"""Commands from JSON, and as JSON (C19): ``{"command":"reply","at":"…","by":"customer",…}``."""

from collections.abc import Mapping
from typing import Any

from ticketcore.commands._commands import COMMANDS, Command
from ticketcore.errors import CodecError, MoneyError
from ticketcore.events._converter import CONVERTER, perhaps, reader
from ticketcore.events._json import decode

_READERS = {name: reader(cls) for name, cls in COMMANDS.items()}


def load_command(source: str | bytes | Mapping[str, Any]) -> Command:
    """The command that *source*, JSON text or the mapping in it, asks for.

    ``command`` names the command; the other keys are its fields. Instants are UTC and written like
    ``2026-01-09T22:00:00.000000Z``; an amount is ``{"currency":"USD","minor":4900}``. Raises
    CodecError with the path to the first mistake: nothing is coerced, guessed or dropped.
    """
    fields = dict(_mapping(source))
    name = fields.pop("command", None)
    if not isinstance(name, str) or name not in _READERS:
        raise CodecError("command", name, f"the name of a command{perhaps(str(name), COMMANDS)}")
    try:
        command: Command = _READERS[name](fields)
    except MoneyError as wrong:
        raise CodecError("order", str(wrong.value), "amounts that are not negative") from None
    return command


def dump_command(command: Command) -> dict[str, Any]:
    """*command* as a mapping of JSON values, without fields that have their default."""
    return {"command": command.NAME, **CONVERTER.unstructure(command)}


def _mapping(source: object) -> Mapping[str, Any]:
    if isinstance(source, (str, bytes)):
        try:
            source = decode(source if isinstance(source, str) else str(source, "utf-8"))
        except ValueError as wrong:
            raise CodecError("", source, f"JSON text ({wrong})") from None
    if not isinstance(source, Mapping):
        raise CodecError("", source, "an object")
    return source
