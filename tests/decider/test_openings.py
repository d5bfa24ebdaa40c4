"""An opening keeps all that is said, and is refused with what it met."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from support.permissive_policy import ORDER, POLICY, T0
from ticketcore import commands as c
from ticketcore.decider import decide
from ticketcore.errors import HistoryError, RefusedError
from ticketcore.events import Assigned, Opened
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import fold

_BASE = """
name = "asking"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
reasons = ["late", "lost"]
[types.request]
[opening]
rule = "W1"
required = ["subject", "text"]
[categories.hardware]
rule = "W2"
subcategories = ["screen", "mouse"]
[categories.software]
[[permission]]
commands = "open"
by = ["customer", "vendor"]
channels = ["portal", "telephone"]
rule = "A1"
"""
ASKING = parse_policy(_BASE)
CONDITIONS: dict[str, Any] = {
    "actor": "ann",
    "order": ORDER,
    "units": ("u1",),
    "customer": "C-1",
    "account": "acme",
    "category": "hardware",
    "subcategory": "mouse",
    "reason": "late",
    "subject": "a mouse",
    "text": "it squeaks",
    "channel": "portal",
    "has_grace_period": False,
    "possible_duplicates": ("41",),
}


def test_the_opening_says_what_was_asked() -> None:
    """Every fact, beside what the policy says: the type, whose desk, whose turn, which zone."""
    opened = decide(None, c.Open(at=T0, by="customer", **CONDITIONS), ASKING)[0]

    assert (
        Opened(
            at=T0,
            by="customer",
            type="request",
            zone="UTC",
            default_handler="vendor",
            waiting_for="vendor",
            policy="asking",
            policy_version="2026-01-01",
            **CONDITIONS,
        )
        == opened
    )


def test_who_writes_first_awaits_an_answer() -> None:
    """Opened by the vendor, whose desk it is, it is the customer's turn."""
    opened = decide(None, c.Open(at=T0, by="vendor", **CONDITIONS), ASKING)[0]

    assert "customer" == getattr(opened, "waiting_for", None)


def test_who_may_open_may_depend_on_what_is_asked() -> None:
    """The condition is held against the ticket as it would be."""
    only = _BASE.replace('rule = "A1"', 'rule = "A1"\nwhen = { type = "request" }')
    policy = parse_policy(only + "[types.order]\n")

    assert decide(None, c.Open(at=T0, by="customer", **CONDITIONS), policy)
    with pytest.raises(RefusedError) as refused:
        decide(None, c.Open(at=T0, by="customer", **CONDITIONS, type="order"), policy)
    expected = 'not-permitted: customer may not use "open" in the present state of the ticket (A1)'
    assert expected == str(refused.value)


def test_a_category_goes_to_its_team() -> None:
    """W2: one that the policy does not know goes to none, where it names no categories at all."""
    teams = parse_policy(_BASE.replace('rule = "W2"', 'rule = "W2"\nteam = "desk"'))
    none = parse_policy(
        _BASE[: _BASE.index("[categories.h")] + _BASE[_BASE.index("[[permission]]") :]
    )
    command = c.Open(at=T0, by="customer", **CONDITIONS)

    assert [Assigned(at=T0, assignee="desk", derived=True)] == list(
        decide(None, command, teams)[1:]
    )
    assert () == decide(None, command, none)[1:]


_SHOPS = '[storefronts.de]\nzone = "Europe/Berlin"\n[storefronts.it]\nzone = "Europe/Rome"\n'
_TYPED = _BASE.replace("[types.request]\n", "") + "[types.request]\n"
REFUSED: list[tuple[Policy, dict[str, Any], str]] = [
    (
        ASKING,
        {"subject": None},
        "field-required: a ticket needs subject, text: subject is missing (W1)",
    ),
    (
        ASKING,
        {"subject": None, "text": ""},
        "field-required: a ticket needs subject, text: subject, text is missing (W1)",
    ),
    (
        ASKING,
        {"reason": "sad"},
        "unknown-reason: unknown reason 'sad'; expected one of late, lost",
    ),
    (
        ASKING,
        {"category": "garden"},
        "unknown-category: unknown category 'garden'; expected one of hardware, software",
    ),
    (
        ASKING,
        {"subcategory": "fan"},
        "unknown-subcategory: unknown subcategory 'fan' of hardware;"
        " expected one of screen, mouse (W2)",
    ),
    (ASKING, {"units": ("u9",)}, "unknown-unit: unknown unit 'u9'; the order has u1, u2"),
    (
        ASKING,
        {"units": ("u9",), "order": None},
        "unknown-unit: unknown unit 'u9'; the order has none",
    ),
    (ASKING, {"zone": "Mars"}, "unknown-zone: 'Mars' is not an IANA time zone"),
    (
        ASKING,
        {"channel": "fax"},
        "channel-not-allowed: a open by fax is not accepted: use portal, telephone (A1)",
    ),
    (
        parse_policy(
            _BASE.replace("[opening]", '[opening]\npossible_duplicates = "refuse"').replace(
                'rule = "W1"', 'rule = "W1"\nduplicates_rule = "O4"'
            )
        ),
        {"possible_duplicates": ("41", "42")},
        "possible-duplicate: the same problem may have a ticket already:"
        " continue with 41, 42 (O4)",
    ),
    (
        parse_policy(_TYPED + 'order = true\nrule = "T1"\n'),
        {"order": None, "units": ()},
        "order-required: a ticket of type request requires an order (T1)",
    ),
    (
        parse_policy(_TYPED + 'order = true\nbilling = ["recurring"]\nbilling_rule = "T2"\n'),
        {},
        "billing-mismatch: request is for recurring products; this one is one-time (T2)",
    ),
    (
        parse_policy(
            _TYPED + 'order = true\nwindows = { customer = "2 days" }\nwindow_rule = "T3"\n'
        ),
        {"order": attrs.evolve(ORDER, sold_at=T0 - timedelta(days=3))},
        "window-passed: customer may ask for type request within 2 days, until"
        " 2026-01-04 09:00:00+00:00 (T3)",
    ),
    (
        parse_policy(_BASE.replace('rule = "A1"', 'requires = ["text"]\nrule = "A1"')),
        {"text": " "},
        'text-required: customer may use "open" only with a text (A1)',
    ),
    (
        parse_policy(_BASE.replace('default_type = "request"', "") + "[types.order]\n"),
        {},
        "type-required: a type is required: request, order",
    ),
    (
        parse_policy(_BASE.replace('zone = "UTC"', "")),
        {},
        "zone-required: the vendor's time zone is required, for example Europe/Rome",
    ),
    (
        parse_policy(_BASE + _SHOPS),
        {"storefront": "fr"},
        "unknown-storefront: unknown storefront 'fr'; asking has de, it",
    ),
    (
        parse_policy(_BASE + _SHOPS),
        {"storefront": ""},
        "unknown-storefront: unknown storefront ''; asking has de, it",
    ),
    (
        parse_policy(_BASE + _SHOPS),
        {},
        "unknown-storefront: unknown storefront None; asking has de, it",
    ),
]


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_an_opening_is_refused_in_words(case: int) -> None:
    """What was found, and what would be right."""
    policy, facts, told = REFUSED[case]
    command = c.Open(at=T0, by="customer", **{**CONDITIONS, **facts})
    with pytest.raises(RefusedError) as refused:
        decide(None, command, policy)

    assert told == str(refused.value)
    assert command is refused.value.command


@pytest.mark.parametrize(("category", "team"), [("bills", "all"), (None, None)])
def test_a_ticket_without_a_category_is_given_to_no_team(
    category: str | None, team: str | None
) -> None:
    """One with a category to the team of that."""
    policy = parse_policy(_BASE + '[categories.bills]\nteam = "all"\n')
    command = c.Open(at=T0, by="customer", **{**CONDITIONS, "category": category})
    assigned = [e for e in decide(None, command, policy) if isinstance(e, Assigned)]
    expected = [] if team is None else [Assigned(at=T0, assignee=team, derived=True)]
    assert expected == assigned


def test_who_may_not_open_is_told_who_may() -> None:
    """The parties are named; nobody's permission is there for support."""
    with pytest.raises(RefusedError) as refused:
        decide(None, c.Open(at=T0, by="support", **CONDITIONS), ASKING)

    assert 'not-permitted: support may not use "open"; allowed: customer, vendor' == str(
        refused.value
    )


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], "a history must begin with opened, found no events"),
        (
            [c.Close(at=T0, by="vendor")],
            "a history must begin with opened, found Closed at 2026-01-05 09:00:00+00:00",
        ),
    ],
)
def test_a_ticket_begins_with_its_opening(events: list[c.Close], told: str) -> None:
    """What was found instead is named."""
    closed = [decide(fold(decide(None, _OPEN, POLICY)), command, POLICY)[0] for command in events]
    with pytest.raises(HistoryError) as refused:
        fold(closed)

    assert told == str(refused.value)


_OPEN = c.Open(at=T0, by="customer")
