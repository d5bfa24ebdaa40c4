"""The terms of a policy: every rule as a plain sentence, in the policy's languages.

The sentences follow from the declared keys of the file. Tables with a lead sentence of their own,
such as timers, have a function here; for all others, each key has a phrase. A key without a phrase
is written as in the file, so no rule is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._toml import settings
from ticketcore.events import Party
from ticketcore.policies import (
    Guarantee,
    Language,
    Permission,
    Policy,
)
from ticketcore.terms._timers import counted, timer_details, timer_lead
from ticketcore.terms._wording import TermsWording

HEAD = ("effective", "default_handler", "zone", "default_type", "any_type", "reasons")
_NAMED_TABLES: Mapping[str, str] = {
    "types": "type",
    "storefronts": "storefront",
    "categories": "category",
    "fields": "field",
    "roles": "role",
    "dispute_kinds": "dispute",
}


@attrs.frozen(kw_only=True)
class Term:
    """One rule as a sentence.

    *section* is the title of its part, *key* says which entry of the file it is about, and *rule*
    holds the rule ids that the sentence ends with, or is empty.
    """

    section: str
    key: tuple[str, ...]
    text: str
    rule: str


SECTIONS = (
    "types",
    "storefronts",
    "categories",
    "fields",
    "tags",
    "opening",
    "permissions",
    "pauses",
    "timers",
    "calendars",
    "refunds",
    "escalation",
    "closing",
    "dispute_kinds",
    "advice",
    "profile",
    "guarantees",
    "roles",
    "notifications",
    "notification_settings",
)
"""The parts of the terms after the head, by the attributes of a policy."""


@typed
def policy_terms(policy: Policy, language: Language | None = None) -> tuple[Term, ...]:
    """Return the terms of a policy, in the order in which people read them.

    *language* is one of those that the library knows; the default is the policy's first. Names are
    those of the file, or the policy's words for them in this language.
    """
    wording = TermsWording.of(policy, language or policy.languages[0])
    return tuple(_terms(policy, wording))


def _terms(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    yield from _head(policy, wording)
    for section in SECTIONS:
        if section in _BY_ENTRY:
            yield from _BY_ENTRY[section](policy, wording)
        elif section in _NAMED_TABLES:
            yield from _named_tables(policy, wording, section, _NAMED_TABLES[section])
        else:
            yield from _table(policy, wording, section)


def _head(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    for name in HEAD:
        value = getattr(policy, name)
        if not value:
            continue
        rule = policy.reasons_rule or "" if name == "reasons" else ""
        shown = wording.phrase(f"head.{name}", value=wording.value(name, value))
        text = wording.sentence(shown, None, (), rule)
        yield _term(wording, "head", (name,), text, rule)

    if not policy.retype_answers:
        text = wording.sentence(wording.phrases["head.retype_answers"], None, (), "")
        yield _term(wording, "head", ("retype_answers",), text, "")


def _named_tables(
    policy: Policy, wording: TermsWording, attribute: str, table: str
) -> Iterator[Term]:
    for name, entry in getattr(policy, attribute).items():
        lead = wording.phrase(f"{table}.lead", name=wording.named(name))
        more = (text for _, text in wording.clauses(table, entry))
        rule = _rules(entry)
        text = wording.sentence(lead, None, more, rule)
        yield _term(wording, attribute, (name,), text, rule)


def _table(policy: Policy, wording: TermsWording, section: str) -> Iterator[Term]:
    """Yield a term for each key that a table sets."""
    entry = getattr(policy, section)
    for name, text in wording.clauses(section, entry):
        rule = getattr(entry, f"{name}_rule", None) or entry.rule or ""
        yield _term(wording, section, (name,), wording.sentence(text, None, (), rule), rule)


def _calendars(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    for name, calendar in policy.calendars.items():
        clauses = dict(wording.clauses("calendar", calendar))
        if "hours" not in clauses:
            hours = wording.value("hours", calendar.hours)
            clauses["hours"] = wording.phrase("calendar.hours", value=hours)
        lead = wording.phrase("calendar.lead", name=wording.named(name))
        more = " ".join(clauses.values()).removesuffix(";")
        rule = calendar.rule or ""
        text = wording.sentence(lead, None, (f"{more}.",), rule)
        yield _term(wording, "calendars", (name,), text, rule)


def _permissions(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    granted: set[tuple[str, Party]] = set()
    for permission in policy.permissions:
        pairs = {(command, by) for command in permission.commands for by in permission.by}
        lead = wording.phrase(
            "permission.lead",
            by=wording.any_of(map(wording.party, permission.by)),
            commands=wording.any_of(_commands(permission, wording)),
        )
        if permission.when.always_holds and granted & pairs:
            lead = wording.phrase("list.otherwise", sentence=lead)
        granted |= pairs
        beside = (*_LEADING, "from", "after", "within", "calendar")
        more = (
            *(text for _, text in wording.clauses("permission", permission, beside)),
            *_times(permission, wording),
        )
        rule = permission.rule or ""
        text = wording.sentence(lead, permission.when, more, rule)
        yield _term(wording, "permissions", (*permission.commands, *permission.by), text, rule)


# Keys that the lead sentence of a table covers.
_LEADING = ("name", "commands", "by", "when", "unless", "to", "on")


def _times(permission: Permission, wording: TermsWording) -> Iterator[str]:
    """Yield when a permission begins and ends."""
    if permission.anchor is None:
        return
    anchor = wording.anchor(permission.anchor)
    for name, span in (("after", permission.after), ("within", permission.within)):
        if span is not None:
            value = counted(span, permission.calendar, wording)
            yield wording.phrase(f"permission.{name}", value=value, anchor=anchor)


def _commands(permission: Permission, wording: TermsWording) -> Iterator[str]:
    for name in permission.commands:
        yield wording.phrases.get(f"command.{name}", name)


def _pauses(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    for name, pause in policy.pauses.items():
        lead = wording.phrase("pause.lead", name=wording.named(name))
        rule = pause.rule or ""
        text = wording.sentence(lead, pause.when, (), rule)
        yield _term(wording, "pauses", (name,), text, rule)


def _timers(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    seen: set[str] = set()
    for timer in policy.timers:
        lead = timer_lead(timer, wording)
        if timer.name in seen and timer.when.always_holds:
            lead = wording.phrase("list.otherwise", sentence=lead)
        seen.add(timer.name)
        rule = timer.rule or ""
        text = wording.sentence(lead, timer.when, timer_details(timer, policy, wording), rule)
        yield _term(wording, "timers", (timer.name,), text, rule)


def _guarantees(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    for guarantee in policy.guarantees:
        part = guarantee.never or guarantee.always
        assert part is not None, "the check of the file wants one of them"
        event = wording.any_of(wording.event(name) for name in part.event)
        lead = _guaranteed(guarantee, event, wording)
        beside = (*_LEADING, "event", "within", "from", "calendar")
        more = [text for _, text in wording.clauses("guarantee", part, (*beside, "by"))]
        if "by" in dict(settings(part)):
            more.append(wording.phrase("guarantee.by", value=wording.value("by", part.by)))
        rule = guarantee.rule or ""
        text = wording.sentence(lead, part.when, more, rule)
        yield _term(wording, "guarantees", (guarantee.name,), text, rule)


def _guaranteed(guarantee: Guarantee, event: str, wording: TermsWording) -> str:
    always = guarantee.always
    if always is None:
        return wording.phrase("guarantee.never", event=event)
    span = counted(always.within, always.calendar, wording)
    deadline = f"{span} {wording.anchor(always.since)}"
    return wording.phrase("guarantee.always", deadline=deadline, event=event)


def _notifications(policy: Policy, wording: TermsWording) -> Iterator[Term]:
    for notification in policy.notifications:
        lead = wording.phrase(
            "notification.lead",
            to=wording.all_of(map(wording.party, notification.to)),
            on=wording.any_of(wording.event(name) for name in notification.on),
        )
        rule = notification.rule or ""
        more = [text for _, text in wording.clauses("notification", notification, _LEADING)]
        if "by" in dict(settings(notification)):
            more.insert(
                0, wording.phrase("notification.by", value=wording.value("by", notification.by))
            )
        text = wording.sentence(lead, notification.when, more, rule)
        yield _term(wording, "notifications", (notification.name,), text, rule)


def _rules(entry: attrs.AttrsInstance) -> str:
    """Return the ids of all rules that a table implements."""
    texts = (text for name, text in settings(entry) if name == "rule" or name.endswith("_rule"))
    return " ".join(dict.fromkeys(" ".join(texts).split()))


def _term(wording: TermsWording, section: str, key: Iterable[str], text: str, rule: str) -> Term:
    return Term(
        section=wording.phrases[f"section.{section}"], key=(section, *key), text=text, rule=rule
    )


_BY_ENTRY: Mapping[str, Callable[[Policy, TermsWording], Iterator[Term]]] = {
    "permissions": _permissions,
    "pauses": _pauses,
    "timers": _timers,
    "calendars": _calendars,
    "guarantees": _guarantees,
    "notifications": _notifications,
}
