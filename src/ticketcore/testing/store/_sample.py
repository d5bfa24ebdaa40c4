"""Tickets for a dump of a database that is kept, so that later versions can try to read it."""

from functools import partial
from typing import Any

from ticketcore.errors import NewerHistoryError
from ticketcore.events import Refunded, Unknown
from ticketcore.inbox import Query, project
from ticketcore.policies import parse_policy
from ticketcore.store import Store
from ticketcore.testing.store._host import Harness, Host
from ticketcore.testing.store._stories import (
    AT,
    NUMBERS,
    ONE,
    POLICY,
    THREE,
    TWO,
    opening,
    raised,
    reply,
)

_FOUR = "00000000004"
_TENANTS = ("", "acme")


def write_sample(harness: Harness[Any]) -> None:
    """Fill an empty store with tickets for a dump. It needs a follower "first".

    There are two tenants, a refund, receipts, events that the follower has not seen, an event of
    a newer version, and a ticket that is set aside. All instants are fixed.
    """
    host, store = Host(harness, parse_policy(POLICY)), harness.store
    host.send(ONE, opening(ONE, subject="Größe"), command_id="open-1")
    host.send(ONE, reply(5), command_id="reply-1")
    host.send(TWO, opening(TWO, vendor="v-1", text="It stops."), tenant="acme")
    host.run_due(AT.replace(day=14))
    for number in (THREE, _FOUR):
        host.send(number, opening(number, None, type="technical"))
    newer = Unknown(name="praised", schema=3, at=AT, body='{"stars":5}')

    def more(db: Any) -> None:
        store.append(db, store.lock(db, THREE), [(THREE, [newer])], recorded_at=AT)
        store.set_aside(db, store.lock(db, _FOUR), {_FOUR: "the policy is missing"})

    host.run(more)


def check_sample(harness: Harness[Any]) -> None:
    """Read the tickets of `write_sample` and continue them: commands, retries, timers, followers.

    Raises AssertionError if a ticket is not read as it was written.
    """
    host, store = Host(harness, parse_policy(POLICY)), harness.store
    assert [3, 1] == [_count(host, store, tenant) for tenant in _TENANTS]
    before = host.history(ONE)
    host.send(ONE, reply(9), command_id="reply-1")
    assert before == host.history(ONE), "a command was carried out twice"
    assert 1 == sum(isinstance(event, Refunded) for event in before)
    host.send(_FOUR, reply(9))
    assert THREE == raised(NewerHistoryError, lambda: host.send(THREE, reply(9))).ticket
    host.run_due(AT.replace(month=3))
    take = partial(store.take, follower="first", now=AT, until=AT.replace(year=2027))
    taken = set()
    while lease := host.run(take):
        taken.add(lease.ticket)
    assert {*NUMBERS, _FOUR} == taken
    closed = host.run(partial(store.search, query=Query(status="closed")))
    assert [ONE, _FOUR] == [row.number for row in closed]


def _count(host: Host[Any], store: Store[Any], tenant: str) -> int:
    """Compare the row of each ticket with its events; return how many there are."""
    rows = host.run(lambda db: store.search(db, Query(status=None), tenant=tenant))
    for row in rows:
        summary = None
        for each in host.run(partial(store.events, number=row.number, tenant=tenant)):
            summary = project(summary, each)
        assert summary == row
    return len(rows)
