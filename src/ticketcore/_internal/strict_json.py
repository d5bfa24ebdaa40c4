"""Strict conversion between JSON values and attrs classes, for events and commands.

cattrs dispatches on the type of a field. Its own hooks coerce (7.9 becomes 7, null becomes
"None"), so every hook here is ours: it accepts values of exactly the right type, and raises a
CodecError with the path of any other value.

`reader` compiles the fields of a class into one table. Most values in a body are plain text,
numbers or booleans of the right type; the table lets the reader accept them without a call. Every
other value goes through the hook of its field. A field whose text must match a pattern says so in
its metadata: ``{"pattern": "[A-Z]{3}", "expected": "three capital letters"}``.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter

from ticketcore._internal.declared import STORABLE, is_storable
from ticketcore._internal.fast_attrs import fast
from ticketcore._internal.instants import format_instant, parse_instant
from ticketcore.errors import CodecError, FieldError

T = TypeVar("T", bound=attrs.AttrsInstance)
Hook: TypeAlias = Callable[[object, Any], object]


def within(step: str, wrong: CodecError) -> CodecError:
    """Return *wrong* with *step* before its path: the key or index that leads to the value."""
    joint = "" if not wrong.path or wrong.path.startswith("[") else "."
    path = f"{step}{joint}{wrong.path}"
    return CodecError(path, wrong.value, wrong.expected, is_unknown=wrong.is_unknown)


def perhaps(name: str, known: Collection[str]) -> str:
    """Return ``, perhaps 'NAME'`` with the known name nearest to *name*, or an empty text."""
    from difflib import get_close_matches

    near = get_close_matches(name, known)
    return f", perhaps {near[0]!r}" if near else ""


def reader(cls: type[T], *, beside: Collection[str] = ()) -> Callable[..., T]:
    """Return a function that builds a *cls* from a JSON object.

    It takes the object, and by keyword the fields named in *beside*, which the object must not
    hold. It raises CodecError with the path from the object; one with *is_unknown* only if all the
    rest of the object is right.
    """
    fields = [field for field in attrs.fields(cls) if field.name not in beside]
    hooks = {field.name: _hook(field) for field in fields}
    make = fast(cls)
    required = [field.name for field in fields if field.default is attrs.NOTHING]
    plain = {field.name: _plain(field) for field in fields}.get

    def read(body: object, **values: Any) -> T:
        if type(body) is not dict:
            raise CodecError("", body, "an object")
        unknown: CodecError | None = None
        skipped = set()  # fields with words that are unknown
        for key, value in body.items():
            name, kind, choices = plain(key, _NOT_PLAIN)
            if type(value) is kind and (not choices or value in choices):
                values[name] = value  # most values
            elif (hook := hooks.get(key)) is not None:
                try:
                    values[key] = hook(value, None)
                except CodecError as wrong:
                    if not wrong.is_unknown:
                        raise within(key, wrong) from None
                    unknown = unknown or within(key, wrong)
                    skipped.add(key)
            elif key in beside or unknown is None:  # a suggestion takes time, so make one only
                expected = f"a known field{perhaps(str(key), hooks)}"
                unknown = CodecError(str(key), value, expected, is_unknown=key not in beside)
                if not unknown.is_unknown:
                    raise unknown
        if unknown is not None:  # all the rest is right, but a required field may be missing
            unknown.is_unknown = all(name in values or name in skipped for name in required)
            raise unknown
        try:
            return make(**values)
        except TypeError:  # a required field is missing
            missing = next(name for name in required if name not in values)
            raise CodecError(missing, None, "a value") from None
        except FieldError as wrong:  # a validator refuses a value beside another
            raise CodecError(wrong.field, wrong.value, wrong.expected) from None

    return read


_Plain: TypeAlias = tuple[str, type | None, frozenset[str]]
_NOT_PLAIN: _Plain = ("", None, frozenset())


def _plain(field: "attrs.Attribute[Any]") -> _Plain:
    """Return the field's interned name, and what it accepts without a hook: a type and values.

    The values are empty if the field accepts every value of the type.
    """
    if get_origin(field.type) is Literal:
        return field.name, str, frozenset(get_args(field.type))
    for kind in (str, int, bool):
        if field.type in (kind, kind | None) and "pattern" not in field.metadata:
            return field.name, kind, frozenset()
    return field.name, None, frozenset()


def _hook(field: "attrs.Attribute[Any]") -> Hook:
    if "pattern" in field.metadata:
        return _matching(field.metadata["pattern"], field.metadata["expected"])
    return CONVERTER.get_structure_hook(field.type)


def check_storable(value: object, path: str = "") -> None:
    """Raise CodecError, with its path, for a text in *value* that databases refuse."""
    if isinstance(value, str):
        if not is_storable(value):
            raise CodecError(path, value, STORABLE)
    elif isinstance(value, Mapping):
        for key, below in value.items():
            check_storable(key, path)
            check_storable(below, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            check_storable(below, f"{path}[{index}]")


def _exact(kind: type, expected: str) -> Hook:
    def read(value: object, _: object) -> object:
        if type(value) is not kind:
            raise CodecError("", value, expected)
        return value

    return read


def _matching(pattern: str, expected: str) -> Hook:
    def read(value: object, _: object) -> object:
        if type(value) is str and re.fullmatch(pattern, value):
            return value
        raise CodecError("", value, expected)

    return read


def _literal(kind: Any) -> Hook:
    choices = get_args(kind)
    expected = "one of " + ", ".join(map(repr, choices))

    def read(value: object, _: object) -> object:
        if value not in choices:
            raise CodecError("", value, expected, is_unknown=type(value) is str)
        return value

    return read


def _optional(kind: Any) -> Hook:
    (some,) = set(get_args(kind)) - {NoneType}
    read_some = CONVERTER.get_structure_hook(some)

    def read(value: object, _: object) -> object:
        return None if value is None else read_some(value, None)

    return read


def _tuple(kind: Any) -> Hook:
    """Read a list: of any length for ``tuple[T, ...]``, else one item for each type."""
    kinds = get_args(kind)
    any_length = kinds[1:] == (Ellipsis,)
    hooks = [CONVERTER.get_structure_hook(each) for each in kinds[: 1 if any_length else None]]
    expected = "a list" if any_length else f"a list of {len(hooks)} values"

    def read(value: object, _: object) -> object:
        if type(value) is not list or not (any_length or len(value) == len(hooks)):
            raise CodecError("", value, expected)
        items = []
        readers = repeat(hooks[0]) if any_length else hooks
        for index, (read_item, item) in enumerate(zip(readers, value, strict=False)):
            try:
                items.append(read_item(item, None))
            except CodecError as wrong:
                raise within(f"[{index}]", wrong) from None
        return tuple(items)

    return read


def _listed(kind: Any) -> Callable[[tuple[Any, ...]], list[object]]:
    """Write a tuple of a fixed length as a list, as JSON has it; cattrs would keep the tuple."""
    hooks = [CONVERTER.get_unstructure_hook(each) for each in get_args(kind)]
    return lambda values: [hook(value) for hook, value in zip(hooks, values, strict=True)]


def _is_fixed_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] != (Ellipsis,)


def _mapping(kind: Any) -> Hook:
    read_value = CONVERTER.get_structure_hook(get_args(kind)[1])

    def read(value: object, _: object) -> object:
        if type(value) is not dict:
            raise CodecError("", value, "an object")
        values = {}
        for key, each in value.items():
            try:
                values[key] = read_value(each, None)
            except CodecError as wrong:
                raise within(key, wrong) from None
        return values

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
    converter.register_unstructure_hook_factory(_is_fixed_tuple, _listed)
    converter.register_structure_hook_factory(attrs.has, _object)
    converter.register_structure_hook_factory(_made_from(tuple), _tuple)
    converter.register_structure_hook_factory(_made_from(Mapping), _mapping)
    converter.register_structure_hook_factory(_made_from(Literal), _literal)
    for union in (UnionType, Union):  # `Literal[…] | None` is a Union
        converter.register_structure_hook_factory(_made_from(union), _optional)
    return converter


CONVERTER = _make_converter()
"""The converter for the types that fields of events and commands have."""


def dump(value: attrs.AttrsInstance) -> dict[str, Any]:
    """Return *value* as JSON values, without fields that have their default."""
    written: dict[str, Any] = CONVERTER.unstructure(value)
    return written


def load(cls: type[T], source: object) -> T:
    """Return the *cls* that `dump` wrote. Raises CodecError with the path of a mistake."""
    read: Callable[..., T] = _cached_reader(cls)
    return read(source)


@cache  # each takes about half a millisecond to make
def _cached_reader(cls: type[Any]) -> Callable[..., Any]:
    return reader(cls)
