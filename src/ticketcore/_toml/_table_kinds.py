"""The kinds of value that a table can be asked for. Nothing is coerced silently."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar, cast

import attrs

from ticketcore._toml._wording import describe, nearest, one_of, quoted

T = TypeVar("T")
S = TypeVar("S", bound=str)


@attrs.frozen
class Kind(Generic[T]):
    """What is expected, how it is read, and what stands in for it where it is missing or wrong.

    `read` raises a ValueError that says what is wrong with the value; `schema` says in terms of
    JSON Schema what is right.
    """

    what: str
    read: Callable[[object], T]
    placeholder: T
    schema: Mapping[str, Any] = attrs.field(factory=dict, kw_only=True)


def _exactly(type_: type[T], what: str, placeholder: T, schema: Mapping[str, Any]) -> Kind[T]:
    """Values of just this type: tomllib gives no subclasses, and bool is not int."""

    def read(value: object) -> T:
        if type(value) is type_:
            return value
        raise ValueError(f"expected {what}, found {describe(value)}")

    return Kind(what, read, placeholder, schema=schema)


_TEXT_SCHEMA = {"type": "string"}

TEXT = _exactly(str, "text", "", _TEXT_SCHEMA)
FLAG = _exactly(bool, "true or false", placeholder=False, schema={"type": "boolean"})
DATE = _exactly(
    dt.date,
    "a date such as 2026-01-31",
    dt.date(1970, 1, 1),
    {"type": "string", "format": "date"},
)
_INTEGER = _exactly(int, "an integer", 0, {"type": "integer"})


def _name(value: object) -> str:
    if value == "":
        raise ValueError("expected a name, found an empty text")
    return TEXT.read(value)


NAME = Kind("a name", _name, "", schema={**_TEXT_SCHEMA, "minLength": 1})


ANY: Kind[object] = Kind("a value", lambda value: value, None)


def integer(minimum: int | None, maximum: int | None) -> Kind[int]:
    """An integer; both bounds are allowed values."""
    what = _INTEGER.what + _bounds(minimum, maximum)

    def read(value: object) -> int:
        return _within(_INTEGER.read(value), minimum, maximum, what)

    schema = {"type": "integer", **_limits(minimum, maximum)}
    return Kind(what, read, minimum or maximum or 0, schema=schema)


def choice(options: Iterable[S]) -> Kind[S]:
    """One of these texts; the members of a StrEnum come back as members."""
    options = list(options)

    def read(value: object) -> S:
        text = TEXT.read(value)
        for option in options:
            if option == text:
                return option
        raise ValueError(f"unknown {quoted(text)}; {nearest(text, options)}")

    schema = {"enum": [str(option) for option in options]}
    return Kind(one_of(options), read, next(iter(options), cast(S, "")), schema=schema)


def parsed(parser: Callable[[str], T], example: str) -> Kind[T]:
    """A text that a parser understands; the parsed example is the placeholder."""

    def read(value: object) -> T:
        return parser(TEXT.read(value))

    schema = {**_TEXT_SCHEMA, "examples": [example]}
    return Kind(f"text such as {quoted(example)}", read, parser(example), schema=schema)


def _limits(minimum: int | None, maximum: int | None) -> dict[str, int]:
    limits = {"minimum": minimum, "maximum": maximum}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _bounds(minimum: int | None, maximum: int | None) -> str:
    low = "" if minimum is None else f" of at least {minimum}"
    high = "" if maximum is None else f" of at most {maximum}"
    return " and".join(filter(None, (low, high)))


def _within(value: int, minimum: int | None, maximum: int | None, what: str) -> int:
    too_low = minimum is not None and value < minimum
    too_high = maximum is not None and value > maximum
    if too_low or too_high:
        raise ValueError(f"expected {what}, found {describe(value)}")
    return value
