"""Read [[notification]], [notifications], [[template]] and [words] of a policy."""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from ticketcore.documents import Table, nearest
from ticketcore.events import PARTIES
from ticketcore.policies._model import Policy
from ticketcore.policies._notifications import (
    NOTIFICATION_KINDS,
    TEMPLATE_FIELDS,
    AddressKind,
    Language,
    NotificationDefinition,
    NotificationSettings,
    RecipientRole,
    Template,
)
from ticketcore.policies._placeholders import placeholders
from ticketcore.policies._read_rules import Names, read_when
from ticketcore.ticket import Status

_LANGUAGE = re.compile("[a-z]{2,3}")
_NO_LANGUAGE = '"{}" is no language: write it like "de"'


def read_notices(root: Table, names: Names) -> NotificationSettings:
    """[[notification]] and [notifications]."""
    section = root.section("notifications")
    addresses = section.section("addresses")
    roles: tuple[RecipientRole, ...] = get_args(RecipientRole)
    return NotificationSettings(
        rule=section.text("rule", None),
        definitions=tuple(_read_notice(table, names) for table in root.tables("notification")),
        addresses={
            role: addresses.choices(role, get_args(AddressKind))
            for role in roles
            if addresses.has(role)
        },
    )


def _read_notice(table: Table, names: Names) -> NotificationDefinition:
    return NotificationDefinition(
        name=table.name("name"),
        on=table.choices("on", tuple(NOTIFICATION_KINDS)),
        by=table.choices("by", PARTIES, PARTIES),
        to=table.choices("to", get_args(RecipientRole)),
        when=read_when(table.section("when"), names),
        include=table.text("include", None),
        rule=table.text("rule", None),
    )


def read_texts(root: Table, names: Names) -> tuple[Template, ...]:
    """Each [[template]], its fields checked (K10)."""
    return tuple(_read_text(table, names) for table in root.tables("template"))


def _read_text(table: Table, names: Names) -> Template:
    text = Template(
        name=table.name("name"),
        language=table.text("language"),
        storefronts=table.name_list("storefronts", ()),
        text=table.text("text"),
        rule=table.text("rule", None),
    )
    if not _LANGUAGE.fullmatch(text.language):
        table.problem("language", _NO_LANGUAGE.format(text.language))
    for name in text.storefronts:
        if name not in names.storefronts:
            table.problem(
                "storefronts", f'no storefront "{name}"; {nearest(name, names.storefronts)}'
            )
    try:
        for _, field in placeholders(text.text):
            if field is not None and field not in TEMPLATE_FIELDS:
                table.problem("text", f'no field "{field}"; {nearest(field, TEMPLATE_FIELDS)}')
    except ValueError as error:
        table.problem("text", str(error))
    return text


def read_words(root: Table) -> Mapping[str, Mapping[str, str]]:
    """[words.LANGUAGE]: how the file's own names are said to people."""
    section = root.section("words")
    words = {}
    for language in section.names():
        table = section.section(language)
        words[language] = {name: table.text(name) for name in table.names()}
    return words


def check_notices(root: Table, policy: Policy) -> None:
    """Note what refers to nothing, what is said twice, and what no reader could be told."""
    _check_told(root, policy)
    _check_texts(root, policy)
    known = frozenset(_own_names(policy))
    for language, words in policy.words.items():
        if not _LANGUAGE.fullmatch(language):
            root.problem(("words", language), _NO_LANGUAGE.format(language))
        for name in words.keys() - known if not policy.any_type else ():
            message = f'nothing here is named "{name}"; {nearest(name, known)}'
            root.problem(("words", language, name), message)


def _check_told(root: Table, policy: Policy) -> None:
    names: set[str] = set()
    for i, rule in enumerate(policy.notifications.definitions):
        if rule.name in names:
            root.problem(("notification", i, "name"), f'another notice is named "{rule.name}"')
        names.add(rule.name)
        if rule.include is not None:
            for message in _unreadable(rule.include, policy):
                root.problem(("notification", i, "include"), message)


def _unreadable(name: str, policy: Policy) -> Iterator[str]:
    """Why some readers would not get a text: every notice can be written in every language."""
    versions = [text for text in policy.templates if text.name == name and not text.storefronts]
    if not versions:
        known = {text.name for text in policy.templates if not text.storefronts}
        yield f'no text "{name}" for all storefronts; {nearest(name, known)}'
        return
    if missing := sorted({*get_args(Language)} - {text.language for text in versions}):
        yield f'the text "{name}" lacks a version in {", ".join(missing)}'
    for text in versions:
        for field in _fields(text):
            if not TEMPLATE_FIELDS.get(field, True):
                yield f'the text "{name}" needs the {field}, which not every ticket has'


def _fields(text: Template) -> tuple[str, ...]:
    try:
        return tuple(field for _, field in placeholders(text.text) if field is not None)
    except ValueError:  # noted where it stands
        return ()


def _check_texts(root: Table, policy: Policy) -> None:
    seen: dict[tuple[str, str, str | None], int] = {}
    for i, text in enumerate(policy.templates):
        for storefront in text.storefronts or (None,):
            if seen.setdefault((text.name, text.language, storefront), i) != i:
                message = f'another text "{text.name}" in {text.language} is for the same place'
                root.problem(("template", i, "name"), message)


def _own_names(policy: Policy) -> Iterator[str]:
    """The names that people read: those of the file without calendars and timers, the parties,
    and the statuses (K1)."""
    yield from PARTIES
    yield from get_args(Status)
    yield from policy.types
    yield from policy.reasons
    yield from policy.storefronts
    yield from policy.dispute_kinds
    yield from policy.escalation_reasons
    for category in policy.categories.values():
        yield category.name
        yield from category.subcategories
