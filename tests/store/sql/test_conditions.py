"""Faults of a database raise a typed error that says what to do, and nothing is half stored."""

import asyncio
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from support.stores.databases import ASYNC, SYNC, Database, database, postgres
from support.stores.store_stories import AT, ONE, opening, reply
from ticketcore.errors import StoreError
from ticketcore.policies import load_policy
from ticketcore.store.sql import SqlStore, database_errors, prepare_sqlite
from ticketcore.testing.store import Harness, Host

DRIVERS = (*SYNC, *ASYNC)
POSTGRES = [driver for driver in DRIVERS if driver.startswith("postgresql")]
CLICKBANK = load_policy("clickbank")


def host_on(used: Database) -> Host[sa.Connection]:
    """Return a host with one ticket."""
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening())
    return host


def failure_of(work: Callable[[], object]) -> StoreError:
    """Return the StoreError that *work* raises."""
    with pytest.raises(StoreError) as failure, database_errors():
        work()
    assert failure.value.remedy in str(failure.value)
    return failure.value


def new_sqlite(path: Path, busy_seconds: float = 1) -> tuple[SqlStore, sa.Engine]:
    """Return a store without tables, and its engine."""
    metadata = sa.MetaData()
    engine = prepare_sqlite(
        sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool), busy_seconds=busy_seconds
    )
    return SqlStore(metadata), engine


def in_transactions(engine: sa.Engine) -> Callable[[Callable[[sa.Connection], Any]], Any]:
    """Return a function that runs work in a transaction, with typed errors."""

    def run(work: Callable[[sa.Connection], Any]) -> Any:
        with database_errors(), engine.begin() as db:
            return work(db)

    return run


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "nothing://host/database",
        "sqlite:////no/such/folder/tickets.db",
        "postgresql+psycopg://nobody@127.0.0.1:9/nothing",
    ],
)
def test_a_wrong_url_is_unreachable(url: str) -> None:
    """A URL with an unknown driver, server or file is reported as unreachable."""
    error = failure_of(lambda: sa.create_engine(url).connect())

    assert "unreachable" == error.problem
    assert ("folder of the file" in str(error)) == url.startswith("sqlite")
    assert error.__cause__ is not None


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg_async"])
def test_a_wrong_url_is_unreachable_for_asynchronous_drivers(driver: str) -> None:
    """`database_errors` serves blocks of asynchronous code as well."""
    engine = create_async_engine(f"postgresql+{driver}://nobody@127.0.0.1:9/nothing")

    async def connect() -> None:
        with database_errors():
            async with engine.connect():
                pass

    assert "unreachable" == failure_of(lambda: asyncio.run(connect())).problem


def test_a_missing_database_is_unreachable() -> None:
    """A missing database on a running server is reported as unreachable."""
    url = postgres().set(drivername="postgresql+psycopg", database="no_such_database")

    assert "unreachable" == failure_of(lambda: sa.create_engine(url).connect()).problem


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_missing_table_is_named(driver: str) -> None:
    """A missing table is reported by `check`, by statements and by lists."""
    used = database(driver)
    store = SqlStore(sa.MetaData(), prefix="missing_", schema=used.store.tables.orders.schema)

    checked = failure_of(lambda: used.run(store.check))
    used_first = failure_of(lambda: used.run(lambda db: store.lock(db, ONE)))
    listed = failure_of(lambda: used.run(lambda db: store.summary(db, ONE)))
    assert ["no-table"] * 3 == [checked.problem, used_first.problem, listed.problem]
    assert "missing_order" in str(checked)
    is_sqlite = driver.startswith("sqlite")
    named = ["a database in memory needs" in str(each) for each in (checked, used_first, listed)]
    assert [is_sqlite] * 3 == named


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_table_of_another_version_is_named(driver: str) -> None:
    """A table that lacks a column is reported by `check` and by statements that need it."""
    used = database(driver)
    schema = used.store.tables.orders.schema
    store = SqlStore(sa.MetaData(), prefix="older_", schema=schema)
    column = store.tables.events.c.derived
    used.run(store.tables.events.metadata.create_all)
    used.run(store.check)
    table = store.tables.events.fullname
    used.run(lambda db: db.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column.name}")))
    host = Host(Harness(store, used.run), CLICKBANK)

    checked = failure_of(lambda: used.run(store.check))
    assert ("other-version", True) == (checked.problem, "older_event.derived" in str(checked))
    assert "other-version" == failure_of(lambda: host.send(ONE, opening())).problem
    assert used.run(lambda db: store.summary(db, ONE)) is None
    used.run(store.tables.events.metadata.drop_all)


def test_a_read_only_database_is_named(tmp_path: Path) -> None:
    """A database that is opened for reading only can be read, and refuses commands."""
    path = tmp_path / "tickets.db"
    store, engine = new_sqlite(path)
    store.tables.orders.metadata.create_all(engine)
    Host(Harness(store, in_transactions(engine)), CLICKBANK).send(ONE, opening())
    reader = prepare_sqlite(
        sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=sa.NullPool)
    )
    host = Host(Harness(store, in_transactions(reader)), CLICKBANK)

    assert "read-only" == failure_of(lambda: host.send(ONE, reply(1))).problem
    assert 2 == len(host.history(ONE))


@pytest.mark.parametrize("driver", POSTGRES)
def test_a_read_only_transaction_is_named(driver: str) -> None:
    """A standby server, or a transaction that cannot write, refuses to lock an order."""
    used = database(driver)
    host = host_on(used)

    def work(db: sa.Connection) -> None:
        db.execute(sa.text("SET TRANSACTION READ ONLY"))
        host.handle(db, ONE, reply(1))

    assert "read-only" == failure_of(lambda: used.run(work)).problem
    assert 2 == len(host.history(ONE))


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """On a full disk a reply is stored as a whole or not at all."""
    store, engine = new_sqlite(tmp_path / "tickets.db")
    store.tables.orders.metadata.create_all(engine)
    run = in_transactions(engine)
    host = Host(Harness(store, run), CLICKBANK)
    host.send(ONE, opening())
    pages = run(lambda db: db.scalar(sa.text("PRAGMA page_count")))

    @sa.event.listens_for(engine, "connect")
    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    assert "full" == failure_of(lambda: host.send(ONE, reply(1, "x" * 100_000))).problem
    assert 2 == len(host.history(ONE))
    host.send(ONE, reply(1))
    assert 3 == len(host.history(ONE))


@pytest.mark.parametrize("driver", POSTGRES)
def test_a_full_disk_of_a_server_is_named(driver: str) -> None:
    """A server whose disk is full raises an error that says so."""
    used = database(driver)
    host = host_on(used)
    table, schema = used.store.tables.events.fullname, used.store.tables.events.schema
    used.run(
        lambda db: db.execute(
            sa.text(
                f"CREATE FUNCTION {schema}.fill() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
            )
        )
    )
    used.run(
        lambda db: db.execute(
            sa.text(
                f"CREATE TRIGGER fill AFTER INSERT ON {table} EXECUTE FUNCTION {schema}.fill()"
            )
        )
    )
    error = failure_of(lambda: host.send(ONE, reply(1)))
    used.run(lambda db: db.execute(sa.text(f"DROP FUNCTION {schema}.fill() CASCADE")))

    assert "full" == error.problem
    assert 2 == len(host.history(ONE))
    host.send(ONE, reply(1))


@pytest.mark.parametrize("driver", POSTGRES)
def test_a_lost_connection_leaves_nothing_behind(driver: str) -> None:
    """A connection that ends in the middle of a transaction leaves nothing stored."""
    used = database(driver)
    host = host_on(used)
    other = database("postgresql+psycopg")

    def work(db: sa.Connection) -> None:
        host.handle(db, ONE, reply(1))
        process = db.scalar(sa.text("SELECT pg_backend_pid()"))
        end = sa.text("SELECT pg_terminate_backend(:process, 5000)")
        with other.engine.begin() as server:
            server.execute(end, {"process": process})
        host.handle(db, ONE, reply(2))

    assert "lost" == failure_of(lambda: used.run(work)).problem
    assert 2 == len(host.history(ONE))
    host.send(ONE, reply(1))


def test_a_network_that_breaks_loses_the_connection() -> None:
    """A network failure is reported as a lost connection."""
    used = database("postgresql+psycopg")
    host = host_on(used)

    def work(db: sa.Connection) -> None:
        host.handle(db, ONE, reply(1))
        driver: Any = db.connection.dbapi_connection
        with socket.socket(fileno=os.dup(driver.fileno())) as connection:
            connection.shutdown(socket.SHUT_RDWR)
        host.handle(db, ONE, reply(2))

    assert "lost" == failure_of(lambda: used.run(work)).problem
    assert 2 == len(host.history(ONE))


def test_a_locked_file_is_busy(tmp_path: Path) -> None:
    """A transaction waits for a locked file, and gives up after `busy_seconds`."""
    store, engine = new_sqlite(tmp_path / "tickets.db", busy_seconds=0)
    store.tables.orders.metadata.create_all(engine)
    with engine.begin():
        error = failure_of(lambda: engine.begin().__enter__())

    assert "busy" == error.problem


@pytest.mark.parametrize("driver", POSTGRES)
def test_a_server_that_chooses_this_transaction_to_give_way_is_busy(driver: str) -> None:
    """A server that ends a transaction because of another one is reported as busy."""
    used = database(driver)
    host = host_on(used)

    def work(db: sa.Connection) -> None:
        db.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        used.store.summary(db, ONE)
        with database("postgresql+psycopg").engine.begin() as other:
            host.handle(other, ONE, reply(1))
        host.handle(db, ONE, reply(2))

    assert "busy" == failure_of(lambda: used.run(work)).problem
    assert 3 == len(host.history(ONE))


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    """A file that is not a database is reported as damaged, and is not overwritten."""
    path = tmp_path / "tickets.db"
    path.write_bytes(b"no database" * 1000)
    _, engine = new_sqlite(path)

    assert "damaged" == failure_of(engine.connect).problem
    assert path.read_bytes().startswith(b"no database")


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_file_that_was_replaced_or_deleted_takes_no_more_commands(
    tmp_path: Path, is_replaced: bool
) -> None:
    """A file that is replaced or deleted beneath an open connection refuses commands."""
    path, other = tmp_path / "tickets.db", tmp_path / "other.db"
    store, one = new_sqlite(path)
    engine = prepare_sqlite(sa.create_engine(one.url))  # a pool keeps its connection open
    for each in (engine, new_sqlite(other)[1]):
        store.tables.orders.metadata.create_all(each)
    host = Host(Harness(store, in_transactions(engine)), CLICKBANK)
    host.send(ONE, opening())
    for left in tmp_path.glob("tickets.db*"):
        left.unlink()
    if is_replaced:
        other.rename(path)
    error = failure_of(lambda: host.send(ONE, reply(1)))

    assert ("replaced", True) == (error.problem, str(path) in str(error))
    if is_replaced:  # the file that is there now serves the next transaction
        host.send(ONE, opening())
        assert 2 == len(host.history(ONE))
    engine.dispose()


def test_a_connection_from_before_the_engine_was_prepared_is_refused(tmp_path: Path) -> None:
    """A pooled connection that the engine opened before `prepare_sqlite` is refused."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'tickets.db'}")
    engine.connect().close()
    prepare_sqlite(engine)
    store = SqlStore(sa.MetaData())
    with engine.begin() as db:
        error = failure_of(lambda: store.lock(db, ONE))
    engine.dispose()

    assert "cannot-lock" == error.problem


def test_a_user_without_permission_is_named() -> None:
    """A user who may not use the tables is not told that the database is read-only."""
    used = database("postgresql+psycopg")
    host = host_on(used)
    role = f"reader_{uuid4().hex[:8]}"
    used.run(lambda db: db.execute(sa.text(f"CREATE ROLE {role}")))

    def work(db: sa.Connection) -> None:
        db.execute(sa.text(f"SET LOCAL ROLE {role}"))
        host.handle(db, ONE, reply(1))

    error = failure_of(lambda: used.run(work))
    used.run(lambda db: db.execute(sa.text(f"DROP ROLE {role}")))

    assert ("not-allowed", True) == (error.problem, "grant USAGE" in str(error))


@pytest.mark.parametrize("driver", POSTGRES)
def test_a_migration_beneath_open_connections_can_be_tried_again(driver: str) -> None:
    """After a migration, a statement that a connection has prepared fails once."""
    used = database(driver)
    prefix = f"moved_{uuid4().hex[:8]}_"
    store = SqlStore(sa.MetaData(), prefix=prefix, schema=used.store.tables.orders.schema)
    used.run(store.tables.events.metadata.create_all)
    change = f"ALTER TABLE {store.tables.events.fullname} ALTER COLUMN schema TYPE bigint"
    host = Host(Harness(store, used.run), CLICKBANK)
    host.send(ONE, opening())

    def work(db: sa.Connection) -> StoreError:
        with db.engine.connect() as own:
            for minutes in range(1, 8):  # psycopg prepares a statement that comes again
                host.handle(own, ONE, reply(minutes))
                own.commit()
            with database("postgresql+psycopg").engine.begin() as other:
                other.execute(sa.text(change))
            error = failure_of(lambda: host.handle(own, ONE, reply(8)))
            own.rollback()
            host.handle(own, ONE, reply(8))
            own.commit()
        return error

    error = used.run(work)
    count = len(host.history(ONE))
    used.run(store.tables.events.metadata.drop_all)

    assert ("busy", 10) == (error.problem, count)


@pytest.mark.parametrize("driver", POSTGRES)
def test_a_session_without_the_prepared_statements_is_named(driver: str) -> None:
    """A pooler that gives a driver another session takes its prepared statements away."""
    used = database(driver)
    host = host_on(used)

    def work(db: sa.Connection) -> StoreError:
        with db.engine.connect() as own:
            for minutes in range(1, 8):  # psycopg prepares a statement that comes again
                host.handle(own, ONE, reply(minutes))
                own.commit()
            own.execute(sa.text("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"))
            own.commit()
            error = failure_of(lambda: host.handle(own, ONE, reply(8)))
            own.invalidate()
        return error

    error = used.run(work)
    remedy = "psycopg connect_args={'prepare_threshold': None}"

    assert ("pooled", True) == (error.problem, remedy in error.remedy)


def test_a_commit_after_a_lost_connection_is_named() -> None:
    """After a lost connection, each further statement and the commit raise StoreError."""
    used = database("postgresql+psycopg")
    host = host_on(used)

    def work(db: sa.Connection) -> None:
        driver: Any = db.connection.dbapi_connection
        with socket.socket(fileno=os.dup(driver.fileno())) as connection:
            connection.shutdown(socket.SHUT_RDWR)
        assert "lost" == failure_of(lambda: host.handle(db, ONE, reply(1))).problem
        assert "no-transaction" == failure_of(lambda: host.handle(db, ONE, reply(1))).problem

    assert "no-transaction" == failure_of(lambda: used.run(work)).problem
    assert 2 == len(host.history(ONE))


def test_an_error_of_the_caller_passes_unchanged() -> None:
    """An error in a statement of the host is raised unchanged."""
    used = database("sqlite")
    with pytest.raises(sa.exc.OperationalError), database_errors():
        used.run(lambda db: db.execute(sa.text("SELEC 1")))


def test_a_connection_that_does_not_lock_is_refused(tmp_path: Path) -> None:
    """A SQLite connection that does not lock at its beginning is refused."""
    store = SqlStore(sa.MetaData())
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'tickets.db'}", poolclass=sa.NullPool)
    with engine.begin() as db:
        works: list[Callable[[], object]] = [
            lambda: store.check(db),
            lambda: store.lock(db, ONE),
            lambda: store.lock_due(db, AT),
            lambda: store.take(db, "first", now=AT, until=AT),
        ]
        errors = [failure_of(work) for work in works]

    assert {"cannot-lock"} == {error.problem for error in errors}
    assert "prepare_sqlite" in str(errors[0])


def test_an_engine_in_place_of_a_connection_is_refused() -> None:
    """An engine in place of a connection is refused, and the error asks for a connection."""
    engine: Any = sa.create_engine("sqlite://")
    error = failure_of(lambda: SqlStore(sa.MetaData()).lock(engine, ONE))

    assert ("cannot-lock", True) == (error.problem, "engine.begin()" in str(error))


@pytest.mark.parametrize("driver", SYNC)
def test_a_connection_that_commits_each_statement_is_refused(driver: str) -> None:
    """A connection that commits each statement is refused, since a lock would end at once."""
    used = database(driver)
    engine = used.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        error = failure_of(lambda: used.store.lock(db, ONE))

    assert "cannot-lock" == error.problem


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg_async"])
def test_an_asynchronous_engine_that_commits_each_statement_is_refused(driver: str) -> None:
    """An asynchronous engine that commits each statement is refused."""
    store = SqlStore(sa.MetaData())
    url = postgres().set(drivername=f"postgresql+{driver}")

    async def lock() -> None:
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
        try:
            async with engine.begin() as db:
                await db.run_sync(lambda db: store.lock(db, ONE))
        finally:
            await engine.dispose()

    assert "cannot-lock" == failure_of(lambda: asyncio.run(lock())).problem


def test_a_pool_without_a_free_connection_is_named(tmp_path: Path) -> None:
    """A nested transaction on a pool of one connection raises an error about the pool."""
    engine = sa.create_engine(
        f"sqlite:///{tmp_path / 'tickets.db'}", pool_size=1, max_overflow=0, pool_timeout=0
    )
    with engine.connect():
        error = failure_of(engine.connect)
    engine.dispose()

    assert ("no-connection", True) == (error.problem, "second transaction" in str(error))


def test_a_database_in_memory_belongs_to_one_thread() -> None:
    """A database in memory that a second thread cannot see raises an error about the pool."""
    any_thread = {"check_same_thread": False}  # so that this one can close all connections
    engine = prepare_sqlite(sa.create_engine("sqlite://", connect_args=any_thread))
    store = SqlStore(sa.MetaData())
    store.tables.orders.metadata.create_all(engine)

    def read() -> None:
        with engine.begin() as db:
            store.lock(db, ONE)

    read()
    with ThreadPoolExecutor(1) as pool:
        error = failure_of(lambda: pool.submit(read).result())
    engine.dispose()

    assert ("no-table", True) == (error.problem, "StaticPool" in str(error))


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_stricter_isolation_level_gives_way_instead_of_reading_old_events(level: str) -> None:
    """In a stricter isolation level, a writer that had to wait is busy, and can try again."""
    used = database("postgresql+psycopg")
    host = host_on(used)
    engine = used.engine.execution_options(isolation_level=level)
    strict = Host(Harness(used.store, in_transactions(engine)), CLICKBANK)
    with engine.begin() as db:
        db.execute(sa.text("SELECT 1"))  # the snapshot of this transaction begins
        host.send(ONE, reply(1))
        error = failure_of(lambda: used.store.lock(db, ONE))
    strict.send(ONE, reply(2))

    assert "busy" == error.problem
    assert 2 == sum(event.NAME == "replied" for event in host.history(ONE))


def test_a_connection_that_begins_by_itself_locks() -> None:
    """A connection from `engine.connect()` locks with its first statement."""
    used = database("sqlite")
    host = host_on(used)
    with used.engine.connect() as db:
        host.handle(db, ONE, reply(1))
        db.commit()

    assert 3 == len(host.history(ONE))


def test_another_database_is_refused() -> None:
    """A database other than SQLite and PostgreSQL is refused."""
    used = database("sqlite")
    with used.engine.connect() as db:
        db.dialect = type("Other", (), {"name": "oracle"})()
        error = failure_of(lambda: used.store.lock(db, ONE))

    assert ("cannot-lock", True) == (error.problem, "postgresql or sqlite" in str(error))
