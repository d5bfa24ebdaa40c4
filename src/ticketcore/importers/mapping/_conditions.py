"""Conditions of a mapping: comparisons of cells with texts, and with other cells."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._toml import (
    NAME,
    TEXT,
    Node,
    Reading,
    Several,
    UnreadError,
    table_entries,
)
from ticketcore.importers.logs._row import Cells, compared

Test: TypeAlias = Callable[[str | None], bool]
RowTest: TypeAlias = Callable[[Cells], bool]


@attrs.frozen
class CellTest:
    """The texts that a cell may be, in upper or lower case; ``""`` stands for no value.

    A cell that contains one of *parts* meets the condition too. With *excluded*, none of all these
    may hold. *column* is another column whose cell counts instead of texts.
    """

    texts: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    column: str | None = None
    excluded: bool = False

    def test(self) -> Test:
        """Return a function that tests a cell, in the form for comparisons, against the texts."""
        texts = frozenset(compared(text.strip()) or None for text in self.texts)
        excluded = self.excluded
        if not self.parts:
            return (lambda cell: cell not in texts) if excluded else (lambda cell: cell in texts)
        parts = tuple(part.casefold() for part in self.parts)

        def test(cell: str | None) -> bool:
            fits = cell in texts or any(part in (cell or "") for part in parts)
            return fits is not excluded

        return test

    def row_test(self, own: int, index: Mapping[str, int]) -> RowTest:
        """Return a function that tests the cell at the position *own* of a row."""
        if self.column is None:
            test = self.test()
            return lambda cells: test(compared(cells[own]))
        other, equal = index[self.column], not self.excluded
        return lambda cells: (compared(cells[own]) == compared(cells[other])) is equal


class _TextOrPartKind:
    """The kind of one alternative: a text, or ``{ contains = … }``."""

    expected = "a text or { contains = … }"

    def read(self, node: Node, reading: Reading) -> CellTest:
        if not isinstance(node.value, dict):
            return CellTest((TEXT.read(node, reading),))
        if [*node.value] != ["contains"]:
            reading.note(node, f"expected {self.expected}, found other keys")
            raise UnreadError
        return CellTest(parts=Several(NAME).read(node.value["contains"], reading))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [TEXT.schema(), _one_key({"contains": Several(NAME).schema()})]}


@frozen
class CellTestKind:
    """The kind of a cell's test: a text, a list of texts and ``{ contains = … }``, or a table.

    The table is ``{ not = … }``, ``{ contains = … }`` or, if *columns* is set,
    ``{ column = "…" }``.
    """

    columns: bool = False
    expected: str = "a text, { contains = … }, a list of both, or { not = … }"

    def read(self, node: Node, reading: Reading) -> CellTest:
        """Return the test."""
        if isinstance(node.value, (bool, int, float)):
            value = str(node.value).lower()
            reading.note(node, f'expected text, found {value}: write it in quotes, "{value}"')
            raise UnreadError
        if not isinstance(node.value, dict):
            found = _ALTERNATIVES.read(node, reading)
            texts = tuple(chain(*(each.texts for each in found)))
            return CellTest(texts, tuple(chain(*(each.parts for each in found))))
        ((name, entry),) = node.value.items() if len(node.value) == 1 else (("", node),)
        if name == "not":
            inner = self.read(entry, reading)
            return attrs.evolve(inner, excluded=not inner.excluded)
        if name == "contains":
            return CellTest(parts=Several(NAME).read(entry, reading))
        if name == "column" and self.columns:
            return CellTest(column=NAME.read(entry, reading))
        either = "{ not = … } or { contains = … }"
        if self.columns:
            either = '{ not = … }, { contains = … } or { column = "…" }'
        hint = "; write a column with a dot in quotes" if self.columns else ""
        reading.note(node, f"expected {either}, found other keys{hint}")
        raise UnreadError

    def schema(self) -> dict[str, Any]:
        """Describe the texts and the table."""
        text = _ALTERNATIVES.schema()
        forms: dict[str, Any] = {"contains": Several(NAME).schema()}
        if self.columns:
            forms["column"] = NAME.schema()
        return {"anyOf": [text, _one_key({"not": {"anyOf": [text, _one_key(forms)]}, **forms})]}


_ALTERNATIVES = Several(_TextOrPartKind())


def _one_key(forms: dict[str, Any]) -> dict[str, Any]:
    """Describe a table with one of these keys."""
    return {
        "type": "object",
        "properties": forms,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


STATES = CellTestKind()
_CELLS = CellTestKind(columns=True)


@attrs.frozen
class RowCondition:
    """Tests of several columns, which must all hold."""

    tests: tuple[tuple[str, CellTest], ...] = ()

    @property
    def columns(self) -> Iterator[tuple[str, str]]:
        """The columns that it reads, each with the key of its test."""
        for column, test in self.tests:
            yield column, column
            if test.column is not None:
                yield test.column, column

    def row_tests(self, index: Mapping[str, int]) -> Iterator[RowTest]:
        """Yield a function for each test."""
        for column, test in self.tests:
            yield test.row_test(index[column], index)


class RowConditionKind:
    """The kind of `where`: a table of columns and their tests."""

    expected = "a table"

    def read(self, node: Node, reading: Reading) -> RowCondition:
        """Return the condition."""
        tests, wrong = [], False
        for column, entry in table_entries(node, reading).items():
            try:
                tests.append((column, _CELLS.read(entry, reading)))
            except UnreadError:
                wrong = True
        if wrong:
            raise UnreadError
        return RowCondition(tuple(tests))

    def schema(self) -> dict[str, Any]:
        """Describe the tests of any columns."""
        return {"type": "object", "additionalProperties": _CELLS.schema()}


WHERE = RowConditionKind()
