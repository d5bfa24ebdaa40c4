"""The store in SQLite and PostgreSQL, by SQLAlchemy (``ticketcore[sql]``)."""

from ticketcore.store.sql._borrowed import borrow_connections
from ticketcore.store.sql._errors import database_errors
from ticketcore.store.sql._lists import SqlStore
from ticketcore.store.sql._sqlite import prepare_sqlite
from ticketcore.store.sql._tables import Tables

__all__ = ["SqlStore", "Tables", "borrow_connections", "database_errors", "prepare_sqlite"]
