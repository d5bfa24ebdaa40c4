"""Invariants of the tickets of one order: histories of hosts that passed no ledger."""

from collections.abc import Callable

import attrs
import pytest

from support.orders.hosts import (
    ONE,
    TWO,
    OrderHost,
    dispute,
    dollars,
    hours,
    order_of,
    priced_units,
    refund,
    resolve,
)
from ticketcore import commands as c
from ticketcore.events import Order, Refunded
from ticketcore.testing import ORDER_INVARIANTS, order_violations


class WithoutLedger(OrderHost):
    """A host that decides each ticket alone."""

    @property
    def ledger(self) -> None:
        """Return no ledger."""
        return None


def _requests(kind: str = "refund", order: Order | None = None) -> WithoutLedger:
    """Return an order with two equal requests, carried out without a ledger."""
    host = WithoutLedger(dict.fromkeys((ONE, TWO), "clickbank-confirmed"))
    for number in (ONE, TWO):
        host.open(number, 0, type=kind, order=order or order_of())
    for number in (ONE, TWO):
        host.advance(number, hours(24))
    return host


def _enquiries(policy: str = "amazon-pay", order: Order | None = None) -> WithoutLedger:
    """Return an order with two tickets about which nothing was done."""
    host = WithoutLedger(dict.fromkeys((ONE, TWO), policy))
    for number in (ONE, TWO):
        host.open(number, 0, order=order or order_of(), reason="other")
    return host


def _subscription() -> Order:
    return order_of(billing="recurring", invoice_amount=dollars(30), invoice_number="I-1")


def _refunded_twice() -> OrderHost:
    return _requests()


def _refunded_beside_a_dispute() -> OrderHost:
    return _enquiries().send(ONE, dispute(1)).send(TWO, refund(2, 60))


def _unit_refunded_twice() -> OrderHost:
    host = _enquiries("kaufland", order_of(units=priced_units(40, 60)))
    for number in (ONE, TWO):
        host.send(number, refund(1, 10, f"R-{number}", units=("u1",)))
    return host


def _invoice_paid_twice() -> OrderHost:
    return _requests(order=_subscription())


def _reference_used_twice() -> OrderHost:
    host = _enquiries()
    for number in (ONE, TWO):
        host.send(number, refund(1, 10))
    return host


def _subscription_ended_twice() -> OrderHost:
    return _requests("cancellation", _subscription())


def _claim_beside_a_chargeback() -> OrderHost:
    host = _enquiries().send(ONE, dispute(1, "chargeback", 10))
    return host.send(TWO, dispute(2, "claim", 10))


VIOLATIONS: list[tuple[Callable[[], OrderHost], str]] = [
    (
        _refunded_twice,
        "refunds and disputes stay within the cap: ticket 00000000001 at "
        "2026-01-06 08:00:00+00:00: refunds of 20000 and disputes of 0 exceed the cap of 10000 "
        "(minor units)",
    ),
    (
        _refunded_beside_a_dispute,
        "refunds and disputes stay within the cap: ticket 00000000002 at "
        "2026-01-05 10:00:00+00:00: refunds of 6000 and disputes of 10000 exceed the cap of 10000 "
        "(minor units)",
    ),
    (
        _unit_refunded_twice,
        "a unit is refunded once, for its price at most: ticket 00000000001 refunded the unit u1 "
        "again at 2026-01-05 09:00:00+00:00",
    ),
    (
        _invoice_paid_twice,
        "an invoice is paid back once: ticket 00000000001 paid the invoice I-1 again at "
        "2026-01-06 08:00:00+00:00",
    ),
    (
        _reference_used_twice,
        "references and ids of disputes are unique: the reference R was used 2 times",
    ),
    (
        _subscription_ended_twice,
        "a subscription ends once: the subscription ended 2 times, in tickets 00000000001, "
        "00000000002",
    ),
    (
        _claim_beside_a_chargeback,
        "a claim does not run beside a chargeback: ticket 00000000002 opened a claim beside the "
        "chargeback",
    ),
]


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: case[0].__name__)
def test_each_invariant_finds_its_violation(case: tuple[Callable[[], OrderHost], str]) -> None:
    """Each invariant of an order finds its violation, and names the ticket and the values."""
    build, sentence = case
    host = build()

    assert sentence == order_violations(host.events, host.policy_of)[0]


def test_every_invariant_has_a_violation() -> None:
    """Each invariant of an order has a history above that violates it."""
    assert set(ORDER_INVARIANTS) == {sentence.partition(":")[0] for _, sentence in VIOLATIONS}


def test_a_unit_is_refunded_for_its_price_at_most() -> None:
    """An invariant finds a unit that was refunded for more than its price."""
    host = _enquiries("kaufland", order_of(units=priced_units(40, 60)))
    host.send(ONE, refund(1, 10, units=("u1",)))
    last = host.events[ONE][-1]
    assert isinstance(last, Refunded)
    host.events[ONE][-1] = attrs.evolve(last, amount=dollars(50))

    assert (
        "a unit is refunded once, for its price at most: ticket 00000000001 refunded 50.00 USD "
        "for units of 4000 minor units",
    ) == order_violations(host.events, host.policy_of)


def test_the_name_of_a_policy_is_as_good_as_the_policy() -> None:
    """The function may return the name of a preset, or a path."""
    host = _enquiries("kaufland").send(ONE, refund(1, 100))
    last = host.events[ONE][-1]
    assert isinstance(last, Refunded)
    host.events[ONE][-1] = attrs.evolve(last, amount=dollars(500))

    found = order_violations(host.events, host.policy_of)
    assert found
    assert found == order_violations(host.events, lambda _: "kaufland")


def test_a_report_from_outside_may_exceed_the_cap() -> None:
    """A lost dispute may exceed the cap, because a bank decides from outside."""
    host = _enquiries().send(ONE, refund(1, 100)).send(TWO, dispute(1))
    host.send(TWO, resolve(2, "claim", "lost"))

    assert () == order_violations(host.events, host.policy_of)


def test_tickets_of_an_order_form_a_ledger() -> None:
    """A ticket of another order, or an empty set of tickets, is the only violation reported."""
    host = _enquiries()
    other = WithoutLedger({TWO: "amazon-pay"}).open(TWO, 0, vendor="V")

    assert ("the tickets form a ledger: a ledger needs tickets of one order, found none",) == (
        order_violations({}, host.policy_of)
    )
    assert order_violations({ONE: host.events[ONE], TWO: other.events[TWO]}, host.policy_of)[
        0
    ].startswith("the tickets form a ledger: a ledger needs tickets of one order, found 'O-1'")


def test_a_refund_on_request_may_exceed_the_invoice() -> None:
    """A refund on request may exceed the latest invoice, unlike one by a timer (C8)."""
    host = _enquiries(order=_subscription()).send(ONE, refund(1, 60))

    assert () == order_violations(host.events, host.policy_of)


def test_an_order_without_invoices_is_paid_by_a_timer() -> None:
    """The amount of an order without invoices limits a refund by a timer."""
    host = OrderHost({ONE: "clickbank"}).open(ONE, 0, type="refund").advance_all(hours(24))
    host.send(ONE, c.RequestReview(at=hours(25), by="customer"))

    assert () == order_violations(host.events, host.policy_of)


def test_a_refund_that_settles_a_dispute_takes_from_what_it_holds() -> None:
    """A refund that settles a claim takes its money from the amount that the claim holds."""
    host = OrderHost(dict.fromkeys((ONE, TWO), "amazon-pay")).open(ONE, 0).open(TWO, 0)
    host.send(ONE, refund(1, 50), dispute(2))
    host.send(TWO, refund(3, 50, "Q", dispute="claim"))

    assert () == order_violations(host.events, host.policy_of)
