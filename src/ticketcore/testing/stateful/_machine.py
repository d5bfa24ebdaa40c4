"""A state machine that lives through stories with a backend, and compares it to the reference."""

from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.policies import Policy
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._laws import broken_laws
from ticketcore.testing._loaded import loaded
from ticketcore.testing.stateful._backend import Backend, ConflictError
from ticketcore.testing.stateful._reference import ReferenceBackend
from ticketcore.testing.strategies import commands, grants_something, misfit_commands, moments
from ticketcore.ticket import Ticket

_TICKET = "00000000001"
_OTHER = "00000000002"

# To explain a failure takes Hypothesis a minute, and tells lines of this file.
_PHASES = [phase for phase in Phase if phase is not Phase.explain]


def _opening(machine: Any) -> st.SearchStrategy[Command]:
    return commands(None, machine.in_force)


def _fitting(machine: Any) -> st.SearchStrategy[Command]:
    return commands(machine.ticket, machine.in_force, at=st.just(machine.now))


def _grants_something(machine: Any) -> bool:
    return grants_something(machine.ticket, machine.in_force, machine.now)


def _misfit(machine: Any) -> st.SearchStrategy[Command]:
    return misfit_commands(machine.ticket, machine.in_force, at=st.just(machine.now))


def _wrong_version(machine: Any) -> st.SearchStrategy[int]:
    actual = len(machine.real.history(_TICKET))
    return st.sampled_from([*range(actual), actual + 1])


def _later(machine: Any) -> st.SearchStrategy[datetime]:
    return moments(machine.ticket).flatmap(lambda at: st.just(max(at, machine.now)))


class TicketMachine(RuleBasedStateMachine):
    """Drives commands and the clock against a policy, and checks that a backend does as it must.

    Subclass it, say with which policy and backend, and let a runner find its test case:

        class MyMachine(TicketMachine):
            policy = "my-rules.toml"

            def backend(self):
                return MyBackend(self.in_force)

        TestMyBackend = MyMachine.TestCase

    After every step the history of the backend is compared to that of the reference, event by
    event, and has to keep the laws of :func:`ticketcore.testing.broken_laws`. A second ticket is
    opened besides and left alone, but for its clocks. *conflicts* is False for a backend that
    lets one sender at a time look at a ticket and so needs no version.
    """

    policy: ClassVar[str | Policy]
    conflicts: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        said = getattr(self, "policy", None)
        if said is None:
            name = type(self).__name__
            raise TypeError(f"{name} goes by no policy: set policy to a name, a path or a Policy")
        self.in_force: Policy = said if isinstance(said, Policy) else loaded(said)
        self.reference: ReferenceBackend = ReferenceBackend(self.in_force)
        self.real: Backend = _checked(self.backend(), f"{type(self).__name__}.backend()")
        self.now: datetime = datetime.min.replace(tzinfo=UTC)

    def backend(self) -> Backend:
        """The backend to be tested, new and empty, under the policy `self.in_force`."""
        name = type(self).__name__
        raise TypeError(f"{name} has no backend(): say there which one is to be tested")

    @property
    def ticket(self) -> Ticket | None:
        """The ticket as it has to be now, with all that its clocks have brought about."""
        return self.reference.ticket(_TICKET)

    @initialize(command=st.runner().flatmap(_opening))
    def open(self, command: Command) -> None:
        """A ticket is opened, and another just like it."""
        self.now = command.at
        self._send(command)
        self._send(command, _OTHER)

    @rule(at=st.runner().flatmap(_later))
    def wait(self, at: datetime) -> None:
        """Time passes, and nobody looks."""
        self.now = at

    @rule(at=st.runner().flatmap(_later))
    def notice(self, at: datetime) -> None:
        """Time passes, and the backend looks at its clocks, however late."""
        self.now = at
        for ticket in (_TICKET, _OTHER):
            self._run_clocks(at, ticket)
            self._compare("the clocks were looked at", ticket)

    @precondition(_grants_something)
    @rule(command=st.runner().flatmap(_fitting))
    def ask(self, command: Command) -> None:
        """Somebody asks for what the policy grants."""
        self._send(command)

    @rule(command=st.runner().flatmap(_misfit))
    def ask_in_vain(self, command: Command) -> None:
        """Somebody asks for what the policy refuses."""
        self._send(command)

    @precondition(lambda self: self.conflicts and _grants_something(self))
    @rule(command=st.runner().flatmap(_fitting), version=st.runner().flatmap(_wrong_version))
    def ask_too_late(self, command: Command, version: int) -> None:
        """Somebody asks who has not seen the ticket's last events, or not this ticket's."""
        if not self._meets_conflict(command, version):
            said = f"came from one who had seen {version} events: no conflict"
            self._fail(f"{shown(command)}\n  {said}")
        self._compare(f"{shown(command)} met a conflict")

    @invariant()
    def keeps_the_laws(self) -> None:
        """Whatever was asked, the history is one that could be."""
        history = self.real.history(_TICKET)
        if history and (broken := broken_laws(history, self.in_force)):
            self._fail("\n  ".join(("the history breaks laws:", *broken)))

    def _send(self, command: Command, ticket: str = _TICKET) -> None:
        expected = self._outcome(self.reference, command, ticket)
        actual = self._outcome(self.real, command, ticket)
        said = shown(command)
        if actual != expected:
            self._fail(f"{said}\n  has to be {expected}, and was {actual}")
        if expected != "accepted":  # what the clocks brought about before may be kept, or not yet
            self._run_clocks(command.at, ticket)
        self._compare(f"{said} was {expected}", ticket)

    def _run_clocks(self, at: datetime, ticket: str = _TICKET) -> None:
        self.reference.advance(ticket, at)
        self.real.advance(ticket, at)

    def _outcome(self, backend: Backend, command: Command, ticket: str) -> str:
        try:
            backend.send(ticket, command, len(backend.history(ticket)))
        except RefusedError as refusal:
            return f"refused ({refusal.code})"
        return "accepted"

    def _meets_conflict(self, command: Command, version: int) -> bool:
        try:
            self.real.send(_TICKET, command, version)
        except ConflictError:
            return True
        return False

    def _compare(self, after: str, ticket: str = _TICKET) -> None:
        expected = self.reference.history(ticket)
        if found := difference(expected, self.real.history(ticket)):
            self._fail(f"after {after}\n  the history is not as it must be:\n{found}")

    def _fail(self, message: str) -> NoReturn:
        raise AssertionError(f"{type(self).__name__}: {message}")

    @classmethod
    def _to_test_case(cls) -> Any:  # type: ignore[override]  # the base caches it, as this does
        case: Any = super()._to_test_case()
        case.__init_subclass__ = classmethod(_refuse_subclass)
        case.settings = settings(case.settings, phases=_PHASES)
        return case


def _checked(backend: Backend, what: str) -> Backend:
    for method in ("send", "advance", "history"):
        if isinstance(backend, type) or not callable(getattr(backend, method, None)):
            raise TypeError(f"{what} is {backend!r}, not a backend with {method}()")
    return backend


def _refuse_subclass(case: type[Any], /, **_: object) -> None:
    machine = case.__mro__[1].__qualname__.removesuffix(".TestCase")
    raise TypeError(
        f"{case.__name__} subclasses {machine}.TestCase, which runs {machine} as it is: "
        f"subclass {machine} itself, give it a backend(), and assign its own TestCase"
    )
