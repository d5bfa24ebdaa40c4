"""Values as a file would write them, for views that follow from the declarations."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from ticketcore._internal.instants import instant_text
from ticketcore._toml._keys import default_of, keys_of


def settings(
    instance: attrs.AttrsInstance, beside: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Give each key of an instance whose value is not its default, with the value as text.

    The keys in *beside* are left out, and a `when` that has an `unless` only.
    """
    cls = type(instance)
    fields = attrs.fields_dict(cls)
    for key in keys_of(cls).values():
        value = getattr(instance, key.attribute)
        if key.name not in beside and value != default_of(fields[key.attribute], instance):
            text = written(value)
            if text:
                yield key.name, text


def written(value: object) -> str:
    """Write a value in one line, in the words of the file but without quotes."""
    match value:
        case bool():
            return "true" if value else "false"
        case tuple() | frozenset():
            texts = list(map(written, sorted(value) if isinstance(value, frozenset) else value))
            return ("; " if any(", " in text for text in texts) else ", ").join(texts)
        case Mapping():
            return ", ".join(_entry(name, written(below)) for name, below in value.items())
        case datetime():
            return instant_text(value)
        case _:
            return str(value)


def _entry(name: object, text: str) -> str:
    """Return a name with its value; an amount such as ``20.00 EUR`` names its currency itself."""
    return text if text.endswith(f" {name}") else f"{name} {text}"
