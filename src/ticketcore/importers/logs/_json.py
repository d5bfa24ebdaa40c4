"""Rows of JSON files: one document, or one in each line."""

import os
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from ticketcore.errors import LogError
from ticketcore.importers.logs._files import open_log
from ticketcore.importers.logs._row import Level, Row, find_cells


def default_rows(file: BinaryIO) -> Mapping[str, str]:
    """Return the path of the elements of the outermost list, or else of whole documents."""
    start: bytes = file.peek(1 << 10)[: 1 << 10]  # type: ignore[attr-defined]
    is_list = start.removeprefix(BOM_UTF8).lstrip().startswith(b"[")
    return {"": "[]" if is_list else ""}


def json_rows(
    path: str | os.PathLike[str],
    rows: Mapping[str, str],
    columns: Sequence[str],
    missing: frozenset[str],
) -> Iterator[Row]:
    """Yield the rows at each of the named paths; memory holds one outermost element.

    Raises LogError for a file that is not JSON, and ImportError without the package ijson.
    """
    for name, row_path in rows.items():
        outer, *inner = row_path.split("[]")
        top = f"{outer}[]" if inner else outer
        for number, element in elements(path, top):
            for levels in _nested([(top, element)], [step.lstrip(".") for step in inner[:-1]]):
                yield Row(f"element {number}", name, find_cells(levels, columns, missing))


def elements(path: str | os.PathLike[str], outer: str) -> Iterator[tuple[int, Any]]:
    """Yield the number and the value of each element at a path with at most one ``[]``."""
    import ijson

    prefix = outer.replace("[]", ".item").lstrip(".")
    with open_log(path) as file:
        if file.peek(3).startswith(BOM_UTF8):  # type: ignore[attr-defined]
            file.read(len(BOM_UTF8))
        found = ijson.items(file, prefix, multiple_values=True)
        number = 0
        try:
            for number, element in enumerate(found, 1):
                yield number, element
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            why = str(error).strip().split("\n", maxsplit=1)[0]
            raise LogError(f"is not JSON after element {number}: {why}") from None


def _nested(levels: list[Level], steps: Sequence[str]) -> Iterator[list[Level]]:
    """Yield the levels of each element that is nested at these steps."""
    if not steps:
        yield levels
        return
    path, element = levels[-1]
    for key in steps[0].split("."):
        element = element.get(key) if isinstance(element, dict) else None
    for each in element if isinstance(element, list) else ():
        yield from _nested([*levels, (f"{path}.{steps[0]}[]", each)], steps[1:])
