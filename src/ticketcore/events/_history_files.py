"""History files: JSON Lines, whole tickets, their events in order of sequence."""

import errno
import gzip
import os
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from ticketcore._internal.files import is_stream, refuse_device
from ticketcore.events._events import Event, Recorded
from ticketcore.events._history import BrokenHistory, Found, History, scan_lines
from ticketcore.events._lines import place_of, to_line

Source: TypeAlias = str | os.PathLike[str] | BinaryIO | Iterable[str] | Iterable[bytes]
"""A path (a str is one; ``.gz`` is unpacked), a binary file, or lines with their ends."""


def scan_histories(source: Source, start: int = 0, end: int | None = None) -> Iterator[Found]:
    """The histories in *source* one by one; in place of a broken ticket, what is wrong with it.

    Memory holds one ticket at a time; and where *start* and *end* are a range in bytes of a plain
    file, as :func:`split_history` gives them, that range. Lines are then counted from its
    beginning. Raises OSError where a path cannot be opened, and nothing for what stands in the
    file.
    """
    return scan_lines(_unmarked(_lines(source, start, end)))


def read_histories(source: Source) -> Iterator[History]:
    """The histories in *source* one by one. Raises the first HistoryError or CodecError."""
    for found in scan_histories(source):
        if isinstance(found, BrokenHistory):
            raise found.error
        yield found


def write_histories(
    target: str | os.PathLike[str] | BinaryIO,
    histories: Iterable[tuple[str, Iterable[Event]]],
) -> int:
    """Write tickets with their events, numbered from 1, and return the number of events.

    *target* is a path, replaced if it exists and packed if it ends in ``.gz``, or a binary file.
    A file appears at its path when all is written, or not at all.
    """
    if not isinstance(target, (str, os.PathLike)):
        return _write(target, histories)
    path = Path(target)
    if path.exists() and not path.is_file():  # a pipe, say
        return _write_to(path, path, histories)
    part = _reserved_beside(path)
    try:
        written = _write_to(part, path, histories)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def _reserved_beside(path: Path) -> Path:
    """A new file, in the same directory, that nobody else writes."""
    number = 1
    while True:
        part = path.with_name(f"{path.name}.{number}.part")
        try:
            part.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return part


def _write_to(part: Path, path: Path, histories: Iterable[tuple[str, Iterable[Event]]]) -> int:
    with gzip.open(part, "wb") if _is_packed(path) else part.open("wb") as file:
        return _write(cast("BinaryIO", file), histories)


def split_history(path: str | os.PathLike[str], size: int) -> Iterator[tuple[int, int | None]]:
    """Ranges of about *size* bytes that together are the file, each of whole tickets.

    They depend on the file and the size alone, and reading them one after the other gives what
    reading the file gives. An empty file is one range, and so is what cannot be cut: a packed
    one, a pipe. Its end is None.
    """
    refuse_device(path)
    if _is_packed(path) or is_stream(path):
        yield 0, None
        return
    with Path(path).open("rb") as file:
        total = file.seek(0, os.SEEK_END)
        start = 0
        while start + size < total:
            end = _beginning_after(file, start + size, total)
            yield start, end
            start = end
        if start < total or not total:
            yield start, total


def _beginning_after(file: BinaryIO, place: int, total: int) -> int:
    """Where the first history begins after the line at *place*; the end where none does."""
    file.seek(place)
    file.readline()
    before: str | None = None
    position = file.tell()
    for line in file:
        ticket, seq = place_of(line)
        if seq == 1 and ticket and before and ticket != before:
            return position
        before = ticket
        position += len(line)
    return total


def _lines(source: Source, start: int, end: int | None) -> Iterable[str | bytes]:
    if not isinstance(source, (str, os.PathLike)):
        return source
    refuse_device(source)
    if _is_packed(source):
        return _lines_of_packed(source)
    return _lines_between(source, start, end)


def _unmarked(lines: Iterable[str | bytes]) -> Iterator[str | bytes]:
    """The same without the byte order mark that some editors write before the first line."""
    remaining = iter(lines)
    return chain(map(_without_mark, islice(remaining, 1)), remaining)


def _without_mark(line: str | bytes) -> str | bytes:
    return line.removeprefix("\ufeff") if isinstance(line, str) else line.removeprefix(BOM_UTF8)


def _lines_between(path: str | os.PathLike[str], start: int, end: int | None) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        if start:  # a pipe knows no places
            file.seek(start)
        yield from file if end is None else BytesIO(file.read(end - start))


def _lines_of_packed(path: str | os.PathLike[str]) -> Iterator[bytes]:
    with gzip.open(path, "rb") as file:
        try:
            file.peek(1)
        except (EOFError, gzip.BadGzipFile):
            raise OSError(errno.EINVAL, "Is no gzip file", os.fspath(path)) from None
        try:
            yield from file
        except (EOFError, zlib.error, gzip.BadGzipFile):
            # What follows cannot be unpacked: a line that breaks off before its first letter.
            yield b""


def _is_packed(path: str | os.PathLike[str]) -> bool:
    return os.fspath(path).endswith(".gz")


def _write(file: BinaryIO, histories: Iterable[tuple[str, Iterable[Event]]]) -> int:
    count = 0
    for ticket, events in histories:
        for seq, event in enumerate(events, 1):
            file.write(to_line(Recorded(ticket, seq, event)).encode() + b"\n")
            count += 1
    return count
