"""The SQL statements on the pages about PostgreSQL run there; the sums of sizes are right."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from support.stores.databases import postgres
from support.stores.store_stories import ONE, opening
from ticketcore.policies import load_policy
from ticketcore.store.sql import SqlStore
from ticketcore.testing.store import Harness, Host

FOLDER = Path(__file__).parents[2] / "docs" / "service"


@pytest.mark.parametrize("page", ["postgresql", "warehouse", "growing"])
def test_the_statements_of_the_page_run(page: str) -> None:
    """Each SQL statement of the page runs on the tables of the store."""
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^```sql\n(.*?)^```$", text)
    metadata = sa.MetaData()
    store = SqlStore(metadata, followers=["notifications"])
    host = Host(Harness(store, lambda work: None), load_policy("clickbank"))
    engine = sa.create_engine(postgres().set(drivername="postgresql+psycopg"))
    with engine.connect() as db:
        db.execute(sa.text("CREATE SCHEMA pages; SET search_path = pages"))
        metadata.create_all(db)
        host.handle(db, ONE, opening())
        for block in blocks:
            db.exec_driver_sql(block.replace("%", "%%"))
        db.rollback()
    engine.dispose()

    assert blocks


def test_the_sizes_of_100_million_tickets_follow_from_those_of_one() -> None:
    """Each row's last column is 100 million times its bytes, and the last row has the sums."""
    text = (FOLDER / "growing.md").read_text(encoding="utf-8")
    found = re.findall(r"(?m)^\| `\w+` \| ([\d,]+) B \| ([\d,]+) B \| (\d+) GB \|$", text)
    sizes = [tuple(int(cell.replace(",", "")) for cell in row) for row in found]
    rows, indexes, gigabytes = (sum(column) for column in zip(*sizes, strict=True))
    sums = f"{rows / 1000:.1f} KB | {indexes / 1000:.1f} KB | {gigabytes} GB |"

    assert [(row + index) / 10 for row, index, _ in sizes] == [total for *_, total in sizes]
    assert f"| together | {sums}" in text
