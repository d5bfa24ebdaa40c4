"""The facts that the rules of a policy distinguish, and openings for each combination of them.

Two values of a fact are equal to a policy if every `when` of its timers, permissions and
guarantees gives the same answer for both. One value of each such class is enough: an exploration
that tries more sees the same behaviour again.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import attrs

from ticketcore.commands import Open
from ticketcore.decider import opened_event, refund_cap, window_of
from ticketcore.events import (
    Billing,
    FieldContent,
    FieldKind,
    Money,
    Order,
    Refunded,
    Unit,
    field_text,
)
from ticketcore.ledger import OrderState
from ticketcore.policies import OWN, Condition, FieldDefinition, Policy, load_policy, named_values
from ticketcore.ticket import fold

_REQUIRED_TEXTS = {
    "subject": "a subject",
    "text": "a text",
    "customer": "a customer",
    "account": "an account",
    "reason": "another reason",
}


@lru_cache
def load_cached(source: str) -> Policy:
    """Load the policy of a preset name or a file path, or return the one loaded before.

    Raises PolicyError.
    """
    return load_policy(source)


def policy_of(source: object) -> Policy:
    """Return *source* if it is a policy, or load the preset or the file of that name.

    Raises PolicyError, and TypeError for anything else.
    """
    if isinstance(source, Policy):
        return source
    if isinstance(source, str | Path):
        return load_cached(str(source))
    raise TypeError(f"{source!r} is not a policy: give a Policy, a preset's name or a path")


def names_consent(policy: Policy) -> bool:
    """Return whether a permission requires the message in which the customer agreed (C11)."""
    return any("consent-message" in permission.requires for permission in policy.permissions)


def conditions(policy: Policy) -> tuple[Condition, ...]:
    """Return each `when` in timers, `met_by`, levels, pauses, permissions and guarantees."""
    meetings = (meeting for timer in policy.timers for meeting in timer.met_by)
    levels = (level for timer in policy.timers for level in timer.levels)
    return with_exceptions(
        [
            *(timer.when for timer in policy.timers),
            *(meeting.when for meeting in meetings),
            *(level.when for level in levels),
            *(pause.when for pause in policy.pauses.values()),
            *(permission.when for permission in policy.permissions),
            *(guarantee.when for guarantee in policy.guarantees),
        ]
    )


def with_exceptions(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Return the conditions, and what they exclude by `unless`."""
    every = tuple(conditions)
    return (*every, *(when.unless for when in every if when.unless is not None))


def facts_read(policy: Policy) -> frozenset[str]:
    """Return the names of the facts that some condition reads."""
    return frozenset(fact for when in conditions(policy) for fact in when.facts)


def answers(policy: Policy, fact: str, value: Hashable) -> tuple[bool, ...]:
    """Return whether each condition that reads *fact* accepts *value*."""
    return tuple(when.allows(fact, (value,)) for when in conditions(policy) if fact in when.facts)


def ticket_types(policy: Policy) -> tuple[str, ...]:
    """Return the types that a ticket can have.

    A policy that accepts any type yields those that it names, and one that it does not.
    """
    default = (policy.default_type,) if policy.default_type else ()
    others = ("another type",) if policy.any_type else ()
    return tuple(dict.fromkeys((*policy.types, *default, *_values(policy, "type"), *others)))


_VALUES_OF_KIND: Mapping[FieldKind, tuple[FieldContent, ...]] = {
    "text": ("a text", "another text"),
    "number": (Decimal(0), Decimal("12.5")),
    "money": (Money(0, "USD"), Money(4_900, "EUR")),
    "date": (date(2026, 1, 31), date(2028, 2, 29)),
    "instant": (datetime(2026, 1, 31, tzinfo=UTC), datetime(2028, 2, 29, 12, tzinfo=UTC)),
    "yes-no": (True, False),
}


def field_values(policy: Policy) -> Mapping[str, tuple[FieldContent, ...]]:
    """Return values that are worth trying for each of the policy's own fields.

    Those of a field without choices are a few samples, the values that conditions name, and for
    each bound of a range the value just below it.
    """
    return {
        name: field.choices or _samples(policy, f"fields.{name}", field)
        for name, field in policy.fields.items()
    }


def _samples(policy: Policy, fact: str, field: FieldDefinition) -> tuple[FieldContent, ...]:
    named = sorted(filter(field.takes, _named(policy, fact)), key=field_text)
    below = (lower for value in named if (lower := _just_below(value)) is not None)
    return tuple(dict.fromkeys((*named, *below, *_VALUES_OF_KIND[field.kind])))


def _just_below(value: FieldContent) -> FieldContent | None:
    match value:
        case Decimal():
            return value - 1
        case Money():
            return attrs.evolve(value, minor=value.minor - 1)
        case date():
            return value - timedelta(days=1)
        case _:
            return None


def _named(policy: Policy, fact: str) -> set[Any]:
    """Return the values of a fact with which some condition compares it."""
    return {
        value
        for when in conditions(policy)
        for name, wanted in when.every_wanted()
        if name == fact
        for value in named_values(wanted)
    }


def tag_values(policy: Policy) -> tuple[str, ...]:
    """Return tags that are worth trying: those that the policy lists, or else names, and another.

    A policy that lists its tags allows no others.
    """
    return policy.tags.values or (*sorted(_named(policy, "tags")), "a tag")


def assignees(policy: Policy) -> tuple[str, ...]:
    """Return assignees that are worth trying: those that conditions name, and two others."""
    return (*sorted(_named(policy, "assigned_to")), "team-1", "team-2")


def openings(policy: Policy, at: datetime, zone: str = "UTC") -> Iterator[partial[Open]]:
    """Yield what builds an opening, for each combination of facts that the policy knows.

    The policy refuses some of them, for example the cancellation of a one-time order.
    """
    grace_periods = (True, False) if "has_grace_period" in facts_read(policy) else (True,)
    orders = (None, sample_order(at, "one-time"), sample_order(at, "recurring"))
    accounts = ({}, {"account": "an account"}) if "has_account" in facts_read(policy) else ({},)
    references = (None, "message-0") if names_consent(policy) else (None,)
    combinations = product(
        ticket_types(policy),
        policy.parties("open"),
        orders,
        _descriptions(policy),
        accounts,
        _own_fields(policy, at, zone),
        grace_periods,
        references,
    )
    for kind, by, order, description, account, own, has_grace_period, reference in combinations:
        yield partial(
            Open,
            at=at,
            by=by,
            type=kind,
            zone=zone,
            order=order,
            has_grace_period=has_grace_period,
            reference=reference,
            fields=own,
            **{**description, **account},
        )


def disputed(order: OrderState, refund: Refunded) -> int:
    """Return what disputes take, without the one that a refund settles, in minor units."""
    settled = sum(order.held_by(d) for d in order.disputes if d.id == refund.dispute)
    return order.held + order.lost - settled


def exceeds_cap(order: OrderState, refund: Refunded, policy: Policy) -> bool:
    """Return whether a refund, the last one of the order, exceeds what disputes leave."""
    return order.refunded + disputed(order, refund) > refund_cap(order, policy)


def sample_order(at: datetime, billing: Billing) -> Order:
    """Return an order of two units for 100.00 USD, sold the day before *at*."""
    sold_at = at - timedelta(days=1)
    amount = Money(10_000, "USD")
    return Order(
        number="A-1",
        sold_at=sold_at,
        amount=amount,
        billing=billing,
        invoice_amount=amount if billing == "recurring" else None,
        invoiced_at=sold_at if billing == "recurring" else None,
        units=(
            Unit(id="unit-1", amount=Money(6_000, "USD")),
            Unit(id="unit-2", amount=Money(4_000, "USD")),
        ),
    )


def _descriptions(policy: Policy) -> Iterator[dict[str, Any]]:
    """Yield storefront, reason and category: one value for each class of equal ones."""
    names = policy.opening.required
    required = {field: text for field, text in _REQUIRED_TEXTS.items() if field in names}
    for storefront, reason in product(_storefronts(policy), _reasons(policy)):
        for category, subcategory in _categories(policy):
            yield {
                **required,
                "storefront": storefront,
                "category": category,
                "subcategory": subcategory,
                **({"reason": reason} if reason else {}),
            }


def _own_fields(policy: Policy, at: datetime, zone: str) -> Iterator[dict[str, str]]:
    """Yield values of the policy's own fields: of those that are required, or are never set later.

    There is one value for each class of equal ones. A field from which a permission to open counts
    has an instant at which that permission is open.
    """
    required = {name.removeprefix(OWN) for name in policy.opening.required}
    is_set_later = bool(policy.parties("set-field"))
    counted = dict(_counted_from(policy, at, zone))
    choices: list[list[tuple[str, FieldContent | None]]] = []
    for name, values in field_values(policy).items():
        if name in counted:
            choices.append([(name, counted[name])])
            continue
        unset = () if name in required else (None,)
        if name in required or not is_set_later:
            first_of_class = {
                answers(policy, f"{OWN}{name}", value): value for value in (*values[::-1], *unset)
            }
            choices.append([(name, value) for value in first_of_class.values()])
    for chosen in product(*choices):
        yield {name: field_text(value) for name, value in chosen if value is not None}


def _counted_from(policy: Policy, at: datetime, zone: str) -> Iterator[tuple[str, datetime]]:
    """Yield each field from which a permission to open counts, with the last instant that fits.

    There is none if the permission opens more than ten years after it.
    """
    for permission in policy.permissions:
        if permission.since is None or "open" not in permission.commands:
            continue
        name = permission.since.removeprefix(OWN)
        for days in range(3_653):
            since = at - timedelta(days=days)
            opening = Open(
                at=at,
                by=permission.by[0],
                type=ticket_types(policy)[0],
                zone=zone,
                fields={name: field_text(since)},
            )
            window = window_of(permission, fold((opened_event(opening, policy),)), policy)
            if window is not None and window.is_open(at):
                yield name, since
                break


def _storefronts(policy: Policy) -> tuple[str | None, ...]:
    return _distinct(policy, "storefront", tuple(policy.storefronts)) or (None,)


def _reasons(policy: Policy) -> tuple[str | None, ...]:
    return _distinct(policy, "reason", policy.reasons or _values(policy, "reason")) or (None,)


def _categories(policy: Policy) -> tuple[tuple[str | None, str | None], ...]:
    """Return pairs of category and subcategory, one for each class of equal pairs."""
    pairs: list[tuple[str | None, str | None]] = [
        (category.name, subcategory)
        for category in policy.categories.values()
        for subcategory in category.subcategories or (None,)
    ]
    first_of_class = {
        (answers(policy, "category", category), answers(policy, "subcategory", subcategory)): (
            category,
            subcategory,
        )
        for category, subcategory in reversed(pairs)
    }
    return tuple(reversed(first_of_class.values())) or ((None, None),)


def _distinct(policy: Policy, fact: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first value of each class of equal ones."""
    first_of_class = {answers(policy, fact, value): value for value in reversed(values)}
    return tuple(reversed(first_of_class.values()))


def _values(policy: Policy, fact: str) -> tuple[str, ...]:
    """Return the values of a fact that some condition names, sorted."""
    return tuple(sorted({str(value) for value in _named(policy, fact)}))
