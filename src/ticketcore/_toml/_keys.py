"""Declarations: a class of attrs fields declares the keys of one TOML table.

    @attrs.frozen(kw_only=True)
    class Storefront:
        zone: str = attrs.field(
            metadata=key(ZONE, "The time zone of the shop.", example='"Europe/Vienna"')
        )

The declaration is complete: the reader, the JSON Schema, the tables in the docs and the layout of
`ticketcore policy show` all follow from it. A field with a default may be left out of the file. A
field without a `key` is not a key of the file; its value is given by the reader's caller, or is
computed by the class.
"""

import json
from collections.abc import Mapping
from typing import Any

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._toml._kinds import Kind

_METADATA = "toml"


@frozen(kw_only=True)
class Key:
    """One key of a table: how it is read, and what editors and docs say about it.

    *name* is the key in the file, *attribute* the one in Python. *about* is its description,
    *example* a value in TOML, *unset* says what happens if the key is left out.
    """

    name: str
    attribute: str
    kind: Kind[Any]
    about: str
    example: str
    unset: str | None
    default: object

    @property
    def required(self) -> bool:
        """Whether the file must hold the key."""
        return self.default is attrs.NOTHING

    @property
    def left_out(self) -> str:
        """The effect of leaving the key out, in Markdown for the docs."""
        if self.required:
            return "required"
        if self.unset is not None:
            return self.unset
        if isinstance(self.default, bool | int | str) and self.default != "":
            return f"`{json.dumps(self.default)}`"
        return ""


def key(
    kind: Kind[Any], about: str, *, example: str, name: str | None = None, unset: str | None = None
) -> Mapping[str, object]:
    """Declare the key of an attrs field, as the field's metadata.

    *about* is one sentence or more, *example* a value in TOML. *name* is the key in the file if
    it differs from the field's name. *unset* says what happens if the key is left out; a plain
    default value says it by itself.
    """
    return {_METADATA: (kind, about, example, name, unset)}


def keys_of(cls: type[attrs.AttrsInstance]) -> Mapping[str, Key]:
    """Return the keys that a class declares, by their names in the file."""
    keys = _KEYS.get(cls)
    if keys is None:
        declared = (_key(field) for field in attrs.fields(cls) if _METADATA in field.metadata)
        keys = _KEYS[cls] = {each.name: each for each in declared}
    return keys


_KEYS: dict[type, Mapping[str, Key]] = {}


def _key(field: "attrs.Attribute[Any]") -> Key:
    kind, about, example, name, unset = field.metadata[_METADATA]
    return Key(
        name=name or field.name,
        attribute=field.name,
        kind=kind,
        about=about,
        example=example,
        unset=unset,
        default=field.default,
    )


def default_of(field: "attrs.Attribute[Any]", instance: object) -> object:
    """Return the default of a field that has one, worked out for an instance where needed."""
    default: Any = field.default
    if not isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return default
    return default.factory(instance) if default.takes_self else default.factory()
