"""The store in memory passes the suite."""

from collections.abc import Sequence

from ticketcore.store import MemoryTransaction
from ticketcore.testing.store import Harness, StoreSuite, memory_harness


class TestMemoryStore(StoreSuite[MemoryTransaction]):
    """The store in memory."""

    def harness(self, followers: Sequence[str]) -> Harness[MemoryTransaction]:
        return memory_harness(followers)
