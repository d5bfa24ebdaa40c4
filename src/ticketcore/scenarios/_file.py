"""Scenario files: the keys of the head, of `[ticket]` and of `[[step]]`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from ticketcore._internal.limits import MAX_POLICIES
from ticketcore._toml import (
    TEXT,
    Key,
    Node,
    Reading,
    Several,
    Table,
    TableArray,
    UnreadError,
    choice,
    file_schema,
    key,
    keys_of,
    parsed,
    partial,
    read_keys,
)
from ticketcore.calendar import zone_of
from ticketcore.commands import COMMANDS, Command, Open
from ticketcore.scenarios._expected import Expected
from ticketcore.scenarios._fields import FieldsKind, field_keys, fields_schema
from ticketcore.scenarios._instants import InstantKind

_COMMAND: Final = choice(COMMANDS.keys())
_OF_THE_STEP: Final = ("at", "by", "actor", "command_id")  # no facts of the ticket


@attrs.frozen(kw_only=True)
class _Refusal:
    refused: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The code of the refusal that the step must meet.",
            example='"ticket-closed"',
            unset="the step must not be refused",
        ),
    )


@attrs.frozen(kw_only=True)
class WrittenStep:
    """A step as the file has it: the class of its command, and the fields that are written."""

    command: type[Command]
    ticket: str | None
    policy: str | None
    fields: Mapping[str, Any]
    refused: str | None


@attrs.frozen(kw_only=True)
class _StepHead:
    command: str = attrs.field(metadata=key(_COMMAND, "The command.", example='"open"'))
    ticket: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The number of the ticket, if the scenario has several.",
            example='"00123456790"',
            unset="the ticket of `[ticket]`",
        ),
    )
    policy: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The policy of the ticket that the step opens: a preset, or a file in the folder of "
            "this file or below.",
            example='"service-desk"',
            unset="the policy of the head",
        ),
    )
    expect: _Refusal = attrs.field(
        default=_Refusal(),
        metadata=key(
            Table(_Refusal),
            "The refusal that the step must meet.",
            example='{ refused = "ticket-closed" }',
            unset="the step must not be refused",
        ),
    )


KEYS_OF_EVERY_STEP: Final = keys_of(_StepHead)


class StepKind:
    """The kind of `[[step]]`: the name of a command, its fields, and perhaps a refusal."""

    expected = "a table"

    def read(self, node: Node, reading: Reading) -> WrittenStep:
        """Return the step; only a known command says which fields there are."""
        try:
            name = _COMMAND.read(node.entries["command"], Reading())
        except (KeyError, UnreadError):
            name = None
        keys = {**KEYS_OF_EVERY_STEP, **field_keys(Command if name is None else COMMANDS[name])}
        if name is None and node.entries:
            known = {name: entry for name, entry in node.entries.items() if name in keys}
            node = attrs.evolve(node, value=known)
        values, unread = read_keys(node, keys, reading)
        expect = values.pop("expect", _Refusal())
        ticket, policy = values.pop("ticket", None), values.pop("policy", None)
        values.pop("command", None)
        step = {"ticket": ticket, "policy": policy, "fields": values, "refused": expect.refused}
        if unread or name is None:
            return partial(WrittenStep, step, {"command"})
        return WrittenStep(command=COMMANDS[name], **step)

    def schema(self) -> dict[str, Any]:
        """Describe each command with its fields."""
        steps = []
        for name, cls in COMMANDS.items():
            left_out = {"command"} if cls is Open else {"command", "policy"}
            head = {
                name: each for name, each in KEYS_OF_EVERY_STEP.items() if name not in left_out
            }
            step = fields_schema({**field_keys(cls), **head}, command={"const": name})
            steps.append({**step, "required": ["command", *step["required"]]})
        return {"oneOf": steps}


def _zone(text: str) -> str:
    return zone_of(text).key


_TICKET: Final = FieldsKind(
    {
        "id": Key(
            name="id",
            attribute="id",
            kind=TEXT,
            about="The ticket number, as text.",
            example='"00123456789"',
            unset='`"1"`',
            default="1",
        ),
        **{
            name: attrs.evolve(field, kind=parsed(_zone, "America/Boise"))
            if name == "zone"
            else field
            for name, field in field_keys(Open, optional=True).items()
            if name not in _OF_THE_STEP
        },
    }
)


@attrs.frozen(kw_only=True)
class ScenarioFile:
    """The head of a scenario file."""

    name: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The name for people.",
            example='"A refund over the weekend"',
            unset="the name of the file",
        ),
    )
    description: str = attrs.field(
        default="",
        metadata=key(
            TEXT, "A description for people.", example='"Nobody answers."', unset="empty"
        ),
    )
    policy: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(TEXT, most=MAX_POLICIES),
            "The name of a preset, or a policy file in the folder of this file or below. A list "
            "names the versions of one policy; the date of the opening selects one.",
            example='"service-desk"',
        )
    )
    until: datetime | None = attrs.field(
        default=None,
        metadata=key(
            InstantKind(),
            "The instant up to which timers run after the last step.",
            example="2026-02-01T00:00:00",
            unset="the last step, or the last `at` of an expected event",
        ),
    )
    ticket: Mapping[str, Any] = attrs.field(
        factory=dict,
        metadata=key(
            _TICKET,
            "The number of the ticket, and facts of the opening; with several tickets, of each.",
            example='{ id = "00123456789", zone = "America/Boise" }',
            unset="all facts are in the steps",
        ),
    )
    steps: tuple[WrittenStep, ...] = attrs.field(
        metadata=key(
            TableArray(StepKind(), expected="a [[step]] that opens the ticket"),
            "The commands, in the order of their instants.",
            example='[{ at = 2026-01-09T15:00:00, command = "open", by = "customer" }]',
            name="step",
        )
    )
    expect: Expected = attrs.field(
        default=Expected(),
        metadata=key(
            Table(Expected),
            "The expected result.",
            example='{ status = "closed" }',
            unset="only expected refusals are checked",
        ),
    )


def scenario_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a scenario file, in which dates and times are text."""
    title = "A scenario: steps of the tickets of an order, and what is expected of them"
    return file_schema(ScenarioFile, title)
