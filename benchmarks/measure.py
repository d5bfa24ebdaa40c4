"""How it is measured, and how it is shown: CPU time, the best of several rounds of one run."""

import time
from collections.abc import Callable, Iterable, Mapping

from rich.console import Console
from rich.table import Table


def best(works: Mapping[str, Callable[[], object]], *, rounds: int = 9) -> dict[str, float]:
    """CPU seconds of one call of each. The rounds go through all, so that noise meets each."""
    numbers = {name: _often_enough(work) for name, work in works.items()}
    found: dict[str, float] = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.process_time()
            for _ in range(numbers[name]):
                work()
            found[name] = min(found[name], (time.process_time() - begin) / numbers[name])
    return found


def _often_enough(work: Callable[[], object]) -> int:
    begin = time.perf_counter()
    work()
    return max(1, int(0.02 / (time.perf_counter() - begin)))


def show(title: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print one table."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, name in enumerate(header):
        table.add_column(name, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def micros(seconds: float) -> str:
    """A time in microseconds."""
    return f"{seconds * 1e6:,.2f} µs"
