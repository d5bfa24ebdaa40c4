"""Kinds of values: how a value of a file is read, and how its JSON Schema describes it.

A kind coerces nothing silently. It notes a problem for each mistake that it meets, reads on to
find the others, and then raises UnreadError instead of returning a value.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, get_args

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._internal.limits import MAX_PROBLEMS
from ticketcore._toml._node import Node
from ticketcore._toml._problem import EnoughProblemsError, Problem, UnreadError
from ticketcore._toml._wording import describe, nearest, one_of, quoted, sentence
from ticketcore.errors import TicketcoreError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S", bound=str)
K = TypeVar("K", bound=Hashable)

REMOVE = {
    "description": "Remove the entries of this name from the file that this one extends.",
    "const": True,
}
_REMOVAL = {
    "type": "object",
    "properties": {"remove": REMOVE},
    "required": ["remove"],
    "additionalProperties": False,
}


@frozen
class Reading:
    """One reading of a file: the problems met so far, and what its values depend on.

    *head* are the keys that belong above the first `[table]`. *zone* is the IANA zone of local
    dates and times, None if it is unknown. Values may name files in *folder* and below; if it is
    None, they may name no file.
    """

    problems: list[Problem] = attrs.field(factory=list)
    head: frozenset[str] = frozenset()
    zone: str | None = None
    folder: Path | None = None
    _counts: Counter[str] = attrs.field(factory=Counter)

    def note(self, node: Node, message: str, *path: str | int) -> None:
        """Note a problem of a value, or of the place at *path* below it."""
        self.problems.append(node.problem(message, *path))
        if len(self.problems) >= MAX_PROBLEMS:
            raise EnoughProblemsError

    def count(self, node: Node, what: str, number: int, most: int) -> None:
        """Count the items, such as dates, that the values of the whole file stand for.

        Note a problem and raise UnreadError if they are more than *most*.
        """
        self._counts[what] += number
        if self._counts[what] > most:
            self.note(node, f"more than {most:,} {what} in the file")
            raise UnreadError


class Kind(Protocol[T_co]):
    """A kind of value."""

    @property
    def expected(self) -> str:
        """The kind's name in messages."""

    def read(self, node: Node, reading: Reading) -> T_co:
        """Return the value. Raise UnreadError if it is wrong, with each mistake noted."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value, in which dates are text."""


@frozen
class Scalar(Generic[T]):
    """A value that one function makes from the value that tomllib returns.

    *parse* raises a ValueError or TicketcoreError whose text describes the mistake.
    """

    expected: str
    parse: Callable[[object], T]
    described: Mapping[str, Any]

    def read(self, node: Node, reading: Reading) -> T:
        """Parse the value; the parser's error becomes a problem."""
        try:
            return self.parse(node.plain())
        except (ValueError, TicketcoreError) as error:
            reading.note(node, sentence(str(error)))
            raise UnreadError from None

    def schema(self) -> dict[str, Any]:
        """Return the schema with which the kind was made."""
        return dict(self.described)


def exactly(type_: type[T], expected: str, described: Mapping[str, Any]) -> Scalar[T]:
    """Make the kind of values of exactly this type; so a bool is not an int."""

    def parse(value: object) -> T:
        if type(value) is type_:
            return value
        raise ValueError(f"expected {expected}, found {describe(value)}")

    return Scalar(expected, parse, described)


TEXT = exactly(str, "text", {"type": "string"})
FLAG = exactly(bool, "true or false", {"type": "boolean"})
DATE = exactly(dt.date, "a date such as 2026-01-31", {"type": "string", "format": "date"})
_INTEGER = exactly(int, "an integer", {"type": "integer"})


def _name(value: object) -> str:
    if value == "":
        raise ValueError("expected a name, found an empty text")
    return TEXT.parse(value)


NAME = Scalar("a name", _name, {"type": "string", "minLength": 1})


def integer(minimum: int, maximum: int | None = None) -> Scalar[int]:
    """Make the kind of integers between two bounds, both included."""
    above = "" if maximum is None else f" and at most {maximum}"
    expected = f"an integer of at least {minimum}{above}"
    limits = {"minimum": minimum} | ({} if maximum is None else {"maximum": maximum})

    def parse(value: object) -> int:
        number = _INTEGER.parse(value)
        if number < minimum or (maximum is not None and number > maximum):
            raise ValueError(f"expected {expected}, found {describe(number)}")
        return number

    return Scalar(expected, parse, {"type": "integer", **limits})


@frozen
class OneOf(Generic[S]):
    """One of several texts. Each option has a sentence that says what it means, or "".

    *others* are words that people write for an option, such as `buyer` for `customer`.
    """

    options: Mapping[S, str]
    others: Mapping[str, S] = attrs.field(factory=dict)

    @property
    def expected(self) -> str:
        """The options."""
        return one_of(self.options)

    def read(self, node: Node, reading: Reading) -> S:
        """Return the option that is written; note the nearest one for any other text."""
        text = TEXT.read(node, reading)
        for option in self.options:
            if option == text:
                return option
        reading.note(node, f"unknown {quoted(text)}; {self.nearest(text)}")
        raise UnreadError

    def nearest(self, text: str) -> str:
        """Name the option that a wrong text probably means, or list all of them."""
        return nearest(text, self.options, self.others)

    def schema(self) -> dict[str, Any]:
        """Return the options, with their meanings for editors that read `x-taplo`."""
        described: dict[str, Any] = {"enum": [str(option) for option in self.options]}
        if all(self.options.values()) and self.options:
            described["x-taplo"] = {"docs": {"enumValues": list(self.options.values())}}
        return described


def choice(options: Collection[S], others: Mapping[str, S] | None = None) -> OneOf[S]:
    """Make the kind of texts that are one of *options*, which may map each to its meaning."""
    meanings = options if isinstance(options, Mapping) else dict.fromkeys(options, "")
    return OneOf(meanings, others or {})


def literal(
    alias: Any, meanings: Mapping[str, str], others: Mapping[str, str] | None = None
) -> OneOf[Any]:
    """Make the kind of the members of a `Literal`, each with its meaning.

    Raises TypeError, and so at import, if a member lacks a meaning.
    """
    if set(meanings) != set(get_args(alias)):
        raise TypeError(f"give a meaning to each of {get_args(alias)}, found {[*meanings]}")
    return OneOf(meanings, others or {})


def parsed(parser: Callable[[str], T], example: str, pattern: str | None = None) -> Scalar[T]:
    """Make the kind of texts that a parser understands, such as the example.

    *pattern* is a regular expression that all of them match, for editors.
    """
    described = {"type": "string"} | ({} if pattern is None else {"pattern": pattern})
    return Scalar(f"text such as {quoted(example)}", lambda v: parser(TEXT.parse(v)), described)


@frozen
class Several(Generic[T]):
    """One value, or an array of *least* to *most* values; if *unique*, none is listed twice."""

    kind: Kind[T]
    unique: bool = True
    least: int = 0
    most: int | None = None

    @property
    def expected(self) -> str:
        """The name of one value, and of an array of values."""
        return f"{self.kind.expected}, or an array"

    def read(self, node: Node, reading: Reading) -> tuple[T, ...]:
        """Return all values; a single one may be written without brackets."""
        elements = node.value if isinstance(node.value, list) else [node]
        refuse_too_many(elements, self.most, node, reading)
        if len(elements) < self.least:
            reading.note(node, f"expected {self.kind.expected}, found an empty array")
            raise UnreadError
        values, wrong = [], False
        listed: set[str] = set()
        for element in elements:
            plain = element.plain()
            written = f"{type(plain).__name__} {plain}"
            if self.unique and written in listed:
                reading.note(element, f"{describe(plain)} is listed twice")
                wrong = True
            listed.add(written)
            try:
                values.append(self.kind.read(element, reading))
            except UnreadError:
                wrong = True
        if wrong:
            raise UnreadError
        return tuple(values)

    def schema(self) -> dict[str, Any]:
        """Allow one value, or an array of them."""
        one = self.kind.schema()
        array = {"type": "array", "items": one, **({"uniqueItems": True} if self.unique else {})}
        array |= {} if self.least == 0 else {"minItems": self.least}
        array |= {} if self.most is None else {"maxItems": self.most}
        return {"anyOf": [one, array]}


def refuse_too_many(
    elements: Collection[object], most: int | None, node: Node, reading: Reading
) -> None:
    """Note an array or a table of more than *most* elements, and raise UnreadError."""
    if most is not None and len(elements) > most:
        reading.note(node, f"expected at most {most}, found {len(elements):,}")
        raise UnreadError


class PartialMapping(Mapping[K, T]):
    """A mapping in which only some entries could be read.

    Asking for another entry raises UnreadError. Iterating yields the entries that were read and
    then raises it, so a check cannot mistake them for the whole.
    """

    def __init__(self, entries: Mapping[K, T], unread: Collection[object]) -> None:
        self._entries = entries
        self._unread = unread

    def __getitem__(self, key: K) -> T:
        if key in self._unread:
            raise UnreadError
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        yield from self._entries
        raise UnreadError

    def __len__(self) -> int:
        raise UnreadError


@frozen
class ByName(Generic[T]):
    """A table whose values are of one kind; its keys are *names*, or any if *names* is empty.

    *others* are words that people write for a name. Where values are *removable*, a file that
    extends another removes one by `{ remove = true }`.
    """

    kind: Kind[T]
    names: Collection[str] = ()
    others: Mapping[str, str] = attrs.field(factory=dict)
    removable: bool = False
    expected = "a table"

    def read(self, node: Node, reading: Reading) -> Mapping[str, T]:
        """Return the values by their keys, in the order of *names* or else of the file."""
        entries = table_entries(node, reading)
        values, unread = {}, set()
        known = [name for name in self.names if name in entries]
        for name in [*known, *(name for name in entries if name not in known)]:
            try:
                values[name] = self._read(name, entries[name], reading)
            except UnreadError:
                unread.add(name)
        return PartialMapping(values, unread) if unread else values

    def _read(self, name: str, node: Node, reading: Reading) -> T:
        if self.names and name not in self.names:
            reading.note(node, f"unknown key; {nearest(name, self.names, self.others)}")
            raise UnreadError
        if not name:
            reading.note(node, "expected a name as key, found an empty one")
            raise UnreadError
        return self.kind.read(node, reading)

    def schema(self) -> dict[str, Any]:
        """Describe each of the names, or any that is not empty."""
        one = self.kind.schema()
        if self.removable:
            one = {"anyOf": [one, _REMOVAL]}
        if self.names:
            properties = dict.fromkeys(self.names, one)
            return {"type": "object", "properties": properties, "additionalProperties": False}
        names = {"propertyNames": {"minLength": 1}}
        return {"type": "object", "additionalProperties": one, **names}


def table_entries(node: Node, reading: Reading) -> Mapping[str, Node]:
    """Return the entries of a table. Note any other value and raise UnreadError."""
    if isinstance(node.value, dict):
        return node.value
    reading.note(node, f"expected a table, found {describe(node.plain())}")
    raise UnreadError
