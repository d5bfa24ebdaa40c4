"""The tables in the caller's MetaData, in the caller's transactions, and in migrations."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from support.stores.databases import SYNC, database, postgres, schema
from support.stores.store_stories import ONE, opening, reply
from ticketcore.inbox import TicketSummary
from ticketcore.policies import load_policy
from ticketcore.store.sql import SqlStore, prepare_sqlite
from ticketcore.testing.store import Harness, Host

CLICKBANK = load_policy("clickbank")


class Base(DeclarativeBase):
    """A base class for the host's own tables."""


class Visit(Base):
    """A row of the host's own."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)


STORE = SqlStore(Base.metadata, prefix="own_")


def engine_for(driver: str, folder: Path) -> sa.Engine:
    """Return an engine of an empty database or schema."""
    if driver == "sqlite":
        return prepare_sqlite(sa.create_engine(f"sqlite:///{folder / 'own.db'}"))
    url = postgres().set(drivername=driver)
    return sa.create_engine(url, connect_args={"options": f"-c search_path={schema()}"})


@pytest.fixture(params=SYNC)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Return an engine on a database with the host's tables and those of the store."""
    engine = engine_for(request.param, tmp_path)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()


def test_the_row_of_a_ticket_has_the_attributes_of_a_summary() -> None:
    """Each attribute of a summary has a column of its name, which may be empty likewise."""
    columns = STORE.tables.tickets.c
    fields = attrs.fields(TicketSummary)

    assert {field.name for field in fields} <= set(columns.keys())
    assert {"subject", "closed_at", "waiting_for"} <= {c.name for c in columns if c.nullable}
    assert not {"status", "opened_at", "timers"} & {c.name for c in columns if c.nullable}


def test_the_tenant_is_the_first_column_of_every_key() -> None:
    """With the tenant first in every key, tables can be partitioned or sharded by it."""
    keys = [[column.name for column in table.primary_key] for table in STORE.tables.all()]

    assert {"tenant"} == {key[0] for key in keys}


def test_a_session_of_the_host_commits_both_or_neither(engine: sa.Engine) -> None:
    """A session of the host commits its own row and a command together, or neither."""
    host = Host(Harness(STORE, lambda work: None), CLICKBANK)
    with Session(engine) as session, session.begin():
        session.add(Visit(id=1))
        host.handle(session.connection(), ONE, opening())
    with suppress(ZeroDivisionError), Session(engine) as session, session.begin():
        session.add(Visit(id=2))
        host.handle(session.connection(), ONE, reply(1))
        session.flush()
        raise ZeroDivisionError

    with Session(engine) as session:
        assert [1] == [*session.scalars(sa.select(Visit.id))]
        assert 2 == len(STORE.events(session.connection(), ONE))


def test_a_savepoint_of_the_host_is_rolled_back_alone(engine: sa.Engine) -> None:
    """A rolled back savepoint of the host keeps the writes before and after it."""
    host = Host(Harness(STORE, lambda work: None), CLICKBANK)
    with engine.begin() as db:
        with suppress(ZeroDivisionError), db.begin_nested():
            host.handle(db, ONE, opening())
            raise ZeroDivisionError
        host.handle(db, ONE, opening(customer="bert"))

    with engine.begin() as db:
        assert ("bert", 2) == _customer_and_version(db)


def _customer_and_version(db: sa.Connection) -> tuple[Any, int]:
    summary = STORE.summary(db, ONE)
    assert summary is not None
    return summary.customer, summary.seq


@pytest.mark.parametrize("driver", SYNC)
def test_a_schema_is_translated(driver: str, tmp_path: Path) -> None:
    """A schema is translated by `schema_translate_map`, so each company can have one."""
    engine = engine_for(driver, tmp_path)
    store = SqlStore(sa.MetaData(), prefix="translated_", schema="company")
    host = Host(Harness(store, lambda work: None), CLICKBANK)
    names: list[str | None] = [None, "main" if driver == "sqlite" else schema()]
    for name in names:
        with engine.connect() as connection:
            db = connection.execution_options(schema_translate_map={"company": name})
            store.tables.orders.metadata.create_all(db)
            host.handle(db, ONE, opening())
            host.handle(db, ONE, reply(1))

            assert 3 <= len(store.events(db, ONE))
    engine.dispose()


def test_alembic_finds_the_tables(engine: sa.Engine) -> None:
    """Alembic finds the tables, and no difference once they exist."""
    own = {table.name for table in Base.metadata.tables.values()}

    def differences(db: sa.Connection) -> list[Any]:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in own}
        context = MigrationContext.configure(db, opts=options)
        found: list[Any] = compare_metadata(context, Base.metadata)
        return found

    with engine.begin() as db:
        assert [] == differences(db)
    Base.metadata.drop_all(engine)
    with engine.begin() as db:
        added = {change[1].name for change in differences(db) if change[0] == "add_table"}
    assert own == added


@pytest.mark.parametrize(
    ("driver", "expected"), [("sqlite", [5, 5, 5, 7]), ("postgresql+psycopg", [2, 2, 2, 3])]
)
def test_a_reply_takes_a_fixed_number_of_statements(driver: str, expected: list[int]) -> None:
    """A reply takes a fixed number of statements, however long the history is.

    One statement reads; PostgreSQL writes with one, SQLite with four; a command id adds some.
    """
    used = database(driver, ("notifications",))
    host = Host(used.harness(), CLICKBANK)
    host.send(ONE, opening())
    statements: list[str] = []

    def count(*event: Any) -> None:
        statements.append(event[2])

    sa.event.listen(used.engine, "before_cursor_execute", count)
    counts = []
    for minutes in range(3):
        statements.clear()
        host.send(ONE, reply(minutes))
        counts.append(sum(not each.startswith("BEGIN") for each in statements))
    statements.clear()
    used.run(partial(host.handle, ticket=ONE, command=reply(9), command_id="reply"))
    counts.append(sum(not each.startswith("BEGIN") for each in statements))
    sa.event.remove(used.engine, "before_cursor_execute", count)

    assert expected == counts
