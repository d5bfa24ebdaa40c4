"""The JSON Schema of the commands, made from their types."""

from typing import Any

from ticketcore.commands._commands import COMMANDS
from ticketcore.events._schema import DIALECT, Definitions


def command_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a command as JSON: one of as many objects as there are."""
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
        "title": "What may be asked for",
        "oneOf": cases,
        "$defs": definitions.found,
    }
