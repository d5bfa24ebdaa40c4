"""Read the rows of the ServiceNow log, and check that the file is the published one."""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar import from_local
from ticketcore.errors import CalendarRangeError, LogError

SHA256 = "fd184bbfd62329cfe093e99da2ea7071905f2ead91900b448eb2635870821bef"
"""The checksum of the published CSV file."""

_TIME = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{2}):(\d{2})")


@attrs.frozen
class LogRow:
    """One update of a ticket, with the cells that the import needs. A ``?`` is read as None.

    *order* numbers the updates of a ticket. The lower *priority*, the more urgent the ticket.
    Instants are UTC. The fields are in the order of `_LogTable`.
    """

    line: int
    ticket: str
    order: int
    state: str
    reassigned: int
    priority: int
    caller: str | None
    channel: str | None
    category: str | None
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None


def read_rows(path: Path, zone: ZoneInfo) -> Iterator[LogRow]:
    """Yield the rows in the order of the file. Raises LogError at the first wrong cell."""
    with open_log(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        reader = csv.reader(text, strict=True)
        try:
            header = next(reader, None)
            if header is None:
                raise LogError("has no header", line=1)
            table = _LogTable(header, zone)
            for cells in reader:
                yield table.row(cells, reader.line_num)
        except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile, zlib.error) as error:
            raise LogError(f"cannot be read: {error}", line=reader.line_num + 1) from None


def check_hash(path: Path) -> None:
    """Raise LogError unless the file is the published log; shortened copies of it exist."""
    with open_log(path) as file:
        digest = hashlib.sha256()
        try:
            while block := file.read(1 << 20):
                digest.update(block)
        except (zipfile.BadZipFile, zlib.error) as error:
            raise LogError(f"cannot be read: {error}") from None
    if digest.hexdigest() != SHA256:
        raise LogError(
            f"differs from the published log (sha256 {digest.hexdigest()}, expected {SHA256}): "
            f"download it again, or set skip_checksum (--skip-checksum)"
        )


def open_log(path: Path) -> IO[bytes]:
    """Open the CSV file at *path*, or the only CSV file in a zip file there.

    Raises LogError if the zip file is broken or has more or less than one CSV file.
    """
    if path.suffix != ".zip":
        return path.open("rb")
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".csv")]
            if len(names) != 1:
                found = ", ".join(archive.namelist())
                raise LogError(f"must hold one CSV file, found {len(names)} in: {found}")
            return archive.open(names[0])  # remains open when the archive is closed
    except zipfile.BadZipFile as error:
        raise LogError(f"is not a zip file: {error}") from None


class _LogTable:
    """The columns of the log: finds them by the header, and reads the cells of a line."""

    def __init__(self, header: list[str], zone: ZoneInfo) -> None:
        self._zone = zone
        self._width = len(header)
        self._time = lru_cache(maxsize=1 << 16)(self._parse_time)  # most times are in many rows
        readers: dict[str, Callable[[str], object]] = {
            "number": _text,
            "sys_mod_count": _number,
            "incident_state": _text,
            "reassignment_count": _number,
            "priority": _priority,
            "caller_id": _text_or_none,
            "contact_type": _text_or_none,
            "category": _text_or_none,
            "opened_at": self._time,
            "sys_updated_at": self._time,
            "resolved_at": self._time_or_none,
            "closed_at": self._time_or_none,
        }
        missing = readers.keys() - set(header)
        if missing:
            raise LogError("the header lacks this column", line=1, column=min(missing))
        self._columns = [(name, header.index(name), read) for name, read in readers.items()]

    def row(self, cells: list[str], line: int) -> LogRow:
        if len(cells) != self._width:
            raise LogError(
                f"expected {self._width} cells, as in the header, found {len(cells)}", line=line
            )
        values: list[Any] = []
        for column, index, read in self._columns:
            try:
                values.append(read(cells[index]))
            except ValueError as error:
                message = f"{error}, found {cells[index]!r}"
                raise LogError(message, line=line, column=column) from None
        return LogRow(line, *values)

    def _parse_time(self, text: str) -> datetime:
        match = _TIME.fullmatch(text)
        if not match:
            raise ValueError("expected a time like 29/2/2016 01:16")
        day, month, year, hour, minute = map(int, match.groups())
        try:
            return from_local(datetime(year, month, day, hour, minute), self._zone)  # noqa: DTZ001
        except CalendarRangeError as error:
            raise ValueError(str(error)) from None

    def _time_or_none(self, text: str) -> datetime | None:
        return None if text == "?" else self._time(text)


def _text(text: str) -> str:
    if text in ("", "?"):
        raise ValueError("expected a value")
    return text


def _text_or_none(text: str) -> str | None:
    return None if text == "?" else text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("expected a whole number")
    return int(text)


def _priority(text: str) -> int:
    """Return the number at the start of a priority such as ``2 - High``."""
    return _number(text[:1])
