"""Orders in SQL: tickets that move while they are locked, and events that cannot be read."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import attrs
import pytest
import sqlalchemy as sa

from support.databases import SYNC, database
from support.store_stories import AT, ONE, ORDER, TWO, opening, reply
from ticketcore.commands import CorrectOrder
from ticketcore.errors import CodecError
from ticketcore.events import Replied
from ticketcore.policies import load_policy, parse_policy
from ticketcore.testing.store import Host

CLICKBANK = load_policy("clickbank")
MOVABLE = """
extends = "clickbank"
name = "movable"
[[permission]]
commands = "correct-order"
by = "support"
"""


@pytest.mark.parametrize("driver", SYNC)
def test_an_event_that_cannot_be_read_stops_no_other_order(driver: str) -> None:
    """Its order is set aside with the error, until the event is repaired."""
    used = database(driver)
    store = used.store
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening())
    host.send(TWO, opening(TWO, order=attrs.evolve(ORDER, number="C-8")))
    events = store.tables.events
    place = events.c.ticket == ONE, events.c.seq == 1
    broken = sa.update(events).where(*place)
    data = used.run(lambda db: db.scalar(sa.select(events.c.data).where(*place)))
    used.run(lambda db: db.execute(broken.values(data='{"type":7}')))

    assert 1 == host.run_due(AT.replace(year=2027))
    (aside,) = used.run(store.all_set_aside)
    assert (ONE, True) == (aside.ticket, "type" in aside.reason)
    with pytest.raises(CodecError):
        used.run(lambda db: store.lock(db, ONE))

    used.run(lambda db: db.execute(broken.values(data=data)))
    used.run(lambda db: store.resume(db, store.lock(db, ONE), ONE))
    assert 1 == host.run_due(AT.replace(year=2027))


def test_a_ticket_that_moves_while_a_writer_waits_is_found() -> None:
    """The writer waited for the lock of the old order; it then locks the new one."""
    used = database("postgresql+psycopg")
    host = Host(used.harness(), parse_policy(MOVABLE))
    host.send(ONE, opening())
    moved = CorrectOrder(at=AT, by="support", order=attrs.evolve(ORDER, number="C-8"))
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as pool, used.engine.begin() as db:
        host.handle(db, ONE, moved)
        writer = pool.submit(host.send, ONE, reply(1))
        while not (writer.done() or db.scalar(waiting)):
            sleep(0.01)
        db.commit()
        writer.result()

    order = used.run(lambda db: used.store.lock(db, ONE))
    texts = [event.text for event in order.histories[ONE] if isinstance(event, Replied)]
    assert ("order:C-8", ["hello"]) == (order.key, texts)
