import datetime as dt
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, TypeVar

import attrs

from ticketcore._toml import _table_kinds as kinds
from ticketcore._toml._node import Node
from ticketcore._toml._positions import Path
from ticketcore._toml._problem import Place, Problem
from ticketcore._toml._table_kinds import Kind
from ticketcore._toml._wording import describe, nearest, sentence
from ticketcore.errors import TicketcoreError


class Required(Enum):
    """The type of `REQUIRED`."""

    REQUIRED = "required"


REQUIRED: Final = Required.REQUIRED
"""Stands for a default where there is none: a missing key is a problem."""

D = TypeVar("D")
S = TypeVar("S", bound=str)
T = TypeVar("T")


@attrs.frozen(eq=False)
class Table:
    """One table of a file, to be read key by key.

    Each method asks for one key. It returns the default where the key is missing; where it is
    missing without a default, or wrong, it notes a problem and returns a placeholder of the
    right type. Keys that were not asked for are found by `done`.
    """

    _node: Node
    _problems: list[Problem]
    _asked: set[str] = attrs.field(factory=set, init=False)
    _below: dict[Path, "Table"] = attrs.field(factory=dict, init=False)

    def names(self) -> tuple[str, ...]:
        """All keys of a table whose keys are free; none of them is unknown then, but an empty one
        is a problem."""
        if "" in self._node.entries and "" not in self._asked:
            self.problem("", "expected a name as key, found an empty one")
        self._asked.update(self._node.entries)
        return tuple(self._node.entries)

    def has(self, key: str) -> bool:
        """Whether a key is written here; asking makes it a known one."""
        return self._ask(key) is not None

    def says(self, key: str, text: str) -> bool:
        """Whether just this text is written here; another method reads the key."""
        node = self._ask(key)
        return node is not None and node.value == text

    def text(self, key: str, default: D | Required = REQUIRED) -> str | D:
        """A text."""
        return self._read(key, kinds.TEXT, default)

    def texts(self, key: str, default: D | Required = REQUIRED) -> tuple[str, ...] | D:
        """One text, or an array of texts."""
        return self._read_several(key, kinds.TEXT, default, unique=False)

    def name(self, key: str) -> str:
        """A text that is not empty."""
        return self._read(key, kinds.NAME, REQUIRED)

    def name_list(self, key: str, default: D | Required = REQUIRED) -> tuple[str, ...] | D:
        """One name, or an array of names in which none stands twice."""
        return self._read_several(key, kinds.NAME, default, unique=True)

    def flag(self, key: str, default: D | Required = REQUIRED) -> bool | D:
        """True or false."""
        return self._read(key, kinds.FLAG, default)

    def integer(
        self,
        key: str,
        default: D | Required = REQUIRED,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
    ) -> int | D:
        """An integer; both bounds are allowed values."""
        return self._read(key, kinds.integer(minimum, maximum), default)

    def date(self, key: str, default: D | Required = REQUIRED) -> dt.date | D:
        """A date without a time."""
        return self._read(key, kinds.DATE, default)

    def choice(self, key: str, options: Iterable[S], default: D | Required = REQUIRED) -> S | D:
        """One of these texts; for a StrEnum, give the class and get a member."""
        return self._read(key, kinds.choice(options), default)

    def choices(
        self, key: str, options: Iterable[S], default: D | Required = REQUIRED
    ) -> tuple[S, ...] | D:
        """One of these texts, or an array of them in which none stands twice."""
        return self._read_several(key, kinds.choice(options), default, unique=True)

    def parsed(
        self,
        key: str,
        parser: Callable[[str], T],
        default: D | Required = REQUIRED,
        *,
        example: str,
    ) -> T | D:
        """What a parser makes of a text; its ValueError or TicketcoreError becomes a problem.

        The example tells an author what to write, and, parsed, is the placeholder.
        """
        return self._read(key, kinds.parsed(parser, example), default)

    def value(self, key: str, default: object = REQUIRED) -> object:
        """Whatever stands there, as tomllib gives it, where a caller takes several types."""
        return self._read(key, kinds.ANY, default)

    def section(self, key: str) -> "Table":
        """The table below a key, which is read as an empty one where it is missing."""
        node = self._ask(key)
        empty = Node({}, self._node.place_of((key,)))
        return self._enter((key,), empty if node is None else node)

    def tables(self, key: str) -> "tuple[Table, ...]":
        """The array of tables below a key, `[[key]]` in the file; none where it is missing."""
        node = self._ask(key)
        if node is None:
            return ()
        if not isinstance(node.value, list):
            self._note(
                node,
                f"expected a list of tables, each headed [[{key}]], "
                f"found {describe(node.plain())}",
            )
            return ()
        return tuple(self._enter((key, i), element) for i, element in enumerate(node.value))

    def problem(self, where: str | Path, message: str) -> None:
        """Note what the caller found wrong: with a key, with what stands deeper, or with `()`.

        Where nothing is written, the problem stands where the nearest table above begins.
        """
        path = (where,) if isinstance(where, str) else where
        self._problems.append(Problem.at(self._node.place_of(path), message))

    def done(self) -> None:
        """Note every key, here and in the tables below, that was not asked for."""
        for key, node in self._node.entries.items():
            if key not in self._asked:
                self._note(node, f"unknown key; {nearest(key, self._asked)}")
        for table in self._below.values():
            table.done()

    def _ask(self, key: str) -> Node | None:
        self._asked.add(key)
        return self._node.entries.get(key)

    def _read(self, key: str, kind: Kind[T], default: D | Required) -> T | D:
        node = self._ask(key)
        if node is None:
            return self._missing(key, kind.what, kind.placeholder, default)
        return self._value(node, kind)

    def _read_several(
        self, key: str, kind: Kind[T], default: D | Required, *, unique: bool
    ) -> tuple[T, ...] | D:
        node = self._ask(key)
        if node is None:
            return self._missing(key, f"{kind.what}, or an array", (), default)
        elements = node.value if isinstance(node.value, list) else [node]
        for i, element in enumerate(elements):
            if unique and element.value in [earlier.value for earlier in elements[:i]]:
                self._note(element, f"{describe(element.plain())} is listed twice")
        return tuple(self._value(element, kind) for element in elements)

    def _missing(self, key: str, what: str, placeholder: T, default: D | Required) -> T | D:
        if not isinstance(default, Required):
            return default
        self.problem(key, f"missing; expected {what}")
        return placeholder

    def _value(self, node: Node, kind: Kind[T]) -> T:
        try:
            return kind.read(node.plain())
        except (ValueError, TicketcoreError) as error:
            self._note(node, sentence(str(error)))
            return kind.placeholder

    def _enter(self, path: Path, node: Node) -> "Table":
        if not isinstance(node.value, dict):
            self._note(node, f"expected a table, found {describe(node.plain())}")
            return _silent(node.place)
        return self._below.setdefault(path, Table(node, self._problems))

    def _note(self, node: Node, message: str) -> None:
        self._problems.append(Problem.at(node.place, message))


def _silent(place: Place) -> Table:
    """A placeholder table: that it is wrong is noted, what it lacks need not be."""
    return Table(Node({}, place), [])
