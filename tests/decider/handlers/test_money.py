"""Refunds on request, their confirmation, and cancelled units."""

from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import ORDER, POLICY, after, at
from support.policies.small_policies import MONEY, PLAIN, opened, policy_of, refund, refusal
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply, refund_cap
from ticketcore.events import Money, Order, Refunded, Unit
from ticketcore.ledger import OrderState


def test_impossible_refunds_are_refused() -> None:
    """Each kind of mistake has its code; the same refund sent again changes nothing."""
    ticket = opened(MONEY, order=ORDER)
    once = decide_and_apply(ticket, refund("a", "60.00 EUR"), MONEY)[0]

    assert "order-required" == refusal(opened(MONEY), refund("a"), MONEY).code
    assert "unknown-unit" == refusal(ticket, refund("a", units=("u9",)), MONEY).code
    assert "currency-differs" == refusal(ticket, refund("a", "1.00 USD"), MONEY).code
    assert "nothing-to-refund" == refusal(ticket, refund("a", "0.00 EUR"), MONEY).code
    assert "cap-exceeded" == refusal(once, refund("b", "40.01 EUR"), MONEY).code
    assert "reference-conflict" == refusal(once, refund("a", "1.00 EUR"), MONEY).code
    assert () == decide(once, refund("a", "60.00 EUR"), MONEY)
    whole = policy_of("")
    assert (
        "partial-not-allowed"
        == refusal(opened(whole, order=ORDER), refund("a", "1.00 EUR"), whole).code
    )


def test_a_reference_stands_for_one_refund() -> None:
    """A refund of other units, or of another dispute, is not a known refund that is sent again."""
    claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim", amount=CENT)
    unit = _part("R", 1, units=("u1",))
    settled = _part("S", 1, dispute="D")
    ticket = after(claim, unit, settled)

    assert () == decide(ticket, unit, POLICY)
    assert () == decide(ticket, _part("R", 1), POLICY)
    assert () == decide(ticket, settled, POLICY)
    for other in (_part("R", 1, units=("u2",)), _part("R", 1, dispute="D")):
        assert "reference-conflict" == refusal(after(claim, unit), other, POLICY).code


def _part(reference: str, minor: int, currency: str = "EUR", **more: Any) -> c.Refund:
    amount = Money(minor, currency)
    return c.Refund(at=at(1), by="vendor", reference=reference, amount=amount, **more)


# The commands before, the command that is refused, and the message.
REFUSED: list[tuple[tuple[c.Command, ...], c.Command, str]] = [
    (
        (),
        _part("R", 1, units=("u9",)),
        'unknown-unit: unknown unit "u9"; this ticket has u1, u2',
    ),
    ((), _part("R", 1, "USD"), "currency-differs: the order was paid in EUR, not USD"),
    (
        (),
        _part("R", 0),
        "nothing-to-refund: 0.00 EUR cannot be refunded: give an amount above zero (M1)",
    ),
    (
        (_part("Q", 9_900),),
        _part("R", 101),
        "cap-exceeded: 1.01 EUR is more than 1.00 EUR, which is all that can"
        " still be refunded (M1)",
    ),
    (
        (_part("R", 1),),
        _part("R", 2),
        'reference-conflict: the reference "R" belongs to another refund: use a new one',
    ),
    (
        (_part("P", 1), _part("Q", 1)),
        _part("R", 1),
        "too-many-refunds: wide-open allows no more refunds of the order; made so far: 2 (M1)",
    ),
    (
        (
            c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
            c.ResolveDispute(at=at(1), by="support", dispute="D", outcome="lost"),
        ),
        _part("R", 1),
        "already-reimbursed: the customer has the money already: a dispute was decided for them "
        "(D1)",
    ),
    (
        (),
        c.ConfirmRefund(at=at(2), by="support", reference="R"),
        'unknown-refund: this ticket has no refund "R"',
    ),
    (
        (_part("R", 1), c.FailRefund(at=at(1), by="support", reference="R")),
        c.ConfirmRefund(at=at(2), by="support", reference="R"),
        'refund-settled: the refund "R" has failed already',
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[2].partition(":")[0])
def test_a_refused_refund_gives_the_values_found(
    case: tuple[tuple[c.Command, ...], c.Command, str],
) -> None:
    """A refused refund gives the values found, and the rule that refused it."""
    before, command, message = case

    assert message == str(refusal(after(*before), command, POLICY))


def test_a_dispute_takes_the_last_cent() -> None:
    """A2: a dispute about the last cent of an order stops a refund while it runs and if it is
    lost."""
    claim = c.OpenDispute(
        at=at(1), by="customer", dispute="D", kind="claim", amount=Money(1, "EUR")
    )
    lost = c.ResolveDispute(at=at(1), by="support", dispute="D", outcome="lost")
    before = _part("Q", 9_999), claim

    for commands, code in ((before, "dispute-running"), ((*before, lost), "already-reimbursed")):
        assert code == refusal(after(*commands), _part("R", 1), POLICY).code


WHOLE = policy_of('[refunds]\nrule = "M1"\n')
CENT = Money(1, "EUR")


def test_a_refund_needs_an_order() -> None:
    """A refund on a ticket without an order is refused."""
    command = refund("R", "0.01 EUR")

    assert "order-required: the ticket has no order" == str(refusal(opened(WHOLE), command, WHOLE))


def test_a_partial_refund_needs_a_policy_that_allows_it() -> None:
    """A policy without partial refunds refuses one with the amount that is refundable."""
    assert (
        "partial-not-allowed: partial refunds are not allowed; the whole rest is 100.00 EUR (M1)"
    ) == str(refusal(opened(WHOLE, order=ORDER), refund("R", "0.01 EUR"), WHOLE))


@pytest.mark.parametrize(
    ("limits", "amount"),
    [
        ("partial = true", None),
        ("partial = true", "0.01 EUR"),
        ("", "0.01 EUR"),
        ("", "100.00 EUR"),
        ('over_refund_percent = 15\nover_refund_max = "75.00 EUR"', "5.00 EUR"),
        ('partial = true\nover_refund_percent = 15\nover_refund_max = "75.00 EUR"', None),
    ],
)
def test_nothing_is_left_after_the_whole_order(limits: str, amount: str | None) -> None:
    """Once the whole order is refunded, every further refund is refused with one code."""
    policy = policy_of(f"[refunds]\n{limits}\n")
    paid = decide_and_apply(opened(policy, order=ORDER), refund("a"), policy)[0]

    assert "nothing-to-refund: nothing is left to refund" == str(
        refusal(paid, refund("b", amount), policy)
    )


def test_a_refund_of_nothing_names_the_rule_of_the_policy() -> None:
    """A2: a refund of nothing is refused with the rule of `[refunds]`."""
    policy = policy_of('[refunds]\nrule = "A2"\n')
    paid = decide_and_apply(opened(policy, order=ORDER), refund("a"), policy)[0]

    assert "nothing-to-refund: nothing is left to refund (A2)" == str(
        refusal(paid, refund("b"), policy)
    )


def test_units_must_be_units_of_the_order() -> None:
    """A refund of units that the order lacks is refused."""
    ticket = opened(WHOLE, order=attrs.evolve(ORDER, units=()))
    command = c.Cancel(at=at(2), by="vendor", units=("u1",))

    assert 'unknown-unit: unknown unit "u1"; this ticket has none' == str(
        refusal(ticket, command, WHOLE)
    )


def test_a_refund_may_be_one_cent_or_the_whole_order() -> None:
    """A refund may be as low as one cent and as high as the whole order."""
    for minor in (1, 10_000):
        assert 1 == len(decide(after(), _part("R", minor), POLICY))


def test_a_refund_is_confirmed_or_fails_once() -> None:
    """A refund is confirmed or fails once; a failed one does not count."""
    ticket = decide_and_apply(opened(MONEY, order=ORDER), refund("a"), MONEY)[0]
    confirm = c.ConfirmRefund(at=at(2), by="support", reference="a")
    fail = c.FailRefund(at=at(2), by="support", reference="a")
    done, failed = (
        decide_and_apply(ticket, confirm, MONEY)[0],
        decide_and_apply(ticket, fail, MONEY)[0],
    )

    assert () == decide(done, confirm, MONEY)
    assert "refund-settled" == refusal(done, fail, MONEY).code
    assert "refund-settled" == refusal(failed, confirm, MONEY).code
    assert () == decide(done, confirm, MONEY) == decide(failed, fail, MONEY)
    assert "unknown-refund" == refusal(ticket, attrs.evolve(fail, reference="z"), MONEY).code
    retry = attrs.evolve(refund("a"), at=at(3))
    assert "reference-conflict" == refusal(failed, retry, MONEY).code
    again = attrs.evolve(refund("b"), at=at(3))
    assert 10_000 == decide_and_apply(failed, again, MONEY)[0].refunded


def test_a_policy_may_limit_the_number_of_refunds() -> None:
    """A4: a policy that allows two refunds refuses the third."""
    ticket = opened(MONEY, order=ORDER)
    for reference in "ab":
        ticket = decide_and_apply(ticket, refund(reference, "1.00 EUR"), MONEY)[0]

    assert "too-many-refunds" == refusal(ticket, refund("c", "1.00 EUR"), MONEY).code


def test_a_lost_dispute_ends_refunds() -> None:
    """A2: after a lost dispute nothing is refunded; its outcome can still be reversed."""
    ticket = opened(MONEY, order=ORDER)
    claim = c.OpenDispute(at=at(1), by="customer", dispute="d", kind="claim")
    ticket = decide_and_apply(ticket, claim, MONEY)[0]
    resolve = c.ResolveDispute(at=at(1), by="support", dispute="d", outcome="lost")
    decided = decide_and_apply(ticket, resolve, MONEY)[0]

    assert "already-reimbursed" == refusal(decided, refund("a"), MONEY).code
    assert (
        "unknown-dispute-kind"
        == refusal(ticket, attrs.evolve(claim, dispute="e", kind="x"), MONEY).code
    )
    assert "unknown-dispute" == refusal(ticket, attrs.evolve(resolve, dispute="e"), MONEY).code
    assert () == decide(decided, resolve, MONEY)
    reversed_, _ = decide_and_apply(decided, attrs.evolve(resolve, outcome="won"), MONEY)
    assert 10_000 == decide_and_apply(reversed_, refund("a"), MONEY)[0].refunded


def test_a_unit_is_cancelled_once() -> None:
    """K5: a unit is cancelled once, and a later cancellation adds the units left."""
    ticket = decide_and_apply(
        opened(PLAIN, order=ORDER), c.Cancel(at=at(1), by="vendor", units=("u1",)), PLAIN
    )[0]
    both = c.Cancel(at=at(2), by="vendor", units=("u1", "u2"))

    assert ("u1", "u2") == decide_and_apply(ticket, both, PLAIN)[0].cancelled_units
    assert () == decide(ticket, attrs.evolve(both, units=("u1",)), PLAIN)


@pytest.mark.parametrize(
    ("units", "prices", "amount"),
    [
        (("u1",), (30, 19), 30),
        (("u1", "u2"), (30, 19), 49),
        (("u1",), (30, None), 30),
        ((), (30, 19), 10_000),
    ],
)
def test_a_refund_of_units_pays_their_prices(
    units: tuple[str, ...], prices: tuple[int | None, ...], amount: int
) -> None:
    """K5: a refund of units pays their prices; without units, all that is left."""
    (refunded,) = decide(opened(MONEY, order=_priced(*prices)), refund("R", units=units), MONEY)

    assert isinstance(refunded, Refunded)
    assert (Money(amount, "EUR"), units) == (refunded.amount, refunded.units)


@pytest.mark.parametrize(
    ("units", "prices"), [(("u1", "u2"), (30, None)), (("u1",), (None, None))]
)
def test_a_refund_of_a_unit_without_a_price_needs_an_amount(
    units: tuple[str, ...], prices: tuple[int | None, ...]
) -> None:
    """K5: a unit is refunded for its price at most, so the price may not be a guess."""
    ticket = opened(MONEY, order=_priced(*prices))

    assert "amount-required" == refusal(ticket, refund("R", units=units), MONEY).code
    assert 1 == len(decide(ticket, refund("R", "5.00 EUR", units=units), MONEY))


def test_a_ticket_about_a_unit_gets_no_more_than_is_left() -> None:
    """K5: a ticket about a unit gets at most what is left of the order."""
    ticket = opened(MONEY, order=_priced(30, 19), units=("u1",))
    ticket, _ = decide_and_apply(ticket, refund("Q", "99.90 EUR"), MONEY)
    (refunded,) = decide(ticket, refund("R"), MONEY)

    assert isinstance(refunded, Refunded)
    assert Money(10, "EUR") == refunded.amount


def _priced(*prices: int | None) -> Order:
    """Return the order with units of these prices, in cents."""
    units = tuple(
        Unit(id=f"u{number}", amount=None if price is None else Money(price, "EUR"))
        for number, price in enumerate(prices, 1)
    )
    return attrs.evolve(ORDER, units=units)


def test_without_an_order_there_is_nothing_to_refund() -> None:
    """A ticket without an order can refund nothing, since its cap is 0."""
    assert 0 == refund_cap(OrderState(opened(PLAIN)), PLAIN)
