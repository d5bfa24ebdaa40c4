"""The SQL store passes the suite over Django's connections, in Django's transactions."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, ClassVar

import django
import pytest
import sqlalchemy as sa
from django.conf import settings
from django.db import connections, transaction

from support.stores.databases import harness_beside, postgres, schema, sqlite_folder
from support.stores.store_stories import ONE, opening
from ticketcore.errors import StoreError
from ticketcore.policies import load_policy
from ticketcore.store.sql import SqlStore, borrow_connections, database_errors
from ticketcore.testing.store import Harness, Host, StoreSuite

URLS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}


def configure() -> None:
    """Configure Django with both databases, as a project's settings do."""
    if settings.configured:
        return
    server = postgres()
    settings.configure(
        USE_TZ=True,
        DATABASES={
            "default": {},
            "sqlite": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": sqlite_folder() / "django.db",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
            },
            "postgresql": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": server.database,
                "USER": server.username or "",
                "PASSWORD": server.password or "",
                "HOST": server.query.get("host") or server.host or "",
                "PORT": server.port or "",
                "OPTIONS": {"options": f"-c search_path={schema()}"},
            },
        },
    )
    django.setup()


class OnDjango(StoreSuite[sa.Connection]):
    """A store over one of Django's databases."""

    alias: ClassVar[str]

    def harness(self, followers: Sequence[str]) -> Harness[sa.Connection]:
        store = store_on(self.alias, tuple(followers))
        run = in_django(self.alias)
        metadata = store.tables.orders.metadata
        run(lambda db: [db.execute(sa.delete(table)) for table in metadata.sorted_tables])
        return harness_beside(metadata.tables["django_own"], store, run)


@cache
def store_on(alias: str, followers: tuple[str, ...]) -> SqlStore:
    """Return a store with its tables in one of Django's databases."""
    configure()
    metadata = sa.MetaData()
    sa.Table("django_own", metadata, sa.Column("text", sa.Text))
    store = SqlStore(metadata, followers=followers, prefix="django_")
    in_django(alias)(metadata.create_all)
    return store


def in_django(alias: str) -> Callable[[Callable[[sa.Connection], Any]], Any]:
    """Return a function that runs work in a transaction of Django's."""
    engine = borrow_connections(URLS[alias], lambda: connections[alias].connection)

    def run(work: Callable[[sa.Connection], Any]) -> Any:
        try:
            with transaction.atomic(using=alias), engine.connect() as db:
                return work(db)
        finally:
            connections[alias].close()  # each thread has its own

    return run


class TestSqlite(OnDjango):
    alias = "sqlite"


class TestPostgresql(OnDjango):
    alias = "postgresql"


@pytest.mark.parametrize("alias", URLS)
def test_without_a_transaction_of_django_nothing_is_locked(alias: str) -> None:
    """Outside Django's `atomic` the store refuses to lock, since each statement commits."""
    configure()
    store = SqlStore(sa.MetaData(), prefix="django_")
    connections[alias].ensure_connection()
    engine = borrow_connections(URLS[alias], lambda: connections[alias].connection)
    with pytest.raises(StoreError) as failure, database_errors(), engine.connect() as db:
        store.lock(db, ONE)
    connections[alias].close()

    assert "cannot-lock" == failure.value.problem


def test_a_rollback_of_django_takes_the_command_back() -> None:
    """A rollback of Django's transaction removes the events of the command."""
    configure()
    metadata = sa.MetaData()
    store = SqlStore(metadata, prefix="rollback_")
    run = in_django("sqlite")
    run(metadata.create_all)
    host = Host(Harness(store, run), load_policy("clickbank"))

    def work(db: sa.Connection) -> None:
        host.handle(db, ONE, opening())
        transaction.set_rollback(True, using="sqlite")

    run(work)

    assert () == host.history(ONE)
