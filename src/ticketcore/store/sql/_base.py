"""The shared parts of a SQL store: its tables, and how a statement is executed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from ticketcore.errors import StoreError
from ticketcore.store.sql._errors import store_error, typed
from ticketcore.store.sql._prepared import Prepared
from ticketcore.store.sql._sqlite import is_prepared
from ticketcore.store.sql._statements import Statements
from ticketcore.store.sql._tables import Tables

_INSERTS: Mapping[str, Callable[..., Any]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


_NO_VALUES: Mapping[str, Any] = {}


class SqlBase:
    """The tables and statements of a store."""

    def __init__(
        self,
        metadata: sa.MetaData,
        *,
        followers: Iterable[str] = (),
        prefix: str = "ticketcore_",
        schema: str | None = None,
    ) -> None:
        self.followers: tuple[str, ...] = tuple(followers)
        self.tables: Tables = Tables.define(metadata, prefix, schema)
        self._statements = {
            name: Statements(self.tables, insert) for name, insert in _INSERTS.items()
        }
        self._prepared: WeakKeyDictionary[sa.Dialect, dict[Any, Prepared]] = WeakKeyDictionary()

    def check(self, db: Connection) -> None:
        """Check that the database has the tables of this version; call it when a server starts.

        Raises StoreError: ``no-table``, ``other-version`` or ``cannot-lock``.
        """
        self._check_locks(db)
        inspector = sa.inspect(db)
        for table in self.tables.all():
            if not inspector.has_table(table.name, table.schema):
                raise store_error("no-table", table.fullname)
            found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
            if missing := set(table.columns.keys()) - found:
                columns = ", ".join(f"{table.fullname}.{name}" for name in sorted(missing))
                raise store_error("other-version", columns)

    def _check_locks(self, db: Connection) -> None:
        """Raise StoreError if the connection would not keep its locks until the end."""
        if db.dialect.name not in self._statements:
            raise StoreError(
                "cannot-lock",
                f"the store does not know the database {db.dialect.name}",
                f"use {' or '.join(self._statements)}",
            )
        if db.dialect.name == "sqlite" and not is_prepared(db):
            raise StoreError(
                "cannot-lock",
                "this SQLite connection does not lock the tickets that it reads",
                "call prepare_sqlite(engine) before the engine connects, and begin a transaction",
            )
        driver = db.connection.driver_connection
        options = db.get_execution_options()
        if getattr(driver, "autocommit", False) is True or (
            options.get("isolation_level") == "AUTOCOMMIT"  # asyncpg does not tell
        ):
            raise StoreError(
                "cannot-lock",
                "this connection commits each statement at once",
                "begin a transaction, without isolation_level='AUTOCOMMIT'",
            )

    def _run(
        self,
        db: Connection,
        name: str,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] = _NO_VALUES,
    ) -> "sa.CursorResult[Any]":
        """Execute a prepared statement, once or for each element of a list.

        The rows have the values as they are stored.
        """
        several = [values] if isinstance(values, Mapping) else values
        prepared = self._prepare(db, name, several[0])
        parameters = [prepared.parameters(each) for each in several]
        try:
            return db.exec_driver_sql(
                prepared.text, parameters if len(parameters) > 1 else parameters[0]
            )
        except DBAPIError as error:
            raise typed(error) from error

    def _prepare(self, db: Connection, name: str, values: Mapping[str, Any]) -> Prepared:
        schemas = db.get_execution_options().get("schema_translate_map")
        key = name if schemas is None else (name, *schemas.items())
        known = self._prepared.setdefault(db.dialect, {})
        if key not in known:
            statement = getattr(self._statements[db.dialect.name], name)
            known[key] = Prepared(statement, db.dialect, values, schemas)
        return known[key]

    def _execute(self, db: Connection, statement: sa.Executable) -> "sa.CursorResult[Any]":
        """Execute a statement that is built for this call. The rows have values of Python."""
        try:
            return db.execute(statement)
        except DBAPIError as error:
            raise typed(error) from error


def of_tenant(name: str, tenant: str | None) -> tuple[str, dict[str, Any]]:
    """Return the statement of this name for all tenants or for one, and its first values."""
    return (name, {}) if tenant is None else (f"{name}_of_tenant", {"at_tenant": tenant})
