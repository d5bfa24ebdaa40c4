"""Fields of commands, orders and events, read from a table by the types that they have."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs

from ticketcore._toml import OldTable
from ticketcore.errors import MoneyError
from ticketcore.events import Money
from ticketcore.scenarios._instants import read_instant

T = TypeVar("T", bound=attrs.AttrsInstance)
_NO_DEFAULTS: Mapping[str, object] = {}


def build(
    table: OldTable, cls: type[T], zone: str | None, defaults: Mapping[str, object] = _NO_DEFAULTS
) -> T:
    """A *cls* with the fields that the table gives, else the *defaults*, else its own.

    Every field is a key of the table. What is wrong or missing is noted in the table, and has a
    placeholder in the result.
    """
    given = read_fields(table, cls, zone)
    values = {**{name: defaults[name] for name in defaults if name not in given}, **given}
    for field in attrs.fields(cls):
        if field.default is attrs.NOTHING and field.name not in values:
            values[field.name] = _read(table, field.name, field.type, zone)
    try:
        return cls(**values)
    except MoneyError as wrong:
        table.problem("order", str(wrong))
        return cls(**{**values, "order": None})


def read_fields(
    table: OldTable, cls: type[attrs.AttrsInstance], zone: str | None, beside: Collection[str] = ()
) -> dict[str, object]:
    """What the table gives of the fields of *cls*, except those named in *beside*."""
    return {
        field.name: _read(table, field.name, field.type, zone)
        for field in attrs.fields(cls)
        if field.name not in beside and table.value(field.name, None) is not None
    }


def _read(table: OldTable, key: str, kind: Any, zone: str | None) -> object:
    if get_origin(kind) is UnionType:
        (kind,) = set(get_args(kind)) - {NoneType}
    if get_origin(kind) is Literal:
        return table.choice(key, get_args(kind))
    if get_origin(kind) is tuple:
        return _read_several(table, key, get_args(kind)[0], zone)
    if kind is str:
        return table.text(key)
    if kind is bool:
        return table.flag(key)
    if kind is datetime:
        return read_instant(table, key, zone)
    if kind is Money:
        return table.parsed(key, Money.parse, example="49.00 USD")
    return build(table.section(key), kind, zone)


def _read_several(table: OldTable, key: str, kind: Any, zone: str | None) -> object:
    if kind is str:
        return table.texts(key)
    return tuple(build(each, kind, zone) for each in table.tables(key))
