"""Variants of the cases in test_cases.py: other orders, a tick earlier or later, parts, units.

Each test has the number of its case. All times count from Monday, 08:00 UTC; a clickbank refund
that a customer requested then is due on Tuesday, 08:00.
"""

from datetime import timedelta
from itertools import permutations
from typing import Any

import attrs
import pytest

from support.orders.hosts import (
    ONE,
    THREE,
    TICK,
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
from ticketcore.errors import NewerHistoryError
from ticketcore.events import Money, Refunded, Shipment

EUROS = Money(1000, "EUR")
SHIPMENT = Shipment(number="S-1", shipped_at=hours(0))
AT_30: dict[str, Any] = {"at": hours(30), "by": "support"}


def amazon(*numbers: str) -> OrderHost:
    """Return an order under the preset amazon-pay, with these tickets opened in this order."""
    host = OrderHost(dict.fromkeys((ONE, TWO, THREE), "amazon-pay"))
    for number in numbers or (ONE, TWO):
        host.open(number, 0)
    return host


def refunding(first: str = "amazon-pay") -> OrderHost:
    """Return an order: ticket 1 under a policy, and 100.00 USD that ticket 2 pays at 28 hours."""
    host = OrderHost({ONE: first, TWO: "clickbank-confirmed"})
    kind = "technical" if first.startswith("clickbank") else None
    return host.open(ONE, 0, type=kind).open(TWO, 4, type="refund")


@pytest.mark.parametrize(
    ("command", "touches"),
    [
        (c.Reply(**AT_30, text="…"), False),
        (c.Close(**AT_30), False),
        (c.RequestInfo(at=hours(30), by="vendor"), False),
        (c.AddShipment(**AT_30, shipment=SHIPMENT), False),
        (c.AnswerDispute(at=hours(30), by="vendor", dispute="claim", text="…"), False),
        (c.ConfirmRefund(**AT_30, reference="R"), False),
        (c.FailRefund(**AT_30, reference="R"), True),
        (refund(30, 10, "Q"), True),
        (dispute(30, "chargeback", 10), True),
        (resolve(30, "claim", "won"), True),
        (c.CorrectDispute(**AT_30, dispute="claim", amount=dollars(20)), True),
        (c.CorrectOrder(**AT_30, order=order_of(90)), True),
    ],
    ids=lambda value: getattr(value, "NAME", None),
)
def test_only_commands_about_money_wait_for_a_ticket_that_cannot_be_read(
    command: c.Command, touches: bool
) -> None:
    """Case 1: unread content of another ticket stops the money of the order, and nothing else."""
    host = amazon().send(ONE, refund(1, 10), dispute(2, amount=10))
    host.receive_unread(TWO)

    if touches:
        with pytest.raises(NewerHistoryError):
            host.send(ONE, command)
    else:
        assert hours(30) == host.send(ONE, command).tickets[ONE].at


def test_a_command_one_tick_after_the_deadline_of_a_claim_waits() -> None:
    """Case 2: an answer at the due instant is in time, one a microsecond later is not."""
    host = amazon().send(ONE, dispute(0, amount=10))
    tick_later = attrs.evolve(refund(0, 30), at=hours(168) + TICK)

    assert ONE == host.waits(TWO, tick_later)


def test_a_command_at_the_instant_of_a_refund_timer_waits() -> None:
    """Case 2: a refund timer fires at its instant, before commands of that instant."""
    host = OrderHost({ONE: "clickbank", TWO: "clickbank-confirmed"})
    host.open(ONE, 0, type="refund").open(TWO, 0, type="technical")
    before = attrs.evolve(refund(0, 30), at=hours(24) - TICK)

    assert ONE == host.waits(TWO, refund(24, 30))
    assert ["30.00 USD"] == host.send(TWO, before).paid(TWO)
    assert ["70.00 USD"] == host.advance_all(hours(24)).paid(ONE)


@pytest.mark.parametrize("order", [*permutations((ONE, TWO, THREE))])
def test_the_lowest_number_is_paid_whoever_was_opened_first(order: tuple[str, ...]) -> None:
    """Case 4: of three refunds that are due at one instant, that of the lowest number is paid."""
    host = OrderHost(dict.fromkeys(order, "clickbank"))
    for number in order:
        host.open(number, 0, type="refund")
    host.advance_all(hours(48))

    assert [["100.00 USD"], [], []] == [host.paid(number) for number in (ONE, TWO, THREE)]


@pytest.mark.parametrize("noticed", [0, 1, 200])
@pytest.mark.parametrize(
    ("delay", "amount", "expected"),
    [
        (-TICK, 80, "80.00 USD"),
        (-TICK, 120, "120.00 USD"),
        (timedelta(0), 80, "100.00 USD"),
        (TICK, 120, "100.00 USD"),
    ],
)
def test_facts_count_as_of_the_due_instant(
    delay: timedelta, amount: int, expected: str, noticed: int
) -> None:
    """Cases 6 and 7: an opening before the due instant counts, one at it or later does not."""
    host = OrderHost({ONE: "clickbank", TWO: "clickbank"}).open(ONE, 0, type="refund")
    opening = c.Open(
        at=hours(24) + delay, by="customer", number=TWO, order=order_of(amount), zone="UTC"
    )
    host.send(TWO, opening).advance(ONE, hours(25 + noticed))

    assert [expected] == host.paid(ONE)


@pytest.mark.parametrize(("at", "expected"), [(27, "90.00 USD"), (28.5, "100.00 USD")])
def test_a_correction_counts_from_its_instant_on(at: float, expected: str) -> None:
    """Case 6: a corrected amount changes a refund that is due later, and none that was due."""
    host = refunding()
    correction = c.CorrectOrder(at=hours(at), by="vendor", order=order_of(90))
    if at > 28:
        assert TWO == host.waits(ONE, correction)
        host.advance(TWO, hours(at))
    host.send(ONE, correction).advance_all(hours(200))

    assert [expected] == host.paid(TWO)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("amounts", [(30, 20), (20, 30), (30, 30)])
def test_each_invoice_is_paid_back_with_its_own_amount(
    amounts: tuple[int, int], first: int
) -> None:
    """Case 8: C8: the tickets of two invoices each pay their own, in either order."""
    invoices = dict(zip((ONE, TWO), amounts, strict=True))
    numbers = [ONE, TWO] if first == 0 else [TWO, ONE]
    host = OrderHost(dict.fromkeys(numbers, "clickbank"))
    for place, number in enumerate(numbers):
        amount = invoices[number]
        order = order_of(
            amount, billing="recurring", invoice_number=number, invoice_amount=dollars(amount)
        )
        host.open(number, place, type="refund", order=order)
    host.advance_all(hours(48))

    assert {number: [f"{amount}.00 USD"] for number, amount in invoices.items()} == {
        number: host.paid(number) for number in invoices
    }


@pytest.mark.parametrize(("at", "expected"), [(27, "100.00 USD"), (29, "70.00 USD")])
def test_a_partial_refund_that_fails_is_free_from_then_on(at: float, expected: str) -> None:
    """Case 9: a pending part is taken until it fails, and free for what is due afterwards."""
    host = refunding("clickbank-confirmed").send(ONE, refund(5, 30))
    failed = c.FailRefund(at=hours(at), by="support", reference="R")
    if at > 28:
        assert TWO == host.waits(ONE, failed)
        host.advance(TWO, hours(at))
    host.send(ONE, failed).advance_all(hours(200))

    assert [expected] == host.paid(TWO)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), "60.00 USD"),
        (((6, "lost"),), "60.00 USD"),
        (((6, "won"),), "100.00 USD"),
        (((6, "lost"), (27, "won")), "100.00 USD"),
        (((6, "won"), (27, "lost")), "60.00 USD"),
        (((6, "lost"), (27, "won"), (27.5, "lost")), "60.00 USD"),
        (((6, "lost"), (29, "won")), "60.00 USD"),
        (((6, "won"), (29, "lost")), "100.00 USD"),
    ],
)
def test_the_outcome_of_a_dispute_counts_as_of_the_due_instant(
    outcomes: tuple[tuple[float, Any], ...], expected: str
) -> None:
    """Cases 10 and 12: a claim of 40.00 leaves 60.00, and a reversal gives it back."""
    host = refunding().send(ONE, dispute(5, amount=40))
    for at, outcome in outcomes:
        host.advance_all(hours(at)).send(ONE, resolve(at, "claim", outcome))
    host.advance_all(hours(160))

    assert [expected] == host.paid(TWO)


@pytest.mark.parametrize("amount", [None, 40, 100, 130])
@pytest.mark.parametrize("at", [27, 28, 29])
def test_a_dispute_holds_its_amount_from_its_opening_on(amount: int | None, at: float) -> None:
    """Case 11: a chargeback cuts a refund that is due later, and none that was due."""
    host = refunding().advance_all(hours(at)).send(ONE, dispute(at, "chargeback", amount))
    host.advance_all(hours(160))
    left = 100 - (100 if amount is None else amount) if at < 28 else 100

    assert ([f"{left}.00 USD"] if left > 0 else []) == host.paid(TWO)


@pytest.mark.parametrize(
    ("commands", "left"),
    [
        ((dispute(1, amount=40),), 75),
        ((dispute(1, amount=40), resolve(2, "claim", "lost")), 75),
        ((dispute(1, amount=40), resolve(2, "claim", "won")), 115),
        ((dispute(1, amount=40), dispute(2, "chargeback", 30)), 85),
        ((dispute(1, amount=40), dispute(1, "chargeback", 30, dispute="C")), 85),
        ((refund(1, 20), dispute(2, amount=40)), 55),
        ((dispute(1, amount=40), refund(2, 10, dispute="claim")), 75),
        ((dispute(1, amount=40), refund(2, dispute="claim"), resolve(3, "claim", "lost")), 75),
        ((dispute(1, amount=40), refund(2, 15, dispute="claim"), resolve(3, "claim", "won")), 100),
    ],
)
@pytest.mark.parametrize("asks", [ONE, TWO])
def test_all_but_what_disputes_hold_can_be_refunded(
    commands: tuple[c.Command, ...], left: int, asks: str
) -> None:
    """Case 12: A4: 115.00 less what disputes hold, from either ticket, and not a cent more."""
    host = amazon().send(ONE, *commands)
    most = attrs.evolve(refund(4, reference="Q"), amount=Money(100 * left, "USD"))
    more = attrs.evolve(most, amount=Money(100 * left + 1, "USD"))

    assert "cap-exceeded" == host.refused(asks, more).code
    assert f"{left}.00 USD" == host.send(asks, most).paid(asks)[-1]


def test_a_refund_after_a_failed_one_has_a_new_reference() -> None:
    """Case 17: the reference of a failed refund is not used again, on either ticket."""
    host = OrderHost(dict.fromkeys((ONE, TWO), "clickbank-confirmed"))
    host.open(ONE, 0, type="refund").open(TWO, 0, type="technical").advance_all(hours(24))
    host.send(ONE, c.FailRefund(at=hours(25), by="support", reference=f"{ONE}-refund-1"))
    host.send(TWO, c.ChangeType(at=hours(26), by="customer", type="refund"))

    assert "reference-conflict" == host.refused(TWO, refund(27, 1, f"{ONE}-refund-1")).code
    host.advance_all(hours(80))
    assert [f"{ONE}-refund-1", f"{TWO}-refund-1"] == [
        event.reference for _, event in host.recorded if isinstance(event, Refunded)
    ]


@pytest.mark.parametrize("policy", ["clickbank-confirmed", "clickbank-per-unit"])
@pytest.mark.parametrize(
    ("units", "before", "expected"),
    [
        (("u1",), (), ["40.00 USD"]),
        (("u2",), (), ["60.00 USD"]),
        (("u1", "u2"), (), ["100.00 USD"]),
        (("u1",), ("u1",), []),
        (("u1",), ("u2",), ["40.00 USD"]),
        (("u1", "u2"), ("u1",), ["60.00 USD"]),
    ],
)
def test_a_timer_pays_the_unpaid_units_of_its_ticket(
    units: tuple[str, ...], before: tuple[str, ...], expected: list[str], policy: str
) -> None:
    """Case 19: K5: a unit that the vendor has refunded on another ticket is not paid again."""
    order = order_of(units=priced_units(40, 60))
    host = OrderHost(dict.fromkeys((ONE, TWO), policy))
    host.open(ONE, 0, type="refund", order=order, units=units)
    host.open(TWO, 0, type="technical", order=order)
    if before:
        host.send(TWO, refund(2, units=before))
    host.advance_all(hours(48))

    assert expected == host.paid(ONE)


@pytest.mark.parametrize(("delay", "refused"), [(-TICK, True), (timedelta(0), False)])
def test_a_command_at_the_instant_of_the_money_is_not_late(
    delay: timedelta, refused: bool
) -> None:
    """Cases 20 and 21: one instant is no order; a microsecond before is out of order."""
    paid = amazon().send(ONE, refund(5, 10))
    closed = OrderHost(dict.fromkeys((ONE, TWO), "clickbank-confirmed"))
    closed.open(ONE, 0, type="technical").open(TWO, 0, type="refund")
    closed.send(ONE, refund(1)).advance(TWO, hours(24))
    for host, number, command, at in (
        (paid, TWO, refund(0, 10, "Q"), hours(5)),
        (paid, TWO, c.Reply(at=hours(0), by="customer", text="…"), hours(5)),
        (closed, ONE, c.FailRefund(at=hours(0), by="support", reference="R"), hours(24)),
    ):
        dated = attrs.evolve(command, at=at + delay)
        if refused:
            assert "out-of-order" == host.refused(number, dated).code
        else:
            assert at == host.send(number, dated).tickets[number].at


def test_the_surplus_is_what_is_left_after_a_full_refund_and_a_claim() -> None:
    """Case 22: of 115.00, 5.00 are left: they are granted, 5.01 are not, and no amount is 0."""
    host = amazon().send(ONE, refund(1), dispute(2, amount=10))

    assert "nothing-to-refund" == host.refused(TWO, refund(3, reference="Q")).code
    more = attrs.evolve(refund(3, reference="Q"), amount=Money(501, "USD"))
    assert "cap-exceeded" == host.refused(TWO, more).code
    assert ["5.00 USD"] == host.send(TWO, refund(3, 5, "Q")).paid(TWO)
    assert "dispute-running" == host.refused(ONE, refund(4, 1, "P")).code


@pytest.mark.parametrize("number", [ONE, TWO])
@pytest.mark.parametrize(
    "command",
    [
        attrs.evolve(refund(3, reference="Q"), amount=EUROS),
        attrs.evolve(dispute(3), amount=EUROS),
        c.CorrectOrder(at=hours(3), by="vendor", order=attrs.evolve(order_of(), amount=EUROS)),
    ],
    ids=lambda command: command.NAME,
)
def test_an_order_has_one_currency(command: c.Command, number: str) -> None:
    """A4: refunds, disputes and corrections in another currency are refused on every ticket."""
    host = amazon().send(ONE, refund(1, 10))

    assert "currency-differs" == host.refused(number, command).code


def test_a_third_ticket_has_the_currency_of_the_others() -> None:
    """A4: an opening in another currency is refused, whoever moved money before."""
    opening = c.Open(
        at=hours(3),
        by="customer",
        number=THREE,
        zone="UTC",
        order=attrs.evolve(order_of(), amount=EUROS),
    )

    assert "currency-differs" == amazon().refused(THREE, opening).code
