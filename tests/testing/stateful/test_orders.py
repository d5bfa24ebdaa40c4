"""The state machine for orders, with correct backends and with faulty ones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from support.broken.orders import MERGING, TO_CONFIRM, Lazy, OneByOne
from ticketcore.commands import Command, CorrectOrder, MarkDuplicate, Refund
from ticketcore.errors import FieldError, RefusedError
from ticketcore.events import Money, Order
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy, load_policy
from ticketcore.testing._policy_facts import openings, sample_order
from ticketcore.testing.stateful import (
    OrderBackend,
    OrderMachine,
    ReferenceBackend,
    ReferenceOrderBackend,
)
from ticketcore.testing.stateful._order_steps import Sending

ONE, TWO = "00000000001", "00000000002"


class WithoutLedger(ReferenceOrderBackend):
    """A faulty backend that decides each ticket alone."""

    def ledger(self, ticket: str, command: Command) -> Ledger | None:
        """Return no ledger."""
        return None


class Forgetful(ReferenceOrderBackend):
    """A faulty backend that never runs what is due."""

    def run_due(self, until: datetime) -> None:
        """Run nothing."""


def _run(
    backend_class: Any,
    policy: str | Policy = "amazon-pay",
    *more: str | Policy,
    examples: int = 15,
) -> None:
    class Machine(OrderMachine):
        def backend(self) -> OrderBackend:
            backend: OrderBackend = backend_class(self.policy_of)
            return backend

    Machine.policy = policy
    Machine.more_policies = more
    run_state_machine_as_test(Machine, settings=_settings(examples))


def _settings(examples: int) -> settings:
    return settings(max_examples=examples, phases=[Phase.generate], stateful_step_count=25)


POLICIES: tuple[tuple[str | Policy, ...], ...] = (
    ("clickbank",),
    ("kaufland",),
    ("amazon-pay",),
    ("clickbank", "amazon-pay"),
    ("amazon-pay", "kaufland"),
    ("amazon-pay", TO_CONFIRM, "clickbank-24-7"),
    (MERGING,),
)


@pytest.mark.parametrize("policies", POLICIES)
@pytest.mark.parametrize("backend", [ReferenceOrderBackend, Lazy, OneByOne])
def test_correct_backends_pass(
    backend: type[ReferenceOrderBackend], policies: tuple[str | Policy, ...]
) -> None:
    """Correct backends pass, whichever policies the tickets have."""
    _run(backend, *policies)


def test_money_stays_with_its_order_when_tickets_are_merged() -> None:
    """A ticket about one order can become a duplicate of one about another, with no effect on it.

    Both orders are refunded, in one step of the machine.
    """

    class Machine(OrderMachine):
        policy = MERGING

        def backend(self) -> OrderBackend:
            return Lazy(self.policy_of)

    machine = Machine()
    build = next(build for build in openings(machine.loaded_policy, machine.now))
    for number, order_number in ((ONE, "A-1"), (TWO, "A-2")):
        order = attrs.evolve(sample_order(machine.now, "one-time"), number=order_number)
        machine.open_another(Sending(number, build(number=number, order=order)))
    refunds = [
        Sending(number, Refund(at=machine.now, by="vendor", reference=f"R-{number}"))
        for number in (ONE, TWO)
    ]
    merging = MarkDuplicate(at=machine.now, by="support", of=TWO)

    machine.merge_or_split(refunds[0], Sending(ONE, merging), refunds[1])
    machine.advance_all()

    assert [10_000, 10_000] == [ticket.refunded for ticket in machine.tickets.values()]


def test_the_tickets_follow_the_policies_in_turn() -> None:
    """The number of a ticket says which policy it follows."""

    class Machine(OrderMachine):
        policy = "clickbank"
        more_policies = ("amazon-pay",)

        def backend(self) -> OrderBackend:
            return ReferenceOrderBackend(self.policy_of)

    machine = Machine()
    numbers = (ONE, TWO, "00000000003")
    assert ["clickbank", "amazon-pay", "clickbank"] == [
        machine.policy_of(number).name for number in numbers
    ]


def test_a_backend_takes_names_of_policies() -> None:
    """The reference backend takes a function that returns a policy, its name or its path."""
    policies: dict[str, Policy | str] = {ONE: "clickbank", TWO: load_policy("kaufland")}
    backend = ReferenceOrderBackend(lambda number: policies[number])
    assert ["clickbank", "kaufland"] == [backend.policy_of(each).name for each in (ONE, TWO)]
    assert "clickbank" == backend.copy().policy_of(ONE).name


def test_a_backend_without_a_ledger_fails() -> None:
    """A backend without a ledger fails, because it refunds more than the order has."""
    with pytest.raises(AssertionError, match=r"Machine: (?s:.*)expected"):
        _run(WithoutLedger, examples=1000)


def test_histories_are_checked_by_themselves() -> None:
    """Histories are checked by themselves, even if the reference has the same fault."""

    class Machine(OrderMachine):
        policy = "clickbank"

        def __init__(self) -> None:
            super().__init__()
            self.reference = WithoutLedger(self.policy_of)

        def backend(self) -> OrderBackend:
            return WithoutLedger(self.policy_of)

    with pytest.raises(AssertionError, match="the histories violate invariants"):
        run_state_machine_as_test(Machine, settings=_settings(100))


def test_a_backend_that_runs_nothing_fails() -> None:
    """A backend that never runs what is due fails."""
    with pytest.raises(AssertionError, match=r"the history of ticket .* is not the expected one"):
        _run(Forgetful, "kaufland", examples=100)


def test_a_restart_changes_nothing_unless_it_is_defined() -> None:
    """A machine for orders without its own `restart` keeps its backend."""

    class Machine(OrderMachine):
        policy = "kaufland"

        def backend(self) -> OrderBackend:
            return ReferenceOrderBackend(self.policy_of)

    machine = Machine()
    assert machine.tested is machine.restart()


def test_a_machine_needs_a_backend() -> None:
    """A machine for orders without a backend raises an error that names the class."""

    class Machine(OrderMachine):
        policy = load_policy("kaufland")

    with pytest.raises(TypeError, match=r"Machine has no backend\(\)"):
        Machine()


class Locked(ReferenceOrderBackend):
    """A correct backend that locks the order."""

    def __init__(self, policy_of: Callable[[str], Policy]) -> None:
        super().__init__(policy_of)
        self.lock = RLock()

    def send(self, ticket: str, command: Command) -> None:
        """Wait for the other sender."""
        with self.lock:
            super().send(ticket, command)


class RefundsAgain(ReferenceOrderBackend):
    """A faulty backend that gives a refund that is sent again a new reference."""

    def send(self, ticket: str, command: Command) -> None:
        """Give the refund another reference, then send it."""
        if isinstance(command, Refund) and ticket in self.tickets:
            known = {record.reference for record in self.tickets[ticket].refunds}
            if command.reference in known:
                command = attrs.evolve(command, reference=f"{command.reference}-again")
        super().send(ticket, command)


def _run_race(backend_class: Any, examples: int) -> None:
    class Machine(OrderMachine):
        policy = "kaufland"
        races = True

        def backend(self) -> OrderBackend:
            backend: OrderBackend = backend_class(self.policy_of)
            return backend

        def restart(self) -> OrderBackend:
            return self.tested

    run_state_machine_as_test(Machine, settings=_settings(examples))


@pytest.mark.no_cover
def test_a_backend_that_locks_the_order_passes() -> None:
    """A backend that locks the order passes, with two senders and with restarts."""
    _run_race(Locked, 8)


def test_two_senders_at_once_leave_what_one_after_the_other_leave() -> None:
    """Two senders at once store the same events as one after the other."""

    class Machine(OrderMachine):
        policy = "amazon-pay"

        def backend(self) -> OrderBackend:
            return Locked(self.policy_of)

    machine = Machine()
    build = next(build for build in openings(machine.loaded_policy, machine.now))
    order = sample_order(machine.now, "one-time")
    opened = [Sending(number, build(number=number, order=order)) for number in (ONE, TWO)]
    machine.open_two(*opened)
    at = machine.now + timedelta(hours=1)
    first, second = (
        Sending(ONE, Refund(at=at, by="vendor", reference=name)) for name in ("a", "b")
    )

    machine.send_two_at_once((first, second))

    assert 1 == len(machine.tickets[ONE].refunds)


def test_a_backend_without_a_lock_fails() -> None:
    """A backend without a lock fails, because two tickets spend the same money at once."""
    with pytest.raises(AssertionError, match="two senders at once"):
        _run_race(ReferenceOrderBackend, 100)


def test_a_refund_that_is_sent_again_is_made_once() -> None:
    """A backend that makes a repeated refund twice fails."""
    with pytest.raises(AssertionError, match=r"Machine: (?s:.*)refund"):
        _run(RefundsAgain, "kaufland", examples=200)


def test_a_reference_is_made_with_what_finds_or_is_a_policy() -> None:
    """A reference refuses `loaded_policy` for `policy_of`, and the other way round, at once."""
    policy = load_policy("amazon-pay")

    with pytest.raises(FieldError) as order:
        ReferenceOrderBackend(policy)  # type: ignore[arg-type]
    with pytest.raises(FieldError) as single:
        ReferenceBackend(lambda _: policy)  # type: ignore[arg-type]

    expected = (
        "ReferenceOrderBackend.policy_of: expected a function, such as self.policy_of, found "
    )
    assert str(order.value).startswith(expected)
    expected = "ReferenceBackend.policy: expected a policy, such as self.loaded_policy, found "
    assert str(single.value).startswith(expected)


def test_the_reference_refuses_a_move_to_an_order_of_another_currency() -> None:
    """A4: the reference knows the order to which a correction moves a ticket."""
    policy = load_policy("amazon-pay")
    backend = ReferenceOrderBackend(lambda _: policy)
    at = datetime(2026, 1, 12, 9, tzinfo=UTC)
    build = next(openings(policy, at))
    dollars = sample_order(at, "one-time")
    euros = Order(number="A-2", sold_at=at, amount=Money(10_000, "EUR"))
    for number, order in ((ONE, dollars), (TWO, euros)):
        backend.send(number, build(number=number, order=order))

    with pytest.raises(RefusedError, match=f"ticket {ONE} of the same order is in USD, not EUR"):
        backend.send(
            TWO,
            CorrectOrder(at=at, by="vendor", order=attrs.evolve(euros, number=dollars.number)),
        )
    assert [1, 1] == [len(backend.history(number)) for number in (ONE, TWO)]


def test_the_policy_of_an_unknown_number_is_an_error() -> None:
    """A backend that asks for the policy of a number that was never used learns the numbers."""

    class Machine(OrderMachine):
        policy = "amazon-pay"

        def backend(self) -> OrderBackend:
            return ReferenceOrderBackend(self.policy_of)

    with pytest.raises(FieldError, match=f"expected '{ONE}', '{TWO}' or '00000000003', found '1'"):
        Machine().policy_of("1")
