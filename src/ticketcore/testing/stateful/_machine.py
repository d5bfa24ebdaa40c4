"""A state machine that sends random commands to a backend and compares it with the reference.

Each run opens three tickets. Hypothesis then picks among the rules below: send a command that the
policy accepts, many replies, one that it refuses, one that was granted before, or one with
a wrong version; open another ticket in an hour that clocks show twice, which a database that
stores local times reads wrong; let time pass; advance all tickets. Restarts, races and `run_due`
have rules of their own, for backends that support them. The strategies of a rule depend on the
current ticket, so they are made from the machine itself (`st.runner()`). The reference backend
decides what is correct. After each rule the machine compares the histories event by event, and an
invariant checks the stored history by itself.

Hypothesis deletes a step from a failing story only if the step drew at most five values. It sorts
the rules by the number of their arguments and by name, and tries the first one three times if its
precondition does not hold. So the first, `advance_tickets`, has none, and no rule lacks arguments.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from ticketcore.commands import Command, Reply
from ticketcore.errors import ConflictError, RefusedError
from ticketcore.events import PARTIES, Event
from ticketcore.testing._candidates import concerns_money, permitted, try_command
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._invariants import violations
from ticketcore.testing.stateful._backend import Backend, ReferenceBackend
from ticketcore.testing.stateful._base import PolicyMachine
from ticketcore.testing.stateful._race import race
from ticketcore.testing.strategies import (
    accepts_any_command,
    commands,
    interesting_instants,
    invalid_commands,
)
from ticketcore.testing.strategies._commands import instants_of_timers
from ticketcore.testing.strategies._instants import repeated_times
from ticketcore.ticket import Ticket

_TICKET = "00000000001"
_TICK = timedelta(microseconds=1)
_MANY = 15


def _openings(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    return commands(None, machine.loaded_policy)


def _accepted(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    return commands(machine.ticket, machine.loaded_policy, at=st.just(machine.now))


def _refused(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    return invalid_commands(machine.ticket, machine.loaded_policy, at=st.just(machine.now))


def _accepts_any(machine: "TicketMachine", at: datetime | None = None) -> bool:
    ticket, at = machine.ticket, at or machine.now
    return ticket is not None and accepts_any_command(ticket, machine.loaded_policy, at)


def _about_money(machine: "TicketMachine") -> Iterator[Command]:
    """Yield the commands about the order's money that the policy accepts."""
    ticket = machine.ticket
    assert ticket is not None, "the first rule opens it"
    for build in filter(concerns_money, permitted(ticket, machine.loaded_policy, machine.now)):
        command = build()
        if not isinstance(try_command(ticket, command, machine.loaded_policy), RefusedError):
            yield command


def _replies(machine: "TicketMachine") -> Iterator[Reply]:
    """Yield the replies that the policy accepts, one of each party."""
    ticket, policy = machine.ticket, machine.loaded_policy
    assert ticket is not None, "the first rule opens it"
    for by in PARTIES:
        command = Reply(at=machine.now, by=by, text="a word")
        if not isinstance(try_command(ticket, command, policy), RefusedError):
            yield command


def _granted(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    """Draw a command that was granted, the latest first, as it was or with a new date."""
    return st.sampled_from(machine.granted[::-1]).flatmap(
        lambda command: st.sampled_from([command, attrs.evolve(command, at=machine.now)])
    )


def _wrong_versions(machine: "TicketMachine") -> st.SearchStrategy[int]:
    actual = len(machine.tested.history(_TICKET))
    return st.sampled_from([0, actual + 1, *range(1, actual)])


def _next_instants(machine: "TicketMachine") -> st.SearchStrategy[datetime]:
    """Draw the instant at which a timer acts next, one beside it, the present or a later one.

    Each has the same place in the list at every step, so that steps before it can be deleted.
    """
    tickets = filter(None, map(machine.reference.ticket, machine.reference.events))
    acts = instants_of_timers(tickets, after=machine.now)
    first, *later = acts or [machine.now + timedelta(days=1)]
    return st.sampled_from([first, first - _TICK, first + _TICK, machine.now, *later])


def _repeated(machine: "TicketMachine") -> list[datetime]:
    return repeated_times(machine.now) or [machine.now]


def _later_instants(machine: "TicketMachine") -> st.SearchStrategy[datetime]:
    any_later = interesting_instants(machine.ticket).map(lambda at: max(at, machine.now))
    return _next_instants(machine) | any_later | st.sampled_from(_repeated(machine))


def _accepted_later(machine: "TicketMachine") -> st.SearchStrategy[Command]:
    """Draw a command that the policy accepts when some timer acts, or now."""
    accepting = _next_instants(machine).map(
        lambda at: at if _accepts_any(machine, at) else machine.now
    )
    return commands(machine.ticket, machine.loaded_policy, at=accepting)


class TicketMachine(PolicyMachine):
    """Send commands to a backend, let time pass, and compare it with a reference backend.

    Subclass it with a policy and a backend, and assign its test case to a name that the test
    runner finds:

        class MyMachine(TicketMachine):
            policy = "my-rules.toml"

            def backend(self):
                return MyBackend(self.loaded_policy)

        TestMyBackend = MyMachine.TestCase

    After every step the histories of both backends must be equal, and the history must not
    violate an invariant of :func:`ticketcore.testing.violations`. Two further tickets are opened
    and then only advanced.

    Set *checks_versions* to False for a backend that locks a ticket while its sender looks at it,
    and so ignores the version. Set *races* to True for a backend that several threads may call.
    Define :meth:`restart` for one whose process may end. A backend with a method ``run_due(at)``,
    which advances all its tickets, has that called too.
    """

    checks_versions: ClassVar[bool] = True
    races: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.reference: ReferenceBackend = ReferenceBackend(self.loaded_policy)
        self.tested: Backend = self._checked(self.backend())
        self.now: datetime = datetime.min.replace(tzinfo=UTC)
        self._opening: Command | None = None
        self._opened: int = 3
        self.granted: list[Command] = []
        self._tickets: list[str] = []
        self._sound: tuple[Event, ...] = ()

    def backend(self) -> Backend:
        """Return the tested backend, new and empty, under the policy `self.loaded_policy`."""
        name = type(self).__name__
        raise TypeError(f"{name} has no backend(): define it to return the backend to test")

    def restart(self) -> Backend:
        """Return the backend after a restart of its process, with the stored tickets."""
        return self.tested

    @property
    def ticket(self) -> Ticket | None:
        """The ticket of the reference backend, as its events made it."""
        return self.reference.ticket(_TICKET)

    @initialize(command=st.runner().flatmap(_openings))
    def open_tickets(self, command: Command) -> None:
        """Open three equal tickets."""
        self._opening, self.now = command, command.at
        for number in (1, 2, 3):
            self._tickets.append(f"{number:011}")
            self._send(command, self._tickets[-1])

    @rule(at=st.runner().flatmap(lambda self: st.sampled_from(_repeated(self))))
    def open_another(self, at: datetime) -> None:
        """Open another ticket in an hour that clocks show twice."""
        assert self._opening is not None, "the first rule opens it"
        self._opened += 1
        self._send(attrs.evolve(self._opening, at=at), f"{self._opened:011}")

    @rule(at=st.runner().flatmap(_later_instants))
    def let_time_pass(self, at: datetime) -> None:
        """Let time pass without advancing a ticket."""
        self.now = at

    @rule(at=st.runner().flatmap(_later_instants))
    def advance_tickets(self, at: datetime) -> None:
        """Let time pass, and advance all tickets one by one."""
        self.now = at
        for ticket in self._tickets:
            self._advance(at, ticket)
            self._compare("the ticket was advanced", ticket)

    @precondition(lambda self: hasattr(self.tested, "run_due"))
    @rule(at=st.runner().flatmap(_later_instants))
    def run_due(self, at: datetime) -> None:
        """Let time pass, and have the backend advance all tickets in one call."""
        self.now = at
        self._run_due()

    @precondition(lambda self: type(self).restart is not TicketMachine.restart)
    @rule(at=st.runner().flatmap(_later_instants))
    def restart_backend(self, at: datetime) -> None:
        """Let time pass, and restart the backend: it has what it stored, and runs what is due."""
        self.now = at
        self.tested = self._checked(self.restart())
        for ticket in self._tickets:
            self._compare("a restart", ticket)
        if hasattr(self.tested, "run_due"):
            self._run_due()

    @precondition(_accepts_any)
    @rule(command=st.runner().flatmap(_accepted))
    def send_accepted(self, command: Command) -> None:
        """Send a command that the policy accepts."""
        self._send(command)

    @precondition(lambda self: any(_about_money(self)))
    @rule(command=st.runner().flatmap(lambda self: st.sampled_from([*_about_money(self)])))
    def send_about_money(self, command: Command) -> None:
        """Send a command about the order's money that the policy accepts, and send it again."""
        self._send(command)
        self._send(command)

    @precondition(lambda self: any(_replies(self)))
    @rule(reply=st.runner().flatmap(lambda self: st.sampled_from([*_replies(self)])))
    def send_many(self, reply: Reply) -> None:
        """Send many replies, so that the history is longer than a page of results."""
        for number in range(_MANY):
            command = attrs.evolve(reply, text=f"message {number}")
            _send_to(self.reference, command)
            _send_to(self.tested, command)
        self._compare(f"{_MANY} times {shown(reply)}")

    @rule(command=st.runner().flatmap(_refused))
    def send_refused(self, command: Command) -> None:
        """Send a command that the policy refuses."""
        self._send(command)

    @precondition(lambda self: self.granted)
    @rule(command=st.runner().flatmap(_granted))
    def send_again(self, command: Command) -> None:
        """Send a granted command again, as a client does that has got no answer."""
        self._send(command)

    @precondition(lambda self: self.races and _accepts_any(self))
    @rule(first=st.runner().flatmap(_accepted), second=st.runner().flatmap(_accepted))
    def send_two_at_once(self, first: Command, second: Command) -> None:
        """Send two commands at once, to the same version of the ticket.

        The result must be that of one of the two orders in which the commands can be handled.
        """
        self._advance(self.now, _TICKET)  # no timer is due, so that a refusal stores nothing
        seen = len(self.reference.history(_TICKET)) if self.checks_versions else None
        sendings = [partial(_send_to, self.tested, c, _TICKET, seen) for c in (first, second)]
        outcomes = race(*sendings)  # the second decides before the first, and stores after it
        history = self.tested.history(_TICKET)
        for order in ((0, 1), (1, 0)):
            reference = self.reference.copy()
            expected = {i: _send_to(reference, (first, second)[i], _TICKET, seen) for i in order}
            if (expected[0], expected[1]) == outcomes and reference.history(_TICKET) == history:
                self.reference = reference
                return
        lines = difference(reference.history(_TICKET), history)
        self.fail(
            f"two senders at once: {shown(first)} was {outcomes[0]},\n"
            f"  and {shown(second)} was {outcomes[1]}.\n"
            f"  No order of the two commands gives these results. If the second comes first:\n"
            f"{lines}"
        )

    @precondition(lambda self: self.checks_versions and _accepts_any(self))
    @rule(
        command=st.runner().flatmap(_accepted_later), version=st.runner().flatmap(_wrong_versions)
    )
    def send_with_wrong_version(self, command: Command, version: int) -> None:
        """Let time pass, and send a command whose sender has not seen the events that exist."""
        self.now = command.at
        outcome = _send_to(self.tested, command, version=version)
        if outcome != _CONFLICT:
            self.fail(f"{shown(command)}\n  was not a conflict: the sender saw {version} events")
        self._compare(f"{shown(command)} met a conflict")

    @invariant()
    def satisfies_invariants(self) -> None:
        """Check the stored history by itself, unless it is the one that was checked last."""
        history = tuple(self.tested.history(_TICKET))
        if history == self._sound:
            return
        if sentences := violations(history, self.loaded_policy):
            self.fail("\n  ".join(("the history violates invariants:", *sentences)))
        self._sound = history

    def _send(self, command: Command, ticket: str = _TICKET) -> None:
        expected = _send_to(self.reference, command, ticket)
        actual = _send_to(self.tested, command, ticket)
        if actual != expected:
            self.fail(f"{shown(command)}\n  expected: {expected}\n  actual:   {actual}")
        if expected != _ACCEPTED:  # the events of timers may be stored, or not yet
            self._advance(command.at, ticket)
        elif ticket == _TICKET:
            self.granted.append(command)
        self._compare(f"{shown(command)} was {expected}", ticket)

    def _advance(self, at: datetime, ticket: str) -> None:
        self.reference.advance(ticket, at)
        self.tested.advance(ticket, at)

    def _run_due(self) -> None:
        self.tested.run_due(self.now)  # type: ignore[attr-defined]  # optional
        for ticket in self._tickets:
            self.reference.advance(ticket, self.now)
            self._compare("run_due", ticket)

    def _compare(self, step: str, ticket: str = _TICKET) -> None:
        expected = self.reference.history(ticket)
        if lines := difference(expected, self.tested.history(ticket)):
            self.fail(f"after {step}\n  the history is not the expected one:\n{lines}")

    def _checked(self, backend: object) -> Backend:
        checked: Backend = self.checked(backend, "send", "advance", "history")
        return checked


_ACCEPTED = "accepted"
_CONFLICT = "a conflict"


def _send_to(
    backend: Backend, command: Command, ticket: str = _TICKET, version: int | None = None
) -> str:
    """Send a command, with the current version unless another is given; return the outcome."""
    seen = len(backend.history(ticket)) if version is None else version
    try:
        backend.send(ticket, command, seen)
    except RefusedError as refusal:
        return f"refused ({refusal.code})"
    except ConflictError:
        return _CONFLICT
    return _ACCEPTED
