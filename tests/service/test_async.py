"""Asynchronous hosts call the same service through `run_sync`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from support.stores.databases import ASYNC, Database, database
from support.stores.service_hosts import CLICKBANK, MONDAY
from ticketcore.commands import Reply
from ticketcore.service import TicketService
from ticketcore.ticket import fold


@pytest.fixture(params=ASYNC)
def empty(request: pytest.FixtureRequest) -> Database:
    """An empty database behind an asynchronous driver."""
    of_process = database(request.param, ("notifications",))
    of_process.empty()
    return of_process


def test_commands_timers_and_followers_work_behind_an_asynchronous_driver(
    empty: Database,
) -> None:
    """Commands, timers and followers work behind an asynchronous driver, through `run_sync`."""
    clock: Iterator[datetime] = iter([MONDAY] * 3 + [MONDAY + timedelta(days=30)] * 9)
    service = TicketService(store=empty.store, policies=CLICKBANK, clock=lambda: next(clock))
    body = {"command": "open", "type": "technical"}
    empty.run(lambda db: service.handle_json(db, "1", body, by="customer", zone="America/Boise"))
    empty.run(lambda db: service.handle(db, "1", Reply(at=MONDAY, by="vendor", text="Hello")))
    while empty.run(service.run_due) is not None:
        pass
    lease = empty.run(lambda db: service.take(db, "notifications"))
    sent = empty.run(lambda db: service.notifications(db, lease))
    empty.run(lambda db: service.settle(db, lease))
    events = empty.run(lambda db: service.store.events(db, "1"))

    assert "closed" == fold(recorded.event for recorded in events).status
    assert {"opened", "reply", "closed"} <= {one.kind for one in sent}
    assert empty.run(lambda db: service.take(db, "notifications")) is None
