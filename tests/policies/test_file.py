"""The keys of a policy file, and the defaults of keys that it leaves out."""

from datetime import date
from typing import Any

import attrs

from ticketcore.calendar import Span
from ticketcore.events import Money
from ticketcore.policies import (
    Advice,
    CalendarDefinition,
    Category,
    ClosingRules,
    Condition,
    DisputeKind,
    Escalation,
    NotificationSettings,
    OpeningRules,
    Permission,
    Policy,
    Profile,
    RefundRules,
    Storefront,
    TicketType,
    parse_policy,
)


def values_of(policy: Policy) -> dict[str, Any]:
    """Return the values of a policy that its constructor takes."""
    return {
        field.name: getattr(policy, field.name) for field in attrs.fields(Policy) if field.init
    }


def test_keys_that_a_file_leaves_out_have_defaults() -> None:
    """A policy file needs only a type and a permission to open; other keys have defaults."""
    policy = parse_policy(
        'name = "p"\neffective = 2026-01-01\n[types.t]\n'
        '[[permission]]\ncommands = "open"\nby = "vendor"\n'
    )
    expected = Policy(
        name="p",
        effective=date(2026, 1, 1),
        types={"t": TicketType(name="t")},
        permissions=(Permission(commands=("open",), by=("vendor",), when=Condition()),),
    )
    assert values_of(expected) == values_of(policy)


def test_each_key_is_read_into_its_field() -> None:
    """A file with every key of every section is read into the fields of the policy."""
    policy = parse_policy("""
name = "p"
effective = 2026-01-01
title = "All of it"
default_handler = "support"
zone = "Europe/Rome"
any_type = true
default_type = "refund"
reasons = ["broken"]
dispute_rule = "R1"
[types.refund]
rule = "R2"
order = true
billing = "one-time"
billing_rule = "R3"
windows = { customer = "60 days", vendor = "90 days" }
window_bound = "end-of-day"
window_checked = "when-due"
window_rule = "R4"
[storefronts.it]
zone = "Europe/Rome"
country = "IT"
[opening]
rule = "R5"
required = ["order", "text"]
possible_duplicates = "refuse"
duplicates_rule = "R6"
[categories.bills]
rule = "R7"
team = "money"
subcategories = ["wrong", "late"]
[escalation]
rule = "R8"
reasons = ["no answer"]
[refunds]
rule = "R9"
partial = true
max_refunds = 1
over_refund_percent = 100
over_refund_max = ["75.00 USD", "75.00 EUR"]
requires_confirmation = true
[closing]
rule = "R10"
per_party = true
final_by = "vendor"
reply_reopens = ["customer"]
[disputes.claim]
[disputes.chargeback]
supersedes = "claim"
[advice]
rule = "R11"
refund_below = "20.00 USD"
ask_when_missing = "reason"
[profile]
rule = "R12"
items = { contact = "contact data" }
[calendars.night]
rule = "R13"
hours = "mon 22:00-06:00"
[notifications]
rule = "R14"
[[permission]]
commands = ["open", "reopen"]
by = ["customer", "vendor"]
when = { type = "refund" }
channels = ["web"]
rule = "R15"
[[permission]]
commands = "reopen"
by = "customer"
requires = "text"
within = "14 days"
""")
    expected = Policy(
        name="p",
        effective=date(2026, 1, 1),
        title="All of it",
        default_handler="support",
        zone="Europe/Rome",
        any_type=True,
        default_type="refund",
        reasons=("broken",),
        dispute_rule="R1",
        types={
            "refund": TicketType(
                name="refund",
                rule="R2",
                order=True,
                billing=("one-time",),
                billing_rule="R3",
                windows={"customer": Span(60, "day"), "vendor": Span(90, "day")},
                window_bound="end-of-day",
                window_checked="when-due",
                window_rule="R4",
            )
        },
        storefronts={"it": Storefront(name="it", zone="Europe/Rome", country="IT")},
        opening=OpeningRules(
            rule="R5",
            required=("order", "text"),
            possible_duplicates="refuse",
            duplicates_rule="R6",
        ),
        categories={
            "bills": Category(
                name="bills", subcategories=("wrong", "late"), team="money", rule="R7"
            )
        },
        escalation=Escalation(rule="R8", reasons=("no answer",)),
        refunds=RefundRules(
            rule="R9",
            partial=True,
            max_refunds=1,
            over_refund_percent=100,
            over_refund_max={"USD": Money(7_500, "USD"), "EUR": Money(7_500, "EUR")},
            requires_confirmation=True,
        ),
        closing=ClosingRules(
            rule="R10", per_party=True, final_by=("vendor",), reply_reopens=("customer",)
        ),
        dispute_kinds={
            "claim": DisputeKind(name="claim"),
            "chargeback": DisputeKind(name="chargeback", supersedes=("claim",)),
        },
        advice=Advice(
            rule="R11",
            refund_below={"USD": Money(2_000, "USD")},
            ask_when_missing=("reason",),
        ),
        profile=Profile(rule="R12", items={"contact": "contact data"}),
        calendars={"night": CalendarDefinition(name="night", hours="mon 22:00-06:00", rule="R13")},
        notification_settings=NotificationSettings(rule="R14"),
        permissions=(
            Permission(
                commands=("open", "reopen"),
                by=("customer", "vendor"),
                when=Condition({"type": frozenset({"refund"})}),
                channels=("web",),
                rule="R15",
            ),
            Permission(
                commands=("reopen",),
                by=("customer",),
                when=Condition(),
                requires=("text",),
                within=Span(14, "day"),
            ),
        ),
    )
    assert values_of(expected) == values_of(policy)
