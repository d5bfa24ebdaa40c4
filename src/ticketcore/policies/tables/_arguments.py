"""The keys that the effects of timers and levels need: fields, tags, an assignee."""

from collections.abc import Mapping
from typing import Any, Final

from ticketcore._toml import NAME, TEXT, ByName, Several, key
from ticketcore.policies.conditions._fields import FIELD_CONTENT

FIELDS: Final[Mapping[str, Any]] = key(
    ByName(FIELD_CONTENT),
    "The fields and their new values, for `set-field`.",
    example='{ team = "second" }',
    unset="required for it",
)
TAGS: Final[Mapping[str, Any]] = key(
    Several(NAME),
    "The tags, for `tag`.",
    example='"escalated"',
    unset="required for it",
)
ASSIGNEE: Final[Mapping[str, Any]] = key(
    TEXT,
    "The person or team, for `assign`.",
    example='"second-level"',
    unset="required for it",
)
