"""The values of a policy's own fields: texts with a kind, which are read without the policy."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias, assert_never

import attrs

from ticketcore._internal.declared import check_fields
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import EXAMPLE, format_instant, instant_in, instant_with_offset
from ticketcore._internal.strict_json import CONVERTER, dump, load
from ticketcore.errors import FieldError, MoneyError
from ticketcore.events._values import Money

FieldKind: TypeAlias = Literal["text", "number", "money", "date", "instant", "yes-no"]
"""The kind of a field's values. A choice is text."""

FieldContent: TypeAlias = str | Decimal | Money | date | datetime | bool
"""The value of a field in Python: text, number, amount, date, instant in UTC, or yes and no."""

EXPECTED: Mapping[FieldKind, str] = {
    "text": "text that is not empty",
    "number": 'a number such as "12.5", of at most 30 digits',
    "money": 'an amount such as "49.00 USD"',
    "date": 'a date such as "2026-01-31"',
    "instant": 'an instant with an offset, such as "2026-01-09T22:00:00Z"',
    "yes-no": '"yes" or "no"',
}
"""The form of the text of each kind in a command, for messages."""

_NUMBER = re.compile(r"(?a:-?[0-9]+(\.[0-9]+)?)")
_DATE = re.compile(r"(?a:[0-9]{4}-[0-9]{2}-[0-9]{2})")
_LONGEST_NUMBER = 32  # characters: 30 digits, a sign and a point
_YES_NO = {"yes": True, "no": False}


def parse_field(kind: FieldKind, text: str) -> FieldContent | None:
    """Return the value that *text* has as a field of this kind, or None if it has none."""
    match kind:
        case "text":
            return text or None
        case "number":
            is_number = len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text)
            return Decimal(text) if is_number else None
        case "money":
            try:
                return Money.parse(text)
            except MoneyError:
                return None
        case "date":
            try:
                return date.fromisoformat(text) if _DATE.fullmatch(text) else None
            except ValueError:
                return None
        case "instant":
            return instant_in(text.encode(errors="replace"))
        case "yes-no":
            return _YES_NO.get(text)
        case _:
            assert_never(kind)


def given_field(kind: FieldKind, text: str) -> FieldContent | None:
    """Return the value that a text of a command has, as `parse_field` does for stored texts.

    An instant may have any offset, as in RFC 3339.
    """
    return instant_with_offset(text) if kind == "instant" else parse_field(kind, text)


def field_text(content: FieldContent) -> str:
    """Return the one text of a value: ``12.5``, ``49.00 USD``, ``2026-01-31``, ``yes``."""
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, str):
        return content
    if isinstance(content, Decimal):
        if abs(content.adjusted()) > _LONGEST_NUMBER:  # 1E+9999999 has ten million digits
            return str(content)
        text = f"{content:f}" if content else "0"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(content, datetime):  # before dates: a datetime is a date too
        return format_instant(content)
    return str(content)


def kind_of(content: FieldContent) -> FieldKind:
    """Return the kind of a value."""
    match content:
        case str():
            return "text"
        case bool():
            return "yes-no"
        case Decimal():
            return "number"
        case Money():
            return "money"
        case datetime():
            return "instant"
        case date():
            return "date"
        case _:
            assert_never(content)


def check_field_text(instance: Any, _: object, value: Any) -> None:
    """Validate the attribute `value` of an instance that has a `kind`."""
    kind: FieldKind = instance.kind
    if isinstance(value, str) and kind in EXPECTED and parse_field(kind, value) is None:
        expected = (
            f'an instant in UTC such as "{EXAMPLE}"' if kind == "instant" else EXPECTED[kind]
        )
        raise FieldError(type(instance).__name__, "value", value, expected)


@frozen(kw_only=True)
class FieldValue(Value):
    """The value of one of the policy's fields, as text of its *kind*.

    A *personal* value is erased together with the person.
    """

    kind: FieldKind
    value: str = attrs.field(validator=check_field_text)
    personal: bool = False

    __attrs_post_init__ = check_fields

    @property
    def content(self) -> FieldContent:
        """The value in Python."""
        return content_of(self.kind, self.value)


def content_of(kind: FieldKind, text: str) -> FieldContent:
    """Return the value of a stored text; a text that does not fit its kind stays a text."""
    content = parse_field(kind, text)
    return text if content is None else content


def _write_content(content: FieldContent) -> dict[str, Any]:
    return dump(FieldValue(kind=kind_of(content), value=field_text(content)))


def _is_content(kind: Any) -> bool:
    return bool(kind == FieldContent)


# The fields of a ticket: with their kind, as in the events.
CONVERTER.register_structure_hook_func(
    _is_content, lambda value, _: load(FieldValue, value).content
)
CONVERTER.register_unstructure_hook_func(_is_content, _write_content)
