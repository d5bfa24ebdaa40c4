"""A state machine for backends that keep several tickets about one order.

Each run opens up to three tickets about one order. Hypothesis then picks among the rules: send a
command about money to any ticket, claims and chargebacks to different tickets, or the failure of a
pending refund; let time pass; run what is due until now or until an earlier instant. A reference
backend decides what is correct. Refusals must be equal at once, histories once all that is due has
run.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ticketcore.commands import Command, FailRefund, Open, OpenDispute, Refund
from ticketcore.decider import advance_order, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.testing._candidates import permitted_candidates, try_command
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._order_invariants import order_violations
from ticketcore.testing._policy_facts import load_cached, openings
from ticketcore.testing.strategies import interesting_instants
from ticketcore.ticket import Ticket

_NUMBERS = ("00000000001", "00000000002", "00000000003")
_START = datetime(2026, 1, 12, 10, tzinfo=UTC)
_PAUSES = tuple(timedelta(hours=hours) for hours in (0, 0, 1, 24, 24 * 7))
_FIELDS_ABOUT_MONEY = ("reference", "dispute", "units")


class OrderBackend(Protocol):
    """A host of the tickets of one order under one policy, by number. It reads no clock."""

    def send(self, ticket: str, command: Command) -> None:
        """Advance the order to the command's instant, decide the command and store the events.

        Raises RefusedError if the command is refused.
        """

    def run_due(self, until: datetime) -> None:
        """Fire all timers of the order that are due until an instant, and store the events."""

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events of a ticket in order; none if it was never opened."""


class ReferenceOrderBackend:
    """A backend that keeps the tickets of an order in memory, and advances them together."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.tickets: dict[str, Ticket] = {}
        self.events: dict[str, list[Event]] = {}

    def send(self, ticket: str, command: Command) -> None:
        """Decide and store, as :meth:`OrderBackend.send` describes."""
        self.run_due(command.at)
        current, ledger = self.tickets.get(ticket), self.ledger()
        self.store(ticket, *decide_and_apply(current, command, self.policy, ledger))

    def run_due(self, until: datetime) -> None:
        """Advance and store, as :meth:`OrderBackend.run_due` describes."""
        done = advance_order(self.tickets, lambda _: self.policy, until)
        for number, events in done.events:
            self.store(number, done.tickets[number], events)

    def history(self, ticket: str) -> Sequence[Event]:
        """Return all events, as :meth:`OrderBackend.history` describes."""
        return tuple(self.events.get(ticket, ()))

    def ledger(self) -> Ledger | None:
        """Return the ledger of the order; None before its first ticket."""
        return Ledger.of(self.tickets) if self.tickets else None

    def store(self, number: str, ticket: Ticket, events: Sequence[Event]) -> None:
        """Store a ticket, and its new events."""
        self.tickets[number] = ticket
        self.events.setdefault(number, []).extend(events)


class OrderMachine(RuleBasedStateMachine):
    """Send random commands about one order to a backend, and compare it with a reference.

    Subclass it with a policy and a backend, as `TicketMachine`:

        class MyMachine(OrderMachine):
            policy = "my-rules.toml"

            def backend(self):
                return MyOrderBackend(self.loaded_policy)

        TestMyOrders = MyMachine.TestCase
    """

    policy: ClassVar[str | Policy]

    def __init__(self) -> None:
        super().__init__()
        source = self.policy
        self.loaded_policy: Policy = source if isinstance(source, Policy) else load_cached(source)
        self.reference: ReferenceOrderBackend = ReferenceOrderBackend(self.loaded_policy)
        self.tested: OrderBackend = self.backend()
        self.now: datetime = _START
        self._sent = 0

    def backend(self) -> OrderBackend:
        """Return the tested backend, new and empty, under the policy `self.loaded_policy`."""
        raise TypeError(f"{type(self).__name__} has no backend(): return the backend to test")

    @property
    def tickets(self) -> dict[str, Ticket]:
        """The tickets of the reference backend, by their numbers."""
        return self.reference.tickets

    @initialize(data=st.data())
    def open_first(self, data: st.DataObject) -> None:
        """Open the first ticket about the order."""
        self._open(data)

    @precondition(lambda self: len(self.tickets) < len(_NUMBERS))
    @rule(data=st.data())
    def open_another(self, data: st.DataObject) -> None:
        """Open another ticket about the order."""
        self._open(data)

    @rule(data=st.data())
    def send_about_money(self, data: st.DataObject) -> None:
        """Send a command that concerns money; if the ticket has none, send another."""
        self._send_one_of(data, _concerns_money)

    @rule(data=st.data())
    def dispute(self, data: st.DataObject) -> None:
        """Report a claim or a chargeback on any ticket."""
        self._send_one_of(data, lambda command: isinstance(command, OpenDispute))

    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        """Report that a refund failed."""
        self._send_one_of(data, lambda command: isinstance(command, FailRefund))

    @rule(data=st.data())
    def send_any(self, data: st.DataObject) -> None:
        """Send any command that a permission names."""
        self._send_one_of(data, lambda _: True)

    @rule(pause=st.sampled_from(_PAUSES))
    def let_time_pass(self, pause: timedelta) -> None:
        """Let time pass; nothing is run."""
        self.now += pause

    @rule(data=st.data())
    def run_early(self, data: st.DataObject) -> None:
        """Run on the tested backend what was due until an earlier instant."""
        number = data.draw(st.sampled_from([*self.tickets]))
        at = data.draw(interesting_instants(self.tickets[number]))
        self.tested.run_due(min(at, self.now))

    @rule()
    def run_due(self) -> None:
        """Run all that is due, compare the histories, and check them by themselves."""
        for backend in (self.reference, self.tested):
            backend.run_due(self.now)
        histories = {number: self.tested.history(number) for number in self.tickets}
        for number, history in histories.items():
            if lines := difference(self.reference.history(number), history):
                self._fail(f"ticket {number} has not the expected history:\n{lines}")
        if sentences := order_violations(histories, lambda _: self.loaded_policy):
            self._fail("\n  ".join(("the histories violate invariants:", *sentences)))

    def teardown(self) -> None:
        """Compare the histories at the end."""
        self.run_due()

    def _open(self, data: st.DataObject) -> None:
        number = _NUMBERS[len(self.tickets)]
        order = next((ticket.order for ticket in self.tickets.values()), None)
        every = [
            attrs.evolve(opening, number=number, order=order or opening.order)
            for opening in openings(self.loaded_policy, self.now)
            if opening.order is not None
        ]
        self._send(number, data.draw(st.sampled_from([*filter(self._is_accepted, every)])))

    def _is_accepted(self, opening: Open) -> bool:
        return not isinstance(try_command(None, opening, self.loaded_policy), RefusedError)

    def _send_one_of(self, data: st.DataObject, wanted: Any) -> None:
        number = data.draw(st.sampled_from([*self.tickets]))
        every = [*permitted_candidates(self.tickets[number], self.loaded_policy, self.now)]
        command = data.draw(st.sampled_from([*filter(wanted, every)] or every))
        self._send(number, self._renamed(command))

    def _renamed(self, command: Command) -> Command:
        """Return a command with a name of its own for a new refund or dispute."""
        self._sent += 1
        if isinstance(command, Refund):
            return attrs.evolve(command, reference=f"refund-{self._sent}")
        if isinstance(command, OpenDispute):
            return attrs.evolve(command, dispute=f"dispute-{self._sent}")
        return command

    def _send(self, number: str, command: Command) -> None:
        expected = _outcome(self.reference, number, command)
        actual = _outcome(self.tested, number, command)
        if actual != expected:
            self._fail(f"{shown(command)}\n  expected: {expected}\n  actual:   {actual}")

    def _fail(self, message: str) -> None:
        raise AssertionError(f"{type(self).__name__}: {message}")


def _concerns_money(command: Command) -> bool:
    return any(getattr(command, name, None) for name in _FIELDS_ABOUT_MONEY)


def _outcome(backend: OrderBackend, number: str, command: Command) -> str:
    """Send a command; return "accepted", or the refusal."""
    try:
        backend.send(number, command)
    except RefusedError as refusal:
        return f"refused ({refusal.code})"
    return "accepted"
