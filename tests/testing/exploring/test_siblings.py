"""Exploring a ticket together with other tickets of its order."""

from typing import Any

from ticketcore.policies import load_policy
from ticketcore.testing.exploring._abstraction import StateAbstraction
from ticketcore.testing.exploring._findings import money_finding
from ticketcore.testing.exploring._search import StateSearch
from ticketcore.testing.exploring._siblings import money_twice, siblings


def _search(preset: str, states: int) -> StateSearch:
    policy = load_policy(preset)
    return StateSearch(policy, states, StateAbstraction(policy)).run()


def _no_ledger(*_: Any) -> None:
    """Leave the decider without a ledger, as a host with one ticket per order does."""


def test_money_leaves_once_beside_any_other_ticket() -> None:
    """C8, A2, K5: the decider reads the ledger of both tickets."""
    for preset in ("clickbank", "kaufland", "amazon-pay"):
        assert () == tuple(money_twice(_search(preset, 60)))


def test_without_a_ledger_money_leaves_twice() -> None:
    """Without a ledger money leaves twice, and the finding says how."""
    search = _search("kaufland", 60)
    found = [str(money_finding(search.policy, twice)) for twice in money_twice(search, _no_ledger)]
    above = "exceed the cap of 10000 (minor units)"
    other = "money-twice: beside another ticket of the order that"

    assert [
        f"{other} has a pending refund of a part, refunds of 12500 and disputes of 0 {above}",
        f"{other} refunded everything, refunds of 20000 and disputes of 0 {above}",
        f"{other} refunded a unit, the unit unit-1 is refunded again",
        f"{other} has a running dispute about a part, "
        f"refunds of 10000 and disputes of 2500 {above}",
        f"{other} has a running dispute about everything, "
        f"refunds of 10000 and disputes of 10000 {above}",
        f"{other} lost a dispute about a part, refunds of 10000 and disputes of 2500 {above}",
    ] == found


def test_a_subscription_ends_twice_without_a_ledger() -> None:
    """C9: without a ledger a subscription ends twice, and the story shows it."""
    search = _search("clickbank", 60)
    (twice,) = [
        each
        for each in money_twice(search, _no_ledger)
        if each.sibling == "ended the subscription"
    ]
    finding = money_finding(search.policy, twice)

    assert "the subscription is ended again" == twice.fault
    assert twice.command is None
    assert "cancelled" in [event.NAME for event in finding.story.events()]


def test_a_sibling_has_no_timer_and_another_number() -> None:
    """The sibling of a ticket has no timer, and another number."""
    search = _search("amazon-pay", 60)
    ticket = next(r.ticket for r in search.states.values() if r.ticket.order is not None)
    made = [sibling for _, sibling in siblings(ticket)]

    assert 8 == len(made)
    assert {((), ticket.order, "2")} == {(s.timers, s.order, s.number) for s in made}
