"""Sort more items than memory holds."""

from collections.abc import Iterable, Iterator
from contextlib import closing

_CACHE_KB = 2_048  # a larger cache saves no time, and is memory that grows with the items


def sorted_on_disk(
    items: Iterable[tuple[str, int, bytes | None]],
) -> Iterator[tuple[str, int, bytes | None]]:
    """Yield (key, number, payload) by key and number. A temporary file holds the items.

    Raises sqlite3.Error if the disk is full.
    """
    import sqlite3

    with closing(sqlite3.connect("", isolation_level=None)) as database:  # a private file
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        database.execute("CREATE TABLE item (key BLOB, number INTEGER, payload BLOB)")
        database.execute("BEGIN")
        encoded = ((key.encode("utf-8", "surrogatepass"), *rest) for key, *rest in items)
        database.executemany("INSERT INTO item VALUES (?, ?, ?)", encoded)
        order = "SELECT key, number, payload FROM item ORDER BY key, number"
        for key, number, payload in database.execute(order):
            yield key.decode("utf-8", "surrogatepass"), number, payload
