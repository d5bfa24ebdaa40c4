"""Each event of a party has the command that causes it."""

from datetime import UTC, datetime

import pytest

from ticketcore import commands as c
from ticketcore import events as e
from ticketcore.commands import COMMANDS, Command
from ticketcore.events import EVENTS
from ticketcore.timeline import command_of
from ticketcore.timeline._commands import _COMMANDS

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)


def test_every_event_of_a_party_has_a_command() -> None:
    """Every event of a party has a command; only events of the clock have none."""
    closings = {"close", "withdraw", "mark-duplicate"}

    pauses = {"pause-started", "pause-ended"}
    assert {"scheduled", "warned", "breached", "closed", *pauses} == {
        name for name, event_type in EVENTS.items() if event_type not in _COMMANDS
    }
    assert COMMANDS.keys() - closings == {command.NAME for command in _COMMANDS.values()}


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (e.Closed(at=AT, by="vendor"), c.Close),
        (e.Closed(at=AT, by="customer", kind="withdrawn"), c.Withdraw),
        (e.Closed(at=AT, by="vendor", kind="duplicate", duplicate_of="7"), c.MarkDuplicate),
        (e.Warned(at=AT, timer="w"), None),
        (e.Unknown(at=AT, name="sung", schema=1), None),
    ],
)
def test_the_kind_of_a_closing_tells_its_command(
    event: e.Event, command: type[Command] | None
) -> None:
    """A closing comes from `Close`, `Withdraw` or `MarkDuplicate`; a firing from no command."""
    assert command is command_of(event)
