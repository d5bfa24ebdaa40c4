"""The shared parts of a SQL store: its tables, and how a statement is executed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from ticketcore._internal.declared import VISIBLE
from ticketcore._internal.terminal import either, has_visible
from ticketcore.errors import FieldError, StoreError
from ticketcore.store._order import check_followers
from ticketcore.store._store import Store
from ticketcore.store.sql._errors import store_error, typed
from ticketcore.store.sql._prepared import Part, Prepared, Texts
from ticketcore.store.sql._sqlite import is_prepared
from ticketcore.store.sql._statements import Statements
from ticketcore.store.sql._tables import Tables

_INSERTS: Mapping[str, Callable[..., Any]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


_NO_VALUES: Mapping[str, Any] = {}

_MOST_TOGETHER = 16
"""The most rows of one statement. Each number and kind of rows needs another statement."""


class SqlBase(Store[Connection]):
    """The tables and statements of a store."""

    def __init__(
        self,
        metadata: sa.MetaData,
        *,
        followers: Iterable[str] = (),
        prefix: str = "ticketcore_",
        schema: str | None = None,
    ) -> None:
        self.followers: tuple[str, ...] = check_followers(followers)
        if schema is not None and not has_visible(schema):
            raise FieldError("SqlStore", "schema", schema, f"{VISIBLE}, or None")
        self.tables: Tables = Tables.define(metadata, prefix, schema)
        self._statements = {
            name: Statements(self.tables, insert) for name, insert in _INSERTS.items()
        }
        self._texts: WeakKeyDictionary[sa.Dialect, dict[Any, Texts]] = WeakKeyDictionary()

    def check(self, db: Connection) -> None:
        """Check that the database has the tables of this version; call it when a server starts.

        Raises StoreError: ``no-table``, ``other-version`` or ``cannot-lock``.
        """
        self._check_locks(db)
        inspector = sa.inspect(db)
        for table in self.tables.all():
            if not inspector.has_table(table.name, table.schema):
                is_sqlite = db.dialect.name == "sqlite"
                raise store_error("no-table", table.fullname, sqlite=is_sqlite)
            found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
            if missing := set(table.columns.keys()) - found:
                columns = ", ".join(f"{table.fullname}.{name}" for name in sorted(missing))
                raise store_error("other-version", columns)

    def _check_connection(self, db: Connection) -> None:
        """Raise StoreError for anything but a connection to a known database."""
        if not isinstance(db, Connection):
            raise StoreError(
                "cannot-lock",
                f"a {type(db).__name__} is not a connection",
                "pass what engine.begin() gives, or session.connection() of an ORM session",
            )
        if db.dialect.name not in self._statements:
            raise StoreError(
                "cannot-lock",
                f"the store does not know the database {db.dialect.name}",
                f"use {either(self._statements)}",
            )

    def _check_locks(self, db: Connection) -> None:
        """Raise StoreError if the connection does not keep locks until the transaction ends."""
        self._check_connection(db)
        if db.closed:
            raise store_error("no-transaction", "this connection is closed")
        if db.dialect.name == "sqlite" and not is_prepared(db):
            raise StoreError(
                "cannot-lock",
                "this SQLite connection does not lock the tickets that it reads",
                "call prepare_sqlite(engine) before the engine connects, and begin a transaction",
            )
        options = db.get_execution_options()
        if (
            options.get("isolation_level") == "AUTOCOMMIT"
            or getattr(db.connection.dbapi_connection, "autocommit", False) is True
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
        values: Mapping[str, Any] = _NO_VALUES,
        *more: Mapping[str, Any],
    ) -> "sa.CursorResult[Any]":
        """Execute a prepared statement, once for each set of values.

        The rows have the values as they are stored.
        """
        prepared = self._texts_of(db).one(name, values)
        return self._run_prepared(db, prepared, values, *more)

    def _run_prepared(
        self,
        db: Connection,
        prepared: Prepared,
        values: Mapping[str, Any],
        *more: Mapping[str, Any],
    ) -> "sa.CursorResult[Any]":
        parameters = prepared.parameters(values)
        if more:
            parameters = [parameters, *map(prepared.parameters, more)]
        try:
            return db.exec_driver_sql(prepared.text, parameters)
        except (DBAPIError, InvalidRequestError) as error:
            raise typed(error) from error

    def _run_together(self, db: Connection, claims: Sequence[Part], rows: Sequence[Part]) -> int:
        """Write claims, and then rows if each claim wrote one. Return how many claims did.

        It stops at the first claim that writes no row. PostgreSQL takes all in one statement.
        """
        texts = self._texts_of(db)
        parts = [*claims, *rows]
        if db.dialect.name == "postgresql" and 1 < len(parts) <= _MOST_TOGETHER:
            together = texts.together(parts, len(claims))
            parameters = together.values(values for _, values in parts)
            return int(self._run_prepared(db, together.prepared, parameters).scalar_one())
        for done, (name, values) in enumerate(claims):
            if self._run_prepared(db, texts.one(name, values), values).rowcount != 1:
                return done
        for name, same in groupby(rows, itemgetter(0)):
            first, *more = (values for _, values in same)
            self._run_prepared(db, texts.one(name, first), first, *more)
        return len(claims)

    def _texts_of(self, db: Connection) -> Texts:
        """Return the statements that are prepared for the connection's dialect and schemas."""
        self._check_connection(db)
        schemas = db.get_execution_options().get("schema_translate_map") or None
        of_dialect = self._texts.setdefault(db.dialect, {})
        key = schemas and frozenset(schemas.items())
        if key not in of_dialect:
            of_dialect[key] = Texts(self._statements[db.dialect.name], db.dialect, schemas)
        return of_dialect[key]

    def _execute(self, db: Connection, statement: sa.Executable) -> "sa.CursorResult[Any]":
        """Execute a statement that is built for this call. The rows have values of Python."""
        self._check_connection(db)
        try:
            return db.execute(statement)
        except (DBAPIError, InvalidRequestError) as error:
            raise typed(error) from error


def of_tenant(name: str, tenant: str | None) -> tuple[str, dict[str, Any]]:
    """Return the statement of this name for all tenants or for one, and its first values."""
    return (name, {}) if tenant is None else (f"{name}_of_tenant", {"at_tenant": tenant})
