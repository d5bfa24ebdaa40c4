"""Two senders at once: one stores after the other has ended, or goes on if it waits for a lock."""

from threading import Event, Lock, Thread
from time import thread_time

import pytest

from support.orders.hosts import MONDAY
from ticketcore.commands import Open
from ticketcore.decider import decide
from ticketcore.policies import load_policy
from ticketcore.testing.stateful._race import race

POLICY = load_policy("amazon-pay")
OPENING = Open(at=MONDAY, by="customer", zone="UTC")


def _work(seconds: float) -> None:
    end = thread_time() + seconds
    while thread_time() < end:
        pass


@pytest.mark.no_cover
def test_a_sender_that_gets_little_processor_time_is_waited_for() -> None:
    """A sender that gets little processor time is awaited, unlike one that waits for a lock."""
    ended, seen = Event(), list[bool]()

    def fast() -> None:
        _work(0.05)
        ended.set()

    def slow() -> None:
        decide(None, OPENING, POLICY)
        seen.append(ended.is_set())

    finished = Event()

    def keep_busy() -> None:
        while not finished.is_set():
            pass

    for _ in range(15):
        Thread(target=keep_busy, daemon=True).start()
    try:
        race(fast, slow)
    finally:
        finished.set()

    assert [True] == seen


def test_a_sender_that_waits_for_a_lock_is_not_waited_for() -> None:
    """If one sender waits for a lock, the one that holds it stores first."""
    lock, order = Lock(), list[str]()

    def fast() -> None:
        with lock:
            order.append("fast")

    def slow() -> None:
        with lock:
            decide(None, OPENING, POLICY)
            order.append("slow")

    race(fast, slow)

    assert ["slow", "fast"] == order
