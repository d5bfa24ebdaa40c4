"""Recommendations for unhappy customers (A3)."""

from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import T0
from ticketcore import commands as c
from ticketcore.decider import Recommendation, advise, check_profile, decide_and_apply
from ticketcore.errors import FieldError
from ticketcore.events import Money, Opened, Order, Refunded, Shipment
from ticketcore.ledger import Ledger
from ticketcore.policies import load_policy, parse_policy
from ticketcore.ticket import fold

_ADVICE = """
[advice]
rule = "A3"
refund_below = "1.00 EUR"
ask_when_missing = ["order", "shipment"]
"""
_BASE = """
name = "advising"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = "open"
by = "customer"
"""
ORDER = Order(number="O-1", sold_at=T0, amount=Money(10_000, "EUR"))


def _advise(order: Order | None, advice: str) -> Recommendation:
    policy = parse_policy(_BASE + advice)
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer", order=order), policy)
    return advise(ticket, policy)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (
            Order(number="O-1", sold_at=T0, amount=Money(1, "EUR")),
            Recommendation(action="refund", reason="0.01 EUR is below 1.00 EUR", rule="A3"),
        ),
        (
            ORDER,
            Recommendation(
                action="ask", reason="missing: shipment", rule="A3", missing=("shipment",)
            ),
        ),
        (
            Order(number="O-1", sold_at=T0, amount=Money(0, "EUR")),
            Recommendation(
                action="ask", reason="missing: shipment", rule="A3", missing=("shipment",)
            ),
        ),
        (
            None,
            Recommendation(
                action="ask",
                reason="missing: order, shipment",
                rule="A3",
                missing=("order", "shipment"),
            ),
        ),
    ],
)
def test_a_recommendation_has_its_reason_and_rule(
    order: Order | None, expected: Recommendation
) -> None:
    """A3: a small amount is recommended for a refund, and missing facts are asked for."""
    assert expected == _advise(order, _ADVICE)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (ORDER, "100.00 EUR is not below the limit of 1.00 EUR"),
        (None, "nothing can be refunded"),
    ],
)
def test_the_recommendation_to_answer_gives_the_refundable_amount(
    order: Order | None, reason: str
) -> None:
    """A recommendation to answer gives the refundable amount and the limit."""
    advice = _ADVICE.replace('["order", "shipment"]', "[]")
    assert Recommendation(action="answer", reason=reason, rule="A3") == _advise(order, advice)


def test_an_amount_in_a_currency_without_a_limit_is_not_refunded() -> None:
    """A3: no refund is recommended in a currency for which the policy has no limit."""
    advice = _ADVICE.replace('["order", "shipment"]', "[]")
    pennies = Order(number="O-1", sold_at=T0, amount=Money(10, "GBP"))

    assert "0.10 GBP has no refund limit" == _advise(pennies, advice).reason


def test_a_recommendation_counts_the_refunds_of_other_tickets() -> None:
    """A3, C8: a recommendation subtracts the refunds of other tickets of the order."""
    paid = Refunded(at=T0, by="vendor", amount=Money(9_950, "EUR"), reference="R")
    one, two = (
        Opened(at=T0, by="customer", type="request", zone="UTC", order=ORDER, number=number)
        for number in "12"
    )
    ticket, ledger = fold([one]), Ledger.of({"1": fold([one]), "2": fold([two, paid])})
    policy = parse_policy(_BASE + _ADVICE)

    assert "ask" == advise(ticket, policy).action
    assert "0.50 EUR is below 1.00 EUR" == advise(ticket, policy, ledger).reason


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("order", attrs.evolve(ORDER, shipments=())),
        ("shipment", attrs.evolve(ORDER, shipments=(Shipment(number="S-1", shipped_at=T0),))),
        ("reason", "late"),
        ("text", "it squeaks"),
    ],
)
def test_a_fact_that_the_policy_lists_is_asked_for_until_it_is_there(
    fact: str, value: Any
) -> None:
    """A fact that the policy lists is requested until the ticket has it (A3)."""
    policy = parse_policy(_BASE + f'[advice]\nask_when_missing = ["{fact}"]\n')
    field = "order" if fact == "shipment" else fact
    without, with_fact = (
        decide_and_apply(None, c.Open(at=T0, by="customer", **facts), policy)[0]
        for facts in ({}, {field: value})
    )

    assert ("ask", (fact,)) == (advise(without, policy).action, advise(without, policy).missing)
    assert "answer" == advise(with_fact, policy).action


def test_a_profile_lacks_items_that_it_leaves_out() -> None:
    """A6: items that a vendor's profile lacks are returned in the policy's words."""
    items = '[profile.items]\nlogo = "a logo"\nphone = "a telephone number"\n'
    policy = parse_policy(_BASE + items)

    assert ("a logo", "a telephone number") == check_profile({"logo": False}, policy)
    assert () == check_profile({"logo": True, "phone": True}, policy)


def test_a_profile_says_yes_or_no() -> None:
    """A6: a profile that says "no" in words is refused, instead of counting as yes."""
    wrong: Any = {"contact": "no"}
    with pytest.raises(FieldError) as refused:
        check_profile(wrong, load_policy("amazon-pay"))
    assert "check_profile.profile['contact']: expected True or False, found 'no'" == str(
        refused.value
    )
