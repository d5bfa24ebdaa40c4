"""A database that was written earlier is read and continued."""

import json
from typing import Any

import pytest

import store_dump
from support.stores.databases import SYNC, database
from ticketcore.testing.store import Harness, check_sample, write_sample

DUMP: dict[str, list[dict[str, Any]]] = json.loads(store_dump.DUMP.read_text(encoding="utf-8"))


def test_the_stored_form_is_that_of_the_dump() -> None:
    """The same commands write the same rows as in the dump."""
    fresh = database("sqlite", ("first",))
    write_sample(fresh.harness())

    assert store_dump.DUMP.read_text(encoding="utf-8") == store_dump.dumped(fresh), "make docs"


@pytest.mark.parametrize("driver", SYNC)
def test_the_dump_is_read_and_continued(driver: str) -> None:
    """A database that was dumped earlier is read, and commands, timers and retries go on."""
    used = database(driver, ("first",))
    store_dump.load(used, DUMP)

    check_sample(Harness(used.store, used.run))
