"""The rows of a log, whatever its kind: the cells that a mapping reads, as text."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import assert_never

from ticketcore._toml import nearest
from ticketcore.errors import LogError
from ticketcore.importers.logs._csv import csv_rows, open_csv
from ticketcore.importers.logs._files import kind_of, open_log
from ticketcore.importers.logs._json import DEFAULT_ROWS, json_levels, json_rows
from ticketcore.importers.logs._row import Level, Row, paths_of
from ticketcore.importers.logs._xes import EVENT, TRACE, xes_events, xes_rows
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
                yield from json_rows(path, _json_paths(path, log), columns, missing, reject)
            case "xes":
                yield from xes_rows(file, columns, missing)
            case unknown:
                assert_never(unknown)


def all_columns(path: str | os.PathLike[str], log: LogFormat) -> Iterator[tuple[str, str]]:
    """Yield each column of a log, perhaps several times, alone and with the path of its level.

    A CSV file has the columns of its header. In a row of another log, each path to a text is a
    column, such as ``status.name`` in the level ``issues[]``. Raises LogError as `read_rows` does.
    """
    header = csv_header(path, log)
    if header is not None:
        yield from ((column, column) for column in header)
        return
    for level, element in _levels(path, log):
        yield from ((column, f"{level}.{column}") for column in paths_of(element))


def _levels(path: str | os.PathLike[str], log: LogFormat) -> Iterator[Level]:
    """Yield the levels of each row of a JSON or XES file."""
    with open_log(path) as file:
        if kind_of(file) == "xes":
            for _, trace, event in xes_events(file):
                yield from ((TRACE, trace), (EVENT, event))
            return
    for _, _, levels in json_levels(path, _json_paths(path, log), lambda error: None):
        yield from levels


def _json_paths(path: str | os.PathLike[str], log: LogFormat) -> Mapping[str, str]:
    """Return the paths of the rows of a JSON file by their names."""
    named = _name_in(path, log)
    rows = DEFAULT_ROWS if log.rows is None else log.rows
    return rows if named is None else {named: "[]"}


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
