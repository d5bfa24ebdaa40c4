"""The facts that a policy asks for, and openings that tell them apart."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from ticketcore.commands import Open
from ticketcore.events import Billing, Money, Order, Unit
from ticketcore.policies import CONDITIONS, Condition, Policy

_REQUIRED = {
    "subject": "a subject",
    "text": "a text",
    "customer": "a customer",
    "account": "an account",
    "reason": "another reason",
}


def conditions(policy: Policy) -> tuple[Condition, ...]:
    """The `when` of every timer and permission."""
    timers = (timer.when for timer in policy.timers)
    return (*timers, *(permission.when for permission in policy.permissions))


def asked_for(policy: Policy) -> frozenset[str]:
    """The facts that some rule asks for."""
    return frozenset(
        fact for fact in CONDITIONS if any(fact in w.facts for w in conditions(policy))
    )


def named(policy: Policy, fact: str) -> tuple[str, ...]:
    """The values of a fact that some rule names, in order."""
    values = {value for when in conditions(policy) for value in when.facts.get(fact, ())}
    return tuple(sorted(values))


def kinds(policy: Policy) -> tuple[str, ...]:
    """The types that a ticket can have; under a policy of any type those that it names, and one
    that it does not."""
    default = (policy.default_type,) if policy.default_type else ()
    others = ("another type",) if policy.any_type else ()
    return tuple(dict.fromkeys((*policy.types, *default, *named(policy, "type"), *others)))


def openings(policy: Policy, at: datetime, zone: str = "UTC") -> Iterator[Open]:
    """An opening for every combination of facts that the policy tells apart.

    Some of them it refuses: a cancellation of a one-time order, say.
    """
    windows = (True, False) if "has_grace_period" in asked_for(policy) else (True,)
    every = product(kinds(policy), policy.parties("open"), _orders(at), _places(policy), windows)
    for kind, by, order, place, window in every:
        yield Open(
            at=at,
            by=by,
            type=kind,
            zone=zone,
            order=order,
            has_grace_period=window,
            **place,
        )


def _orders(at: datetime) -> tuple[Order | None, ...]:
    return None, sample_order(at, "one-time"), sample_order(at, "recurring")


def sample_order(at: datetime, billing: Billing) -> Order:
    """An order of two units, sold the day before."""
    sold = at - timedelta(days=1)
    amount = Money(10_000, "USD")
    return Order(
        number="A-1",
        sold_at=sold,
        amount=amount,
        billing=billing,
        invoice_amount=amount if billing == "recurring" else None,
        invoiced_at=sold if billing == "recurring" else None,
        units=(Unit(id="unit-1"), Unit(id="unit-2")),
    )


def _places(policy: Policy) -> Iterator[dict[str, Any]]:
    """Storefront, category and reason: one value for each way in which rules judge them."""
    rest = {field: text for field, text in _REQUIRED.items() if field in policy.opening.required}
    for storefront, reason in product(_storefronts(policy), _reasons(policy)):
        for category, subcategory in _categories(policy):
            yield {
                **rest,
                "storefront": storefront,
                "category": category,
                "subcategory": subcategory,
                **({"reason": reason} if reason else {}),
            }


def _storefronts(policy: Policy) -> tuple[str | None, ...]:
    return _one_of_each(policy, "storefront", tuple(policy.storefronts)) or (None,)


def _reasons(policy: Policy) -> tuple[str | None, ...]:
    return _one_of_each(policy, "reason", policy.reasons or named(policy, "reason")) or (None,)


def _categories(policy: Policy) -> tuple[tuple[str | None, str | None], ...]:
    """Category and sub-category, one pair for each way in which rules judge them."""
    every: list[tuple[str | None, str | None]] = [
        (category.name, sub)
        for category in policy.categories.values()
        for sub in category.subcategories or (None,)
    ]
    kept = {
        (judged(policy, "category", one), judged(policy, "subcategory", two)): (one, two)
        for one, two in reversed(every)
    }
    return tuple(reversed(kept.values())) or ((None, None),)


def _one_of_each(policy: Policy, fact: str, values: tuple[str, ...]) -> tuple[str, ...]:
    kept = {judged(policy, fact, value): value for value in reversed(values)}
    return tuple(reversed(kept.values()))


def judged(policy: Policy, fact: str, value: Any) -> tuple[bool, ...]:
    """How each rule that asks for a fact judges one value of it."""
    return tuple(w.allows(fact, (value,)) for w in conditions(policy) if fact in w.facts)
