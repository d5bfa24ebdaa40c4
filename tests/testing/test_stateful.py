"""TicketMachine: the right backends pass, and every broken one is shown in a few steps."""

import re
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken_backends import BROKEN
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.testing.stateful import (
    Backend,
    ConflictError,
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
    """The machine finds nothing wrong with a backend that is right."""

    class Right(TicketMachine):
        policy = name

        def backend(self) -> Backend:
            return ReferenceBackend(self.in_force)

    run_state_machine_as_test(Right, settings=settings(_SETTINGS, max_examples=8))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_backend_is_found_and_shown_in_a_few_steps(
    broken: type[ReferenceBackend],
) -> None:
    """Within 1,000 examples there is a story that shows what is wrong, shrunk to its point."""

    class Machine(TicketMachine):
        policy = "clickbank"

        def backend(self) -> Backend:
            return broken(self.in_force)

    with pytest.raises((AssertionError, ConflictError)) as failure:
        run_state_machine_as_test(Machine, settings=settings(_SETTINGS, max_examples=1_000))

    told = "\n".join(failure.value.__notes__)
    steps = re.findall(r"^state\.(?!teardown|keeps_the_laws)", told, flags=re.MULTILINE)
    assert BROKEN[broken] >= len(steps), told


class TestSubclassing:
    def test_subclassing_the_test_case_is_refused_with_the_way_out(self) -> None:
        """It would run the machine as it is, and pass whatever the backend does."""
        with pytest.raises(TypeError, match="subclass TicketMachine itself"):
            type("Mine", (TicketMachine.TestCase,), {})

    def test_the_test_case_of_a_subclass_is_its_own(self) -> None:
        """A subclass gets a test case with its name."""

        class Mine(TicketMachine):
            pass

        assert Mine.TestCase is not TicketMachine.TestCase
        assert Mine.__qualname__ + ".TestCase" == Mine.TestCase.__qualname__

    def test_a_policy_may_be_a_value(self) -> None:
        """A machine goes by a policy's name, or by one that was loaded."""
        office = load_policy("office")

        class Mine(TicketMachine):
            policy: ClassVar[str | Policy] = office

            def backend(self) -> Backend:
                return ReferenceBackend(self.in_force)

        assert office is Mine().in_force

    def test_a_machine_without_a_backend_says_so(self) -> None:
        """It would compare the reference with itself, and pass."""

        class Mine(TicketMachine):
            policy = "office"

        with pytest.raises(TypeError, match=r"Mine has no backend\(\)"):
            Mine()

    @pytest.mark.parametrize("wrong", [None, ReferenceBackend])
    def test_what_is_no_backend_is_refused(self, wrong: Any) -> None:
        """Nothing at all, or the class of one."""

        class Mine(TicketMachine):
            policy = "office"

            def backend(self) -> Backend:
                given: Backend = wrong
                return given

        with pytest.raises(TypeError, match=r"Mine.backend\(\) is .*, not a backend with send"):
            Mine()

    def test_a_failure_is_not_explained_for_minutes(self) -> None:
        """Hypothesis finds and shrinks it; what it would explain are lines of the machine."""

        class Mine(TicketMachine):
            pass

        assert Phase.shrink in Mine.TestCase.settings.phases
        assert Phase.explain not in Mine.TestCase.settings.phases


def test_a_machine_without_a_policy_says_so() -> None:
    """It could not know what is right."""
    with pytest.raises(TypeError, match="TicketMachine goes by no policy"):
        TicketMachine()


def test_a_conflict_says_who_saw_what() -> None:
    """The error carries the ticket, and both numbers of events."""
    backend = ReferenceBackend(load_policy("office"))

    with pytest.raises(ConflictError) as conflict:
        backend.check_version("T-1", 3)

    assert ("T-1", 3, 0) == (
        conflict.value.ticket,
        conflict.value.expected,
        conflict.value.actual,
    )
    assert "ticket T-1 has 0 events, the sender saw 3" == str(conflict.value)


def test_an_unopened_ticket_has_no_clocks() -> None:
    """To advance what does not exist does nothing."""
    backend = ReferenceBackend(load_policy("office"))
    backend.advance("T-1", datetime(2026, 1, 5, tzinfo=UTC))

    assert () == backend.history("T-1")
