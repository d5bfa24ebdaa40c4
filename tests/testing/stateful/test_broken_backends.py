"""TicketMachine shows the fault of a broken backend in a few steps, whatever the seed."""

import pytest

from support.broken_backends import BROKEN
from support.broken_stores import check_found, memory_machine
from ticketcore.testing.stateful import ReferenceBackend


@pytest.mark.no_cover
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_the_fault_is_found(broken: type[ReferenceBackend]) -> None:
    """Each seed finds it within 1,000 examples, and shows it in a few steps."""
    check_found(memory_machine(broken), BROKEN[broken])
