"""The fixed phrases of e-mails in each language, and how they are filled in.

The phrases come with the library: one TOML file per language in the folder ``phrases``. All files
have the same keys, and the same fields in braces. A policy adds its own words in
``[words.LANGUAGE]``: for its types, categories, reasons, storefronts and kinds of dispute, for
parties and for statuses.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import get_args

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.errors import NotificationError
from ticketcore.notifications._formats import Formats
from ticketcore.notifications._sanitizing import one_line
from ticketcore.policies import Language, Policy, placeholders
from ticketcore.ticket import Status

_PHRASES = files("ticketcore.notifications") / "phrases"


@cache
def phrases_in(language: str) -> Mapping[str, str]:
    """Return the phrases of a language by their keys, such as ``why.opened``.

    Raises NotificationError for a language without phrases.
    """
    known = get_args(Language)
    if language not in known:
        why = f"is not supported: notifications exist in {', '.join(known)}"
        raise NotificationError("language", language, why)
    tables = tomllib.loads((_PHRASES / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{table}.{key}": text for table in tables for key, text in tables[table].items()}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with values in place of its fields. Braces in a value stay as they are.

    Raises NotificationError for a field without a value.
    """
    parts = []
    for before, field in placeholders(text):
        parts.append(before)
        if field is not None:
            if field not in values:
                raise NotificationError("field", field, "has no value on this ticket")
            parts.append(values[field])
    return "".join(parts)


@typed
def status_word(status: Status, policy: Policy, language: str) -> str:
    """Return the word for a ticket's status in a language, such as "de".

    A policy may name the statuses in its own words: one may say "waiting" for `pending`. Raises
    NotificationError if neither the policy nor the library has words in this language.
    """
    own = policy.words.get(language, {}).get(status)
    return phrases_in(language)[f"status.{status}"] if own is None else own


@attrs.frozen
class Wording:
    """The phrases, the policy's words and the formats for one recipient."""

    formats: Formats
    phrases: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy, locale: str, zone: str) -> "Wording":
        """Return the wording for a recipient's locale and zone.

        Raises NotificationError for an unknown locale and for a language without phrases.
        """
        formats = Formats(locale, zone)
        language = formats.language
        return cls(formats, phrases_in(language), policy.words.get(language, {}))

    def phrase(self, key: str, **values: str) -> str:
        """Return a phrase with values in place of its fields, each value on one line."""
        return fill(self.phrases[key], {name: one_line(value) for name, value in values.items()})

    def name(self, name: str) -> str:
        """Return the policy's word for one of its names, or the name itself."""
        return self.words.get(name, one_line(name))

    def title(self, policy: Policy) -> str:
        """Return the title of the policy in this language, else as the policy has it."""
        return one_line(self.words.get("title") or policy.title or policy.name)

    def party(self, party: str) -> str:
        """Return the policy's word for a party, or the usual word."""
        return self.words.get(party, self.phrases[f"party.{party}"])
