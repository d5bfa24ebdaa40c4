"""The SQL store passes the suite with every driver, synchronous and asynchronous."""

from collections.abc import Sequence

import sqlalchemy as sa

from support.stores.databases import database
from ticketcore.testing.store import Harness, StoreSuite


class OnSql(StoreSuite[sa.Connection]):
    driver: str

    def harness(self, followers: Sequence[str]) -> Harness[sa.Connection]:
        return database(self.driver, tuple(followers)).harness()


class TestSqlite(OnSql):
    driver = "sqlite"


class TestAiosqlite(OnSql):
    driver = "sqlite+aiosqlite"


class TestPsycopg(OnSql):
    driver = "postgresql+psycopg"


class TestAsyncPsycopg(OnSql):
    driver = "postgresql+psycopg_async"


class TestAsyncpg(OnSql):
    driver = "postgresql+asyncpg"
