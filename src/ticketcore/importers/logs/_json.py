"""Rows of JSON files: one document, or one in each line."""

import io
import json
import os
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, BinaryIO, Final

from ticketcore._internal.json_text import json_problem
from ticketcore._internal.limits import MAX_DEPTH, MAX_DIGITS, MAX_RECORD_BYTES
from ticketcore._internal.terminal import short
from ticketcore.errors import LogError
from ticketcore.importers.logs._files import open_log
from ticketcore.importers.logs._row import Level, Row, find_cells

DEFAULT_ROWS: Final[Mapping[str, str]] = {"": "[]"}
"""The elements of the outermost list, or the documents of another file."""

KEYED: Final = "*[]"
"""The path of the values of the outermost object, such as tickets by their number."""


def is_list(file: BinaryIO) -> bool:
    """Return whether an open file holds one list."""
    start: bytes = file.peek(1 << 10)[: 1 << 10]  # type: ignore[attr-defined]
    return start.removeprefix(BOM_UTF8).lstrip().startswith(b"[")


def json_rows(
    path: str | os.PathLike[str],
    rows: Mapping[str, str],
    columns: Sequence[str],
    missing: frozenset[str],
    reject: Callable[[LogError], None],
) -> Iterator[Row]:
    """Yield the rows at each of the named paths, as `json_levels` finds them."""
    for place, name, levels in json_levels(path, rows, reject):
        yield Row(place, name, find_cells(levels, columns, missing))


def json_levels(
    path: str | os.PathLike[str], rows: Mapping[str, str], reject: Callable[[LogError], None]
) -> Iterator[tuple[str, str, list[Level]]]:
    """Yield the place of each row, the name of its path, and its levels.

    Memory holds one outermost element. Paths that begin with the same list are read at once.

    *reject* is called for lines that are not JSON. Raises LogError for another file that is not,
    and ImportError without the package ijson.
    """
    named: dict[str, list[tuple[str, list[str]]]] = {}
    for name, row_path in rows.items():
        outer, *inner = row_path.split("[]")
        top = f"{outer}[]" if inner else outer
        named.setdefault(top, []).append((name, [step.lstrip(".") for step in inner[:-1]]))
    for top, below in named.items():
        for place, around in outermost(path, top, reject):
            for name, steps in below:
                for levels in _nested(around, steps):
                    yield place, name, levels


def outermost(
    path: str | os.PathLike[str], top: str, reject: Callable[[LogError], None]
) -> Iterator[tuple[str, list[Level]]]:
    """Yield the place and the levels of each outermost element; an object has its key around."""
    place = None
    if top != KEYED:
        for place, element in elements(path, top, reject):
            yield place, [(top, element)]
    if place is None and top.endswith("[]") and top != "[]":
        for key, element in entries(path, top):
            yield f"element {short(key)}", _keyed(top, key, element)


def elements(
    path: str | os.PathLike[str], outer: str, reject: Callable[[LogError], None]
) -> Iterator[tuple[str, Any]]:
    """Yield the place and the value of each element at a path with at most one ``[]``.

    The path ``[]`` is that of the elements of a list, or of the documents of another file. If
    each line is a document, *reject* is called for those that cannot be read.
    """
    if outer == "[]" and has_lines(path):
        yield from _lines(path, reject)
        return
    import ijson

    prefix = outer.replace("[]", ".item").lstrip(".")
    if outer == "[]":
        with open_log(path) as file:
            prefix = "item" if is_list(file) else ""
    for number, element in _parsed(path, prefix, prefix, ijson.items):
        yield f"element {number}", element


def entries(path: str | os.PathLike[str], outer: str) -> Iterator[tuple[str, Any]]:
    """Yield the keys and the values of the object at a path that ends with ``[]``.

    If a value is a list, yield each of its elements.
    """
    import ijson

    prefix = "" if outer == KEYED else outer.removesuffix("[]")
    inner = f"{prefix}.item".lstrip(".")
    for _, (key, value) in _parsed(path, prefix, inner, ijson.kvitems):
        yield from ((key, each) for each in (value if isinstance(value, list) else [value]))


def _parsed(
    path: str | os.PathLike[str], prefix: str, inner: str, parse: Callable[..., Iterable[Any]]
) -> Iterator[tuple[int, Any]]:
    """Yield the number and the value of each element that *parse* finds at a prefix of ijson.

    *inner* is the prefix of the elements. Raises LogError for a file that is not JSON.
    """
    import ijson

    with open_log(path) as file:
        if file.peek(3).startswith(BOM_UTF8):  # type: ignore[attr-defined]
            file.read(len(BOM_UTF8))
        number = 0
        try:
            found = parse(BoundedJson(file, inner), prefix, multiple_values=True)
            for number, element in enumerate(found, 1):
                yield number, element
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            why = str(error).strip().split("\n", maxsplit=1)[0]
            advice = "export it again, or as JSON Lines, of which broken lines are left out"
            raise LogError(f"is not JSON after element {number}: {why}; {advice}") from None


def _keyed(path: str, key: str, element: object) -> list[Level]:
    """Return the levels of an element of an object; the column *path* has its key."""
    return [("", {path: key}), (path, element)]


def numbered(cells: list[Any]) -> dict[str, Any]:
    """Return the cells of a row that is a list, by the names ``1``, ``2`` and so on."""
    return {str(number): cell for number, cell in enumerate(cells, 1)}


def has_lines(path: str | os.PathLike[str]) -> bool:
    """Return whether the first line of a file is a document, and others follow."""
    with open_log(path) as file:
        line = file.readline(MAX_RECORD_BYTES)
        if not file.read(1 << 10).strip():  # one document, which is read only once
            return False
    try:
        document = _document(line)
    except ValueError:
        return False
    return isinstance(document, dict) or _has_cells(document)


def _has_cells(document: object) -> bool:
    """Return whether a document is a list of cells, not of rows."""
    return isinstance(document, list) and not any(isinstance(e, dict | list) for e in document)


def _lines(
    path: str | os.PathLike[str], reject: Callable[[LogError], None]
) -> Iterator[tuple[str, Any]]:
    with open_log(path) as file:
        number = 0
        while line := file.readline(MAX_RECORD_BYTES + 1):
            number += 1
            try:
                if line.strip():
                    yield f"line {number}", _document(line)
            except LogError as error:
                reject(LogError(error.message, f"line {number}"))
            except ValueError as error:
                reject(LogError(f"is not JSON: {json_problem(error)}", f"line {number}"))


def _document(line: bytes) -> Any:
    """Return the document of a line; its numbers are texts.

    Raises ValueError if it is not JSON, and LogError if it exceeds a limit.
    """
    content = BoundedJson(io.BytesIO(line), "").read(len(line))
    text = content.decode("utf-8-sig")
    return json.loads(text, parse_int=str, parse_float=str)


_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TO_SPACES: Final = bytes.maketrans(b"\t\n\r", b"   ")
_REPLACEMENT: Final = "\ufffd".encode()
_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)
_IN_ESCAPES: Final = b"\\u0123456789abcdefABCDEF"
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_PAIR_OR_LONE: Final = re.compile(
    rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\.", re.DOTALL
)
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(set(range(256)) - set(_STEPS))
_TO_ZEROS: Final = bytes.maketrans(b"123456789", b"0" * 9)


class BoundedJson:
    """A JSON file that is read no further than to the limits of depth, digits and size.

    ijson keeps the path of each open bracket, so its memory would grow with the square of the
    depth. A number that Python refuses to read, of 640 digits or more, ends its process. An
    element that is not at its end yet is in memory.

    Bytes that are not text, lone surrogates and control characters are read as U+FFFD or as
    spaces. The parser would take a lone surrogate for another character, or fail.
    """

    def __init__(self, file: BinaryIO, prefix: str) -> None:
        self._file = file
        self._between_elements = len(prefix.split(".")) if prefix else 0  # the depth there
        self._depth = 0
        self._in_text = False
        self._rest = b""  # an escape that may continue in the next block
        self._held = 0
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def read(self, size: int) -> bytes:
        """Return the next bytes. Raises LogError if they exceed a limit."""
        content = self._text(size)
        parts = _ESCAPED.sub(b"", content).split(b'"')
        outside = b"".join(parts[self._in_text :: 2])
        brackets = outside.translate(None, _NO_BRACKETS)
        depths = [*accumulate(map(_STEPS.__getitem__, brackets), initial=self._depth)]
        self._depth = depths[-1]
        self._in_text ^= len(parts) % 2 == 0
        inside = (len(parts) == 1 and self._in_text) or min(depths) > self._between_elements
        self._held = self._held + len(content) if inside else 0
        if max(depths) > MAX_DEPTH:
            raise LogError(f"is nested too deeply: expected at most {MAX_DEPTH} levels")
        if b"0" * MAX_DIGITS in outside.translate(_TO_ZEROS):
            raise LogError(f"has a number of {MAX_DIGITS} digits or more")
        if self._held + len(self._rest) > MAX_RECORD_BYTES:
            why = f"has an element of more than {MAX_RECORD_BYTES:,} bytes"
            raise LogError(f"{why}: name the path to smaller ones in log.rows")
        return content

    def _text(self, size: int) -> bytes:
        """Return the next block of text, which does not end within an escape."""
        text, block = b"", b"more"
        while block and not text:
            block = self._file.read(size)
            text = self._rest + self._decode(block, final=not block).encode()
            start = text.find(b"\\", len(text.rstrip(_IN_ESCAPES))) if block else -1
            end = start if start >= 0 else len(text)
            text, self._rest = text[:end], text[end:]
            if len(self._rest) > MAX_RECORD_BYTES:
                break
        text = _CONTROLS.sub(_REPLACEMENT, text).translate(_TO_SPACES)
        return _PAIR_OR_LONE.sub(_whole, text) if _SURROGATE.search(text) else text


def _whole(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[1] else escape[0]


def _nested(levels: list[Level], steps: Sequence[str]) -> Iterator[list[Level]]:
    """Yield the levels of each element that is nested at these steps."""
    path, element = levels[-1]
    if not steps:
        if isinstance(element, list):
            levels = [*levels[:-1], (path, numbered(element))]
        yield levels
        return
    for key in steps[0].split("."):
        element = element.get(key) if isinstance(element, dict) else None
    path = f"{path}.{steps[0]}[]"
    if isinstance(element, list):
        for each in element:
            yield from _nested([*levels, (path, each)], steps[1:])
    elif isinstance(element, dict):
        for key, value in element.items():
            for each in value if isinstance(value, list) else [value]:
                yield from _nested([*levels, *_keyed(path, key, each)], steps[1:])
