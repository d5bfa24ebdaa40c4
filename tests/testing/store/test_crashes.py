"""Killed processes show what is wrong with a store."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from support.stores.databases import new_place
from support.stores.killed_stores import fails_in_processes, forgets_marks, forgets_receipts
from ticketcore.testing.store import crash_test


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (forgets_receipts, "was carried out twice"),
        (forgets_marks, "a follower has skipped events"),
        (fails_in_processes, "PermissionError('no entry')"),
    ],
)
def test_a_broken_store_is_found(
    broken: Callable[..., Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken store is found, and the error says what is lost or done twice."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # a kill tears its files
    url, _ = new_place("sqlite")

    with pytest.raises(AssertionError) as failure:
        crash_test(partial(broken, url), kills=3)
    assert message in str(failure.value)
