"""Rows of CSV files."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from operator import itemgetter
from typing import Any, BinaryIO, Final, TextIO

from ticketcore._internal.limits import MAX_RECORD_BYTES
from ticketcore._internal.terminal import short
from ticketcore.errors import LogError
from ticketcore.importers.logs._files import marked_encoding
from ticketcore.importers.logs._row import Row

_DELIMITERS = ",;\t|"
_SEPARATOR: Final = re.compile(r"sep=(.)\s*")  # of Excel, before the header
_NO_RECORD: Final = re.compile(r"\s*$|\ufeff?#TYPE ")  # of PowerShell, before each header


def _with_own_limit() -> Any:
    """Return a second instance of the module behind `csv`, whose limit is no other reader's."""
    spec = find_spec("_csv")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.field_size_limit(MAX_RECORD_BYTES)
    return module


_csv: Final = _with_own_limit()


class Records:
    """The records of a CSV file, which may have several lines each.

    A record with too many characters raises LogError before the rest of it is read. If a record
    of several lines cannot be read, its last line is read again as a record of its own: a missing
    quote may have joined the two. *line_number* is the number of the last line that was read, from
    1. *header* has the first record once it is read.
    """

    def __init__(self, text: TextIO, delimiter: str | None) -> None:
        self.line_number = 0
        self.header: list[str] = []
        self._text = text
        self._left = MAX_RECORD_BYTES
        self._last = self._again = ""
        first = self._line()
        if "\0" in first:
            raise LogError("is not text: give a CSV, JSON or XES file", "line 1")
        while first and ((told := _SEPARATOR.fullmatch(first)) or _NO_RECORD.match(first)):
            delimiter = delimiter or (told and told[1])
            first = self._line()
        self._read_again()
        self._reader = _csv.reader(self, strict=True, delimiter=delimiter or _delimiter_in(first))

    def __iter__(self) -> "Records":
        return self

    def __next__(self) -> str:
        """Return the next line. More may follow after the end, if one is read again."""
        line = self._line()
        if not line:
            raise StopIteration
        return line

    def _line(self) -> str:
        line = self._again or self._text.readline(self._left + 1)
        self._last, self._again = line or self._last, ""
        self.line_number += bool(line)
        self._left -= len(line)
        if self._left < 0:
            why = f"has a record of more than {MAX_RECORD_BYTES:,} characters"
            raise LogError(why, f"line {self.line_number}")
        return line

    def _read_again(self) -> None:
        self.line_number -= 1
        self._again = self._last

    def read(self) -> list[str]:
        """Return the cells of the next record. Raises _csv.Error, and StopIteration at the end."""
        self._left = MAX_RECORD_BYTES
        before = self.line_number
        try:
            cells: list[str] = next(self._reader)
        except _csv.Error:
            if self.line_number > before + 1:
                self._read_again()
            raise
        return cells


@contextmanager
def open_csv(
    file: BinaryIO, encoding: str, delimiter: str | None
) -> Iterator[tuple[list[str], Records]]:
    """Give the header of a CSV file, and its other records.

    If a name occurs twice, the second has the number 2 behind it, as in ``Comment 2``. Bytes that
    do not belong to the encoding are read as U+FFFD. Without a *delimiter*, the most frequent one
    of the header counts. Raises LogError for a header that cannot be read.
    """
    encoding = marked_encoding(file) or encoding
    with io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text:
        records = Records(text, delimiter)
        try:
            records.header = header = [name.strip() for name in records.read()]
        except (_csv.Error, StopIteration) as error:
            raise LogError(f"the header cannot be read: {error}", "line 1") from None
        if len(header) < 2:
            found = short("".join(header))
            raise LogError(
                f"is not a table: expected the names of several columns, found {found}; "
                "remove lines before them, name log.delimiter, or convert the file to JSON Lines",
                f"line {records.line_number}",
            )
        yield _numbered(header), records


def _numbered(header: Sequence[str]) -> list[str]:
    """Return the names of a header, with a number behind those that occur before."""
    originals, counts = {*header}, Counter[str]()
    names = []
    for name in header:
        counts[name] += 1
        numbered = name
        while name and counts[name] > 1 and numbered in originals:
            numbered = f"{name} {counts[name]}"
            counts[name] += numbered in originals
        names.append(numbered)
    return names


def _delimiter_in(header: str) -> str:
    counts = Counter(character for character in header if character in _DELIMITERS)
    return counts.most_common(1)[0][0] if counts else ","


def csv_rows(
    name: str,
    header: Sequence[str],
    records: Records,
    columns: Sequence[str],
    missing: frozenset[str],
    reject: Callable[[LogError], None],
) -> Iterator[Row]:
    """Yield the rows, called *name*, with the cells of *columns*.

    A repeated header is not a row. *reject* is called for those that cannot be read.
    """
    width = len(header)
    place_of = {column: place for place, column in reversed([*enumerate(header)])}
    places = [place_of.get(column, width) for column in columns]
    pick = itemgetter(*places, 0)  # at least two, so that it gives a tuple

    def is_header(cells: list[str]) -> bool:
        return [cell.strip('\ufeff" ') for cell in cells] == [n.strip('"') for n in records.header]

    while True:
        place = f"line {records.line_number + 1}"
        try:
            cells = records.read()
        except StopIteration:
            return
        except _csv.Error as error:
            end = records.line_number
            lines = place if place.endswith(f" {end}") else f"{place} to {end}"
            reject(LogError(f"cannot be read: {error}", lines))
            continue
        if cells and cells[-1] == records.header[-1] and is_header(cells):
            continue
        if len(cells) == width:
            cells.append("")  # the cell of a column that the file lacks
            stripped = map(str.strip, pick(cells)[:-1])
            picked = [None if cell in missing else cell for cell in stripped]
            yield Row(place, name, tuple(picked))
        elif cells and not _NO_RECORD.match(cells[0]):
            message = f"expected {width} cells, as in the header, found {len(cells)}"
            reject(LogError(message, place))
