"""How it is measured."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """What was done by whom in how many seconds, and how many times the first in its group."""

    what: str
    actor: str
    seconds: float
    ratio: float


def best(work: Callable[[], object], *, number: int, repeats: int = 7) -> float:
    """Return the CPU seconds that one call takes: the best of several repeats."""
    work()
    found = []
    for _ in range(repeats):
        begin = time.process_time()
        for _ in range(number):
            work()
        found.append((time.process_time() - begin) / number)
    return min(found)


def group(what: str, times: dict[str, float]) -> list[Row]:
    """Return the rows of one operation, as multiples of the first."""
    base = next(iter(times.values()))
    return [Row(what, actor, seconds, seconds / base) for actor, seconds in times.items()]
