"""Checks of notifications, templates and words."""

from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Final, Protocol, get_args

from ticketcore._toml import Mistake, each, listed, nearest, quoted
from ticketcore.events import PARTIES
from ticketcore.policies._checks._conditions import (
    condition_never_holds,
    names_nothing,
    unknown_name,
)
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._languages import LANGUAGE
from ticketcore.policies.tables._notifications import (
    TEMPLATE_FIELDS,
    NotificationDefinition,
    RecipientRole,
    Template,
    placeholders,
)
from ticketcore.ticket import Status

_LIBRARY_WORDS: Final = (*PARTIES, *get_args(Status))


def _notifications(policy: Policy) -> Iterator[Mistake]:
    for find in (_condition, _dead_condition, _recipients, _notes, _offers):
        yield from each("notification", enumerate(policy.notifications), partial(find, policy))


def _condition(policy: Policy, notification: NotificationDefinition) -> Iterator[Mistake]:
    yield from names_nothing(policy, notification.when)


def _dead_condition(policy: Policy, notification: NotificationDefinition) -> Iterator[Mistake]:
    yield from condition_never_holds(policy, notification.when, None)


def _recipients(policy: Policy, notification: NotificationDefinition) -> Iterator[Mistake]:
    known = (*get_args(RecipientRole), *policy.roles)
    yield from unknown_name("to", "recipient", notification.to, known, "[roles.lead]")


def _notes(_: Policy, notification: NotificationDefinition) -> Iterator[Mistake]:
    outside = [role for role in notification.to if role in ("customer", "account", "shared")]
    if "note-added" in notification.on and outside:
        message = f'a note is internal, so "{outside[0]}" does not receive it: leave one out'
        yield ("to",), message


def _included(policy: Policy) -> Iterator[Mistake]:
    """Find included templates that lack a version in a language of the policy, or a field."""
    versions: dict[str, list[Template]] = {}
    for template in policy.templates:
        if not template.storefronts:
            versions.setdefault(template.name, []).append(template)
    wrong = cache(partial(_unfit, policy, versions))

    def include(notification: NotificationDefinition) -> Iterator[Mistake]:
        if notification.include is not None:
            yield from ((("include",), message) for message in wrong(notification.include))

    yield from each("notification", enumerate(policy.notifications), include)


def _unfit(policy: Policy, versions: Mapping[str, list[Template]], name: str) -> list[str]:
    """Say why no notification can include the templates of a name."""
    if name not in versions:
        found = unknown_name("include", "template", (name,), versions, "[[template]]")
        return [message.replace(";", " for all storefronts;", 1) for _, message in found]
    wrong = []
    if missing := sorted({*policy.languages} - {each.language for each in versions[name]}):
        wrong.append(f"template {quoted(name)} has no version in {', '.join(missing)}")
    fields = dict.fromkeys(field for each in versions[name] for field in _fields(each))
    return wrong + [
        f"template {quoted(name)} needs the {field}, which not every ticket has"
        for field in fields
        if not TEMPLATE_FIELDS[field]
    ]


def _offers(policy: Policy, notification: NotificationDefinition) -> Iterator[Mistake]:
    name = notification.offers
    if name is None:
        return
    if notification.include is None:
        yield ("offers",), "offers a type in a template: add include"
    if not policy.any_type:
        yield from unknown_name("offers", "type", (name,), policy.types, "[types.refund]")


def _fields(template: Template) -> Iterator[str]:
    return (field for _, field in placeholders(template.text) if field is not None)


def _same_names(policy: Policy) -> Iterator[Mistake]:
    names: set[str] = set()
    for i, notification in enumerate(policy.notifications):
        if notification.name in names:
            message = f"another notification is named {quoted(notification.name)}"
            yield ("notification", i, "name"), message
        names.add(notification.name)


def _templates(policy: Policy) -> Iterator[Mistake]:
    yield from templates_of_no_storefront(policy, policy)
    yield from same_templates(policy, policy)


class _Templates(Protocol):
    """A policy, or a seller's file of templates for one."""

    @property
    def templates(self) -> tuple[Template, ...]: ...


def templates_of_no_storefront(policy: Policy, file: _Templates) -> Iterator[Mistake]:
    """Find templates of a file for storefronts that the policy lacks."""

    def names_no_storefront(template: Template) -> Iterator[Mistake]:
        declared = policy.storefronts
        yield from unknown_name(
            "storefronts", "storefront", template.storefronts, declared, "[storefronts.de]"
        )

    yield from each("template", enumerate(file.templates), names_no_storefront)


def same_templates(_: Policy, file: _Templates) -> Iterator[Mistake]:
    """Find templates of a file with one name for one language and storefront."""
    seen: dict[tuple[str, str, str | None], int] = {}
    for i, template in enumerate(file.templates):
        name, language = template.name, template.language
        for storefront in template.storefronts or (None,):
            if seen.setdefault((name, language, storefront), i) != i:
                place = "all storefronts" if storefront is None else f"storefront {storefront}"
                message = f"another template {quoted(name)} in {language} is for {place}"
                yield ("template", i, "name"), message


def _languages(policy: Policy) -> Iterator[Mistake]:
    for language in policy.words:
        try:
            LANGUAGE.parse(language)
        except ValueError as error:
            yield ("words", language), str(error)


def _words(policy: Policy) -> Iterator[Mistake]:
    if policy.any_type:
        return
    known = frozenset(_own_names(policy))
    for language, words in policy.words.items():
        for name in words:
            if name not in known:
                message = f"nothing in this file is named {quoted(name)}; {nearest(name, known)}"
                yield ("words", language, name), message


def _missing_words(policy: Policy) -> Iterator[Mistake]:
    """Find names that have a word in one language of the policy, but not in all others."""
    if policy.any_type:
        return
    own = frozenset(_own_names(policy)) - {*_LIBRARY_WORDS}
    written = {
        name
        for language in policy.languages
        for name in policy.words.get(language, {})
        if name in own
    }
    for language in policy.languages[1:]:
        if missing := sorted(written - {*policy.words.get(language, {})}):
            message = (
                f"no word for {listed(missing)}, but one in another language: "
                f"add it, or leave {quoted(language)} out of languages"
            )
            yield ("words", language), message


def _own_names(policy: Policy) -> Iterator[str]:
    """Yield the names that people read: not those of timers and levels."""
    yield "title"
    yield from _LIBRARY_WORDS
    yield from policy.types
    yield from policy.reasons
    yield from policy.storefronts
    yield from policy.dispute_kinds
    yield from policy.escalation.reasons
    for category in policy.categories.values():
        yield category.name
        if category.team is not None:
            yield category.team
        yield from category.subcategories
    for field in policy.fields.values():
        yield field.name
        yield from field.choices
    yield from policy.tags.values
    yield from policy.roles
    yield from policy.pauses
    yield from policy.calendars
    for timer in policy.timers:
        assignees = (timer.assignee, *(level.assignee for level in timer.levels))
        yield from filter(None, assignees)


NOTIFICATION_CHECKS: Final = (
    _notifications,
    _included,
    _same_names,
    _templates,
    _languages,
    _words,
    _missing_words,
)

TEMPLATE_CHECKS: Final = (templates_of_no_storefront, same_templates)
