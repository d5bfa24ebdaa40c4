"""Try 20 seeds on each broken backend, and count how often the state machine finds the fault.

Run ``python tools/seeds.py``. It exits with 1 if a run misses a fault within 1,000 examples.
"""

import sys
from statistics import median

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken_backends import BROKEN
from ticketcore.testing.stateful import Backend, ReferenceBackend, TicketMachine

SEEDS = 20
_SETTINGS = settings(
    max_examples=1_000,
    stateful_step_count=8,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def examples_until_found(broken: type[ReferenceBackend], number: int) -> int | None:
    """Return the number of examples until this seed finds the fault, or None if it does not."""
    begun = 0
    found: int | None = None

    class Machine(TicketMachine):
        policy = "clickbank"

        def backend(self) -> Backend:
            nonlocal begun
            begun += 1
            return broken(self.loaded_policy)

    try:
        run_state_machine_as_test(seed(number)(Machine), settings=_SETTINGS)
    except AssertionError:
        found = begun - 1  # Hypothesis runs the failing example once more to report it
    return found


def main() -> int:
    """Print one row for each backend: how often its fault was found, after how many examples."""
    print(f"| broken backend | found, of {SEEDS} seeds | examples: median | most |")
    print("|---|---|---|---|")
    missed = 0
    for broken in BROKEN:
        tried = [examples_until_found(broken, number) for number in range(SEEDS)]
        found = [examples for examples in tried if examples is not None]
        missed += SEEDS - len(found)
        numbers = f"{median(found):g} | {max(found)}" if found else "- | -"
        print(f"| {broken.__name__} | {len(found)} | {numbers} |", flush=True)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
