"""The rows of a log, whatever its kind: the cells that a mapping reads, as text."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import assert_never

from ticketcore._toml import nearest
from ticketcore.errors import LogError
from ticketcore.importers.logs._csv import csv_rows, open_csv
from ticketcore.importers.logs._files import kind_of, open_log
from ticketcore.importers.logs._json import DEFAULT_ROWS, json_rows
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

    *check* is called with the header of a CSV file. If `log.rows` names the file, its rows have
    that name. *reject* is called with the error of each row that cannot be read. Raises LogError
    if the whole log cannot be read.
    """
    missing = frozenset(("", *log.missing))
    with open_log(path) as file:
        match kind_of(file):
            case "csv":
                name = _name_of(path, log)
                with open_csv(file, _encoding(path, log), log.delimiter) as (header, records):
                    check(header)
                    yield from csv_rows(name, header, records, columns, missing, reject)
            case "json":
                named = _name_in(path, log)
                rows = DEFAULT_ROWS if log.rows is None else log.rows
                rows = rows if named is None else {named: "[]"}
                yield from json_rows(path, rows, columns, missing, reject)
            case "xes":
                yield from xes_rows(file, columns, missing)
            case unknown:
                assert_never(unknown)


def csv_header(path: str | os.PathLike[str], log: LogFormat) -> list[str] | None:
    """Return the columns of a CSV file, or None for a log of another kind.

    Raises LogError if `log.rows` does not name the file.
    """
    with open_log(path) as file:
        if kind_of(file) != "csv":
            return None
        _name_of(path, log)
        with open_csv(file, _encoding(path, log), log.delimiter) as (header, _):
            return header


def _encoding(path: str | os.PathLike[str], log: LogFormat) -> str:
    """Return the encoding that the mapping names for a file, or for all files."""
    return log.encoding.get(Path(path).name) or log.encoding.get("", "utf-8")


def _name_of(path: str | os.PathLike[str], log: LogFormat) -> str:
    """Return the name that `log.rows` gives to a CSV file. Raises LogError if it has none."""
    if log.rows is None:
        return ""
    if (name := _name_in(path, log)) is not None:
        return name
    found = nearest(Path(path).name, log.rows.values())
    raise LogError(f"log.rows of the mapping does not name this file: {found}")


def _name_in(path: str | os.PathLike[str], log: LogFormat) -> str | None:
    """Return the name that `log.rows` gives to a file, or None."""
    rows = log.rows or {}
    return next((name for name, named in rows.items() if named == Path(path).name), None)
