"""TicketMachine passes correct backends, and shows the fault of a broken one in a few steps."""

import re
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken_backends import BROKEN
from ticketcore.errors import ConflictError
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.testing.stateful import (
    Backend,
    ReferenceBackend,
    TicketMachine,
)

_SETTINGS = settings(
    stateful_step_count=8,
    report_multiple_bugs=False,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("name", presets())
def test_the_reference_passes_under_every_preset(name: str) -> None:
    """The machine finds no fault in a correct backend."""

    class CorrectMachine(TicketMachine):
        policy = name

        def backend(self) -> Backend:
            return ReferenceBackend(self.loaded_policy)

    run_state_machine_as_test(CorrectMachine, settings=settings(_SETTINGS, max_examples=8))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_backend_fails_within_a_few_steps(broken: type[ReferenceBackend]) -> None:
    """1,000 examples reach the fault, and it is shown in no more steps than `BROKEN` says."""

    class BrokenMachine(TicketMachine):
        policy = "clickbank"

        def backend(self) -> Backend:
            return broken(self.loaded_policy)

    with pytest.raises((AssertionError, ConflictError)) as failure:
        run_state_machine_as_test(BrokenMachine, settings=settings(_SETTINGS, max_examples=1_000))

    notes = "\n".join(failure.value.__notes__)
    steps = re.findall(r"^state\.(?!teardown|satisfies_invariants)", notes, flags=re.MULTILINE)
    assert BROKEN[broken] >= len(steps), notes


class TestSubclassing:
    def test_a_subclass_of_the_test_case_is_refused(self) -> None:
        """It would run the base machine and pass whatever the backend does."""
        with pytest.raises(TypeError, match="subclass TicketMachine itself"):
            type("Mine", (TicketMachine.TestCase,), {})

    def test_a_subclass_has_its_own_test_case(self) -> None:
        """The test case is named after the subclass."""

        class Mine(TicketMachine):
            pass

        assert Mine.TestCase is not TicketMachine.TestCase
        assert Mine.__qualname__ + ".TestCase" == Mine.TestCase.__qualname__

    def test_a_policy_may_be_a_value(self) -> None:
        """The policy may be a loaded `Policy` instead of a name."""
        office = load_policy("office")

        class Mine(TicketMachine):
            policy: ClassVar[str | Policy] = office

            def backend(self) -> Backend:
                return ReferenceBackend(self.loaded_policy)

        assert office is Mine().loaded_policy

    def test_a_machine_without_a_policy_is_refused(self) -> None:
        """Without a policy the reference could not decide."""
        with pytest.raises(TypeError, match="TicketMachine has no policy: set the class"):
            TicketMachine()

    def test_a_machine_without_a_backend_is_refused(self) -> None:
        """It would compare the reference with itself, and pass."""

        class Mine(TicketMachine):
            policy = "office"

        with pytest.raises(TypeError, match=r"Mine has no backend\(\)"):
            Mine()

    @pytest.mark.parametrize("wrong", [None, ReferenceBackend])
    def test_a_value_that_is_not_a_backend_is_refused(self, wrong: Any) -> None:
        """None and the class of a backend are refused."""

        class Mine(TicketMachine):
            policy = "office"

            def backend(self) -> Backend:
                backend: Backend = wrong
                return backend

        with pytest.raises(TypeError, match=r"Mine.backend\(\) is .*, not a backend with send"):
            Mine()

    def test_the_phase_explain_is_left_out(self) -> None:
        """It takes minutes, and reports lines of the machine."""

        class Mine(TicketMachine):
            pass

        assert Phase.shrink in Mine.TestCase.settings.phases
        assert Phase.explain not in Mine.TestCase.settings.phases
