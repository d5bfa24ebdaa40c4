"""Openings: their facts, their refusals, and the time window of a type."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from support.builders import PHOTO
from support.policies.permissive_policy import ORDER, POLICY, T0, at
from support.policies.small_policies import BASE, PLAIN, opened, policy_of, refusal
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Assigned, Opened, Party, Reference
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import fold

_BASE = """
name = "asking"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
reasons = ["late", "lost"]
reasons_rule = "W4"
storefronts_rule = "W3"
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
OWN = policy_of(
    '[opening]\nrule = "W1"\nrequired = ["text", "fields.kind"]\n'
    '[fields.kind]\nchoices = ["gift", "own"]\n'
)
FACTS: dict[str, Any] = {
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
    "reference": "<m-0@mail>",
}


def test_the_event_has_all_facts_of_the_command() -> None:
    """`Opened` has all facts of the command, and those that the policy adds."""
    event = decide(None, c.Open(at=T0, by="customer", **FACTS), ASKING)[0]

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
            policy_digest=ASKING.digest,
            **FACTS,
        )
        == event
    )


def test_a_ticket_that_its_handler_opens_waits_for_the_customer() -> None:
    """A ticket that its default handler opens waits for the customer."""
    event = decide(None, c.Open(at=T0, by="vendor", **FACTS), ASKING)[0]

    assert "customer" == getattr(event, "waiting_for", None)


def test_a_permission_to_open_may_depend_on_the_facts() -> None:
    """A permission to open is checked against the ticket that would be opened."""
    only = _BASE.replace('rule = "A1"', 'rule = "A1"\nwhen = { type = "request" }')
    policy = parse_policy(only + "[types.order]\n")

    assert decide(None, c.Open(at=T0, by="customer", **FACTS), policy)
    with pytest.raises(RefusedError) as refused:
        decide(None, c.Open(at=T0, by="customer", **FACTS, type="order"), policy)
    expected = 'not-permitted: the customer may use "open" only if the type is request (A1)'
    assert expected == str(refused.value)


def test_a_party_without_permission_to_open_is_code() -> None:
    """A party without permission to open is refused with the parties that have it."""
    with pytest.raises(RefusedError) as refused:
        decide(None, c.Open(at=T0, by="support", **FACTS), ASKING)

    assert 'not-permitted: support may not use "open"; allowed: customer, vendor (A1)' == str(
        refused.value
    )


def test_a_ticket_is_assigned_to_the_team_of_its_category() -> None:
    """W2: a ticket is assigned to the team of its category, if the policy has categories."""
    teams = parse_policy(_BASE.replace('rule = "W2"', 'rule = "W2"\nteam = "devices"'))
    none = parse_policy(
        _BASE[: _BASE.index("[categories.h")] + _BASE[_BASE.index("[[permission]]") :]
    )
    command = c.Open(at=T0, by="customer", **FACTS)

    assert [Assigned(at=T0, assignee="devices", derived=True)] == list(
        decide(None, command, teams)[1:]
    )
    assert () == decide(None, command, none)[1:]


@pytest.mark.parametrize(("category", "team"), [("bills", "all"), (None, None)])
def test_a_ticket_without_a_category_is_not_assigned(
    category: str | None, team: str | None
) -> None:
    """W2: a ticket without a category is not assigned to a team."""
    policy = parse_policy(_BASE + '[categories.bills]\nteam = "all"\n')
    command = c.Open(at=T0, by="customer", **{**FACTS, "category": category})
    assigned = [e for e in decide(None, command, policy) if isinstance(e, Assigned)]
    expected = [] if team is None else [Assigned(at=T0, assignee=team, derived=True)]
    assert expected == assigned


def test_a_policy_may_accept_any_type() -> None:
    """A policy with `any_type` accepts an opening of a type that it does not list."""
    policy = parse_policy("any_type = true\n" + BASE)

    assert "Category 55" == opened(policy, type="Category 55").type


def test_a_ticket_is_opened_with_its_possible_duplicates() -> None:
    """An opening can list the numbers of possible duplicates, which the ticket keeps (O4)."""
    assert ("41",) == opened(PLAIN, possible_duplicates=("41",)).opened.possible_duplicates


def test_an_opening_can_require_a_field_of_the_policy() -> None:
    """A policy can require a field at the opening; the refusal names a missing one."""
    missing = refusal(None, c.Open(at=T0, by="customer", text="it rattles"), OWN)

    assert "a ticket needs text, fields.kind; missing: fields.kind" == missing.reason
    assert "gift" == opened(OWN, text="it rattles", fields={"kind": "gift"}).fields["kind"]


def test_a_ticket_without_a_zone_has_that_of_its_storefront() -> None:
    """A ticket that names no zone has that of its storefront."""
    policy = policy_of('[storefronts.de]\nzone = "Europe/Berlin"\n')

    assert "Europe/Berlin" == opened(policy, storefront="de").opened.zone


_SHOPS = '[storefronts.de]\nzone = "Europe/Berlin"\n[storefronts.it]\nzone = "Europe/Rome"\n'
_TYPED = _BASE.replace("[types.request]\n", "") + "[types.request]\n"
REFUSED: list[tuple[Policy, dict[str, Any], str]] = [
    (
        ASKING,
        {"subject": None},
        "field-required: a ticket needs subject, text; missing: subject (W1)",
    ),
    (
        ASKING,
        {"subject": None, "text": ""},
        "field-required: a ticket needs subject, text; missing: subject, text (W1)",
    ),
    (
        ASKING,
        {"reason": "sad"},
        'unknown-reason: unknown reason "sad"; asking has late, lost (W4)',
    ),
    (
        ASKING,
        {"category": "garden"},
        'unknown-category: unknown category "garden"; asking has hardware, software (W2)',
    ),
    (
        ASKING,
        {"subcategory": "fan"},
        'unknown-subcategory: unknown subcategory "fan"; category hardware has screen, mouse (W2)',
    ),
    (ASKING, {"units": ("u9",)}, 'unknown-unit: unknown unit "u9"; the order has u1, u2'),
    (
        ASKING,
        {"units": ("u9",), "order": None},
        'unknown-unit: unknown unit "u9"; the order has none',
    ),
    (ASKING, {"zone": "Mars"}, 'unknown-zone: "Mars" is not an IANA time zone'),
    (
        ASKING,
        {"channel": "fax"},
        'channel-not-allowed: "open" by fax is not accepted: use portal, telephone (A1)',
    ),
    (
        parse_policy(
            _BASE.replace("[opening]", '[opening]\npossible_duplicates = "refuse"').replace(
                'rule = "W1"', 'rule = "W1"\nduplicates_rule = "O4"'
            )
        ),
        {"possible_duplicates": ("41", "42")},
        "possible-duplicate: the same problem may have a ticket already:"
        " continue with ticket 41 or 42 (O4)",
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
        "window-passed: the customer may ask for type request only within 2 days of"
        " the sale, until Sun 2026-01-04 09:00 UTC+00:00 (T3)",
    ),
    (
        parse_policy(_TYPED + 'order = true\nwindows = { customer = "2 days" }\n'),
        {
            "order": attrs.evolve(
                ORDER,
                billing="recurring",
                sold_at=T0 - timedelta(days=9),
                invoiced_at=T0 - timedelta(days=3),
            )
        },
        "window-passed: the customer may ask for type request only within 2 days of"
        " the latest invoice, until Sun 2026-01-04 09:00 UTC+00:00",
    ),
    (
        parse_policy(_BASE.replace('rule = "A1"', 'requires = ["text"]\nrule = "A1"')),
        {"text": " "},
        'text-required: the customer may use "open" only with a text (A1)',
    ),
    (
        parse_policy(_BASE.replace('default_type = "request"', "") + "[types.order]\n"),
        {},
        "type-required: a type is required: request, order",
    ),
    (
        parse_policy(_BASE.replace('zone = "UTC"', "")),
        {},
        'zone-required: the vendor\'s time zone is required as "zone", for example Europe/Rome',
    ),
    (
        parse_policy(_BASE + _SHOPS),
        {"storefront": "fr"},
        'unknown-storefront: unknown storefront "fr"; asking has de, it (W3)',
    ),
    (
        parse_policy(_BASE + _SHOPS),
        {"storefront": ""},
        'unknown-storefront: unknown storefront ""; asking has de, it (W3)',
    ),
    (
        parse_policy(_BASE + _SHOPS),
        {},
        "unknown-storefront: a storefront is required: de, it (W3)",
    ),
]


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_a_refused_opening_gives_the_values_found(case: int) -> None:
    """A refused opening gives the values found, the right form, and the rule."""
    policy, facts, message = REFUSED[case]
    command = c.Open(at=T0, by="customer", **{**FACTS, **facts})
    with pytest.raises(RefusedError) as refused:
        decide(None, command, policy)

    assert message == str(refused.value)
    assert command is refused.value.command


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (c.Close(at=at(1), by="vendor"), "not-opened: the ticket does not exist: open it first"),
        (
            c.Open(at=at(1), by="vendor", type="quest"),
            'unknown-type: unknown type "quest"; wide-open has request, other',
        ),
    ],
)
def test_a_ticket_must_be_opened_with_a_known_type(command: c.Command, message: str) -> None:
    """A ticket must be opened first, and with a type that the policy has."""
    with pytest.raises(RefusedError) as refused:
        decide(None, command, POLICY)

    assert message == str(refused.value)
    assert command is refused.value.command


MORE_REFUSED: list[tuple[Policy, dict[str, Any], str]] = [
    (PLAIN, {"type": "wish"}, "unknown-type"),
    (PLAIN, {"zone": "Mars/Base"}, "unknown-zone"),
    (PLAIN, {"zone": "localtime"}, "unknown-zone"),  # calendars have none of that name
    (PLAIN, {"zone": "right/UTC"}, "unknown-zone"),
    (PLAIN, {"units": ("u9",), "order": ORDER}, "unknown-unit"),
    (PLAIN, {"units": ("u9",)}, "unknown-unit"),
    (policy_of("", default_type='"other"'), {"type": "wish"}, "unknown-type"),
    (policy_of('[storefronts.de]\nzone = "Europe/Berlin"\n'), {}, "unknown-storefront"),
    (policy_of('[opening]\nrequired = ["subject"]\n'), {}, "field-required"),
    (OWN, {"text": "it rattles"}, "field-required"),
    (policy_of('[categories.a]\nsubcategories = ["b"]\n'), {"category": "c"}, "unknown-category"),
    (
        policy_of('[categories.a]\nsubcategories = ["b"]\n'),
        {"category": "a", "subcategory": "c"},
        "unknown-subcategory",
    ),
    (
        parse_policy(BASE.replace('zone = "UTC"', 'reasons = ["r"]')),
        {"reason": "s", "zone": "UTC"},
        "unknown-reason",
    ),
    (
        policy_of('[opening]\npossible_duplicates = "refuse"\n'),
        {"possible_duplicates": ("41", "42")},
        "possible-duplicate",
    ),
    (parse_policy(BASE.replace('zone = "UTC"', "")), {}, "zone-required"),
    (parse_policy(BASE.replace('default_type = "request"', "")), {}, "type-required"),
]


@pytest.mark.parametrize(
    "case", range(len(MORE_REFUSED)), ids=lambda i: f"{i}-{MORE_REFUSED[i][2]}"
)
def test_each_mistake_of_an_opening_has_its_code(case: int) -> None:
    """Each mistake of an opening is refused with a code that never changes."""
    policy, facts, code = MORE_REFUSED[case]
    assert code == refusal(None, c.Open(at=T0, by="customer", **facts), policy).code


@pytest.mark.parametrize(
    ("by", "expected"), [("customer", "support"), ("support", "customer"), ("vendor", "vendor")]
)
def test_the_policy_says_whom_a_new_ticket_waits_for(by: Party, expected: Party) -> None:
    """A new ticket waits for the party that the policy names for the opening party."""
    policy = parse_policy(
        'name = "desk"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "request"\n'
        'default_handler = "support"\n[types.request]\n'
        '[opening]\nwaiting_for = { support = "customer", vendor = "vendor" }\n'
        '[[permission]]\ncommands = "open"\nby = ["customer", "support", "vendor"]\n'
        '[[timer]]\nname = "wait"\nwhen = { waiting_for = "vendor" }\nfrom = "opened"\n'
        'after = "1 day"\neffect = "warn"\n'
    )

    ticket = fold(decide(None, c.Open(at=T0, by=by), policy))

    assert expected == ticket.waiting_for
    assert ("pending" if expected != "support" else "open") == ticket.status


@pytest.mark.parametrize("field", ["units", "references", "tags", "possible_duplicates"])
def test_an_opening_that_names_something_twice_records_it_once(field: str) -> None:
    """W8, K5: a value that an opening names twice counts once, also when it is sent again."""
    shipment = Reference(kind="shipment", number="S-1")
    value: Any = {"units": "u1", "references": shipment}.get(field, "x")
    twice: dict[str, Any] = {field: (value, value)}
    command = c.Open(at=T0, by="customer", order=ORDER, **twice)
    ticket, _ = decide_and_apply(None, command, PLAIN)

    assert (value,) == getattr(ticket.opened, field)
    assert () == decide(ticket, command, PLAIN)


def test_a_file_that_is_attached_twice_stays_twice() -> None:
    """K14: an opening with one file twice records both, and changes nothing when sent again."""
    command = c.Open(at=T0, by="customer", attachments=(PHOTO, PHOTO))
    ticket, _ = decide_and_apply(None, command, PLAIN)

    assert (PHOTO, PHOTO) == ticket.opened.attachments
    assert () == decide(ticket, command, PLAIN)
