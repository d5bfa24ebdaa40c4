"""A state machine for backends that keep several tickets about an order.

Each run opens two or three tickets, most of them about one order and some about a second one. A
ticket may name both orders, be a duplicate of a ticket about the other one, or be split into it:
the money of an order stays its own. Hypothesis then picks among the rules: send a
command about money to any ticket, claims and chargebacks of the whole order or of a part to
different tickets, their outcomes, the failure of a pending refund, or a review; send a command
that was granted before again, or to another ticket; let time pass; run what is due until now or
until an earlier instant, or for single tickets in any order. Tickets may concern one unit of the
order, and state another amount or a later invoice. The tickets may follow several policies.
Restarts, races and the advance of single tickets have rules of their own, for backends that
support them. A reference backend decides what is correct. The machine compares refusals at once,
and histories after all that is due has run.

A step may come late: at the instant at which a timer of some ticket acts, while nothing has run
there. Most faults show only then, since a backend that has run everything reads the right amounts.
"""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import ClassVar

import attrs
from hypothesis.stateful import initialize, precondition, rule

from ticketcore.commands import (
    Close,
    Open,
    OpenDispute,
    Refund,
    RequestReview,
)
from ticketcore.errors import OrderNotAdvancedError, RefusedError
from ticketcore.ledger import by_order
from ticketcore.policies import Policy
from ticketcore.testing._candidates import (
    class_of,
    concerns_money,
)
from ticketcore.testing._difference import difference, shown
from ticketcore.testing._order_invariants import order_violations
from ticketcore.testing.stateful._order_backend import OrderBackend, ReferenceOrderBackend
from ticketcore.testing.stateful._order_steps import (
    MERGING,
    NUMBERS,
    OrderStory,
    Sending,
    command_that,
    failures_of_refunds,
    instant_of_some_ticket,
    opening,
    outcomes_of_disputes,
    reviews,
    sendings_again,
    settlements,
    some_instant,
    some_numbers,
    two_about_money,
)
from ticketcore.testing.stateful._race import race
from ticketcore.ticket import Ticket


class OrderMachine(OrderStory):
    """Send random commands about two orders to a backend, and compare it with a reference.

    Subclass it with a policy and a backend, as `TicketMachine`:

        class MyMachine(OrderMachine):
            policy = "my-rules.toml"

            def backend(self):
                return MyOrderBackend(self.policy_of)

        TestMyOrders = MyMachine.TestCase

    Set *more_policies* to further policies, and the tickets follow all of them in turn: the first
    ticket follows the policy, the second ticket the first of the others. Set *races* to True for a
    backend that several threads may call, and define :meth:`restart` for one whose process may
    end.
    """

    races: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.tested: OrderBackend = self._checked(self.backend())

    def backend(self) -> OrderBackend:
        """Return the tested backend, new and empty, with the policies of `self.policy_of`."""
        raise TypeError(f"{type(self).__name__} has no backend(): return the backend to test")

    def restart(self) -> OrderBackend:
        """Return the backend after a restart of its process, with the stored tickets."""
        return self.tested

    @initialize(first=opening(), second=opening(place=1))
    def open_two(self, first: Sending, second: Sending) -> None:
        """Open two tickets: the money of one alone is simple."""
        for sending in (first, second):
            self._send_later(sending)

    @precondition(lambda self: len(self.tickets) < len(NUMBERS))
    @rule(sending=opening())
    def open_another(self, sending: Sending) -> None:
        """Open another ticket about the order, or about the other one."""
        self._send(sending)

    @precondition(lambda self: len(self.tickets) < len(NUMBERS) and any(self.payments()))
    @rule(sending=opening(late=True))
    def open_late(self, sending: Sending) -> None:
        """Open another ticket when a timer pays that has not run yet, with other facts.

        The timer pays by the facts of its due instant, even if it runs later.
        """
        self._send(sending)

    @rule(sending=command_that(concerns_money))
    def send_about_money(self, sending: Sending) -> None:
        """Send a command that concerns money; if the ticket has none, send another."""
        self._send(sending)

    @precondition(lambda self: any(policy.parties("refund") for policy in self.loaded_policies))
    @rule(sending=command_that(lambda candidate: class_of(candidate) is Refund))
    def refund(self, sending: Sending) -> None:
        """Refund an amount, units, or what a dispute holds."""
        self._send(sending)

    @precondition(lambda self: any(self.disputes()))
    @rule(sending=settlements())
    def settle_dispute(self, sending: Sending) -> None:
        """Refund what a dispute holds, to settle it."""
        self._send(sending)

    @precondition(lambda self: any(policy.dispute_kinds for policy in self.loaded_policies))
    @rule(sending=command_that(lambda candidate: class_of(candidate) is OpenDispute))
    def dispute(self, sending: Sending) -> None:
        """Report a claim or a chargeback on any ticket."""
        self._send(sending)

    @precondition(lambda self: any(self.pending()))
    @rule(sending=failures_of_refunds())
    def fail_refund(self, sending: Sending) -> None:
        """Report that a refund failed."""
        self._send(sending)

    @precondition(lambda self: any(self.parties_that_merge()))
    @rule(
        before=command_that(lambda candidate: class_of(candidate) is Refund),
        merging=command_that(lambda candidate: class_of(candidate) in MERGING),
        after=command_that(lambda candidate: class_of(candidate) is Refund),
    )
    def merge_or_split(self, before: Sending, merging: Sending, after: Sending) -> None:
        """Refund before and after a ticket becomes a duplicate or a part of another.

        The two may be about two orders; the money of each order stays its own.
        """
        for sending in (before, merging, after):
            self._send_later(sending)

    @rule(sending=command_that(lambda _: True))
    def send_any(self, sending: Sending) -> None:
        """Send any command that a permission names."""
        self._send(sending)

    @precondition(lambda self: any(self.disputes()))
    @rule(sending=outcomes_of_disputes())
    def resolve_dispute(self, sending: Sending) -> None:
        """Report the outcome of a dispute, or reverse it."""
        self._send(sending)

    @precondition(lambda self: any(policy.parties("review") for policy in self.loaded_policies))
    @rule(review=reviews())
    def review(self, review: Sending) -> None:
        """Have the vendor close a ticket, and find later that this was abuse (C13).

        Meanwhile other tickets may have been due to pay: the review waits for them.
        """
        number, at = review.ticket, review.command.at
        self._send(Sending(number, Close(at=self.now, by="vendor", consent=True, text="done")))
        self._send(Sending(number, RequestReview(at=at, by="customer", text="not done")))
        self._send(review)

    @precondition(lambda self: self.granted)
    @rule(sending=sendings_again())
    def send_again(self, sending: Sending) -> None:
        """Send a granted command again, as a client does that has got no answer.

        If it goes to another ticket, its reference or the id of its dispute is taken.
        """
        self._send(sending)

    @precondition(lambda self: self.races)
    @rule(both=two_about_money())
    def send_two_at_once(self, both: tuple[Sending, Sending]) -> None:
        """Send two commands about the order's money at once, to one ticket or to two.

        The result must be that of one of the two orders in which the commands can be handled.
        """
        first, second = (
            Sending(each.ticket, attrs.evolve(each.command, at=self.now)) for each in both
        )
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
            f"  No order of the two commands gives these results. If the second comes first:\n"
            f"{self._difference(reference)}"
        )

    @rule(at=some_instant)
    def let_time_pass(self, at: datetime) -> None:
        """Let time pass; nothing is run."""
        self.now = at

    @precondition(lambda self: type(self).restart is not OrderMachine.restart)
    @rule(at=some_instant)
    def restart_backend(self, at: datetime) -> None:
        """Let time pass, and restart the backend: it still has all that it has stored."""
        self.now = at
        self.tested = self._checked(self.restart())

    @rule(at=instant_of_some_ticket)
    def run_early(self, at: datetime) -> None:
        """Run on the tested backend what was due until an earlier instant."""
        self.tested.run_due(min(at, self.now))

    @precondition(lambda self: self.tickets and hasattr(self.tested, "advance"))
    @rule(numbers=some_numbers)
    def advance_one_by_one(self, numbers: list[str]) -> None:
        """Let time pass until money moves, and advance single tickets.

        A ticket that must wait for another one is not advanced.
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
        for tickets in by_order(self.tickets).values():
            histories = {number: self.tested.history(number) for number in tickets}
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
                return f"the history of ticket {number} is not the expected one:\n{lines}"
        return ""

    def _send_later(self, sending: Sending) -> None:
        """Send a command that was drawn before the one before it was sent."""
        at = max(self.now, sending.command.at)
        self._send(Sending(sending.ticket, attrs.evolve(sending.command, at=at)))

    def _send(self, sending: Sending) -> None:
        self.now: datetime = sending.command.at
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
