"""How one reader is spoken to: his language's phrases, the policy's words, his dates and money."""

from collections.abc import Mapping

import attrs

from ticketcore.notifications._formats import Formats
from ticketcore.notifications._phrases import catalogue, filled
from ticketcore.notifications._sanitizing import one_line
from ticketcore.policies import Policy


@attrs.frozen
class Wording:
    """Everything that a notice says goes through here."""

    formats: Formats
    phrases: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy, locale: str, zone: str) -> "Wording":
        """The wording for a reader. Raises NoticeError for a language without phrases."""
        formats = Formats(locale, zone)
        language = formats.language
        return cls(formats, catalogue(language), policy.words.get(language, {}))

    def say(self, key: str, **values: str) -> str:
        """A phrase, its fields filled in with values on one line."""
        return filled(self.phrases[key], {name: one_line(value) for name, value in values.items()})

    def name(self, name: str) -> str:
        """What the policy calls one of its names in this language, or the name itself."""
        return self.words.get(name, one_line(name))

    def party(self, party: str) -> str:
        """What a party is called: by the policy's own word, or the common one."""
        return self.words.get(party, self.phrases[f"party.{party}"])
