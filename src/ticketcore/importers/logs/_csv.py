"""Rows of CSV files."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import BinaryIO, TextIO

from ticketcore._internal.limits import MAX_RECORD_BYTES
from ticketcore.errors import LogError
from ticketcore.importers.logs._files import marked_encoding
from ticketcore.importers.logs._row import Row

_DELIMITERS = ",;\t|"


class Records:
    """The records of a CSV file, which may have several lines each.

    A record with too many characters raises LogError before the rest of it is read.
    *line_number* is the number of the last line that was read, from 1.
    """

    def __init__(self, text: TextIO, delimiter: str | None) -> None:
        self.line_number = 0
        self._text = text
        self._left = MAX_RECORD_BYTES
        first = self._line()
        if "\0" in first:
            raise LogError("is not text: give a CSV, JSON or XES file", "line 1")
        self._reader = csv.reader(
            self._lines(first), strict=True, delimiter=delimiter or _delimiter_in(first)
        )

    def _line(self) -> str:
        self.line_number += 1
        line = self._text.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            why = f"has a record of more than {MAX_RECORD_BYTES:,} characters"
            raise LogError(why, f"line {self.line_number}")
        return line

    def _lines(self, first: str) -> Iterator[str]:
        yield first
        while line := self._line():
            yield line

    def read(self) -> list[str]:
        """Return the cells of the next record. Raises csv.Error, and StopIteration at the end."""
        self._left = MAX_RECORD_BYTES
        return next(self._reader)


@contextmanager
def open_csv(
    file: BinaryIO, encoding: str, delimiter: str | None
) -> Iterator[tuple[list[str], Records]]:
    """Give the header of a CSV file, and its other records.

    Bytes that do not belong to the encoding are read as U+FFFD. Without a *delimiter*, the most
    frequent one of the header counts. Raises LogError for a header that cannot be read.
    """
    encoding = marked_encoding(file) or encoding
    with io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text:
        records = Records(text, delimiter)
        try:
            header = [name.strip() for name in records.read()]
        except (csv.Error, StopIteration) as error:
            raise LogError(f"the header cannot be read: {error}", "line 1") from None
        yield header, records


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

    *reject* is called for those that cannot be read.
    """
    width = len(header)
    places = [header.index(column) if column in header else width for column in columns]
    pick = itemgetter(*places, 0)  # at least two, so that it gives a tuple
    while True:
        place = f"line {records.line_number + 1}"
        try:
            cells = records.read()
        except StopIteration:
            return
        except csv.Error as error:
            reject(LogError(f"cannot be read: {error}", place))
            continue
        if len(cells) == width:
            cells.append("")  # the cell of a column that the file lacks
            stripped = map(str.strip, pick(cells)[:-1])
            picked = [None if cell in missing else cell for cell in stripped]
            yield Row(place, name, tuple(picked))
        elif cells:  # not a blank line
            message = f"expected {width} cells, as in the header, found {len(cells)}"
            reject(LogError(message, place))
