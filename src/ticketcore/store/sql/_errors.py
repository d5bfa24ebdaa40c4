"""Errors of databases, as StoreError with a code and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError

from ticketcore.errors import StoreError

_MESSAGES = {
    "unreachable": (
        "the database cannot be reached",
        "check the URL, the driver, and that the server runs and lets this user in",
    ),
    "lost": (
        "the connection to the database was lost",
        "nothing of this transaction was kept, unless it was lost during the commit: "
        "send the command again with the same id",
    ),
    "no-table": (
        "a table of the store is missing",
        "create the tables: metadata.create_all(engine), or a migration",
    ),
    "other-version": (
        "the tables are those of another version of the store",
        "migrate them, for example with `alembic revision --autogenerate`",
    ),
    "read-only": (
        "the database is read-only",
        "connect to the primary server",
    ),
    "not-allowed": (
        "this user of the database may not use the tables",
        "grant USAGE on the schema, and SELECT, INSERT, UPDATE and DELETE on the tables",
    ),
    "replaced": (
        "the file of the database was moved, deleted or replaced while it was open",
        "stop all processes that have it open, put back the file with its -wal and -shm, "
        "or a backup without them, and start again",
    ),
    "full": ("the disk of the database is full", "free space and try again"),
    "busy": (
        "another transaction conflicts with this one",
        "roll back and try again; keep transactions short",
    ),
    "no-transaction": (
        "this transaction has ended or failed",
        "roll back, begin another transaction, and try again",
    ),
    "no-connection": (
        "no connection of the engine's pool is free",
        "begin no second transaction inside another, keep transactions short, "
        "or give the pool a larger size",
    ),
    "pooled": (
        "a pooler gave the driver another session, without its prepared statements",
        "turn prepared statements off: with psycopg connect_args={'prepare_threshold': None}, "
        "with asyncpg names that are used once and poolclass=NullPool",
    ),
    "too-long": (
        "a text is too long for an index of the database",
        "shorten the ticket number, the id or the name; 200 characters always fit",
    ),
    "damaged": ("the database is damaged", "restore it from a backup"),
}

# The messages that are others for SQLite.
_MESSAGES_OF_SQLITE = {
    "unreachable": (
        "the database cannot be reached",
        "check the URL, and that the folder of the file exists and may be used",
    ),
    "no-table": (
        "a table of the store is missing",
        "create the tables: metadata.create_all(engine), or a migration; "
        "a database in memory needs poolclass=StaticPool if several threads use it",
    ),
    "read-only": (
        "the database is read-only",
        "check the permissions of the file and its folder, and the URL for mode=ro",
    ),
    "damaged": ("the file is not a database, or is damaged", "restore it from a backup"),
}

# SQLSTATE codes of PostgreSQL, by their beginnings; the longest that matches counts.
_STATES = {
    "08": "lost",
    "28": "unreachable",
    "3D000": "unreachable",
    "53300": "unreachable",
    "57P03": "unreachable",
    "57P": "lost",
    "25P03": "lost",
    "25P04": "lost",
    "42P01": "no-table",
    "3F000": "no-table",
    "42703": "other-version",
    "42804": "other-version",
    "42P10": "other-version",
    "23502": "other-version",
    "25006": "read-only",
    "25P02": "no-transaction",
    "26000": "pooled",
    "42P05": "pooled",
    "42501": "not-allowed",
    "53100": "full",
    "53200": "full",
    "0A000": "busy",  # a migration changed a table that a prepared statement reads
    "40": "busy",
    "54000": "too-long",
    "55P03": "busy",
    "57014": "busy",
    "XX001": "damaged",
    "XX002": "damaged",
}

# Primary result codes of SQLite.
_SQLITE = {
    5: "busy",
    6: "busy",
    8: "read-only",
    10: "lost",
    11: "damaged",
    13: "full",
    14: "unreachable",
    26: "damaged",
}

# SQLite has one code for all mistakes in a statement.
_SQLITE_TEXTS = {
    "no such table": "no-table",
    "has no column": "other-version",
    "no such column": "other-version",
    "NOT NULL constraint failed": "other-version",
    "ON CONFLICT clause does not match": "other-version",
}


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise StoreError for errors of the database in this block.

    Put it around your own transaction, so that errors of connecting and committing are typed too:

        with database_errors(), engine.begin() as db:
            service.handle(db, number, command)

    It serves blocks of asynchronous code as well. Other errors pass through unchanged.
    """
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise store_error("unreachable", error) from error
    except exc.TimeoutError as error:
        raise store_error("no-connection", error) from error
    except (DBAPIError, exc.PendingRollbackError) as error:
        raise typed(error) from error
    except OSError as error:  # asyncpg raises those of the socket
        raise store_error("unreachable", error) from error


def typed(error: DBAPIError | exc.InvalidRequestError) -> Exception:
    """Return the StoreError for an error of a database or a connection, or the error itself."""
    if not isinstance(error, DBAPIError):
        return store_error("no-transaction", error)
    problem = _problem(error)
    if problem is None:
        return error
    return store_error(problem, error, sqlite=hasattr(error.orig, "sqlite_errorcode"))


def store_error(problem: str, found: object, *, sqlite: bool = False) -> StoreError:
    """Return the error for a problem; *found* is what the database or its driver says."""
    messages = _MESSAGES | _MESSAGES_OF_SQLITE if sqlite else _MESSAGES
    message, remedy = messages[problem]
    first_line = str(getattr(found, "orig", found)).strip().partition("\n")[0]
    return StoreError(problem, f"{message} ({first_line})" if first_line else message, remedy)


def _problem(error: DBAPIError) -> str | None:
    cause = error.orig
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None:
        text = str(cause)
        wrong = next((p for part, p in _SQLITE_TEXTS.items() if part in text), None)
        return wrong or _SQLITE.get(number & 0xFF)
    # SQLAlchemy's error of a plan that a migration made invalid has the code in its cause only.
    codes = (
        getattr(each, "sqlstate", None) for each in (cause, getattr(cause, "__cause__", None))
    )
    state = next(filter(None, codes), "")
    known = [beginning for beginning in _STATES if state.startswith(beginning)]
    if known:
        return _STATES[max(known, key=len)]
    if error.connection_invalidated:
        return "lost"
    # A driver that found no server has no code to report.
    return "unreachable" if not state and _is_about_connection(error) else None


def _is_about_connection(error: DBAPIError) -> bool:
    return error.statement is None or isinstance(error, InterfaceError)
