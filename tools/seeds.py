"""Try 20 seeds on each broken backend, and measure how soon the state machine finds the fault.

Run ``python tools/seeds.py``. The backends of tickets store in SQLite, those of orders in memory.
It exits with 1 if a run misses a fault within 1,000 examples. Three of the runs also shrink the
failing story, and their time is shown. The runs share the processors of the machine.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from statistics import median
from time import perf_counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken.orders import BROKEN_ORDERS, STEPS, CountingMachine, order_machine
from support.broken.stores import ALL_BROKEN, SqliteMachine, on_sqlite, sqlite_machine

SEEDS = 20
SHRUNK = 3
_SETTINGS = settings(
    max_examples=1_000,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_BROKEN = {broken.__name__: broken for broken in ALL_BROKEN}
_BROKEN_ORDERS = {broken.__name__: broken for broken in BROKEN_ORDERS}


def _machine(name: str) -> type[CountingMachine] | type[SqliteMachine]:
    if name in _BROKEN_ORDERS:
        return order_machine(_BROKEN_ORDERS[name])
    return sqlite_machine(on_sqlite(_BROKEN[name]))


def _settings(name: str) -> settings:
    return settings(_SETTINGS, stateful_step_count=STEPS if name in _BROKEN_ORDERS else 8)


def examples_until_found(name: str, number: int) -> int | None:
    """Return the number of examples until this seed finds the fault, or None if it does not."""
    machine = _machine(name)
    try:
        run_state_machine_as_test(seed(number)(machine), settings=_settings(name))
    except AssertionError:
        return machine.begun - 1  # Hypothesis runs the failing example once more to report it
    return None


def seconds_until_shrunk(name: str, number: int) -> float:
    """Return the seconds until the failing story is as short as it gets."""
    machine = _machine(name)
    shrinking = settings(_settings(name), phases=[Phase.generate, Phase.shrink])
    start = perf_counter()
    with suppress(AssertionError):
        run_state_machine_as_test(seed(number)(machine), settings=shrinking)
    return perf_counter() - start


def main() -> int:
    """Print one row for each backend: how often its fault was found, and how soon."""
    print(f"| broken backend | found, of {SEEDS} seeds | examples: median | most | s to a story |")
    print("|---|---|---|---|---|", flush=True)
    missed, times = 0, []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name in (*_BROKEN, *_BROKEN_ORDERS):
            names = [name] * SEEDS
            tried = [*pool.map(examples_until_found, names, range(SEEDS))]
            found = [examples for examples in tried if examples is not None]
            missed += SEEDS - len(found)
            times += (shrunk := [*pool.map(seconds_until_shrunk, names, range(SHRUNK))])
            numbers = f"{median(found):g} | {max(found)}" if found else "- | -"
            print(f"| {name} | {len(found)} | {numbers} | {median(shrunk):.1f} |", flush=True)
    print(f"\nmedian time to a shrunk story: {median(times):.1f} s")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
