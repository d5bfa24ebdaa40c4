"""The JSON Schema of the commands."""

from typing import Any

from ticketcore._internal.json_schema import DIALECT, Definitions
from ticketcore.commands._commands import COMMANDS


def command_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a command as JSON."""
    definitions = Definitions()
    cases = []
    for name, cls in COMMANDS.items():
        described = definitions.describe(cls)
        described["properties"] = {"command": {"const": name}, **described["properties"]}
        described["required"] = ["command", *described["required"]]
        cases.append({"title": name, **described})
    for part, field in (("Order", "amount"), ("Order", "invoice_amount"), ("Unit", "amount")):
        definitions.found[part]["properties"][field]["properties"] = {"minor": {"minimum": 0}}
    return {
        "$schema": DIALECT,
        "title": "A command",
        "oneOf": cases,
        "$defs": definitions.found,
    }
