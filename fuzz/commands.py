"""Fuzz the reader of commands as JSON: `python -m fuzz.commands -max_total_time=60`."""

import json

import atheris
import attrs

with atheris.instrument_imports(include=["ticketcore"]):
    from ticketcore.commands import COMMANDS, dump_command, load_stored_command
    from ticketcore.errors import CodecError

from fuzz._harness import fuzz

_VALUES = {
    "at": "2026-01-05T10:00:00.000000Z",
    "amount": {"currency": "USD", "minor": 4900},
    "by": "customer",
    "order": {
        "number": "A-1",
        "sold_at": "2026-01-04T10:00:00.000000Z",
        "amount": {"currency": "USD", "minor": 4900},
        "billing": "recurring",
        "units": [{"id": "unit-1"}],
        "shipments": [{"number": "S-1", "shipped_at": "2026-01-04T11:00:00.000000Z"}],
    },
    "units": ["unit-1"],
    "deadline": "2026-01-12T10:00:00.000000Z",
}
_FLAGS = ("abuse", "consent", "interim", "solution", "has_grace_period")


def _seed(name: str) -> bytes:
    """Return a command with all of its fields."""
    fields = [field.name for field in attrs.fields(COMMANDS[name])]
    values = {field: _VALUES.get(field, field in _FLAGS or "vendor") for field in fields}
    return json.dumps({**values, "command": name}).encode()


def read(data: bytes) -> None:
    """Check that a command that is read is equal after it is written and read again."""
    command = load_stored_command(data)
    again = load_stored_command(dump_command(command))
    if command != again:
        raise AssertionError(f"{command} is read back as {again}")


if __name__ == "__main__":
    fuzz(read, map(_seed, COMMANDS), refuses=CodecError)
