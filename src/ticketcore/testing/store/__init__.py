"""Tests for stores of your own: subclass `StoreSuite` and `StoreMachine`."""

from ticketcore.testing.store._concurrency import StoreSuite
from ticketcore.testing.store._crashes import crash_test
from ticketcore.testing.store._host import Harness, Host
from ticketcore.testing.store._machine import StoreMachine, memory_harness
from ticketcore.testing.store._sample import check_sample, write_sample

__all__ = [
    "Harness",
    "Host",
    "StoreMachine",
    "StoreSuite",
    "check_sample",
    "crash_test",
    "memory_harness",
    "write_sample",
]
