"""The first rows of any log, as records with all their cells."""

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, Final, TypeAlias

import attrs

from ticketcore.errors import LogError
from ticketcore.importers.logs._csv import csv_rows, open_csv
from ticketcore.importers.logs._files import kind_of, marked_encoding, open_log
from ticketcore.importers.logs._json import (
    KEYED,
    BoundedJson,
    has_lines,
    is_list,
    numbered,
    outermost,
)
from ticketcore.importers.logs._row import text_of
from ticketcore.importers.logs._xes import TRACE, xes_events
from ticketcore.importers.sketch._roles import is_instant

Record: TypeAlias = dict[str, str]
"""The cells of a row by column; a column without a value is left out."""

_KEY: Final = re.compile(r"[^.\[\]]+")
_LOOKED_AT: Final = 50  # elements of a JSON file that show which lists it has


@attrs.frozen
class Rows:
    """The rows of a log.

    *encoding* is that of a CSV file, else empty. *lists* has the paths of the lists of a JSON file
    with the number of elements seen, if the elements, or those around them, have an instant. The
    first list has the records.
    """

    records: Iterator[Record]
    encoding: str = ""
    lists: tuple[tuple[str, int], ...] = ()


def read_records(path: str | os.PathLike[str]) -> Rows:
    """Return the rows of a log. Raises LogError if it cannot be read, OSError for the file."""
    with open_log(path) as file:
        kind = kind_of(file)
        marked = marked_encoding(file)
        encoding = _encoding(file.read(1 << 20), marked) if kind == "csv" else ""
    if kind == "csv":
        return Rows(_csv_records(path, encoding), encoding)
    if kind == "xes":
        return Rows(_xes_records(path))
    top = _outermost_list(path)
    lists = tuple(_timed_lists(path, top))
    return Rows(_json_records(path, top, lists[0][0]), lists=lists)


def _encoding(start: bytes, marked: str | None) -> str:
    try:
        codecs.getincrementaldecoder(marked or "utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _csv_records(path: str | os.PathLike[str], encoding: str) -> Iterator[Record]:
    missing = frozenset(("",))
    with open_log(path) as file, open_csv(file, encoding, None) as (header, records):
        for row in csv_rows("", header, records, header, missing, lambda error: None):
            yield {column: cell for column, cell in zip(header, row.cells, strict=True) if cell}


def _xes_records(path: str | os.PathLike[str]) -> Iterator[Record]:
    with open_log(path) as file:
        for _, trace, event in xes_events(file):
            cells = {**{f"{TRACE}.{key}": value for key, value in trace.items()}, **event}
            yield {key: text for key, value in cells.items() if (text := value.strip())}


def _outermost_list(path: str | os.PathLike[str]) -> str:
    """Return the path of the longest list of objects in a document, or ``[]`` for other files.

    An object counts as a list if each of its keys has a digit, as numbers of tickets have.
    """
    import ijson

    with open_log(path) as file:
        if is_list(file):
            return "[]"
    if has_lines(path):
        return "[]"
    sizes: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    unnumbered, timed = set(), {""}
    with open_log(path) as file, suppress(ijson.JSONError, UnicodeDecodeError, LogError):
        # The first element is read with a better message. A large document is read in part.
        for prefix, event, value in ijson.parse(BoundedJson(file, "")):
            keys = prefix.split(".")
            in_list = "item" in keys
            outer = ".".join(keys[: keys.index("item") if in_list else -1])
            if event == "map_key" and not in_list:
                numbers[prefix] += 1
                if not any(map(str.isdigit, value)):
                    unnumbered.add(prefix)
            elif event == "start_map" and keys[-1] == "item" and keys.count("item") == 1:
                sizes[outer] += 1
            elif event in ("string", "number"):
                if not in_list:
                    unnumbered.add(outer)
                if outer not in timed and is_instant(str(value)):
                    timed.update(_around(outer), [outer])
    keyed = {path: size for path, size in numbers.items() if size > 1 and path not in unnumbered}
    lists = {path: size for path, size in {**sizes, **keyed}.items() if _can_be_named(path)}
    outer_lists = [path for path in lists if not any(above in keyed for above in _around(path))]
    top = max(outer_lists, key=lambda path: (path in timed, lists[path]), default="")
    return KEYED if top == "" and top in keyed else f"{top}[]"


def _around(path: str) -> list[str]:
    """Return the paths of the objects around a list, from the document."""
    keys = path.split(".") if path else []
    return [".".join(keys[:depth]) for depth in range(len(keys))]


def _can_be_named(path: str) -> bool:
    return not path or all(map(_KEY.fullmatch, path.split(".")))


def _outer_elements(path: str | os.PathLike[str], top: str) -> Iterator[tuple[Record, Any]]:
    """Yield each outermost element, and the column with its key if it has one."""
    for _, levels in outermost(path, top, lambda error: None):
        *key, (_, element) = levels
        yield (
            dict(*(column for _, column in key)),
            (numbered(element) if isinstance(element, list) else element),
        )


def _timed_lists(path: str | os.PathLike[str], top: str) -> Iterator[tuple[str, int]]:
    """Yield the lists whose elements have an instant, the deepest and longest first.

    If only an element around has the instant, its list must be the only one there: a change may
    have a list of fields, but lists of added and removed values are part of it.
    """
    sizes: Counter[str] = Counter({top: 0})
    timed, around_only, beside = {top}, set[str](), set[str]()
    for _, element in islice(_outer_elements(path, top), _LOOKED_AT):
        stack = [(top, element, False)]
        while stack:
            where, value, around = stack.pop()
            own = any(map(is_instant, _texts(value, "").values()))
            sizes[where] += 1
            if own or around:
                (timed if own else around_only).add(where)
            lists = [*_lists(value, "")]
            if len(lists) > 1:
                beside.update(f"{where}.{key}[]" for key, _ in lists)
            stack += [
                (f"{where}.{key}[]", each, (own or around) and where != top)
                for key, below in lists
                for each in below
            ]
    timed |= around_only - beside
    found = [(where, size) for where, size in sizes.items() if where in timed]
    yield from sorted(found, key=lambda each: (-each[0].count("[]"), -each[1]))


def _json_records(path: str | os.PathLike[str], top: str, rows: str) -> Iterator[Record]:
    """Yield the rows at a path, each with the texts of the elements around it."""

    def walk(value: object, where: str, outer: Record) -> Iterator[Record]:
        own = _texts(value, "")
        if where == rows:
            yield {**outer, **own, **_texts_of_lists(value)}
            return
        around = {**outer, **{f"{where}.{key}": text for key, text in own.items()}}
        for key, below in _lists(value, ""):
            if rows.startswith(inner := f"{where}.{key}[]"):
                for each in below:
                    yield from walk(each, inner, around)

    for key, element in _outer_elements(path, top):
        yield from walk(element, top, key)


def _texts(value: object, prefix: str) -> Record:
    """Return the texts of an object and of the objects in it, by their paths.

    An object in it whose keys are numbers is a table of other things, such as persons.
    """
    texts = {}
    for key, below in value.items() if isinstance(value, dict) else ():
        if isinstance(below, dict):
            if not all(map(str.isdigit, below)):
                texts.update(_texts(below, f"{prefix}{key}."))
        elif not isinstance(below, list) and (text := (text_of(below) or "").strip()):
            texts[f"{prefix}{key}"] = text
    return texts


def _texts_of_lists(value: object) -> Record:
    """Return the texts of the elements of each list in an object, with commas between them."""
    texts: dict[str, list[str]] = {}
    for key, below in _lists(value, ""):
        for each in below:
            for name, text in _texts(each, f"{key}.").items():
                texts.setdefault(name, []).append(text)
    return {name: ", ".join(found) for name, found in texts.items()}


def _lists(value: object, prefix: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of objects in an object, and in the objects in it, by their paths."""
    for key, below in value.items() if isinstance(value, dict) else ():
        if not _KEY.fullmatch(key):  # a path cannot name it
            continue
        if isinstance(below, dict):
            yield from _lists(below, f"{prefix}{key}.")
        elif isinstance(below, list) and below and all(isinstance(e, dict) for e in below):
            yield f"{prefix}{key}", below
