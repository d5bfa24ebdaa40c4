"""``ticketcore schema``: the JSON Schemas of commands, stored events, policies and scenarios."""

import json
from enum import StrEnum
from typing import Annotated, Any, assert_never

import typer


class SchemaOf(StrEnum):
    """The documents that have a schema."""

    COMMANDS = "commands"
    EVENTS = "events"
    POLICY = "policy"
    SCENARIO = "scenario"
    MAPPING = "mapping"


def schema(
    of: Annotated[
        SchemaOf,
        typer.Argument(
            metavar="KIND",
            help=f"Kind of document: {', '.join(SchemaOf)}.",
            show_default=False,
        ),
    ],
) -> None:
    """Print the JSON Schema of commands, stored events, and policy, scenario or mapping files."""
    typer.echo(json.dumps(_schema(of), indent=2, ensure_ascii=False))


def _schema(of: SchemaOf) -> dict[str, Any]:
    match of:
        case SchemaOf.COMMANDS:
            from ticketcore.commands import command_schema

            return command_schema()
        case SchemaOf.EVENTS:
            from ticketcore.events import event_schema

            return event_schema()
        case SchemaOf.POLICY:
            from ticketcore.policies import policy_schema

            return policy_schema()
        case SchemaOf.SCENARIO:
            from ticketcore.scenarios import scenario_schema

            return scenario_schema()
        case SchemaOf.MAPPING:
            from ticketcore.importers import mapping_schema

            return mapping_schema()
        case unknown:
            assert_never(unknown)
