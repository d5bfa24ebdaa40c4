"""Connections that another library owns, such as Django's."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from ticketcore._internal.arguments import refuse_wrong_types
from ticketcore.store.sql._errors import database_errors
from ticketcore.store.sql._sqlite import mark_borrowed


def borrow_connections(url: str, connection: Callable[[], Any]) -> sa.Engine:
    """Return an engine over connections that another library opens, commits and closes.

    *url* names the database and the driver only, such as ``sqlite://`` or
    ``postgresql+psycopg://``. *connection* returns the driver's connection, which is in a
    transaction. The engine's connections never end that transaction, nor close the connection. A
    SQLite transaction must have begun with ``BEGIN IMMEDIATE``. Raises StoreError for a wrong URL
    or a driver that is not installed.
    """
    refuse_wrong_types(borrow_connections, {"url": url, "connection": connection})
    with database_errors():
        engine = sa.create_engine(url, creator=connection, poolclass=sa.NullPool)
    for end in ("do_commit", "do_rollback", "do_close", "do_terminate"):
        setattr(engine.dialect, end, lambda _: None)
    sa.event.listen(engine, "connect", lambda _, record: mark_borrowed(record))
    return engine
