"""From a policy file to a policy: every key is asked for once, every mistake is noted."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from ticketcore._toml import Document, OldTable, Outline, nearest
from ticketcore.events import Party
from ticketcore.policies import _read_calendars as calendars
from ticketcore.policies import _read_facts as facts
from ticketcore.policies._model import Permission, Policy
from ticketcore.policies._read_notices import (
    check_notices,
    read_notices,
    read_texts,
    read_words,
)
from ticketcore.policies._read_rules import Names, read_permission, read_timer

# Entries of these arrays are replaced by name in a file that extends another.
BY_NAME = {
    "timer": ("name",),
    "permission": ("commands",),
    "notification": ("name",),
    "template": ("name", "language"),
}

_OPENING_FIELDS = (
    "category",
    "subcategory",
    "subject",
    "text",
    "reason",
    "order",
    "customer",
    "account",
    "units",
)


def read_policy(document: Document, extends: tuple[str, ...]) -> Policy:
    """Read a whole document. What is returned counts only if the document has no problems."""
    root = document.root()
    policy = _read(root, extends)
    _check(root, policy)
    check_notices(root, policy)
    _check_rules(root, document.tree.plain())
    root.done()
    return policy


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of a policy file that extends none, as its reader asks for it."""
    outline = Outline()
    _read(outline)
    _check_rules(outline, {})
    return outline.schema("A policy: the rules of one ticket system in one version")


def _read(root: OldTable, extends: tuple[str, ...] = ()) -> Policy:
    root.text("extends", None)  # was followed when the file was found
    names = _names(root)
    storefronts = calendars.read_storefronts(root.section("storefronts"))
    opening = root.section("opening")
    escalation = root.section("escalation")
    profile = root.section("profile")
    return Policy(
        name=root.name("name"),
        effective=root.date("effective"),
        title=root.text("title", ""),
        extends=extends,
        default_handler=root.choice("default_handler", ("vendor", "support"), "vendor"),
        zone=calendars.read_zone(root),
        any_type=names.any_type,
        default_type=root.text("default_type", None),
        types=facts.read_types(root.section("types")),
        calendars=calendars.read_calendars(root.section("calendars"), storefronts),
        storefronts=storefronts,
        timers=tuple(read_timer(table, names) for table in root.tables("timer")),
        permissions=tuple(read_permission(table, names) for table in root.tables("permission")),
        required=opening.choices("required", _OPENING_FIELDS, ()),
        required_rule=opening.text("rule", None),
        duplicates=opening.choice("possible_duplicates", ("report", "refuse"), "report"),
        duplicates_rule=opening.text("duplicates_rule", None),
        reasons=names.reasons,
        categories=facts.read_categories(root.section("categories")),
        escalation_reasons=escalation.name_list("reasons", ()),
        escalation_rule=escalation.text("rule", None),
        refunds=facts.read_refunds(root.section("refunds")),
        closing=facts.read_closing(root.section("closing")),
        dispute_kinds=facts.read_disputes(root.section("disputes")),
        dispute_rule=root.text("dispute_rule", None),
        advice=facts.read_advice(root.section("advice")),
        profile=facts.read_profile(profile),
        profile_rule=profile.text("rule", None),
        notifications=read_notices(root, names),
        templates=read_texts(root, names),
        words=read_words(root),
    )


def _names(root: OldTable) -> Names:
    return Names(
        types=root.section("types").names(),
        any_type=root.flag("any_type", False),
        calendars=root.section("calendars").names(),
        storefronts=root.section("storefronts").names(),
        categories=root.section("categories").names(),
        disputes=root.section("disputes").names(),
        reasons=root.name_list("reasons", ()),
    )


def _check(root: OldTable, policy: Policy) -> None:
    if not policy.types and not policy.any_type:
        root.problem("types", "missing; a policy needs a type of ticket, such as [types.request]")
    default = policy.default_type
    if default is not None and not policy.any_type and default not in policy.types:
        root.problem("default_type", f'no type "{default}"; {nearest(default, policy.types)}')
    if not policy.parties("open"):
        root.problem(
            "permission", 'nobody may open a ticket: add an [[permission]] with commands = "open"'
        )
    _check_permissions(root, policy.permissions)
    first: dict[str, int] = {}
    for i, rule in enumerate(policy.timers):
        if not rule.name:
            continue  # told already
        j = first.setdefault(rule.name, i)
        same = policy.timers[j]
        if (same.effect, same.since) != (rule.effect, rule.since):
            message = f'timers named "{rule.name}" are alternatives: one effect, one from'
            root.problem(("timer", i, "name"), message)
        elif any(r.name == rule.name and not r.when.facts for r in policy.timers[:i]):
            message = f'never applies: the "{rule.name}" before it always does'
            root.problem(("timer", i, "name"), message)


def _check_permissions(root: OldTable, permissions: Sequence[Permission]) -> None:
    """The first permission whose `when` holds is the one that counts."""
    always: set[tuple[str, Party]] = set()
    for i, allow in enumerate(permissions):
        granted = set(product(allow.commands, allow.by))
        if granted and granted <= always:
            root.problem(("permission", i), "never applies: a permission before it always does")
        if not allow.when.facts:
            always |= granted


def _check_rules(root: OldTable, written: object) -> None:
    """A file that was cut, or lost a line, does not quietly lack a rule that it names on top."""
    carried = set(_rule_ids(written))
    for i, rule in enumerate(root.name_list("rules", ())):
        if rule not in carried:
            root.problem(("rules", i), f'nothing in the file carries "{rule}"')


def _rule_ids(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            if isinstance(below, str) and (key == "rule" or key.endswith("_rule")):
                yield from below.split()
            yield from _rule_ids(below)
    elif isinstance(value, list):
        for below in value:
            yield from _rule_ids(below)
