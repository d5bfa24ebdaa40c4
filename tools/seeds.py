"""Is each broken backend found, whatever the seed? `python tools/seeds.py` tries twenty of each.

Exits with 1 when one of them is missed within 1,000 examples.
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
    """How many examples it took with this seed; None where it was not found."""
    begun = 0
    found: int | None = None

    class Machine(TicketMachine):
        policy = "clickbank"

        def backend(self) -> Backend:
            nonlocal begun
            begun += 1
            return broken(self.in_force)

    try:
        run_state_machine_as_test(seed(number)(Machine), settings=_SETTINGS)
    except AssertionError:
        found = begun - 1  # the last one is told again, to be reported
    return found


def main() -> int:
    """Print a row for each backend: how often it was found, and after how many examples."""
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
