"""SQLite connections that lock.

By default the driver begins a transaction only before it writes. Earlier reads are then not part
of the transaction, and a savepoint that comes first becomes the transaction itself: its
release commits. So two writers can decide on the same state, and a rollback can leave half of a
command behind.

A file can be deleted or replaced while a connection has it open. SQLite then goes on with the old
file, and everything written is lost when the last connection closes.
"""

import os
from typing import Any

from sqlalchemy import Connection, Engine, event

from ticketcore._internal.arguments import refuse_wrong_types
from ticketcore.errors import FieldError
from ticketcore.store.sql._errors import store_error

_LONGEST_WAIT = 86_400
"""A day in seconds: SQLite counts milliseconds in 32 bits."""

_PREPARED = "ticketcore"
"""The key of a connection's info: whether its engine begins locking transactions by itself."""

_FILE = "ticketcore-file"
"""The key of a connection's info: the path of its file, and the file's identity."""


def prepare_sqlite(engine: Engine, *, busy_seconds: float = 30.0) -> Engine:
    """Let each transaction of a SQLite engine lock the database when it begins. Return the engine.

    The engine's connections use write-ahead logging, so readers outside this process do not wait,
    and a transaction waits up to *busy_seconds* for the one before. If the file was replaced since
    the connection opened it, a transaction raises StoreError. Call it before the engine connects
    for the first time. Pass the `sync_engine` of an asynchronous engine. Raises FieldError for
    anything but an engine of SQLite.
    """
    refuse_wrong_types(prepare_sqlite, {"engine": engine, "busy_seconds": busy_seconds})
    if engine.dialect.name != "sqlite":
        raise FieldError("prepare_sqlite", "engine", engine, "an engine of SQLite")
    if not 0 <= busy_seconds <= _LONGEST_WAIT:
        expected = f"a number from 0 to {_LONGEST_WAIT:,}"
        raise FieldError("prepare_sqlite", "busy_seconds", busy_seconds, expected)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA database_list")
        path = next(file for _, name, file in cursor.fetchall() if name == "main")
        cursor.close()
        record.info[_PREPARED] = True
        record.info[_FILE] = path, _identity(path)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        path, identity = connection.info.get(_FILE, ("", None))
        if _identity(path) != identity:
            connection.invalidate()  # the next connection opens the file that is there now
            raise store_error("replaced", path)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells a file from others; None for a database in memory, or no file."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def mark_borrowed(record: Any) -> None:
    """Record that the owner of a connection begins its transactions."""
    record.info[_PREPARED] = False


def is_prepared(db: Connection) -> bool:
    """Return whether transactions of this connection lock the database.

    The owner of a borrowed connection must have begun one already.
    """
    begins: bool | None = db.info.get(_PREPARED)
    if begins is not False:
        return begins is True
    driver: Any = db.connection.driver_connection
    return bool(driver.in_transaction)
