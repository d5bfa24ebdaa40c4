"""Orders in SQL: tickets that move while they are locked, and events that cannot be read."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import attrs
import pytest
import sqlalchemy as sa

from support.stores.databases import SYNC, database
from support.stores.store_stories import AT, ONE, ORDER, TWO, opening, reply
from ticketcore.commands import CorrectOrder
from ticketcore.errors import CodecError, FieldError
from ticketcore.events import Replied
from ticketcore.policies import load_policy, parse_policy
from ticketcore.store.sql import SqlStore, prepare_sqlite
from ticketcore.testing.store import Harness, Host

CLICKBANK = load_policy("clickbank")
MOVABLE = """
extends = "clickbank"
name = "movable"
[[permission]]
commands = "correct-order"
by = "support"
"""


@pytest.mark.parametrize("driver", SYNC)
@pytest.mark.parametrize(("data", "found"), [('{"type":7}', "type"), ("{", "JSON text")])
def test_an_event_that_cannot_be_read_stops_no_other_order(
    driver: str, data: str, found: str
) -> None:
    """An event that cannot be read sets its order aside, and other orders go on."""
    used = database(driver)
    store = used.store
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening())
    host.send(TWO, opening(TWO, order=attrs.evolve(ORDER, number="C-8")))
    events = store.tables.events
    place = events.c.ticket == ONE, events.c.seq == 1
    broken = sa.update(events).where(*place)
    right = used.run(lambda db: db.scalar(sa.select(events.c.data).where(*place)))
    used.run(lambda db: db.execute(broken.values(data=data)))

    assert 1 == host.run_due(AT.replace(year=2027))
    (aside,) = used.run(store.all_set_aside)
    assert (ONE, True) == (aside.ticket, found in aside.reason)
    with pytest.raises(CodecError):
        used.run(lambda db: store.lock(db, ONE))

    used.run(lambda db: db.execute(broken.values(data=right)))
    used.run(lambda db: store.resume(db, store.lock(db, ONE), ONE))
    assert 1 == host.run_due(AT.replace(year=2027))


def test_a_ticket_that_moves_while_a_writer_waits_is_found() -> None:
    """A writer that waited for the lock of a ticket's old order locks the new one."""
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


def test_a_writer_that_waited_sees_what_the_other_did() -> None:
    """A writer that waited for a lock sees the events of the other transaction."""
    used = database("postgresql+psycopg")
    store = used.store
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening())
    used.run(lambda db: store.set_aside(db, store.lock(db, ONE), {ONE: "no policy"}))
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as pool, used.engine.begin() as db:
        store.resume(db, store.lock(db, ONE), ONE)
        reader = pool.submit(used.run, lambda db: store.lock(db, ONE))
        while not (reader.done() or db.scalar(waiting)):
            sleep(0.01)
        assert not reader.done()
        db.commit()

    assert frozenset() == reader.result().set_aside


def test_a_connection_waits_after_an_event_that_could_not_be_read(tmp_path: Path) -> None:
    """After an event that could not be read, a connection can still wait for a lock."""
    engine = prepare_sqlite(sa.create_engine(f"sqlite:///{tmp_path / 'tickets.db'}", pool_size=1))
    store = SqlStore(sa.MetaData())
    events = store.tables.events
    events.metadata.create_all(engine)
    with engine.begin() as db:
        Host(Harness(store, lambda work: work(db)), CLICKBANK).send(ONE, opening())
        db.execute(sa.update(events).values(data="{"))
    with pytest.raises(CodecError) as failure, engine.begin() as db:
        store.lock(db, ONE)

    other = prepare_sqlite(sa.create_engine(engine.url, poolclass=sa.NullPool))
    with ThreadPoolExecutor(1) as pool, other.begin():
        waiting = pool.submit(lambda: engine.connect().begin().close())
        sleep(0.2)
        assert not waiting.done(), failure
    waiting.result()
    engine.dispose()


@pytest.mark.parametrize("driver", SYNC)
@pytest.mark.parametrize("text", ["x" * 1_000_000, "\N{LARGE RED CIRCLE}" * 80_000])
def test_an_event_that_could_not_be_read_again_is_refused(driver: str, text: str) -> None:
    """An event that could not be read again is refused when it is written."""
    used = database(driver)
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening())
    before = host.history(ONE)

    with pytest.raises(CodecError, match="at most 900,000 bytes"):
        host.send(ONE, reply(1, text))
    assert before == host.history(ONE)
    host.send(ONE, reply(1, text[: len(text) // 10]))
    assert len(before) < len(host.history(ONE))


@pytest.mark.parametrize("driver", SYNC)
@pytest.mark.parametrize("text", ["a\0b", "a\ud800"])
def test_a_number_that_no_database_takes_is_refused(driver: str, text: str) -> None:
    """A ticket number that no database accepts is refused, and the transaction stays usable."""
    used = database(driver)
    store = used.store

    def work(db: sa.Connection) -> None:
        for read in (store.lock, store.events, store.summary, store.tickets_of):
            with pytest.raises(FieldError, match="without NUL and lone surrogates"):
                read(db, text)
        assert store.next_wake(db) is None

    used.empty()
    used.run(work)
