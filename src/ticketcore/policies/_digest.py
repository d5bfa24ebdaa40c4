"""The digest of a policy: two files with one digest decide alike.

A ticket records it with name and version, so that a file that was edited without a new effective
date is noticed. It covers everything that decisions read, after the file was merged with the one
that it extends. This includes iCalendar files, but not the texts for people, the notifications,
the advice and the ids of the written rules. Keys that have their default are left out, so a new
key of the library changes no digest.
"""

import json
from collections.abc import Mapping
from typing import Any

import attrs

from ticketcore._toml import default_of, keys_of
from ticketcore.policies._kinds import RULE

_FOR_PEOPLE = frozenset(
    {
        "title",
        "extends",
        "rules",
        "languages",
        "words",
        "templates",
        "notifications",
        "notification_settings",
        "advice",
        "profile",
    }
)
_LENGTH = 16  # hexadecimal digits; it tells files of one version apart, it proves nothing


def digest_of(policy: attrs.AttrsInstance) -> str:
    """Return the digest of a policy, or of a part of it, as 16 hexadecimal digits."""
    from hashlib import sha256  # its import takes longer than a digest

    text = json.dumps(_plain(policy), sort_keys=True)
    return sha256(text.encode()).hexdigest()[:_LENGTH]


def _plain(value: object) -> Any:
    """Return a value of a policy as JSON values."""
    match value:
        case None | bool() | int() | str():
            return value
        case Mapping():
            return {str(key): _plain(below) for key, below in value.items()}
        case frozenset():
            return sorted(map(str, value))
        case tuple():
            return [_plain(below) for below in value]
        case _ if attrs.has(type(value)):
            return _table(value)
        case _:
            return str(value)


def _table(value: Any) -> dict[str, Any]:
    """Return the values on which decisions rest, without those that are their default."""
    fields = attrs.fields_dict(type(value))
    declared = [key.attribute for key in keys_of(type(value)).values()]
    names = declared or [name for name, field in fields.items() if field.init]
    plain = {}
    for name in names:
        if name in _FOR_PEOPLE or name.endswith("_rule") or fields[name].metadata == RULE:
            continue
        found = getattr(value, name)
        if found != default_of(fields[name], value):
            plain[name] = _plain(found)
    return plain
