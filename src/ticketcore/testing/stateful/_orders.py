"""A state machine for backends that keep several tickets about one order.

Each run opens up to three tickets about one order. Hypothesis then picks among the rules: send a
command about money to any ticket, claims and chargebacks of the whole order or of a part to
different tickets, their outcomes, the failure of a pending refund, or a review; send a command
that was granted before again, or to another ticket; let time pass; run what is due until now or
until an earlier instant, or for single tickets in any order. Tickets may concern one unit of the
order, and state another amount or a later invoice. The tickets may follow several policies.
Restarts, races and the advance of single tickets are rules for backends that have them. A
reference backend decides what is correct. Refusals must be equal at once, histories once all that
is due has run.

A step may come late: at the instant at which a timer of some ticket acts, while nothing has run
there. Most faults show only then, since a backend that has run everything reads the right amounts.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ticketcore.commands import (
    Close,
    Command,
    FailRefund,
    Open,
    OpenDispute,
    Refund,
    RequestReview,
    ResolveDispute,
    Review,
)
from ticketcore.errors import OrderNotAdvancedError, RefusedError
from ticketcore.events import Money, Order, Outcome
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
from ticketcore.testing.stateful._order_backend import OrderBackend, ReferenceOrderBackend
from ticketcore.testing.stateful._race import race
from ticketcore.testing.strategies import interesting_instants
from ticketcore.testing.strategies._commands import first_that
from ticketcore.ticket import Dispute, Ticket

_NUMBERS = ("00000000001", "00000000002", "00000000003")
_START = datetime(2026, 1, 12, 10, tzinfo=UTC)
_PAUSES = tuple(timedelta(hours=hours) for hours in (1, 24, 24 * 7))
_TICK = timedelta(microseconds=1)
_PAYING = ("refund", "cancel", "lose-dispute")
_PARTS = (None, Money(1_000, "USD"), Money(4_000, "USD"))  # of an order of 100.00 USD


@attrs.frozen
class Sending:
    """A command on its way to a ticket."""

    ticket: str
    command: Command


def _instants_from_now(machine: "OrderMachine") -> st.SearchStrategy[datetime]:
    """Draw the present, the instant at which money moves next, one beside it, or a later one.

    Each has the same place in the list at every step, so that steps before it can be deleted.
    """
    now = machine.now
    first = min(machine.payments(), default=now + timedelta(days=1))
    later = [now + pause for pause in _PAUSES]
    return st.sampled_from([now, first, first, first + _TICK, first - _TICK, *later])


_instant = st.runner().flatmap(_instants_from_now)


@st.composite
def _opening(draw: st.DrawFn, *, late: bool = False) -> Sending:
    """Draw the opening of another ticket about the order; the first one chooses the order.

    A *late* one comes when money moves, and states other facts.
    """
    machine: OrderMachine = draw(st.runner())
    number = _NUMBERS[len(machine.tickets)]
    policy = machine.policy_of(number)
    at = min(machine.payments()) if late else draw(_instant)
    order = next((ticket.order for ticket in machine.tickets.values()), None)
    every = [
        partial(build, number=number, order=order or build.keywords["order"])
        for build in openings(policy, at)
        if build.keywords["order"] is not None
    ]
    paying = [
        build
        for build in every
        if "refund" in policy.carries_out(build.keywords["type"])
        and build.keywords["has_grace_period"]
    ]
    opening = draw(first_that([*every, *paying * 5], partial(_is_accepted, policy)))
    assert isinstance(opening, Open)
    known = opening.order
    assert known is not None
    facts = [*([] if late else [known]), *_later_facts(known, at)]
    # One draw, since Hypothesis deletes a step only if it drew at most five values.
    order, units = draw(st.sampled_from([*product(facts, [(), (), (known.units[0].id,)])]))
    return Sending(number, attrs.evolve(opening, order=order, units=units))


def _is_accepted(policy: Policy, opening: Command) -> bool:
    return not isinstance(try_command(None, opening, policy), RefusedError)


def _later_facts(order: Order, at: datetime) -> Iterator[Order]:
    """Yield other facts of the order: more was sold, or there is another invoice."""
    yield attrs.evolve(order, amount=Money(order.amount.minor + 2_000, "USD"))
    if order.invoice_amount is not None:
        yield attrs.evolve(order, invoiced_at=at, invoice_amount=Money(5_000, "USD"))


@st.composite
def _command_that(draw: st.DrawFn, wanted: Callable[[Candidate], bool]) -> Sending:
    """Draw a command of the wanted kind for any ticket, or another one if none has such."""
    machine: OrderMachine = draw(st.runner())
    at = draw(_instant)
    every = {
        number: [*permitted(ticket, machine.policy_of(number), at)]
        for number, ticket in machine.tickets.items()
    }
    having = [number for number, builds in every.items() if any(map(wanted, builds))]
    number = draw(st.sampled_from(having or [*every]))
    build = draw(st.sampled_from([*filter(wanted, every[number])] or every[number]))
    machine.drawn += 1
    command = _named(build(), f"{machine.drawn}-of-{int(number)}")
    if isinstance(command, OpenDispute):
        command = attrs.evolve(command, amount=draw(st.sampled_from(_PARTS)))
    return Sending(number, command)


@st.composite
def _outcomes_of_disputes(draw: st.DrawFn) -> Sending:
    """Draw the outcome of a dispute; it may reverse the one before."""
    machine: OrderMachine = draw(st.runner())
    number, dispute = draw(st.sampled_from([*machine.disputes()]))
    outcome: Outcome = draw(st.sampled_from(["lost", "won"]))
    resolve = ResolveDispute(at=draw(_instant), by="support", dispute=dispute.id, outcome=outcome)
    return Sending(number, resolve)


@st.composite
def _settlements(draw: st.DrawFn) -> Sending:
    """Draw a refund that settles a dispute, of its ticket or of another one."""
    machine: OrderMachine = draw(st.runner())
    owner, dispute = draw(st.sampled_from([*machine.disputes()]))
    number = draw(st.sampled_from([owner, *machine.tickets]))
    machine.drawn += 1
    refund = Refund(at=draw(_instant), by="vendor", reference="R", dispute=dispute.id)
    return Sending(number, _named(refund, f"{machine.drawn}-of-{int(number)}"))


@st.composite
def _failures_of_refunds(draw: st.DrawFn) -> Sending:
    """Draw the failure of a pending refund."""
    machine: OrderMachine = draw(st.runner())
    number, reference = draw(st.sampled_from([*machine.pending()]))
    return Sending(number, FailRefund(at=draw(_instant), by="support", reference=reference))


@st.composite
def _sendings_again(draw: st.DrawFn) -> Sending:
    """Draw a granted command again, dated now, for its ticket or for another one."""
    machine: OrderMachine = draw(st.runner())
    sending = draw(st.sampled_from(machine.granted[::-1]))
    number = draw(st.sampled_from([sending.ticket, *machine.tickets]))
    return Sending(number, attrs.evolve(sending.command, at=draw(_instant)))


def _named(command: Command, name: str) -> Command:
    """Return a command with a name of its own for a new refund or dispute."""
    if isinstance(command, Refund):
        return attrs.evolve(command, reference=f"refund-{name}")
    if isinstance(command, OpenDispute):
        return attrs.evolve(command, dispute=f"dispute-{name}")
    return command


_number = st.runner().flatmap(lambda machine: st.sampled_from([*machine.tickets]))
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

    def disputes(self) -> Iterator[tuple[str, Dispute]]:
        """Yield the disputes about the order, each with its ticket's number."""
        for number, ticket in self.tickets.items():
            yield from ((number, dispute) for dispute in ticket.disputes)

    def payments(self) -> Iterator[datetime]:
        """Yield the later instants at which timers move or free the order's money."""
        for number, ticket in self.tickets.items():
            policy = self.policy_of(number)
            for timer in ticket.timers:
                definition = policy.timer(timer.name, ticket)
                if timer.due > self.now and definition and definition.effect in _PAYING:
                    yield timer.due

    def pending(self) -> Iterator[tuple[str, str]]:
        """Yield the pending refunds, each as its ticket's number and its reference."""
        for number, ticket in self.tickets.items():
            for record in ticket.refunds:
                if record.state == "pending" and record.reference is not None:
                    yield number, record.reference

    @initialize(sending=_opening())
    def open_first(self, sending: Sending) -> None:
        """Open the first ticket about the order."""
        self._send(sending)

    @precondition(lambda self: len(self.tickets) < len(_NUMBERS))
    @rule(sending=_opening())
    def open_another(self, sending: Sending) -> None:
        """Open another ticket about the order."""
        self._send(sending)

    @precondition(lambda self: len(self.tickets) < len(_NUMBERS) and any(self.payments()))
    @rule(sending=_opening(late=True))
    def open_late(self, sending: Sending) -> None:
        """Open another ticket when a timer pays that has not run yet, with other facts.

        The timer pays by the facts of its due instant, also if it runs later.
        """
        self._send(sending)

    @rule(sending=_command_that(concerns_money))
    def send_about_money(self, sending: Sending) -> None:
        """Send a command that concerns money; if the ticket has none, send another."""
        self._send(sending)

    @precondition(lambda self: any(policy.parties("refund") for policy in self.loaded_policies))
    @rule(sending=_command_that(lambda candidate: class_of(candidate) is Refund))
    def refund(self, sending: Sending) -> None:
        """Refund an amount, units, or what a dispute holds."""
        self._send(sending)

    @precondition(lambda self: any(self.disputes()))
    @rule(sending=_settlements())
    def settle_dispute(self, sending: Sending) -> None:
        """Refund what a dispute holds, to settle it."""
        self._send(sending)

    @precondition(lambda self: any(policy.dispute_kinds for policy in self.loaded_policies))
    @rule(sending=_command_that(lambda candidate: class_of(candidate) is OpenDispute))
    def dispute(self, sending: Sending) -> None:
        """Report a claim or a chargeback on any ticket."""
        self._send(sending)

    @precondition(lambda self: any(self.pending()))
    @rule(sending=_failures_of_refunds())
    def fail_refund(self, sending: Sending) -> None:
        """Report that a refund failed."""
        self._send(sending)

    @rule(sending=_command_that(lambda _: True))
    def send_any(self, sending: Sending) -> None:
        """Send any command that a permission names."""
        self._send(sending)

    @precondition(lambda self: any(self.disputes()))
    @rule(sending=_outcomes_of_disputes())
    def resolve_dispute(self, sending: Sending) -> None:
        """Report the outcome of a dispute, or reverse it."""
        self._send(sending)

    @precondition(lambda self: any(policy.parties("review") for policy in self.loaded_policies))
    @rule(number=_number, at=_instant)
    def review(self, number: str, at: datetime) -> None:
        """Have the vendor close a ticket, and find later that this was abuse (C13)."""
        self._send(Sending(number, Close(at=self.now, by="vendor", consent=True, text="done")))
        self._send(Sending(number, RequestReview(at=at, by="customer", text="not done")))
        self._send(Sending(number, Review(at=at, by="support", abuse=True)))

    @precondition(lambda self: self.granted)
    @rule(sending=_sendings_again())
    def send_again(self, sending: Sending) -> None:
        """Send a granted command again, as a client does that has got no answer.

        If it goes to another ticket, its reference or the id of its dispute is taken.
        """
        self._send(sending)

    @precondition(lambda self: self.races)
    @rule(first=_command_that(concerns_money), second=_command_that(concerns_money))
    def send_two_at_once(self, first: Sending, second: Sending) -> None:
        """Send two commands about the order's money at once, to one ticket or to two.

        The result must be one of those that some order of the two has.
        """
        self.now = max(first.command.at, second.command.at)
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

    @rule(at=_instant)
    def let_time_pass(self, at: datetime) -> None:
        """Let time pass; nothing is run."""
        self.now = at

    @precondition(lambda self: type(self).restart is not OrderMachine.restart)
    @rule(at=_instant)
    def restart_backend(self, at: datetime) -> None:
        """Let time pass, and restart the backend: it still has all that it has stored."""
        self.now = at
        self.tested = self._checked(self.restart())

    @rule(at=_instant_of_some_ticket)
    def run_early(self, at: datetime) -> None:
        """Run on the tested backend what was due until an earlier instant."""
        self.tested.run_due(min(at, self.now))

    @precondition(lambda self: self.tickets and hasattr(self.tested, "advance"))
    @rule(numbers=_some_numbers)
    def advance_one_by_one(self, numbers: list[str]) -> None:
        """Let time pass until money moves, and advance single tickets.

        Those that must wait for others do.
        """
        self.now = min(self.payments(), default=self.now)
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
        self.now = sending.command.at
        expected = _outcome(self.reference, sending)
        actual = _outcome(self.tested, sending)
        if actual != expected:
            self.fail(f"{shown(sending)}\n  expected: {expected}\n  actual:   {actual}")
        if expected == _ACCEPTED and not isinstance(sending.command, Open):
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
