"""CPU time of one call, as rows of a table."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """An operation, the library, its CPU seconds, and the ratio to the first of its group."""

    operation: str
    library: str
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


def group(operation: str, times: dict[str, float]) -> list[Row]:
    """Return the rows of one operation, as multiples of the first."""
    base = next(iter(times.values()))
    return [Row(operation, library, time, time / base) for library, time in times.items()]
