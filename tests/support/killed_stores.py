"""Stores that are broken in a way that only killed processes show."""

import multiprocessing
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from support.databases import open_place
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


def forgets_marks(url: str, followers: Sequence[str]) -> Harness[sa.Connection]:
    """Return a store that marks no ticket for a follower."""
    return open_place(url, None, ())


def fails_in_processes(url: str, followers: Sequence[str]) -> Harness[sa.Connection]:
    """Return a store that only the first process can open."""
    if multiprocessing.parent_process() is not None:
        raise PermissionError("no entry")
    return open_place(url, None, followers)
