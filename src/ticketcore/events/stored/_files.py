"""History files: JSON Lines of whole tickets, each with its events in order."""

import errno
import os
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import IO, BinaryIO, Final, TypeAlias, cast

from ticketcore._internal.files import check_path, is_stream, naming_file, replacing, unpacked
from ticketcore._internal.limits import MAX_LINE_BYTES
from ticketcore.errors import CodecError, HistoryError
from ticketcore.events._course import impossible_events, repeated_tickets
from ticketcore.events._events import Event, Opened, Recorded
from ticketcore.events.stored._histories import (
    BrokenHistory,
    Found,
    History,
    problem_of,
    scan_lines,
)
from ticketcore.events.stored._lines import place_of, to_line

_TOO_LONG: Final = MAX_LINE_BYTES + 2  # bytes of a line with its end

Source: TypeAlias = str | os.PathLike[str] | BinaryIO | Iterable[str] | Iterable[bytes]
"""A path (``.gz`` is unpacked), a binary file, or lines with their line ends."""


def scan_histories(source: Source, start: int = 0, end: int | None = None) -> Iterator[Found]:
    """Yield the histories in *source*, and a BrokenHistory in place of each that is broken.

    Memory holds one ticket at a time. *start* and *end* select a range of bytes of a plain file,
    as :func:`split_history` gives it; memory then holds the range, and lines count from its
    beginning. Raises OSError if a path cannot be opened, or unpacks to far more than its size, and
    no error for the file's content.
    """
    return scan_lines(_unmarked(_lines(source, start, end)))


def read_histories(source: Source) -> Iterator[History]:
    """Yield the histories in *source*. Raises the first HistoryError or CodecError."""
    for found in scan_histories(source):
        if isinstance(found, BrokenHistory):
            raise found.error
        yield found


def write_histories(
    target: str | os.PathLike[str] | BinaryIO,
    histories: Iterable[tuple[str, Iterable[Event]]],
) -> int:
    """Write tickets with their events, numbered from 1, and return the number of events.

    *target* is a path or a binary file. A path that ends in ``.gz`` is compressed; an existing
    file is replaced once everything is written, and stays as it was if writing fails.

    Raises HistoryError, with ticket and number of the event, for a history that does not begin
    with Opened, is not in the order of time, or cannot have happened (`impossible_events`), and
    for a ticket that is written twice; CodecError for values that could not be read again.
    """
    if not isinstance(target, (str, os.PathLike)):
        return _write(target, histories)
    path = Path(target)
    with replacing(path) as part:
        return _write_to(part, path, histories)


def _write_to(part: Path, path: Path, histories: Iterable[tuple[str, Iterable[Event]]]) -> int:
    import gzip

    with gzip.open(part, "wb") if _is_packed(path) else part.open("wb") as file:
        return _write(cast("BinaryIO", file), histories)


def split_history(path: str | os.PathLike[str], size: int) -> Iterator[tuple[int, int | None]]:
    """Yield ranges of about *size* bytes that together are the file, each of whole tickets.

    The ranges depend on the file and the size alone. An empty file is one range. A file that
    cannot be split, such as a compressed one or a pipe, is one range whose end is None.
    """
    check_path(path)
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
    """Return where the first history after the line at *place* begins, or *total*."""
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
    check_path(source)
    if _is_packed(source):
        return _lines_of_packed(source)
    return _lines_between(source, start, end)


def _unmarked(lines: Iterable[str | bytes]) -> Iterator[str | bytes]:
    """Remove the byte order mark that some editors write before the first line."""
    remaining = iter(lines)
    return chain(map(_without_mark, islice(remaining, 1)), remaining)


def _without_mark(line: str | bytes) -> str | bytes:
    return line.removeprefix("\ufeff") if isinstance(line, str) else line.removeprefix(BOM_UTF8)


def _lines_between(path: str | os.PathLike[str], start: int, end: int | None) -> Iterator[bytes]:
    with naming_file(path), Path(path).open("rb") as file:
        if start:  # a pipe cannot seek
            file.seek(start)
        yield from _bounded(file if end is None else BytesIO(file.read(end - start)))


def _bounded(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; a line that is too long is cut just beyond the limit."""
    readline = file.readline
    while line := readline(_TOO_LONG):
        yield line
        if len(line) == _TOO_LONG and not line.endswith(b"\n"):
            _skip_line(file)


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(_TOO_LONG)) and not rest.endswith(b"\n"):
        pass


def _lines_of_packed(path: str | os.PathLike[str]) -> Iterator[bytes]:
    import gzip

    with naming_file(path), gzip.open(path, "rb") as packed:
        file = unpacked(packed, path)
        try:
            file.peek(1)
        except (EOFError, gzip.BadGzipFile):
            raise OSError(errno.EINVAL, "Not a gzip file", os.fspath(path)) from None
        try:
            yield from _bounded(file)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            # The rest cannot be unpacked: report a line that is cut off before its first byte.
            yield b""


def _is_packed(path: str | os.PathLike[str]) -> bool:
    return os.fspath(path).endswith(".gz")


def _write(file: BinaryIO, histories: Iterable[tuple[str, Iterable[Event]]]) -> int:
    count = 0

    def written() -> Iterator[tuple[str, int]]:
        nonlocal count
        for ticket, events in histories:
            yield ticket, count + 1
            history = tuple(events)
            _check(ticket, history)
            for seq, event in enumerate(history, 1):
                file.write(_line(ticket, seq, event))
            count += len(history)

    for repeated in repeated_tickets(written()):
        raise repeated
    return count


def _check(ticket: str, history: Sequence[Event]) -> None:
    """Raise HistoryError for events that do not make a history."""
    last: Event | None = None
    for seq, event in enumerate(history, 1):
        if last is not None and event.at < last.at:
            raise HistoryError(*problem_of(seq - 1, seq, event), ticket=ticket, seq=seq)
        last = event
    if not history or not isinstance(history[0], Opened):
        found = problem_of(0, 1, history[0]) if history else ("empty", "has no events")
        raise HistoryError(*found, ticket=ticket, seq=1)
    for impossible in impossible_events(ticket, history):
        raise impossible


def _line(ticket: str, seq: int, event: Event) -> bytes:
    try:
        return to_line(Recorded(ticket, seq, event)).encode() + b"\n"
    except CodecError as error:
        error.ticket, error.seq = ticket, seq
        raise
