"""The rows of the ServiceNow log: the file found, proved to be the one, and read cell by cell."""

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

_TIME = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{2}):(\d{2})")


@attrs.frozen
class LogRow:
    """One update of a ticket, with what the import needs of it; None where the log has ``?``.

    The fields stand in the order in which the cells are read.
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
    """The rows in *path* in the order of the file. Raises LogError at the first wrong cell."""
    with open_log(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        table = csv.reader(text, strict=True)
        try:
            header = next(table, None)
            if header is None:
                raise LogError("holds no header", line=1)
            cells = _Cells(header, zone)
            for values in table:
                yield cells.row(values, table.line_num)
        except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile, zlib.error) as wrong:
            raise LogError(f"cannot be read: {wrong}", line=table.line_num + 1) from None


def check_hash(path: Path) -> None:
    """Refuse a copy of the log that is not the published one: shortened ones circulate."""
    with open_log(path) as file:
        found = hashlib.sha256()
        try:
            while block := file.read(1 << 20):
                found.update(block)
        except (zipfile.BadZipFile, zlib.error) as wrong:
            raise LogError(f"cannot be read: {wrong}") from None
    if found.hexdigest() != SHA256:
        raise LogError(
            f"is not the published log: its sha256 is {found.hexdigest()}, not {SHA256}; "
            f"allow any copy if it is meant"
        )


def open_log(path: Path) -> IO[bytes]:
    """The CSV file at *path*, or the only one in a zip file there."""
    if path.suffix != ".zip":
        return path.open("rb")
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".csv")]
            if len(names) != 1:
                raise LogError(f"holds {len(names)} CSV files, not one: {archive.namelist()}")
            return archive.open(names[0])  # stays open when the archive is closed
    except zipfile.BadZipFile as wrong:
        raise LogError(f"is no zip file: {wrong}") from None


class _Cells:
    """Finds the columns by the header, and turns a line's cells into a row."""

    def __init__(self, header: list[str], zone: ZoneInfo) -> None:
        self._zone = zone
        self._width = len(header)
        self._time = lru_cache(maxsize=1 << 16)(self._parse_time)  # most times stand in many rows
        readers: dict[str, Callable[[str], Any]] = {
            "number": _text,
            "sys_mod_count": _number,
            "incident_state": _text,
            "reassignment_count": _number,
            "priority": _priority,
            "caller_id": _known,
            "contact_type": _known,
            "category": _known,
            "opened_at": self._time,
            "sys_updated_at": self._time,
            "resolved_at": self._time_or_none,
            "closed_at": self._time_or_none,
        }
        missing = readers.keys() - set(header)
        if missing:
            raise LogError("the header lacks this column", line=1, column=min(missing))
        self._plan = [(name, header.index(name), read) for name, read in readers.items()]

    def row(self, values: list[str], line: int) -> LogRow:
        if len(values) != self._width:
            raise LogError(f"has {len(values)} cells, but the header has {self._width}", line=line)
        cells = []
        for column, place, read in self._plan:
            try:
                cells.append(read(values[place]))
            except ValueError as wrong:
                found = f"{wrong}, found {values[place]!r}"
                raise LogError(found, line=line, column=column) from None
        return LogRow(line, *cells)

    def _parse_time(self, text: str) -> datetime:
        found = _TIME.fullmatch(text)
        if not found:
            raise ValueError("expected a time like 29/2/2016 01:16")
        day, month, year, hour, minute = map(int, found.groups())
        try:
            return from_local(datetime(year, month, day, hour, minute), self._zone)  # noqa: DTZ001
        except CalendarRangeError as beyond:
            raise ValueError(str(beyond)) from None

    def _time_or_none(self, text: str) -> datetime | None:
        return None if text == "?" else self._time(text)


def _text(text: str) -> str:
    if text in ("", "?"):
        raise ValueError("expected a value")
    return text


def _known(text: str) -> str | None:
    return None if text == "?" else text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("expected a whole number")
    return int(text)


def _priority(text: str) -> int:
    """The number that ``2 - High`` begins with: the lower, the more urgent."""
    return _number(text[:1])
