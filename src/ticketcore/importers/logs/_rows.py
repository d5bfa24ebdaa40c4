"""The rows of a log, whatever its kind: the cells that a mapping reads, as text."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from ticketcore.errors import LogError
from ticketcore.importers.logs._csv import csv_rows, open_csv
from ticketcore.importers.logs._files import kind_of, open_log
from ticketcore.importers.logs._json import default_rows, json_rows
from ticketcore.importers.logs._row import Row
from ticketcore.importers.logs._xes import xes_rows
from ticketcore.importers.mapping._log import LogFormat


def read_rows(
    path: str | os.PathLike[str],
    log: LogFormat,
    columns: Sequence[str],
    *,
    check: Callable[[Sequence[str]], None],
    reject: Callable[[LogError], None],
) -> Iterator[Row]:
    """Yield the rows of a log with the cells of *columns*.

    *check* is called with the header of a CSV file. *reject* is called with the error of each row
    that cannot be read. Raises LogError if the whole log cannot be read.
    """
    missing = frozenset(("", *log.missing))
    with open_log(path) as file:
        match kind_of(file):
            case "csv":
                with open_csv(file, log.encoding, log.delimiter) as (header, records):
                    check(header)
                    yield from csv_rows(header, records, columns, missing, reject)
            case "json":
                yield from json_rows(path, log.rows or default_rows(file), columns, missing)
            case "xes":
                yield from xes_rows(file, columns, missing)
            case unknown:
                assert_never(unknown)
