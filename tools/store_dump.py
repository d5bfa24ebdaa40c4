"""Write tests/store/sql/dump.json: the rows of a store, as a database holds them.

Tests read it and continue it. Until the first release run this script when the stored form
changes; afterwards the file stays, and a later form gets a file of its own.
"""

import json
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from support.stores.databases import Database, database
from ticketcore.testing.store import write_sample

DUMP = Path(__file__).parents[1] / "tests" / "store" / "sql" / "dump.json"


def untyped(table: sa.Table) -> sa.TableClause:
    """Return a table without the types of its columns, so that values pass as they are.

    Only truth values keep their type: SQLite writes them as numbers.
    """
    columns = (
        sa.column(c.name, c.type if isinstance(c.type, sa.Boolean) else sa.types.NullType())
        for c in table.c
    )
    return sa.table(table.name, *columns, schema=table.schema)


def rows_of(used: Database) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all tables, in the order of their keys."""

    def read(db: sa.Connection) -> dict[str, list[dict[str, Any]]]:
        rows: dict[str, list[dict[str, Any]]] = {}
        for table in used.store.tables.all():
            key: list[Any] = [sa.column(column.name) for column in table.primary_key]
            found = db.execute(sa.select(untyped(table)).order_by(*key)).mappings()
            rows[table.name] = [dict(row) for row in found]
        return rows

    written: dict[str, list[dict[str, Any]]] = used.run(read)
    return written


def load(used: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write rows into the empty tables of a store."""
    used.empty()
    for table in used.store.tables.all():
        if rows[table.name]:
            used.run(lambda db, t=table: db.execute(sa.insert(untyped(t)), rows[t.name]))  # type: ignore[misc]


def dumped(used: Database) -> str:
    """Return the dump as text. It has no digest of the policy, which changes with the preset."""
    text = json.dumps(rows_of(used), indent=1, ensure_ascii=False) + "\n"
    return re.sub(
        '"policy_digest(.{3,5})[0-9a-f]{16}', r'"policy_digest\g<1>0000000000000000', text
    )


def main() -> None:
    """Write the dump."""
    used = database("sqlite", ("first",))
    write_sample(used.harness())
    DUMP.write_text(dumped(used), encoding="utf-8")


if __name__ == "__main__":
    main()
