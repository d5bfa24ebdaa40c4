"""A state machine for backends that keep several tickets about one order.

Each run opens up to three tickets about one order. Hypothesis then picks among the rules: send a
command about money to any ticket, claims and chargebacks to different tickets, or the failure of a
pending refund, or a command that was granted before; let time pass; run what is due until now or
until an earlier instant, or for single tickets in any order. The tickets may follow several
policies. Restarts, races and the advance of single tickets are rules for backends that have them.
A reference backend decides what is correct. Refusals must be equal at once, histories once all
that is due has run.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar, Protocol

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ticketcore.commands import Command, FailRefund, OpenDispute, Refund
from ticketcore.decider import advance_order, decide_and_apply
from ticketcore.errors import OrderNotAdvancedError, RefusedError
from ticketcore.events import Event
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.testing._candidates import (
    Candidate,
    class_of,
    concerns_money,
    permitted,
    try_command,
)
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._order_invariants import order_violations
from ticketcore.testing._policy_facts import openings, policy_of
from ticketcore.testing.stateful._base import PolicyMachine
from ticketcore.testing.stateful._race import race
from ticketcore.testing.strategies import interesting_instants
from ticketcore.ticket import Ticket

_NUMBERS = ("00000000001", "00000000002", "00000000003")
_START = datetime(2026, 1, 12, 10, tzinfo=UTC)
_PAUSES = tuple(timedelta(hours=hours) for hours in (0, 0, 1, 24, 24 * 7))


class OrderBackend(Protocol):
    """A host of the tickets of one order, by number. It reads no clock.

    A host that advances single tickets may also have ``advance(ticket, until)``. The machine then
    calls it for any ticket at any time, and lets it raise OrderNotAdvancedError.
    """

    def send(self, ticket: str, command: Command) -> None:
        """Advance the order to the command's instant, decide the command and store the events.

        Raises RefusedError if the command is refused.
        """

    def run_due(self, until: datetime) -> None:
        """Fire all timers of the order that are due until an instant, and store the events."""

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket in order; none if it was never opened."""


class ReferenceOrderBackend:
    """A backend that keeps the tickets of an order in memory, and advances them together.

    *policy_of* returns the policy of the ticket of a number.
    """

    def __init__(self, policy_of: Callable[[str], Policy]) -> None:
        self.policy_of = policy_of
        self.tickets: dict[str, Ticket] = {}
        self.events: dict[str, list[Event]] = {}

    def send(self, ticket: str, command: Command) -> None:
        """Decide and store, as :meth:`OrderBackend.send` describes."""
        self.run_due(command.at)
        current, ledger = self.tickets.get(ticket), self.ledger()
        self.store(ticket, *decide_and_apply(current, command, self.policy_of(ticket), ledger))

    def run_due(self, until: datetime) -> None:
        """Advance and store, as :meth:`OrderBackend.run_due` describes."""
        done = advance_order(self.tickets, self._policy, until)
        for number, events in done.events:
            self.store(number, done.tickets[number], events)

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events, as :meth:`OrderBackend.history` describes."""
        return tuple(self.events.get(ticket, ()))

    def copy(self) -> "ReferenceOrderBackend":
        """Return a backend with the same tickets, which then changes by itself."""
        same = ReferenceOrderBackend(self.policy_of)
        same.tickets = {**self.tickets}
        same.events = {number: [*events] for number, events in self.events.items()}
        return same

    def _policy(self, ticket: Ticket) -> Policy:
        assert ticket.number is not None, "the machine opens tickets with numbers"
        return self.policy_of(ticket.number)

    def ledger(self) -> Ledger | None:
        """Return the ledger of the order; None before its first ticket."""
        return Ledger.of(self.tickets) if self.tickets else None

    def store(self, number: str, ticket: Ticket, events: Sequence[Event]) -> None:
        """Store a ticket, and its new events."""
        self.tickets[number] = ticket
        self.events.setdefault(number, []).extend(events)


@attrs.frozen
class Sending:
    """A command on its way to a ticket."""

    ticket: str
    command: Command


@st.composite
def _opening(draw: st.DrawFn) -> Sending:
    """Draw the opening of another ticket about the order; the first one chooses the order."""
    machine: OrderMachine = draw(st.runner())
    number = _NUMBERS[len(machine.tickets)]
    policy = machine.policy_of(number)
    order = next((ticket.order for ticket in machine.tickets.values()), None)
    every = [
        build(number=number, order=order or build.keywords["order"])
        for build in openings(policy, machine.now)
        if build.keywords["order"] is not None
    ]
    accepted = [
        opening
        for opening in every
        if not isinstance(try_command(None, opening, policy), RefusedError)
    ]
    return Sending(number, draw(st.sampled_from(accepted)))


@st.composite
def _command_that(draw: st.DrawFn, wanted: Callable[[Candidate], bool]) -> Sending:
    """Draw a command of the wanted kind for any ticket, or another one if it has none."""
    machine: OrderMachine = draw(st.runner())
    number = draw(st.sampled_from([*machine.tickets]))
    ticket = machine.tickets[number]
    every = [*permitted(ticket, machine.policy_of(number), machine.now)]
    build = draw(st.sampled_from([*filter(wanted, every)] or every))
    machine.drawn += 1
    return Sending(number, _named(build(), f"{machine.drawn}-of-{int(number)}"))


def _named(command: Command, name: str) -> Command:
    """Return a command with a name of its own for a new refund or dispute."""
    if isinstance(command, Refund):
        return attrs.evolve(command, reference=f"refund-{name}")
    if isinstance(command, OpenDispute):
        return attrs.evolve(command, dispute=f"dispute-{name}")
    return command


_some_numbers = st.runner().flatmap(
    lambda machine: st.lists(st.sampled_from([*machine.tickets]), min_size=1, unique=True)
)
_instant_of_some_ticket = (
    st.runner()
    .flatmap(lambda machine: st.sampled_from([*machine.tickets.values()]))
    .flatmap(interesting_instants)
)


class OrderMachine(PolicyMachine):
    """Send random commands about one order to a backend, and compare it with a reference.

    Subclass it with a policy and a backend, as `TicketMachine`:

        class MyMachine(OrderMachine):
            policy = "my-rules.toml"

            def backend(self):
                return MyOrderBackend(self.policy_of)

        TestMyOrders = MyMachine.TestCase

    Set *more_policies* to further policies, and the tickets of the order follow all of them in
    turn: the first ticket the policy, the second one the first of the others. Set *races* to True
    for a backend that several threads may call, and define :meth:`restart` for one whose process
    may end.
    """

    more_policies: ClassVar[Sequence[str | Policy]] = ()
    races: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.loaded_policies: tuple[Policy, ...] = (
            self.loaded_policy,
            *map(policy_of, self.more_policies),
        )
        self.reference: ReferenceOrderBackend = ReferenceOrderBackend(self.policy_of)
        self.tested: OrderBackend = self._checked(self.backend())
        self.now: datetime = _START
        self.granted: list[Sending] = []
        self.drawn = 0

    def backend(self) -> OrderBackend:
        """Return the tested backend, new and empty, with the policies of `self.policy_of`."""
        raise TypeError(f"{type(self).__name__} has no backend(): return the backend to test")

    def policy_of(self, number: str) -> Policy:
        """Return the policy of the ticket of a number, before and after its opening."""
        return self.loaded_policies[_NUMBERS.index(number) % len(self.loaded_policies)]

    def restart(self) -> OrderBackend:
        """Return the backend after a restart of its process, with the stored tickets."""
        return self.tested

    @property
    def tickets(self) -> dict[str, Ticket]:
        """The tickets of the reference backend, by their numbers."""
        return self.reference.tickets

    @initialize(sending=_opening())
    def open_first(self, sending: Sending) -> None:
        """Open the first ticket about the order."""
        self._send(sending)

    @precondition(lambda self: len(self.tickets) < len(_NUMBERS))
    @rule(sending=_opening())
    def open_another(self, sending: Sending) -> None:
        """Open another ticket about the order."""
        self._send(sending)

    @rule(sending=_command_that(concerns_money))
    def send_about_money(self, sending: Sending) -> None:
        """Send a command that concerns money; if the ticket has none, send another."""
        self._send(sending)

    @rule(sending=_command_that(lambda candidate: class_of(candidate) is OpenDispute))
    def dispute(self, sending: Sending) -> None:
        """Report a claim or a chargeback on any ticket."""
        self._send(sending)

    @rule(sending=_command_that(lambda candidate: class_of(candidate) is FailRefund))
    def fail_refund(self, sending: Sending) -> None:
        """Report that a refund failed."""
        self._send(sending)

    @rule(sending=_command_that(lambda _: True))
    def send_any(self, sending: Sending) -> None:
        """Send any command that a permission names."""
        self._send(sending)

    @precondition(lambda self: self.granted)
    @rule(sending=st.runner().flatmap(lambda machine: st.sampled_from(machine.granted[::-1])))
    def send_again(self, sending: Sending) -> None:
        """Send a granted command again, dated now, as a client does that has got no answer."""
        self._send(attrs.evolve(sending, command=attrs.evolve(sending.command, at=self.now)))

    @precondition(lambda self: self.races)
    @rule(first=_command_that(concerns_money), second=_command_that(concerns_money))
    def send_two_at_once(self, first: Sending, second: Sending) -> None:
        """Send two commands about the order's money at once, to one ticket or to two.

        The result must be one of those that some order of the two has.
        """
        self._run_all_due()
        outcomes = race(*(partial(_outcome, self.tested, sending) for sending in (first, second)))
        for order in ((0, 1), (1, 0)):
            reference = self.reference.copy()
            expected = {i: _outcome(reference, (first, second)[i]) for i in order}
            if (expected[0], expected[1]) == outcomes and not self._difference(reference):
                self.reference = reference
                return
        self.fail(
            f"two senders at once: {shown(first)} was {outcomes[0]},\n"
            f"  and {shown(second)} was {outcomes[1]}.\n"
            f"  No order of the two explains that. If the second comes first:\n"
            f"{self._difference(reference)}"
        )

    @rule(pause=st.sampled_from(_PAUSES))
    def let_time_pass(self, pause: timedelta) -> None:
        """Let time pass; nothing is run."""
        self.now += pause

    @precondition(lambda self: type(self).restart is not OrderMachine.restart)
    @rule(pause=st.sampled_from(_PAUSES))
    def restart_backend(self, pause: timedelta) -> None:
        """Let time pass, and restart the backend: it still has all that it has stored."""
        self.now += pause
        self.tested = self._checked(self.restart())

    @rule(at=_instant_of_some_ticket)
    def run_early(self, at: datetime) -> None:
        """Run on the tested backend what was due until an earlier instant."""
        self.tested.run_due(min(at, self.now))

    @precondition(lambda self: self.tickets and hasattr(self.tested, "advance"))
    @rule(numbers=_some_numbers, pause=st.sampled_from(_PAUSES))
    def advance_one_by_one(self, numbers: list[str], pause: timedelta) -> None:
        """Let time pass, and advance single tickets; those that must wait for others do."""
        self.now += pause
        for number in numbers:
            with suppress(OrderNotAdvancedError):
                self.tested.advance(number, self.now)  # type: ignore[attr-defined]  # optional

    @rule()
    def advance_all(self) -> None:
        """Run all that is due, compare the histories, and check them by themselves."""
        self._run_all_due()
        if lines := self._difference(self.reference):
            self.fail(lines)
        histories = {number: self.tested.history(number) for number in self.tickets}
        if sentences := order_violations(histories, self._policy):
            self.fail("\n  ".join(("the histories violate invariants:", *sentences)))

    def teardown(self) -> None:
        """Compare the histories at the end, unless a step has failed."""
        if not self.failed:
            self.advance_all()

    def _policy(self, ticket: Ticket) -> Policy:
        assert ticket.number is not None, "the machine opens tickets with numbers"
        return self.policy_of(ticket.number)

    def _run_all_due(self) -> None:
        for backend in (self.reference, self.tested):
            backend.run_due(self.now)

    def _difference(self, reference: ReferenceOrderBackend) -> str:
        """Return the first difference of the tested histories from those of a reference, or ""."""
        for number in reference.tickets:
            expected, actual = reference.history(number), self.tested.history(number)
            if lines := difference(expected, actual):
                return f"ticket {number} has not the expected history:\n{lines}"
        return ""

    def _send(self, sending: Sending) -> None:
        expected = _outcome(self.reference, sending)
        actual = _outcome(self.tested, sending)
        if actual != expected:
            self.fail(f"{shown(sending)}\n  expected: {expected}\n  actual:   {actual}")
        if expected == _ACCEPTED:
            self.granted.append(sending)

    def _checked(self, backend: object) -> OrderBackend:
        checked: OrderBackend = self.checked(backend, "send", "run_due", "history")
        return checked


_ACCEPTED = "accepted"


def _outcome(backend: OrderBackend, sending: Sending) -> str:
    """Send a command; return "accepted", or the refusal."""
    try:
        backend.send(sending.ticket, sending.command)
    except RefusedError as refusal:
        return f"refused ({refusal.code})"
    return _ACCEPTED
