"""The JSON Schema of scenario files, made from the types of commands and events."""

from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import attrs

from ticketcore._toml import DIALECT
from ticketcore.commands import COMMANDS, Open
from ticketcore.events import EVENTS, PARTIES, Money
from ticketcore.ticket import Status

_TEXT = {"type": "string"}
_INSTANT = {**_TEXT, "examples": ["2026-01-09T15:00", "2026-01-09T15:00:00-07:00"]}
_MONEY = {**_TEXT, "examples": ["49.00 USD"]}
_SIMPLE: dict[Any, dict[str, Any]] = {
    str: _TEXT,
    bool: {"type": "boolean"},
    datetime: _INSTANT,
    Money: _MONEY,
}


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a scenario; TOML's dates and times count as text."""
    root = {
        "name": _TEXT,
        "description": _TEXT,
        "policy": _one_or_several(_TEXT),
        "until": _INSTANT,
        "ticket": _table({"id": _TEXT, **_fields(Open, beside=("at", "by", "actor"))}),
        "step": {"type": "array", "items": {"oneOf": [_step(name) for name in COMMANDS]}},
        "expect": _expect(),
    }
    return {
        "$schema": DIALECT,
        "title": "A scenario: steps of one ticket, and what is expected of them",
        **_table(root, required=["policy", "step"]),
    }


def _step(name: str) -> dict[str, Any]:
    cls = COMMANDS[name]
    required = [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING]
    step = {"command": {"const": name}, **_fields(cls), "expect": _table({"refused": _TEXT})}
    return _table(step, required=["command", *required])


def _expect() -> dict[str, Any]:
    events = [
        _table({**_fields(cls), "event": {"const": name}}, required=["event"])
        for name, cls in EVENTS.items()
    ]
    timer = _table({"timer": _TEXT, "due": _INSTANT}, required=["timer"])
    return _table(
        {
            "status": {"enum": list(get_args(Status))},
            "type": _TEXT,
            "waiting_for": {"enum": list(PARTIES)},
            "refunded": _MONEY,
            "closed_by": _one_or_several({"enum": list(PARTIES)}),
            "events": _one_or_several({"enum": list(EVENTS)}),
            "event": {"type": "array", "items": {"oneOf": events}},
            "deadlines": {"type": "array", "items": timer},
        }
    )


def _fields(cls: Any, beside: tuple[str, ...] = ()) -> dict[str, Any]:
    return {f.name: _type(f.type) for f in attrs.fields(cls) if f.name not in beside}


def _type(kind: Any) -> dict[str, Any]:
    if get_origin(kind) is UnionType:
        (kind,) = set(get_args(kind)) - {NoneType}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        one = _type(item)
        return _one_or_several(one) if item is str else {"type": "array", "items": one}
    return _SIMPLE.get(kind) or _table(
        _fields(kind),
        required=[field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING],
    )


def _one_or_several(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _table(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    described = {"type": "object", "properties": properties, "additionalProperties": False}
    return described | ({"required": required} if required else {})
