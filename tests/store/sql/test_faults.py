"""A short run of `make faults`: processes that use a store are killed."""

from functools import partial

import pytest

from support.stores.databases import SYNC, new_place, open_place
from ticketcore.testing.store import crash_test


@pytest.mark.slow
@pytest.mark.parametrize("driver", SYNC)
def test_killed_processes_lose_and_double_nothing(
    driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If processes are killed at any instant, no command is lost or carried out twice."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # a kill tears its files
    store = partial(open_place, *new_place(driver))

    assert 2 <= crash_test(store, kills=6)
