"""Random stories: the SQL store and the store in memory give the same results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from support.stores.databases import SYNC, database
from ticketcore.errors import ConflictError
from ticketcore.policies import Policy
from ticketcore.store import MemoryStore
from ticketcore.testing.stateful import OrderBackend, OrderMachine
from ticketcore.testing.store import Harness, Host, StoreMachine, StoreSuite, memory_harness
from ticketcore.testing.store._stories import raised


@pytest.mark.parametrize("driver", SYNC)
def test_the_sql_store_tells_what_the_memory_tells(driver: str) -> None:
    """After commands, rollbacks, timers, followers and tenants, both stores have the same
    content."""

    class Machine(StoreMachine):
        def harness(self, followers: Sequence[str]) -> Harness[Any]:
            return database(driver, tuple(followers)).harness()

    run_state_machine_as_test(Machine, settings=settings(max_examples=12, stateful_step_count=15))


def test_the_machine_finds_a_store_that_forgets_receipts() -> None:
    """The machine finds a store that forgets receipts, since a repeated command runs twice."""

    class Forgetful(MemoryStore):
        def receipt(self, db: Any, command_id: str, *, tenant: str = "") -> None:
            return None

    class Machine(StoreMachine):
        def harness(self, followers: Sequence[str]) -> Harness[Any]:
            return memory_harness(followers, Forgetful(followers=followers))

    found = settings(max_examples=50, stateful_step_count=20, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Machine, settings=found)


@pytest.mark.parametrize("driver", SYNC)
def test_the_machine_of_orders_passes(driver: str) -> None:
    """A host on the store is a correct backend for `OrderMachine`."""

    class OnStore:
        def __init__(self, policy: Policy) -> None:
            self.host = Host(database(driver).harness(), policy)
            self.send, self.history = self.host.send, self.host.history

        def run_due(self, until: datetime) -> None:
            self.host.run_due(until)

    class Machine(OrderMachine):
        policy = "clickbank"

        def backend(self) -> OrderBackend:
            return OnStore(self.loaded_policy)

    run_state_machine_as_test(Machine, settings=settings(max_examples=5, stateful_step_count=10))


@pytest.mark.parametrize("suite", [StoreSuite, StoreMachine])
def test_a_suite_without_a_harness_says_what_to_define(suite: Any) -> None:
    """A suite without a harness raises an error that names the method to define."""
    with pytest.raises(TypeError, match=r"has no harness\(\)"):
        suite.harness(object.__new__(suite), ())


def test_a_check_that_expects_an_error_fails_without_it() -> None:
    """A check that expects an error fails if the store raises none."""
    with pytest.raises(AssertionError, match="ConflictError was not raised"):
        raised(ConflictError, lambda: None)
