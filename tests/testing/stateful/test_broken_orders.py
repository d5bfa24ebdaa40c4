"""OrderMachine finds the fault of a broken backend, and shows it in a few steps."""

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken.orders import (
    BROKEN_ORDERS,
    STEPS,
    CountingMachine,
    JoinsNewestFacts,
    KeepsClaims,
    order_machine,
)
from support.broken.stores import SEEDED, steps_of, story_of
from ticketcore.testing.stateful import ReferenceOrderBackend


def _failure(machine: type[CountingMachine], number: int, *phases: Phase) -> AssertionError:
    """Return how the machine fails with a seed."""
    found = settings(SEEDED, phases=phases, stateful_step_count=STEPS)
    with pytest.raises(AssertionError) as failure:
        run_state_machine_as_test(seed(number)(machine), settings=found)
    return failure.value


@pytest.mark.no_cover
@pytest.mark.parametrize("broken", BROKEN_ORDERS, ids=lambda broken: broken.__name__)
def test_the_fault_is_found(broken: type[ReferenceOrderBackend]) -> None:
    """Each seed finds the fault of the backend for orders within 1,000 examples."""
    for number in range(5):
        assert "Machine: " in str(_failure(order_machine(broken), number, Phase.generate))


@pytest.mark.no_cover
@pytest.mark.parametrize("broken", [JoinsNewestFacts, KeepsClaims])
def test_the_story_is_short(broken: type[ReferenceOrderBackend]) -> None:
    """The story of a failure has the two openings, and hardly more than the steps it needs."""
    for number in range(3):
        failure = _failure(order_machine(broken), number, Phase.generate, Phase.shrink)

        assert 4 >= steps_of(failure), story_of(failure)
