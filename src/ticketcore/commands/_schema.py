"""The JSON Schema of the commands."""

from ticketcore._internal.instants import RFC_3339
from ticketcore._internal.json_schema import DIALECT, Definitions
from ticketcore.commands._commands import COMMANDS
from ticketcore.commands._json import AMOUNT, HOST_FIELDS


def command_schema(*, client: bool = False) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a command as JSON.

    With *client* it lacks the fields that the host supplies, and has the forms of instants and
    amounts that `load_command` reads too.
    """
    definitions = Definitions()
    cases = []
    for name, cls in COMMANDS.items():
        described = definitions.describe(cls, beside=HOST_FIELDS[name] if client else ())
        described["properties"] = {"command": {"const": name}, **described["properties"]}
        described["required"] = ["command", *described["required"]]
        cases.append({"title": name, **described})
    for part, field in (("Order", "amount"), ("Order", "invoice_amount"), ("Unit", "amount")):
        properties = definitions.found.get(part, {}).get("properties", {})
        if field in properties:
            properties[field]["properties"] = {"minor": {"minimum": 0}}
    if client:
        definitions.found["instant"] = {"type": "string", "pattern": f"^{RFC_3339}$"}
        text = {"type": "string", "pattern": f"^{AMOUNT}$"}
        definitions.found["Money"] = {"anyOf": [definitions.found["Money"], text]}
    return {
        "$schema": DIALECT,
        "title": "A command",
        "oneOf": cases,
        "$defs": definitions.found,
    }
