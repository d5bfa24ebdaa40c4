"""The fields and tags that a policy declares for its tickets."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from math import isfinite

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.terminal import either
from ticketcore._toml import FLAG, NAME, ByName, Scalar, Several, describe, key, literal
from ticketcore.events import (
    EXPECTED,
    FieldContent,
    FieldKind,
    FieldValue,
    Party,
    field_text,
    given_field,
    kind_of,
    parse_field,
    utc,
)
from ticketcore.policies._kinds import ACTOR, RULE

_EXPECTED = "text, a number, a date, an instant, true or false"


def _content(value: object) -> FieldContent:
    """Return a value of TOML as the value of a field; an amount stays text."""
    content = value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"an instant needs an offset, such as {value.isoformat()}Z")
        return utc(value)
    if type(value) is int or (isinstance(value, float) and isfinite(value)):
        content = Decimal(repr(value))
    if not isinstance(content, FieldContent):
        raise ValueError(f"expected {_EXPECTED}, found {describe(value)}")
    if parse_field(kind_of(content), field_text(content)) is None:
        raise ValueError(f"expected {EXPECTED[kind_of(content)]}, found {describe(value)}")
    return content


FIELD_CONTENT = Scalar(
    _EXPECTED,
    _content,
    {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]},
)
"""The kind of values of fields. Dates and instants are text in JSON."""


@frozen(kw_only=True)
class FieldDefinition(Value):
    """A field of the policy's own: its kind, or the texts to choose from.

    *kind* is the kind of its values; those of a choice are text.
    """

    name: str
    rule: str | None = attrs.field(default=None, metadata=RULE)
    type: FieldKind | None = attrs.field(
        default=None,
        metadata=key(
            literal(
                FieldKind,
                {
                    "text": "Any text that is not empty.",
                    "number": "A decimal number.",
                    "money": "An amount with its currency.",
                    "date": "A date.",
                    "instant": "An instant; timers can count from it.",
                    "yes-no": "Yes or no.",
                },
                {"boolean": "yes-no", "datetime": "instant", "decimal": "number"},
            ),
            "The kind of the values.",
            example='"date"',
            unset="the field has `choices`",
        ),
    )
    choices: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The texts that the field may have.",
            example='["low", "normal", "high"]',
            unset="any value of the `type`",
        ),
    )
    default: FieldContent | None = attrs.field(
        default=None,
        metadata=key(
            FIELD_CONTENT,
            "The value of a ticket that is opened without one. A field with a default always has "
            "a value.",
            example='"normal"',
            unset="no value",
        ),
    )
    personal: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: the values are about a person, and are erased together with them.",
            example="true",
        ),
    )
    waiting_for: Mapping[str, Party] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(ACTOR),
            "For some of the `choices`, the party whose answer the ticket waits for from then on.",
            example='{ pending = "customer" }',
            unset="a value changes nothing else",
        ),
    )
    kind: FieldKind = attrs.field(init=False)

    @kind.default
    def _kind_of_type(self) -> FieldKind:
        return self.type or "text"

    @property
    def expected(self) -> str:
        """The values that the field may have, in words."""
        if self.choices:
            return either(f'"{choice}"' for choice in self.choices)
        return EXPECTED[self.kind]

    def value(self, text: str) -> FieldValue | None:
        """Return the value that a text is for this field, or None if it may not have it."""
        content = given_field(self.kind, text)
        if content is None or (self.choices and content not in self.choices):
            return None
        return FieldValue(kind=self.kind, value=field_text(content), personal=self.personal)

    def takes(self, content: FieldContent) -> bool:
        """Return whether a value of a ticket may be one of this field."""
        return kind_of(content) == self.kind and self.value(field_text(content)) is not None

    def takes_written(self, content: FieldContent) -> bool:
        """Return whether a value of a file, with amounts as text, may be one of this field."""
        if self.kind == "money" and isinstance(content, str):
            return self.value(content) is not None
        return self.takes(content)

    @property
    def default_value(self) -> FieldValue | None:
        """The value of a ticket that is opened without one."""
        return None if self.default is None else self.value(field_text(self.default))


@frozen(kw_only=True)
class TagRules(Value):
    """The tags that tickets may have."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    values: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The tags that a ticket may have.",
            example='["vip", "outage"]',
            unset="any tag",
        ),
    )
