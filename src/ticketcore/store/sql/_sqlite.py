"""SQLite connections that lock.

By default the driver begins a transaction only before it writes. What was read before is then not
part of the transaction, and a savepoint that comes first becomes the transaction itself: its
release commits. So two writers can decide on the same state, and a rollback can leave half of a
command behind.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event

_PREPARED = "ticketcore"


def prepare_sqlite(engine: Engine, *, busy_seconds: float = 30.0) -> Engine:
    """Let each transaction of a SQLite engine lock the database when it begins. Return the engine.

    The engine's connections use write-ahead logging, so readers outside this process do not wait,
    and a transaction waits up to *busy_seconds* for the one before. Call it before the engine
    connects for the first time. Pass the `sync_engine` of an asynchronous engine.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()
        mark_prepared(record)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def mark_prepared(record: Any) -> None:
    """Record that the transactions of a connection lock."""
    record.info[_PREPARED] = True


def is_prepared(db: Connection) -> bool:
    """Return whether `prepare_sqlite` has prepared this connection."""
    driver: Any = db.connection.driver_connection
    return _PREPARED in db.info and driver.in_transaction
