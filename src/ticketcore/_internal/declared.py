"""Checks of declarations: the values of attrs fields, and the completeness of tables."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import attrs

from ticketcore._internal.terminal import has_visible
from ticketcore.errors import FieldError

_Accepts: TypeAlias = Callable[[object], bool]

VISIBLE = "text with a visible character"
_MAY_BE_BLANK = frozenset(
    "text subject category subcategory reason storefront customer account".split()
)


def check_fields(instance: attrs.AttrsInstance) -> None:
    """Raise FieldError if a field of *instance* holds a value that its type does not have."""
    for name, accepts, expected in _checks(type(instance)):
        value = getattr(instance, name)
        if not accepts(value):
            is_text = isinstance(value, str) and expected.startswith("text")
            wanted = _expected_text(value) if is_text else expected
            raise FieldError(type(instance).__name__, name, value, wanted)


def _expected_text(value: object) -> str:
    return STORABLE if type(value) is str else f"str itself, not {type(value).__name__}"


def check_visible(instance: attrs.AttrsInstance) -> None:
    """Raise FieldError if *instance*, or a value in it, has a text without a visible character.

    Facts that a policy can require may be blank: then the decision says that they are missing.
    """
    for path, text in invisible_texts(instance):
        raise FieldError(type(instance).__name__, path, text, VISIBLE)


def invisible_texts(instance: attrs.AttrsInstance) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each text that `check_visible` refuses."""
    for name in _with_text(type(instance)):
        value = getattr(instance, name)
        several = isinstance(value, tuple)
        for place, part in enumerate(value if several else (value,)):
            path = f"{name}[{place}]" if several else name
            if isinstance(part, str):
                if not has_visible(part) and (part.strip() or name not in _MAY_BE_BLANK):
                    yield path, part
            elif part is not None and attrs.has(type(part)):
                yield from ((f"{path}.{inner}", text) for inner, text in invisible_texts(part))


@cache
def _with_text(cls: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    """Return the names of the fields whose values are or hold free text."""
    return tuple(field.name for field in attrs.fields(cls) if _holds_text(field.type))


def _holds_text(kind: Any) -> bool:
    parts = () if get_origin(kind) is Literal else get_args(kind)
    return kind is str or attrs.has(kind) or any(map(_holds_text, parts))


def require_all(table: Mapping[Any, object], keys: Collection[type | str], purpose: str) -> None:
    """Raise TypeError, at import, if *table* lacks one of *keys*; *purpose* names the table."""
    missing = ", ".join(
        key if isinstance(key, str) else key.__name__ for key in keys if key not in table
    )
    if missing:
        raise TypeError(f"{purpose}: no entry for {missing}")


@cache
def _checks(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, _Accepts, str], ...]:
    fields = attrs.fields(cls)
    return tuple((field.name, *_check(field.type)) for field in fields if field.init)


def _check(kind: Any) -> tuple[_Accepts, str]:
    """Return a test of a value for a field's type, and words for the values that pass."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):  # `Literal[…] | None` is a Union
        (some,) = set(arguments) - {NoneType}
        accepts, expected = _check(some)
        return lambda value: value is None or accepts(value), f"{expected}, or None"
    if origin is Literal:
        choices = frozenset(arguments)
        words = ", ".join(map(repr, arguments))
        return lambda value: isinstance(value, str) and value in choices, f"one of {words}"
    if origin is Mapping:
        accepts, expected = _check(arguments[1])
        return (
            lambda value: (
                isinstance(value, Mapping)
                and all(map(_is_text, value))
                and all(map(accepts, value.values()))
            ),
            f"a mapping of names to {expected}",
        )
    if origin is tuple:
        accepts, expected = _check(arguments[0])
        return (
            lambda value: isinstance(value, tuple) and all(map(accepts, value)),
            f"a tuple, of {expected} each",
        )
    if kind is int:
        return lambda value: type(value) is int, "a whole number"
    if kind is str:
        return _is_text, "text"
    return lambda value: isinstance(value, kind), _WORDS.get(kind) or kind.__name__


def _is_text(value: object) -> bool:
    # The codec writes no subclass, such as one that a template engine or numpy makes.
    return type(value) is str and is_storable(value)


def is_storable(text: str) -> bool:
    """Return whether every database takes a text: PostgreSQL refuses NUL and lone surrogates."""
    if "\0" in text:
        return False
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


STORABLE = "text without NUL and lone surrogates"
_WORDS: Mapping[type, str] = {bool: "True or False", datetime: "a datetime"}
