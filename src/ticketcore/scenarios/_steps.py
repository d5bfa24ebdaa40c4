"""Reading the steps of a scenario: each is a command, and perhaps the refusal it should meet."""

from collections.abc import Mapping

from ticketcore._toml import OldTable
from ticketcore.commands import COMMANDS, Reschedule
from ticketcore.scenarios._fields import build
from ticketcore.scenarios._instants import PLACEHOLDER
from ticketcore.scenarios._scenario import Step

_BACKWARDS = "out-of-order"


def read_steps(root: OldTable, zone: str | None, facts: Mapping[str, object]) -> tuple[Step, ...]:
    """All [[step]] tables. What an opening does not say, the *facts* of the ticket do."""
    steps: list[Step] = []
    for table in root.tables("step"):
        step = _read_step(table, zone, facts)
        _check_order(table, step, steps)
        steps.append(step)
    if not steps:
        root.problem("step", "missing; a scenario needs a [[step]] that opens the ticket")
    return tuple(steps)


def _read_step(table: OldTable, zone: str | None, facts: Mapping[str, object]) -> Step:
    do = table.choice("command", tuple(COMMANDS))
    expect = table.section("expect")
    refused = expect.text("refused", None)
    if table.value("command", None) not in tuple(COMMANDS):
        table.names()  # which fields it has, nobody can know
        return Step(command=build(table, Reschedule, zone), refused=refused)
    defaults = facts if do == "open" else {}
    return Step(command=build(table, COMMANDS[do], zone, defaults), refused=refused)


def _check_order(table: OldTable, step: Step, earlier: list[Step]) -> None:
    if not earlier or step.refused == _BACKWARDS or step.command.at == PLACEHOLDER:
        return
    before = earlier[-1].command.at
    if step.command.at < before:
        message = (
            f"times run backwards: the step before is at {before.isoformat()}; "
            f'if that is meant, expect = {{ refused = "{_BACKWARDS}" }}'
        )
        table.problem("at", message)
