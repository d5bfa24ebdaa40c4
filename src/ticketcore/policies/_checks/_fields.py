"""Checks of the fields that a policy declares."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ticketcore._toml import Mistake, describe, each, nearest, quoted
from ticketcore.events import FieldContent
from ticketcore.policies._policy import Policy
from ticketcore.policies.conditions._conditions import OWN
from ticketcore.policies.conditions._fields import FieldDefinition


def _fields(policy: Policy) -> Iterator[Mistake]:
    for find in (_kind, _default, _waiting_for):
        yield from each("fields", policy.fields.items(), find)


def _kind(field: FieldDefinition) -> Iterator[Mistake]:
    if field.type is None and not field.choices:
        yield (), 'the field has no values: add choices = [...], or a type such as "text"'
    if field.type is not None and field.choices:
        yield ("type",), "the choices of a field are text: remove one of the two keys"


def _default(field: FieldDefinition) -> Iterator[Mistake]:
    if field.default is not None and not field.takes_written(field.default):
        yield ("default",), f"expected {field.expected}, found {described(field.default)}"


def described(content: FieldContent) -> str:
    """Describe the value of a field as the file has it."""
    if isinstance(content, Decimal):
        return describe(int(content) if content == int(content) else float(content))
    return describe(content)


def _waiting_for(field: FieldDefinition) -> Iterator[Mistake]:
    for value in field.waiting_for:
        if not field.choices:
            yield ("waiting_for",), "only works with choices"
        elif value not in field.choices:
            message = f"no value {quoted(value)}; {nearest(value, field.choices)}"
            yield ("waiting_for", value), message


def instant_field(policy: Policy, key: str, anchor: str) -> Iterator[Mistake]:
    """Find an anchor that names no field that holds an instant."""
    if not anchor.startswith(OWN):
        return
    name = anchor.removeprefix(OWN)
    instants = [name for name, field in policy.fields.items() if field.kind == "instant"]
    if name not in policy.fields:
        right = nearest(name, instants) if instants else f"this file declares none: add [{anchor}]"
        yield (key,), f"no field {quoted(name)}; {right}"
    elif name not in instants:
        yield (key,), f"{name} is not an instant: it is {policy.fields[name].expected}"


def _required(policy: Policy) -> Iterator[Mistake]:
    """Find fields that an opening must contain, but that no ticket has, or that all have."""
    for name in policy.opening.required:
        own = name.removeprefix(OWN)
        field = policy.fields.get(own)
        if name.startswith(OWN) and field is None:
            declared = list(policy.fields)
            none = f"this file declares none: add [{name}]"
            right = nearest(own, declared) if declared else none
            yield ("opening", "required"), f"no field {quoted(own)}; {right}"
        elif name.startswith(OWN) and field is not None and field.default is not None:
            message = f"{own} has a default, so no opening lacks it: remove one of the two"
            yield ("opening", "required"), message


FIELD_CHECKS: Final = (_fields, _required)
