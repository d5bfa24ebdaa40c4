"""A database that was written earlier is read and continued."""

import json
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

import store_dump
from support.databases import SYNC, Database, database
from support.store_stories import AT, ONE, TWO, reply
from ticketcore.errors import NewerHistoryError
from ticketcore.events import Refunded
from ticketcore.inbox import Query, project
from ticketcore.policies import load_policy
from ticketcore.testing.store import Harness, Host

DUMP: dict[str, list[dict[str, Any]]] = json.loads(store_dump.DUMP.read_text(encoding="utf-8"))


@pytest.fixture(params=SYNC)
def used(request: pytest.FixtureRequest) -> Database:
    """Return a database with the rows of the dump."""
    found = database(request.param, ("notifications",))
    store_dump.load(found, DUMP)
    return found


def host_on(used: Database) -> Host[sa.Connection]:
    """Return a host on the dump."""
    return Host(Harness(used.store, used.run), load_policy("clickbank"))


def test_the_stored_form_is_that_of_the_dump() -> None:
    """The same commands write the same rows; a change of the stored form shows here."""
    fresh = database("sqlite", ("notifications",))
    store_dump.fill(fresh)

    assert store_dump.DUMP.read_text(encoding="utf-8") == store_dump.dumped(fresh), "make docs"


def test_every_ticket_of_the_dump_is_read(used: Database) -> None:
    """Each history is complete and agrees with its row."""
    store = used.store
    counts = []
    for tenant in ("", "acme"):
        rows = used.run(partial(store.search, query=Query(status=None), tenant=tenant))
        counts.append(len(rows))
        for row in rows:
            summary = None
            for each in used.run(partial(store.events, number=row.number, tenant=tenant)):
                summary = project(summary, each)

            assert summary == row
    assert [3, 1] == counts


def test_the_dump_is_continued(used: Database) -> None:
    """Commands, retries, timers and followers go on where they stopped."""
    host, store = host_on(used), used.store
    host.send(ONE, reply(9), command_id="reply-1")
    assert 1 == sum(isinstance(event, Refunded) for event in host.history(ONE))
    host.send(store_dump.FOUR, reply(9))
    with pytest.raises(NewerHistoryError):
        host.send(store_dump.THREE, reply(9))
    host.run_due(AT.replace(month=3))
    take = partial(store.take, follower="notifications", now=AT, until=AT.replace(year=2027))
    taken = []
    while lease := used.run(take):
        taken.append(lease.ticket)

    assert {ONE, TWO, store_dump.THREE, store_dump.FOUR} == {*taken}
    assert "closed" == used.run(lambda db: store.summary(db, store_dump.FOUR)).status
