"""Each event of a party has the command that causes it."""

from datetime import UTC, datetime, timedelta

import pytest

from ticketcore import commands as c
from ticketcore import decide
from ticketcore import events as e
from ticketcore.commands import COMMANDS, Command
from ticketcore.events import EVENTS
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import command_of, permission_of
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


LIMITED = parse_policy("""
name = "limited"
effective = 2026-01-01
default_type = "question"
zone = "UTC"
[types.question]
[fields.priority]
choices = ["low", "high"]
default = "low"
[fields.size]
type = "number"
[[permission]]
commands = ["open", "set-field"]
by = "customer"
fields = "size"
rule = "P1"
[[permission]]
commands = "open"
by = "customer"
rule = "P2"
[[permission]]
commands = "reply"
by = "customer"
from = "opened"
after = "1 day"
rule = "P3"
[[permission]]
commands = "reply"
by = "customer"
rule = "P4"
""")


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (c.Open(at=AT, by="customer"), "P1"),
        (c.Open(at=AT, by="customer", fields={"size": "3"}), "P1"),
        (c.Open(at=AT, by="customer", fields={"priority": "high"}), "P2"),
        (c.SetField(at=AT, by="customer", field="size", value="4"), "P1"),
        (c.Reply(at=AT, by="customer", text="early"), "P4"),
        (c.Reply(at=AT + timedelta(days=1), by="customer", text="late"), "P3"),
    ],
)
def test_the_permission_is_the_one_by_which_the_command_passed(
    command: Command, rule: str
) -> None:
    """It is open at the instant, and lists the fields that the event sets."""
    ticket = None if isinstance(command, c.Open) else opened(LIMITED)
    event, *_ = decide(ticket, command, LIMITED)
    before = ticket or fold([event])

    permission = permission_of(event, before, LIMITED)

    assert permission is not None
    assert rule == permission.rule


def opened(policy: Policy) -> Ticket:
    """Return a ticket that a customer opened under a policy."""
    return fold(decide(None, c.Open(at=AT, by="customer"), policy))
