"""The tests of a store for its callers find stores with a fault."""

from collections.abc import Sequence
from typing import Any

import pytest

from ticketcore.errors import ConflictError
from ticketcore.policies import load_policy
from ticketcore.store import LockedOrder, MemoryStore, MemoryTransaction, Receipt
from ticketcore.testing.store import Harness, Host, StoreSuite, memory_harness


class RollsBackFirst(MemoryStore):
    """The faulty store wants its own transaction, and rolls back what the caller has begun."""

    def lock(self, db: MemoryTransaction, number: str, **options: Any) -> LockedOrder:
        db.roll_back()
        return super().lock(db, number, **options)


class CommitsAtOnce(MemoryStore):
    """The faulty store commits after each append."""

    def append(self, db: MemoryTransaction, *given: Any, **options: Any) -> LockedOrder:
        after = super().append(db, *given, **options)
        db._undo.clear()
        return after


class RollsBackAfterConflict(MemoryStore):
    """The faulty store ends the caller's transaction at a conflict."""

    def append(self, db: MemoryTransaction, *given: Any, **options: Any) -> LockedOrder:
        try:
            return super().append(db, *given, **options)
        except ConflictError:
            db.roll_back()
            raise


class ForgetsReceipts(MemoryStore):
    """The faulty store finds no receipt, and notices a used id only when it writes."""

    def receipt(self, db: MemoryTransaction, command_id: str, *, tenant: str = "") -> None:
        return None


class FindsReceiptsByTicket(MemoryStore):
    """The faulty store finds only the receipts of the ticket that it locked last."""

    def lock(self, db: MemoryTransaction, number: str, **options: Any) -> LockedOrder:
        self.last = number
        return super().lock(db, number, **options)

    def receipt(
        self, db: MemoryTransaction, command_id: str, *, tenant: str = ""
    ) -> Receipt | None:
        found = super().receipt(db, command_id, tenant=tenant)
        return found if found and found.ticket == self.last else None


def suite_of(store: type[MemoryStore]) -> StoreSuite[MemoryTransaction]:
    """Return the suite for a store."""

    class Suite(StoreSuite[MemoryTransaction]):
        def harness(self, followers: Sequence[str]) -> Harness[MemoryTransaction]:
            return memory_harness(followers, store(followers=followers))

    return Suite()


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (RollsBackFirst, "test_a_row_of_the_caller_is_committed_with_the_command"),
        (CommitsAtOnce, "test_a_row_of_the_caller_is_rolled_back_with_the_command"),
        (RollsBackAfterConflict, "test_a_conflict_keeps_the_row_of_the_caller"),
        (ForgetsReceipts, "test_a_used_command_id_is_refused_for_another_command"),
        (FindsReceiptsByTicket, "test_a_used_command_id_is_refused_for_another_order"),
    ],
)
def test_each_check_finds_a_broken_store(broken: type[MemoryStore], check: str) -> None:
    """Each check of the suite passes a correct store, and fails a store with its fault."""
    getattr(suite_of(MemoryStore), check)()
    with pytest.raises((AssertionError, ConflictError)):
        getattr(suite_of(broken), check)()


def test_a_harness_without_rows_of_the_caller_says_what_to_define() -> None:
    """A harness without rows of the caller fails, and the message says what to define."""
    host = Host(
        Harness(MemoryStore(), lambda work: work(MemoryTransaction())), load_policy("clickbank")
    )
    with pytest.raises(TypeError, match="needs write_row and rows"):
        host.run(host.rows)
