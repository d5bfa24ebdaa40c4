"""A state machine that sends random commands to a backend and compares it with the reference.

Each run opens two tickets. Hypothesis then picks among the rules below: send a command that the
policy accepts, one that it refuses, or one with a wrong version; let time pass; advance both
tickets. The strategies of a rule depend on the current ticket, so they are made from the machine
itself (`st.runner()`). The reference backend decides what is correct. After each rule the machine
compares the two histories event by event, and an invariant checks the stored history by itself.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ticketcore.commands import Command
from ticketcore.errors import ConflictError, RefusedError
from ticketcore.policies import Policy
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._invariants import violations
from ticketcore.testing._policy_facts import load_cached
from ticketcore.testing.stateful._backend import Backend, ReferenceBackend
from ticketcore.testing.strategies import (
    accepts_any_command,
    commands,
    interesting_instants,
    invalid_commands,
)
from ticketcore.ticket import Ticket

_TICKET = "00000000001"
_OTHER_TICKET = "00000000002"

# The phase `explain` takes a minute for each failure, and reports lines of this file.
_PHASES = [phase for phase in Phase if phase is not Phase.explain]


def _openings(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    return commands(None, machine.loaded_policy)


def _accepted(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    return commands(machine.ticket, machine.loaded_policy, at=st.just(machine.now))


def _refused(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    return invalid_commands(machine.ticket, machine.loaded_policy, at=st.just(machine.now))


def _accepts_any(machine: "TicketMachine") -> bool:
    ticket = machine.ticket
    return ticket is not None and accepts_any_command(ticket, machine.loaded_policy, machine.now)


def _wrong_versions(machine: "TicketMachine") -> st.SearchStrategy[int]:
    actual = len(machine.tested.history(_TICKET))
    return st.sampled_from([*range(actual), actual + 1])


def _later_instants(machine: "TicketMachine") -> st.SearchStrategy[datetime]:
    return interesting_instants(machine.ticket).flatmap(lambda at: st.just(max(at, machine.now)))


class TicketMachine(RuleBasedStateMachine):
    """Send commands to a backend, let time pass, and compare it with a reference backend.

    Subclass it with a policy and a backend, and assign its test case to a name that the test
    runner finds:

        class MyMachine(TicketMachine):
            policy = "my-rules.toml"

            def backend(self):
                return MyBackend(self.loaded_policy)

        TestMyBackend = MyMachine.TestCase

    After every step the histories of both backends must be equal, and the history must not
    violate an invariant of :func:`ticketcore.testing.violations`. A second ticket is opened and
    then only advanced. Set *checks_versions* to False for a backend that locks a ticket while its
    sender looks at it, and so ignores the version.
    """

    policy: ClassVar[str | Policy]
    checks_versions: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        source = getattr(self, "policy", None)
        if source is None:
            raise TypeError(
                f"{type(self).__name__} has no policy: "
                "set the class attribute policy to a preset name, a path or a Policy"
            )
        self.loaded_policy: Policy = source if isinstance(source, Policy) else load_cached(source)
        self.reference: ReferenceBackend = ReferenceBackend(self.loaded_policy)
        self.tested: Backend = _checked_backend(self.backend(), type(self).__name__)
        self.now: datetime = datetime.min.replace(tzinfo=UTC)

    def backend(self) -> Backend:
        """Return the tested backend, new and empty, under the policy `self.loaded_policy`."""
        name = type(self).__name__
        raise TypeError(f"{name} has no backend(): define it to return the backend to test")

    @property
    def ticket(self) -> Ticket | None:
        """The ticket of the reference backend, as its events made it."""
        return self.reference.ticket(_TICKET)

    @initialize(command=st.runner().flatmap(_openings))
    def open_tickets(self, command: Command) -> None:
        """Open two equal tickets."""
        self.now = command.at
        self._send(command)
        self._send(command, _OTHER_TICKET)

    @rule(at=st.runner().flatmap(_later_instants))
    def let_time_pass(self, at: datetime) -> None:
        """Let time pass without advancing a ticket."""
        self.now = at

    @rule(at=st.runner().flatmap(_later_instants))
    def advance_tickets(self, at: datetime) -> None:
        """Let time pass, and advance both tickets."""
        self.now = at
        for ticket in (_TICKET, _OTHER_TICKET):
            self._advance(at, ticket)
            self._compare("the ticket was advanced", ticket)

    @precondition(_accepts_any)
    @rule(command=st.runner().flatmap(_accepted))
    def send_accepted(self, command: Command) -> None:
        """Send a command that the policy accepts."""
        self._send(command)

    @rule(command=st.runner().flatmap(_refused))
    def send_refused(self, command: Command) -> None:
        """Send a command that the policy refuses."""
        self._send(command)

    @precondition(lambda self: self.checks_versions and _accepts_any(self))
    @rule(command=st.runner().flatmap(_accepted), version=st.runner().flatmap(_wrong_versions))
    def send_with_wrong_version(self, command: Command, version: int) -> None:
        """Send a command whose sender has seen too few events, or some that do not exist."""
        try:
            self.tested.send(_TICKET, command, version)
        except ConflictError:
            self._compare(f"{shown(command)} met a conflict")
        else:
            self._fail(f"{shown(command)}\n  was not a conflict: the sender saw {version} events")

    @invariant()
    def satisfies_invariants(self) -> None:
        """Check the stored history by itself."""
        history = self.tested.history(_TICKET)
        if history and (sentences := violations(history, self.loaded_policy)):
            self._fail("\n  ".join(("the history violates invariants:", *sentences)))

    def _send(self, command: Command, ticket: str = _TICKET) -> None:
        expected = _send_to(self.reference, command, ticket)
        actual = _send_to(self.tested, command, ticket)
        if actual != expected:
            self._fail(f"{shown(command)}\n  expected: {expected}\n  actual:   {actual}")
        if expected != "accepted":  # the events of timers may be stored, or not yet
            self._advance(command.at, ticket)
        self._compare(f"{shown(command)} was {expected}", ticket)

    def _advance(self, at: datetime, ticket: str) -> None:
        self.reference.advance(ticket, at)
        self.tested.advance(ticket, at)

    def _compare(self, step: str, ticket: str = _TICKET) -> None:
        expected = self.reference.history(ticket)
        if lines := difference(expected, self.tested.history(ticket)):
            self._fail(f"after {step}\n  the history is not the expected one:\n{lines}")

    def _fail(self, message: str) -> NoReturn:
        raise AssertionError(f"{type(self).__name__}: {message}")

    @classmethod
    def _to_test_case(cls) -> Any:  # type: ignore[override]  # the base caches it, as this does
        case: Any = super()._to_test_case()
        case.__init_subclass__ = classmethod(_refuse_subclass)
        case.settings = settings(case.settings, phases=_PHASES)
        return case


def _send_to(backend: Backend, command: Command, ticket: str) -> str:
    """Send a command with the current version; return "accepted", or the refusal."""
    try:
        backend.send(ticket, command, len(backend.history(ticket)))
    except RefusedError as refusal:
        return f"refused ({refusal.code})"
    return "accepted"


def _checked_backend(backend: Backend, machine: str) -> Backend:
    """Return the backend; raise TypeError if it is a class or lacks a method."""
    for method in ("send", "advance", "history"):
        if isinstance(backend, type) or not callable(getattr(backend, method, None)):
            raise TypeError(f"{machine}.backend() is {backend!r}, not a backend with {method}()")
    return backend


def _refuse_subclass(case: type[Any], /, **_: object) -> None:
    machine = case.__mro__[1].__qualname__.removesuffix(".TestCase")
    raise TypeError(
        f"{case.__name__} subclasses {machine}.TestCase, which always runs {machine}: "
        f"subclass {machine} itself, give it a backend(), and assign its own TestCase"
    )
