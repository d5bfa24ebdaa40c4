"""Two senders at once, in the order that shows what a backend lacks.

A backend that reads, decides and writes without a lock or a unique key loses an event only if
another sender writes in between. Threads seldom do that by themselves, and never twice alike, so
that a failing story could not be repeated. Therefore one sender waits after its decision until
the other has ended. If the other waits for a lock that the first one holds, it cannot end: the
first goes on soon. "Soon" is processor time, not seconds: on a busy machine a sender that only
waits for a processor would otherwise be taken for one that waits for the lock.
"""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from time import thread_time
from types import FrameType
from typing import Final, TypeVar

from ticketcore.decider import decide, decide_and_apply

T = TypeVar("T")

_DECISIONS: Final = (decide.__code__, decide_and_apply.__code__)
_SOON: Final = 0.05  # seconds, in which a sender ends unless it waits
_PATIENCE: Final = 0.2  # seconds of processor time, for one who waits for a lock


def race(fast: Callable[[], T], slow: Callable[[], T]) -> tuple[T, T]:
    """Call *slow* until it has decided, then *fast* to its end, and let *slow* store.

    Each has a thread of its own. Returns both results; an error of one of them is raised once both
    have ended.
    """
    decided, go_on = Event(), Event()

    # A profile function is not traced, so coverage does not see it.
    def pause_after_decision(frame: FrameType, event: str, _: object) -> None:  # pragma: no cover
        if event == "return" and frame.f_code in _DECISIONS:
            sys.setprofile(None)
            decided.set()
            go_on.wait()

    def run_slowly() -> T:
        sys.setprofile(pause_after_decision)
        try:
            return slow()
        finally:
            sys.setprofile(None)
            decided.set()

    with ThreadPoolExecutor(2) as threads:
        late = threads.submit(run_slowly)
        decided.wait()
        early = threads.submit(fast)
        _wait_for(early)
        go_on.set()
        return early.result(), late.result()


def _wait_for(sender: Future[T]) -> None:
    """Wait until a sender has ended, or for 0.2 seconds of this thread's processor time.

    This thread works while it waits, so the sender gets as much processor time.
    """
    wait([sender], _SOON)
    begin = thread_time()
    while not sender.done() and thread_time() < begin + _PATIENCE:
        pass
