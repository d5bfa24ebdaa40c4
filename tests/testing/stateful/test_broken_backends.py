"""TicketMachine shows the fault of a broken backend in a few steps, whatever the seed."""

from datetime import timedelta

import pytest

from support.broken.backends import AGENDA, BROKEN, LosesSnoozes, MovesDeadlinesSetByHand
from support.broken.databases import BROKEN_DATABASES
from support.broken.stores import check_found, memory_machine
from support.orders.hosts import MONDAY
from ticketcore.commands import Command, Open, SetDeadline, Snooze
from ticketcore.testing import violations
from ticketcore.testing.stateful import ReferenceBackend

FAULTS = BROKEN | BROKEN_DATABASES


@pytest.mark.no_cover
@pytest.mark.parametrize("broken", FAULTS, ids=lambda broken: broken.__name__)
def test_the_fault_is_found(broken: type[ReferenceBackend]) -> None:
    """Each seed finds the fault of the backend within 1,000 examples, in a few steps."""
    check_found(memory_machine(broken), FAULTS[broken])


@pytest.mark.parametrize(
    ("broken", "commands", "invariant"),
    [
        (
            MovesDeadlinesSetByHand,
            [SetDeadline(at=MONDAY, by="support", due=MONDAY + timedelta(days=d)) for d in (1, 2)],
            "no rule moves a deadline set by hand",
        ),
        (
            LosesSnoozes,
            [Snooze(at=MONDAY, by="support", until=MONDAY + timedelta(days=1))],
            "a snooze has one timer, which ends it",
        ),
    ],
)
def test_the_fault_violates_an_invariant(
    broken: type[ReferenceBackend], commands: list[Command], invariant: str
) -> None:
    """The stored history of a broken backend violates an invariant, without a reference."""
    backend = broken(AGENDA)
    backend.send("1", Open(at=MONDAY, by="support"), 0)
    for command in commands:
        backend.send("1", command, len(backend.history("1")))
    backend.advance("1", MONDAY)

    assert any(each.startswith(invariant) for each in violations(backend.history("1"), AGENDA))
