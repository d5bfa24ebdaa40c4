"""After an erasure the tables name the person only in the words of others."""

import json

import pytest
import sqlalchemy as sa

import store_dump
from support.stores.databases import SYNC, database
from support.stores.store_stories import AT, ONE, TWO, opening, reply
from ticketcore import PolicyVersions, load_policy
from ticketcore.service import TicketService
from ticketcore.testing.store import Host

CLICKBANK = load_policy("clickbank")


@pytest.mark.parametrize("driver", SYNC)
def test_no_table_holds_an_erased_person(driver: str) -> None:
    """After an erasure no raw row of any table contains the person."""
    used = database(driver, ("notifications",))
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening(customer="anna-7", actor="anna-7", text="mine"), command_id="open")
    host.send(TWO, opening(TWO, customer="bert", actor="anna-7"))
    host.send(ONE, reply(1))
    assert "anna-7" in json.dumps(store_dump.rows_of(used))
    service = TicketService(
        store=used.store, policies=PolicyVersions.of(CLICKBANK), clock=lambda: AT
    )

    def erase(db: sa.Connection) -> None:
        service.erase(db, "anna-7", "person-1")

    used.run(erase)

    rows = json.dumps(store_dump.rows_of(used))
    assert "anna-7" not in rows
    assert "person-1" in rows
