"""The names of parties and of a policy as people read them."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import attrs

from ticketcore.events._events import Event, Opened
from ticketcore.events._values import Party

E = TypeVar("E", bound=Event)

_NAMING: Final = ("field", "value", "tag", "pause")


def with_article(party: Party) -> str:
    """Return a party as an English sentence names it: ``support``, ``the customer``."""
    return "support" if party == "support" else f"the {party}"


def with_words(event: E, words: Mapping[str, str]) -> E:
    """Return the event with *words* in place of the names of fields, values, tags and pauses.

    Take the words from ``policy.words``, which has them by language. Names without a word stay.
    The result is for people: do not store it.
    """
    named = {attribute: getattr(event, attribute, "") for attribute in _NAMING}
    changes: dict[str, Any] = {
        attribute: words[name] for attribute, name in named.items() if name in words
    }
    if isinstance(event, Opened) and words:
        changes["tags"] = tuple(words.get(tag, tag) for tag in event.tags)
        changes["fields"] = {
            words.get(name, name): attrs.evolve(field, value=words.get(field.value, field.value))
            for name, field in event.fields.items()
        }
    return attrs.evolve(event, **changes) if changes else event
