"""The SQL store: the CPU of a reply, writers and workers at once, and a peer on PostgreSQL.

CPU is that of this process. The databases are those of the tests: a SQLite file, and a PostgreSQL
server from a wheel (TICKETCORE_TEST_POSTGRES names another). Run with PYTHONPATH=tests.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import psycopg
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from benchmarks.measure import best, micros, show
from support.stores.databases import SYNC, Database, database, postgres, schema
from support.stores.store_stories import AT, ONE, opening, reply
from ticketcore.events import Recorded, dump_event
from ticketcore.policies import PolicyVersions, load_policy
from ticketcore.service import TicketService
from ticketcore.testing.store import Host

CLICKBANK = load_policy("clickbank")
FOLLOWERS = ("notifications",)
LATER = AT + timedelta(days=9)


def main() -> None:
    show_reply()
    show_writers()
    show_workers()
    show_sizes()
    show_peer()


def show_reply() -> None:
    rows = [_reply_on(driver) for driver in SYNC]
    header = ("database", "statements", "CPU", "the same statements bare", "ratio")
    show("A reply through the service, with a command id and one follower", header, rows)


def _reply_on(driver: str) -> tuple[str, ...]:
    used = database(driver, FOLLOWERS)
    used.empty()
    service = TicketService(
        store=used.store, policies=PolicyVersions.of(CLICKBANK), clock=lambda: AT
    )
    used.run(lambda db: service.handle(db, ONE, opening()))
    for minutes in range(3):
        said = reply(minutes, f"hello {minutes}")
        used.run(partial(service.handle, number=ONE, command=said))
    again = attrs.evolve(reply(9), command_id="reply")

    def by_service() -> None:
        _rolled_back(used, lambda db: service.handle(db, ONE, again))

    statements = _captured(used, by_service)

    def bare(db: sa.Connection) -> None:
        for prepared, values in statements:
            found = db.execute(prepared.statement, values)
            if found.returns_rows:
                found.all()

    works = {"service": by_service, "bare": lambda: _rolled_back(used, bare)}
    seconds = best(works, rounds=15)
    ratio = seconds["service"] / seconds["bare"]
    times = micros(seconds["service"]), micros(seconds["bare"])
    return driver, str(len(statements)), *times, f"{ratio:.2f}"


def _rolled_back(used: Database, work: Callable[[sa.Connection], object]) -> None:
    with used.engine.connect() as db:
        work(db)
        db.rollback()


def _captured(used: Database, work: Callable[[], object]) -> list[tuple[Any, Any]]:
    """Return the prepared statements of *work*, with their values."""
    found: list[tuple[Any, Any]] = []
    store: Any = used.store
    run = store._run_prepared

    def capture(db: sa.Connection, prepared: Any, *values: Any) -> Any:
        found.append((prepared, values[0] if len(values) == 1 else list(values)))
        return run(db, prepared, *values)

    store._run_prepared = capture
    work()
    del store._run_prepared
    return found


def show_writers() -> None:
    rows = []
    for driver in SYNC:
        host = Host(database(driver, FOLLOWERS).harness(), CLICKBANK)
        host.send(ONE, opening())
        begin = time.perf_counter()
        failed = _at_once(4, partial(_write, host))
        wall = time.perf_counter() - begin
        stored = sum(type(event).__name__ == "Replied" for event in host.history(ONE))
        rows.append((driver, "240", str(stored), str(failed), f"{240 / wall:,.0f}/s"))
    header = ("database", "sent", "stored", "failed", "rate")
    show("Four writers on one ticket", header, rows)


def _write(host: Host[sa.Connection], writer: int) -> None:
    for k in range(60):
        host.send(ONE, reply(1, f"{writer}-{k}"))


def show_workers() -> None:
    rows = []
    for driver in SYNC:
        host = Host(database(driver, FOLLOWERS).harness(), CLICKBANK)
        numbers = [f"{n:011}" for n in range(1000)]
        for number in numbers:
            host.send(number, attrs.evolve(opening(number, order=None), type="technical"))
        taken: list[str] = []
        passes = [0, 0]

        def work(_: int, host: Host[Any] = host, taken: Any = taken, passes: Any = passes) -> None:
            while done := host.run(lambda db: host.run_next(db, LATER)):
                passes[0] += 1
                taken.extend(done)
            passes[1] += 1

        begin = time.perf_counter()
        failed = _at_once(4, work)
        wall = time.perf_counter() - begin
        empty = passes[0] - len(set(taken))
        rows.append(
            (driver, str(len(set(taken))), str(empty), str(failed), f"{1000 / wall:,.0f}/s")
        )
    header = ("database", "tickets advanced", "empty passes", "failed", "rate")
    show("Four workers on 1,000 overdue tickets", header, rows)


def _at_once(count: int, work: Callable[[int], object]) -> int:
    """Run work in threads; return how many failed."""
    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(work, n) for n in range(count)]
        return sum(future.exception() is not None for future in futures)


_SIZES = "SELECT pg_table_size(:name), pg_indexes_size(:name)"


def show_sizes() -> None:
    used = database("postgresql+psycopg", FOLLOWERS)
    host = Host(used.harness(), CLICKBANK)
    count = 1000
    for number in (f"{n:011}" for n in range(count)):
        _talk(host, number)
    rows = []
    for table in used.store.tables.all():
        with used.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as db:
            db.execute(sa.text(f"VACUUM FULL {table.fullname}"))  # no dead rows of other parts
        found = used.run(partial(_sizes_of, table=table.fullname))
        rows.append((table.name, *(f"{size / count:,.0f} B" for size in found)))
    show("PostgreSQL, for each ticket of 10 events", ("table", "rows", "indexes"), rows)


def _sizes_of(db: sa.Connection, table: str) -> sa.Row[Any]:
    return db.execute(sa.text(_SIZES), {"name": table}).one()


def _talk(host: Host[sa.Connection], number: str) -> None:
    """Open a ticket, and let customer and vendor talk until it has ten events."""
    text = "Where is my order? It was to come on Monday, and nothing has come. " * 3
    host.send(number, attrs.evolve(opening(number, order=None, text=text), type="technical"))
    minutes = 0
    while len(host.history(number)) < 10:
        minutes += 1
        said = attrs.evolve(reply(minutes), by="customer" if minutes % 2 else "vendor")
        host.send(number, attrs.evolve(said, text=f"{minutes} {text}", actor=said.by))


ROUNDS, AT_ONCE = 10, 40
ANSWER = attrs.evolve(reply(30), by="customer")


def show_peer() -> None:
    """Measure rounds of commands, each about streams that no round before it touched.

    The streams of the peer hold the same events, and it appends the same two. It decides nothing
    and keeps no list rows, deadlines or marks of followers. Two more rows have the CPU of our
    statements alone, without reading events, deciding and writing them: what remains if all code
    of ticketcore cost nothing.
    """
    used = database("postgresql+psycopg", FOLLOWERS)
    host = Host(used.harness(), CLICKBANK)
    count = ROUNDS * AT_ONCE
    numbers = [f"{n:011}" for n in range(3 * count)]
    for number in numbers:
        _talk(host, number)
    service = TicketService(
        store=used.store, policies=PolicyVersions.of(CLICKBANK), clock=lambda: ANSWER.at
    )
    statements = {number: _statements_of(used, service, number) for number in numbers[count:]}
    bodies = [dump_event(each.event)[::2] for each in _history(used, numbers[0])]
    peer, peer_ids = _peer(bodies, count)
    raw = psycopg.connect(
        used.url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    works = {
        "ticketcore": (partial(_commands, used, service), numbers[:count]),
        "its statements through SQLAlchemy": (
            partial(_by_engine, used, statements),
            numbers[count : 2 * count],
        ),
        "its statements through psycopg": (
            partial(_by_driver, raw, statements),
            numbers[2 * count :],
        ),
        "eventsourcing": (partial(_peer_commands, peer, bodies[-2:]), peer_ids),
    }
    seconds = dict.fromkeys(works, float("inf"))
    for begin in range(0, count, AT_ONCE):
        for name, (work, streams) in works.items():
            part = streams[begin : begin + AT_ONCE]
            seconds[name] = min(seconds[name], _cpu(partial(work, part)) / AT_ONCE)
    raw.close()
    rows = [
        (name, f"{1 / each:,.0f}", f"{seconds['eventsourcing'] / each:.1f}")
        for name, each in seconds.items()
    ]
    assert all(len(_history(used, number)) == 12 for number in numbers)
    header = ("library", "commands per CPU second", "ratio")
    show("A stream of 10 events on PostgreSQL: read, decide, append 2", header, rows)


def _history(used: Database, number: str) -> tuple[Recorded, ...]:
    found: tuple[Recorded, ...] = used.run(partial(used.store.events, number=number))
    return found


def _commands(used: Database, service: TicketService[Any], numbers: list[str]) -> None:
    for number in numbers:
        with used.engine.begin() as db:
            service.handle(db, number, ANSWER)


def _statements_of(
    used: Database, service: TicketService[Any], number: str
) -> list[tuple[str, Any]]:
    """Return the texts of a command's statements, with the values that the driver gets."""
    handle = partial(service.handle, number=number, command=ANSWER)
    work = partial(_rolled_back, used, handle)
    return [(each.text, each.parameters(values)) for each, values in _captured(used, work)]


def _by_engine(used: Database, statements: dict[str, Any], numbers: list[str]) -> None:
    for number in numbers:
        with used.engine.begin() as db:
            for text, values in statements[number]:
                db.exec_driver_sql(text, values).all()


def _by_driver(raw: Any, statements: dict[str, Any], numbers: list[str]) -> None:
    for number in numbers:
        with raw.transaction(), raw.cursor() as cursor:
            for text, values in statements[number]:
                cursor.execute(text, values)
                cursor.fetchall()


def _peer(bodies: list[tuple[str, Any]], count: int) -> tuple[Any, list[Any]]:
    """Return an application of the peer, and the ids of *count* streams of these events."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Talk(Aggregate):
        def __init__(self, name: str, body: dict[str, Any]) -> None:
            self.last = name, body

        @event("Recorded")
        def record(self, name: str, body: dict[str, Any]) -> None:
            self.last = name, body

    url = postgres()
    app: Any = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": url.database or "postgres",
            "POSTGRES_HOST": str(url.query.get("host") or url.host or ""),
            "POSTGRES_PORT": str(url.port or 5432),
            "POSTGRES_USER": url.username or "postgres",
            "POSTGRES_PASSWORD": url.password or "none",
            "POSTGRES_SCHEMA": schema(),
        }
    )
    ids = []
    for _ in range(count):
        talk = Talk(*bodies[0])
        for each in bodies[1:]:
            talk.record(*each)
        app.save(talk)
        ids.append(talk.id)
    return app, ids


def _peer_commands(app: Any, new: list[tuple[str, Any]], ids: list[Any]) -> None:
    for each in ids:
        talk = app.repository.get(each)
        for name, body in new:
            talk.record(name, body)
        app.save(talk)


def _cpu(work: Callable[[], None]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
