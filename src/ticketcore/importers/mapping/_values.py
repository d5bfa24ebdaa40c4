"""Values of a mapping: texts that are filled from the columns of a row.

A value is a template such as ``"{Category}"``, a lookup such as
``{ column = "Role", map = { agent = "support" } }``, or a list of them, of which the first that
has a value counts. A lookup may take a part of the cell, as with ``after = "<", before = ">"``, or
the cells of some rows only, as with ``where = { field = "priority" }``. A column whose cell is
missing has no value.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._toml import (
    NAME,
    TEXT,
    ByName,
    Node,
    OneOf,
    Reading,
    Several,
    Table,
    UnreadError,
    describe,
    key,
    quoted,
)
from ticketcore.importers.logs._row import Cells, compared
from ticketcore.importers.mapping._conditions import WHERE, RowCondition

Reader: TypeAlias = Callable[[Cells], str | None]

_COLUMN = re.compile(r"\{([^{}]+)\}")
_BRACES = re.compile(r"[{}]")


@attrs.frozen
class CellTemplate:
    """A text with columns: *parts* holds literal text and columns in turn."""

    parts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.parts[1::2]

    @property
    def results(self) -> tuple[str, ...]:
        """The texts that it can give, or none if a column decides."""
        return () if self.columns else self.parts

    def reader(self, index: Mapping[str, int]) -> Reader:
        """Return a function that fills the template."""
        if not self.columns:
            (text,) = self.parts
            return lambda cells: text
        if len(self.parts) == 3 and not self.parts[0] and not self.parts[2]:
            place = index[self.parts[1]]
            return lambda cells: cells[place]
        places = [index[column] for column in self.columns]
        literals = [part.replace("%", "%%") for part in self.parts[::2]]
        form = "%s".join(literals)

        def fill(cells: Cells) -> str | None:
            found = tuple([cells[place] for place in places])
            return None if None in found else form % found

        return fill


@attrs.frozen(kw_only=True)
class Lookup:
    """A text that depends on the cell of a column, or a part of the cell."""

    column: str = attrs.field(metadata=key(NAME, "The column.", example='"Role"'))
    after: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME, unique=False),
            "The value is the part of the cell after this text; several texts are found one "
            "after the other. A cell without them has no value.",
            example='"<"',
        ),
    )
    before: str = attrs.field(
        default="",
        metadata=key(TEXT, "The value ends before this text, if it is there.", example='">"'),
    )
    map: Mapping[str, str] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(TEXT),
            "The value for each cell of the column.",
            example='{ agent = "support", user = "customer" }',
            unset="the part itself",
        ),
    )
    where: RowCondition = attrs.field(
        default=RowCondition(),
        metadata=key(
            WHERE,
            "Columns with the cells that they must have; in other rows there is no value.",
            example='{ field = "priority" }',
            unset="any row",
        ),
    )
    otherwise: str | None = attrs.field(
        default=None,
        metadata=key(TEXT, "The value for any other cell.", example='"support"', unset="no value"),
    )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.column, *(column for column, _ in self.where.columns))

    @property
    def results(self) -> tuple[str, ...]:
        """The texts that it can give."""
        last = () if self.otherwise is None else (self.otherwise,)
        return (*self.map.values(), *last)

    def reader(self, index: Mapping[str, int]) -> Reader:
        """Return a function that looks the cell up."""
        read, tests = self._reader(index), tuple(self.where.row_tests(index))
        if not tests:
            return read
        return lambda cells: read(cells) if all(test(cells) for test in tests) else None

    def _reader(self, index: Mapping[str, int]) -> Reader:
        known = {compared(cell.strip()): value for cell, value in self.map.items()}
        place, otherwise = index[self.column], self.otherwise
        part = self._part
        if not known:
            return lambda cells: part(cells[place] or "") or otherwise
        if not self.after and not self.before:
            return lambda cells: known.get(compared(cells[place] or ""), otherwise)
        return lambda cells: known.get(compared(part(cells[place] or "")), otherwise)

    def _part(self, cell: str) -> str:
        for mark in self.after:
            _, found, cell = cell.partition(mark)
            if not found:
                return ""
        return (cell.partition(self.before)[0] if self.before else cell).strip()


@attrs.frozen
class CellValue:
    """The first of several alternatives that has a value."""

    alternatives: tuple[CellTemplate | Lookup, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(column for column, _ in self.numbered_columns)

    @property
    def numbered_columns(self) -> Iterator[tuple[str, int]]:
        """The columns that it reads, each with the number of its alternative."""
        for number, alternative in enumerate(self.alternatives):
            yield from ((column, number) for column in alternative.columns)

    def reader(self, index: Mapping[str, int]) -> Reader:
        """Return a function that gives the value for the cells of a row.

        *index* has the position of each column among the cells.
        """
        readers = [alternative.reader(index) for alternative in self.alternatives]
        if len(readers) == 1:
            return readers[0]

        def first(cells: Cells) -> str | None:
            for read in readers:
                if (found := read(cells)) is not None:
                    return found
            return None

        return first


@frozen
class ValueKind:
    """The kind of values.

    With *bare*, a text without braces is the name of a column. *choice* has the only texts that a
    value may give; a column must then be looked up.
    """

    bare: bool = False
    choice: OneOf[Any] | None = None

    @property
    def expected(self) -> str:
        """The values that may be written."""
        if self.choice is not None:
            return self.choice.expected
        return "the name of a column" if self.bare else 'text such as "{Column}"'

    def read(self, node: Node, reading: Reading) -> CellValue:
        """Return the value; each mistake in one of its alternatives is noted."""
        nodes = node.value if isinstance(node.value, list) else [node]
        before = len(reading.problems)
        alternatives = [found for each in nodes if (found := self._one(each, reading))]
        if len(reading.problems) > before:
            raise UnreadError
        if not alternatives:
            reading.note(node, f"expected {self.expected}, found an empty list")
            raise UnreadError
        return CellValue(tuple(alternatives))

    def _one(self, node: Node, reading: Reading) -> CellTemplate | Lookup | None:
        if isinstance(node.value, dict):
            lookup = Table(Lookup).read(node, reading)
            try:
                self._check_texts(lookup, node, reading)
                self._check(lookup.results, node, reading)
                if len({compared(cell.strip()) for cell in lookup.map}) < len(lookup.map):
                    reading.note(node, "two cells differ only by case or outer white space", "map")
            except UnreadError:  # noted already
                return None
            return lookup
        if type(node.value) is not str:
            reading.note(node, f"expected {self.expected}, found {describe(node.plain())}")
            return None
        template = self._template(node.value, node, reading)
        if template is not None and self.choice is not None and template.columns:
            message = 'give each cell a meaning: { column = "…", map = { … } }; '
            reading.note(node, message + self.choice.nearest(""))
        elif template is not None:
            self._check(template.results, node, reading)
        return template

    def _check_texts(self, lookup: Lookup, node: Node, reading: Reading) -> None:
        partly = lookup.after or lookup.before or lookup.where.tests
        if not lookup.map and (self.choice or not partly):
            reading.note(node, "missing: give each cell a meaning, as in { agent = … }", "map")
        for text in lookup.results:
            if _COLUMN.search(text):
                advice = f'a column is not read here; write [{{ column = "…" }}, {quoted(text)}]'
                reading.note(node, f"found {quoted(text)}: {advice}")

    def _template(self, text: str, node: Node, reading: Reading) -> CellTemplate | None:
        if self.bare and text and not _BRACES.search(text):
            return CellTemplate(("", text, ""))
        parts = tuple(_COLUMN.split(text))
        if not text or any(_BRACES.search(part) for part in parts[::2]):
            expected = "the name of a column" if self.bare else "text with columns in {braces}"
            reading.note(node, f"expected {expected}, found {quoted(text)}")
            return None
        return CellTemplate(parts)

    def _check(self, results: Sequence[str], node: Node, reading: Reading) -> None:
        for text in results if self.choice is not None else ():
            if text not in self.choice.options:  # type: ignore[union-attr]
                reading.note(node, f"unknown {quoted(text)}; {self.choice.nearest(text)}")  # type: ignore[union-attr]

    def schema(self) -> dict[str, Any]:
        """Describe the text, the lookup and the list."""
        text = self.choice.schema() if self.choice else {"type": "string", "minLength": 1}
        some = ["map"] if self.choice else ["map", "after", "before", "where"]
        lookup = {**Table(Lookup).schema(), "required": ["column"]}
        one = [text, {**lookup, "anyOf": [{"required": [name]} for name in some]}]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}, "minItems": 1}]}


COLUMN = ValueKind(bare=True)
VALUE = ValueKind()
