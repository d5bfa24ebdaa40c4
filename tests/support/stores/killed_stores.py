"""Stores that are broken in a way that only killed processes show."""

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from support.stores.databases import open_place
from ticketcore.store.sql import SqlStore
from ticketcore.testing.store import Harness


def forgets_receipts(url: str, followers: Sequence[str]) -> Harness[sa.Connection]:
    """Return a store that keeps no receipts."""

    class Forgetful(SqlStore):
        def receipt(self, db: Any, command_id: str, *, tenant: str = "") -> None:
            return None

        def append(self, db: Any, *parts: Any, command: Any = None, **options: Any) -> Any:
            return super().append(db, *parts, **options)

    return open_place(url, None, followers, Forgetful)


class _ForgetsMarks(SqlStore):
    def _rows(self, *args: Any, **options: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return (part for part in super()._rows(*args, **options) if part[0] != "mark")


def forgets_marks(url: str, followers: Sequence[str]) -> Harness[sa.Connection]:
    """Return a store that marks no ticket for a follower."""
    return open_place(url, None, followers, _ForgetsMarks)


def fails_in_processes(url: str, followers: Sequence[str]) -> Harness[sa.Connection]:
    """Return a store that only the first process can open."""
    if multiprocessing.parent_process() is not None:
        raise PermissionError("no entry")
    return open_place(url, None, followers)
