"""Strict reading and plain writing of attrs classes, shared by the events and the commands.

cattrs finds the hook for each type. Its own hooks turn 7.9 into 7 and null into "None"; the ones
here accept a value of exactly the right type and say of any other where it stands.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, TypeVar, get_args, get_origin

import attrs
from cattrs import Converter

from ticketcore._making import maker
from ticketcore.errors import CodecError
from ticketcore.events._instants import format_instant, parse_instant
from ticketcore.events._values import CURRENCY, Money

T = TypeVar("T", bound=attrs.AttrsInstance)
Hook: TypeAlias = Callable[[object, Any], object]


def within(step: str, wrong: CodecError) -> CodecError:
    """The same error, seen from the object or list that holds the value at *step*."""
    joint = "" if not wrong.path or wrong.path.startswith("[") else "."
    return CodecError(f"{step}{joint}{wrong.path}", wrong.value, wrong.expected)


def perhaps(name: str, known: Collection[str]) -> str:
    """The known name nearest to a misspelt one, as the end of a message."""
    from difflib import get_close_matches

    near = get_close_matches(name, known)
    return f", perhaps {near[0]!r}" if near else ""


def reader(cls: type[T], *, beside: Collection[str] = ()) -> Callable[..., T]:
    """A function that builds a *cls* from a JSON object and what stands *beside* it.

    It is called with the object, and by keyword with the fields named in *beside*, which the
    object must not hold. It raises CodecError with the path from the object.
    """
    fields = [field for field in attrs.fields(cls) if field.name not in beside]
    hooks = {field.name: _hook(cls, field) for field in fields}
    make = maker(cls)
    required = [field.name for field in fields if field.default is attrs.NOTHING]
    plain = {field.name: _plain(cls, field) for field in fields}.get

    def read(body: object, **values: Any) -> T:
        if type(body) is not dict:
            raise CodecError("", body, "an object")
        for key, value in body.items():
            name, kind, choices = plain(key, _NOT_PLAIN)
            if type(value) is kind and (not choices or value in choices):
                values[name] = value  # most values, and nothing more to ask of them
            else:
                values[key] = slowly(key, value)
        try:
            return make(**values)
        except TypeError:  # every name is a field's, so one is missing
            missing = next(name for name in required if name not in values)
            raise CodecError("", body, f"a field {missing!r}") from None

    def slowly(key: str, value: object) -> object:
        if key not in hooks:
            raise CodecError(str(key), value, f"a known field{perhaps(str(key), hooks)}")
        try:
            return hooks[key](value, None)
        except CodecError as wrong:
            raise within(key, wrong) from None

    return read


_Plain: TypeAlias = tuple[str, type | None, frozenset[str]]
_NOT_PLAIN: _Plain = ("", None, frozenset())


def _plain(cls: type, field: "attrs.Attribute[Any]") -> _Plain:
    """The field's own name, which is found faster than an equal one; the one class whose values
    it takes as they are, besides what its hook takes; and which of them, if not all."""
    if get_origin(field.type) is Literal:
        return field.name, str, frozenset(get_args(field.type))
    for kind in (str, int, bool):
        if field.type in (kind, kind | None) and _hook(cls, field) is not _currency:
            return field.name, kind, frozenset()
    return field.name, None, frozenset()


def _hook(cls: type, field: "attrs.Attribute[Any]") -> Hook:
    if cls is Money and field.name == "currency":
        return _currency
    return CONVERTER.get_structure_hook(field.type)


def _exact(kind: type, expected: str) -> Hook:
    def read(value: object, _: object) -> object:
        if type(value) is not kind:
            raise CodecError("", value, expected)
        return value

    return read


def _currency(value: object, _: object) -> object:
    if type(value) is str and CURRENCY.fullmatch(value):
        return value
    raise CodecError("", value, "three capital letters, for example EUR")


def _literal(kind: Any) -> Hook:
    choices = get_args(kind)
    expected = "one of " + ", ".join(map(repr, choices))

    def read(value: object, _: object) -> object:
        if value not in choices:
            raise CodecError("", value, expected)
        return value

    return read


def _optional(kind: Any) -> Hook:
    (some,) = set(get_args(kind)) - {NoneType}
    read_some = CONVERTER.get_structure_hook(some)

    def read(value: object, _: object) -> object:
        return None if value is None else read_some(value, None)

    return read


def _tuple(kind: Any) -> Hook:
    read_item = CONVERTER.get_structure_hook(get_args(kind)[0])

    def read(value: object, _: object) -> object:
        if type(value) is not list:
            raise CodecError("", value, "a list")
        items = []
        for index, item in enumerate(value):
            try:
                items.append(read_item(item, None))
            except CodecError as wrong:
                raise within(f"[{index}]", wrong) from None
        return tuple(items)

    return read


def _object(cls: Any) -> Hook:
    read = reader(cls)
    return lambda value, _: read(value)


def _made_from(origin: object) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is origin


def _make_converter() -> Converter:
    converter = Converter(omit_if_default=True)
    for kind, expected in ((str, "text"), (int, "a whole number"), (bool, "true or false")):
        converter.register_structure_hook(kind, _exact(kind, expected))
    converter.register_structure_hook(datetime, lambda value, _: parse_instant(value))
    converter.register_unstructure_hook(datetime, format_instant)
    converter.register_structure_hook_factory(attrs.has, _object)
    converter.register_structure_hook_factory(_made_from(tuple), _tuple)
    converter.register_structure_hook_factory(_made_from(Literal), _literal)
    converter.register_structure_hook_factory(_made_from(UnionType), _optional)
    return converter


CONVERTER = _make_converter()
"""Reads and writes the types that fields of events and commands have."""
