"""TicketMachine passes correct backends, and shows the fault of a broken one in a few steps."""

from threading import Lock
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken.backends import (
    IgnoresConflicts,
    IgnoresRefusals,
    LeavesItsCursor,
    LosesTheActor,
)
from support.broken.stores import InsertsOrReplaces, memory_machine, sqlite_machine
from support.stores.sqlite_backend import SqliteBackend
from ticketcore.commands import Command
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.testing.stateful import Backend, ReferenceBackend, TicketMachine

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
    """The reference backend passes under every preset."""

    class CorrectMachine(TicketMachine):
        policy = name

        def backend(self) -> Backend:
            return ReferenceBackend(self.loaded_policy)

    run_state_machine_as_test(CorrectMachine, settings=settings(_SETTINGS, max_examples=8))


def test_a_correct_backend_on_sqlite_passes() -> None:
    """A correct backend on SQLite passes, with restarts and two threads at once."""
    machine = sqlite_machine(SqliteBackend)

    run_state_machine_as_test(machine, settings=settings(_SETTINGS, max_examples=25))


def test_a_backend_that_locks_a_ticket_passes() -> None:
    """A backend that locks a ticket passes: the second sender waits for the first."""

    class Locked(ReferenceBackend):
        def __init__(self, policy: Policy) -> None:
            super().__init__(policy)
            self.lock = Lock()

        def send(self, ticket: str, command: Command, version: int) -> None:
            with self.lock:
                super().send(ticket, command, len(self.history(ticket)))

    class LockedMachine(TicketMachine):
        policy = "office"
        checks_versions = False
        races = True

        def backend(self) -> Backend:
            return Locked(self.loaded_policy)

    run_state_machine_as_test(LockedMachine, settings=settings(_SETTINGS, max_examples=5))


@pytest.mark.parametrize(
    ("machine", "message"),
    [
        (memory_machine(IgnoresRefusals), "expected: refused"),
        (memory_machine(IgnoresConflicts), "was not a conflict: the sender saw"),
        (memory_machine(LeavesItsCursor), "the history violates invariants:"),
        (sqlite_machine(InsertsOrReplaces), "No order of the two commands gives these results."),
    ],
)
def test_the_failure_says_what_differs(machine: type[TicketMachine], message: str) -> None:
    """A failure names the difference: the command, the version, the invariant or the race."""
    with pytest.raises(AssertionError, match=message):
        run_state_machine_as_test(machine, settings=settings(_SETTINGS, max_examples=300))


def test_a_failing_story_is_printed_without_defaults() -> None:
    """A failing story is printed with one line for each step, without defaults."""
    machine = memory_machine(LosesTheActor)
    with pytest.raises(AssertionError) as failure:
        run_state_machine_as_test(machine, settings=settings(_SETTINGS, max_examples=200))

    told = [line for line in failure.value.__notes__ if "command=" in line]
    assert told[0].startswith("state.open_tickets(command=Open(at=2024-01-01T00:00:00+00:00, by=")
    assert "None" not in "".join(told)
    assert "actor='p-17'" in told[-1]


class TestSubclassing:
    def test_a_subclass_of_the_test_case_is_refused(self) -> None:
        """A subclass of the test case is refused, because it would test the base machine."""
        with pytest.raises(TypeError, match="subclass TicketMachine itself"):
            type("Mine", (TicketMachine.TestCase,), {})

    def test_a_subclass_has_its_own_test_case(self) -> None:
        """The test case of a machine is named after its subclass."""

        class Mine(TicketMachine):
            pass

        assert Mine.TestCase is not TicketMachine.TestCase
        assert Mine.__qualname__ + ".TestCase" == Mine.TestCase.__qualname__

    def test_a_policy_may_be_a_value(self) -> None:
        """The policy of a machine may be a `Policy` instead of a name."""
        office = load_policy("office")

        class Mine(TicketMachine):
            policy: ClassVar[str | Policy] = office

            def backend(self) -> Backend:
                return ReferenceBackend(self.loaded_policy)

        assert office is Mine().loaded_policy

    def test_a_machine_without_a_policy_is_refused(self) -> None:
        """A machine without a policy is refused, because the reference could not decide."""
        with pytest.raises(TypeError, match="TicketMachine has no policy: set the class"):
            TicketMachine()

    def test_a_machine_without_a_backend_is_refused(self) -> None:
        """A machine without a backend is refused, because it would test the reference itself."""

        class Mine(TicketMachine):
            policy = "office"

        with pytest.raises(TypeError, match=r"Mine has no backend\(\)"):
            Mine()

    @pytest.mark.parametrize("wrong", [None, ReferenceBackend])
    def test_a_value_that_is_not_a_backend_is_refused(self, wrong: Any) -> None:
        """A value that is not a backend is refused, such as None or a class."""

        class Mine(TicketMachine):
            policy = "office"

            def backend(self) -> Backend:
                backend: Backend = wrong
                return backend

        with pytest.raises(TypeError, match=r"Mine.backend\(\) is .*, not a backend with send"):
            Mine()

    def test_a_restart_changes_nothing_unless_it_is_defined(self) -> None:
        """A machine without its own `restart` keeps its backend."""

        class Mine(TicketMachine):
            policy = "office"

            def backend(self) -> Backend:
                return ReferenceBackend(self.loaded_policy)

        machine = Mine()
        assert machine.tested is machine.restart()

    def test_a_backend_without_run_due_can_be_restarted(self) -> None:
        """After a restart, the backend is compared; it runs what is due only if it can."""

        class Mine(TicketMachine):
            policy = "office"

            def backend(self) -> Backend:
                return ReferenceBackend(self.loaded_policy)

            def restart(self) -> Backend:
                return self.backend()

        machine = Mine()
        before = machine.tested
        machine.restart_backend(machine.now)

        assert not hasattr(before, "run_due")
        assert machine.tested is not before

    def test_the_phase_explain_is_left_out(self) -> None:
        """The phase `explain` of Hypothesis is left out, because it takes minutes."""

        class Mine(TicketMachine):
            pass

        assert Phase.shrink in Mine.TestCase.settings.phases
        assert Phase.explain not in Mine.TestCase.settings.phases
