"""Rows of CSV files."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from typing import Any, BinaryIO

from ticketcore.errors import LogError
from ticketcore.importers.logs._files import marked_encoding
from ticketcore.importers.logs._row import Row

_DELIMITERS = ",;\t|"


@contextmanager
def open_csv(
    file: BinaryIO, encoding: str, delimiter: str | None
) -> Iterator[tuple[list[str], Any]]:
    """Give the header of a CSV file, and a reader of its other lines.

    Bytes that do not belong to the encoding are read as U+FFFD. Without a *delimiter*, the most
    frequent one of the header counts. Raises LogError for a header that cannot be read.
    """
    encoding = marked_encoding(file) or encoding
    with io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text:
        first = text.readline()
        if "\0" in first:
            raise LogError("is not text: give a CSV, JSON or XES file", "line 1")
        reader = csv.reader(
            chain([first], text), strict=True, delimiter=delimiter or _delimiter_in(first)
        )
        try:
            header = [name.strip() for name in next(reader)]
        except (csv.Error, StopIteration) as error:
            raise LogError(f"the header cannot be read: {error}", "line 1") from None
        yield header, reader


def _delimiter_in(header: str) -> str:
    counts = Counter(character for character in header if character in _DELIMITERS)
    return counts.most_common(1)[0][0] if counts else ","


def csv_rows(
    header: Sequence[str],
    reader: Any,
    columns: Sequence[str],
    missing: frozenset[str],
    reject: Callable[[LogError], None],
) -> Iterator[Row]:
    """Yield the rows with the cells of *columns*; call *reject* for those that cannot be read."""
    width = len(header)
    places = [header.index(name) if name in header else width for name in columns]
    pick = itemgetter(*places, 0)  # at least two, so that it gives a tuple
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reject(LogError(f"cannot be read: {error}", place))
            continue
        if len(cells) == width:
            cells.append("")  # the cell of a column that the file lacks
            picked = [None if cell in missing else cell for cell in pick(cells)[:-1]]
            yield Row(place, "", tuple(picked))
        elif cells:  # not a blank line
            message = f"expected {width} cells, as in the header, found {len(cells)}"
            reject(LogError(message, place))
