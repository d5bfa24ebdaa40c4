"""`ticketcore schema`: the JSON Schema of what is stored, sent and written."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from ticketcore.cli._app import app


class Kind(StrEnum):
    """What there are schemas of."""

    COMMANDS = "commands"
    EVENTS = "events"
    POLICY = "policy"
    SCENARIO = "scenario"


@app.command()
def schema(
    of: Annotated[Kind, typer.Argument(help="What the schema describes.", show_default=False)],
) -> None:
    """Print the JSON Schema of commands, of events as stored, of policy or of scenario files."""
    from ticketcore.commands import command_schema
    from ticketcore.events import event_schema
    from ticketcore.policies import policy_schema
    from ticketcore.scenarios import scenario_schema

    made = {
        Kind.COMMANDS: command_schema,
        Kind.EVENTS: event_schema,
        Kind.POLICY: policy_schema,
        Kind.SCENARIO: scenario_schema,
    }
    typer.echo(json.dumps(made[of](), indent=2, ensure_ascii=False))
