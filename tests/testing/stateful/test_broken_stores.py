"""TicketMachine shows the faults that need a store: restarts, races, and tickets that are due."""

import pytest

from support.broken.stores import BROKEN_STORES, check_found, sqlite_machine
from support.stores.sqlite_backend import SqliteBackend


@pytest.mark.no_cover
@pytest.mark.parametrize("broken", BROKEN_STORES, ids=lambda broken: broken.__name__)
def test_the_fault_is_found(broken: type[SqliteBackend]) -> None:
    """Each seed finds the fault of the backend on SQLite within 1,000 examples."""
    check_found(sqlite_machine(broken), BROKEN_STORES[broken])
