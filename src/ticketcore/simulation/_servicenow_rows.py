"""The rows of the ServiceNow log: the file found, proved to be the one, and read cell by cell."""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, TypeVar
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar._zones import from_local
from ticketcore.errors import LogError

SHA256 = "fd184bbfd62329cfe093e99da2ea7071905f2ead91900b448eb2635870821bef"

T = TypeVar("T")
_TIME = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{2}):(\d{2})")


@attrs.frozen
class Row:
    """One update of a ticket, with what the import needs of it; None where the log has ``?``."""

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


def read_rows(path: Path, zone: ZoneInfo) -> Iterator[Row]:
    """The rows in *path* in the order of the file. Raises LogError at the first wrong cell."""
    with _open(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        table = csv.reader(text, strict=True)
        try:
            cells = _Cells(next(table, []), zone)
            for values in table:
                yield cells.row(values, table.line_num)
        except (csv.Error, UnicodeDecodeError, zipfile.BadZipFile, zlib.error) as wrong:
            raise LogError(f"cannot be read: {wrong}", line=table.line_num + 1) from None


def check_hash(path: Path) -> None:
    """Refuse a copy of the log that is not the published one: shortened ones circulate."""
    with _open(path) as file:
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


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix != ".zip":
        with path.open("rb") as file:
            yield file
        return
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except zipfile.BadZipFile as wrong:
            raise LogError(f"is no zip file: {wrong}") from None
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        if len(names) != 1:
            raise LogError(f"holds {len(names)} CSV files, not one: {archive.namelist()}")
        yield stack.enter_context(archive.open(names[0]))


class _Cells:
    """Finds the columns by the header, and turns a line's cells into a row."""

    def __init__(self, header: list[str], zone: ZoneInfo) -> None:
        self._header = header
        self._place = {name: place for place, name in enumerate(header)}
        self._zone = zone
        self._time = lru_cache(maxsize=1 << 16)(self._parse_time)

    def row(self, values: list[str], line: int) -> Row:
        if len(values) != len(self._header):
            raise LogError(
                f"has {len(values)} cells, but the header has {len(self._header)}", line=line
            )

        def cell(column: str, read: Callable[[str], T]) -> T:
            if column not in self._place:
                raise LogError("the header lacks this column", line=1, column=column)
            text = values[self._place[column]]
            try:
                return read(text)
            except ValueError as wrong:
                raise LogError(f"{wrong}, found {text!r}", line=line, column=column) from None

        return Row(
            line=line,
            ticket=cell("number", _text),
            order=cell("sys_mod_count", _number),
            state=cell("incident_state", _text),
            reassigned=cell("reassignment_count", _number),
            priority=cell("priority", _priority),
            caller=cell("caller_id", _known),
            channel=cell("contact_type", _known),
            category=cell("category", _known),
            opened_at=cell("opened_at", self._time),
            updated_at=cell("sys_updated_at", self._time),
            resolved_at=cell("resolved_at", self._time_or_none),
            closed_at=cell("closed_at", self._time_or_none),
        )

    def _parse_time(self, text: str) -> datetime:
        found = _TIME.fullmatch(text)
        if not found:
            raise ValueError("expected a time like 29/2/2016 01:16")
        day, month, year, hour, minute = map(int, found.groups())
        return from_local(datetime(year, month, day, hour, minute), self._zone)  # noqa: DTZ001

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
