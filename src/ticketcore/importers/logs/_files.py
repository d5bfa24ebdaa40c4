"""Open a log: plain, gzip or zip; and tell CSV, JSON and XES apart by their first bytes."""

import gzip
import hashlib
import os
import re
import zipfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Literal, TypeAlias, cast

from ticketcore._internal.files import check_path, naming_file, unpacked
from ticketcore.errors import LogError

LogPath: TypeAlias = str | os.PathLike[str]
LogKind: TypeAlias = Literal["csv", "json", "xes"]

_SQL: Final = re.compile(
    r"--\s|/\*|PGDMP|SQLite format 3|(CREATE|DROP) (TABLE|DATABASE)|INSERT INTO|SET [\w.@]+ ?=|"
    r"PRAGMA \w|BEGIN( TRANSACTION)?;\s",
    re.IGNORECASE,
)
"""The beginning of a database's dump, of its text or of its file."""

UNPACKING: Final = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError)
"""The errors of a packed file that is damaged."""


@contextmanager
def open_log(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a log for reading; a gzip file, or a zip file with one file, is unpacked.

    Raises OSError if it cannot be opened, LogError for a zip file with several files, and
    LogError in place of the errors of damaged data.
    """
    check_path(path)
    try:
        with naming_file(path), Path(path).open("rb") as file:
            start = file.peek(4)
            if start.startswith(b"\x1f\x8b"):
                with gzip.open(file, "rb") as packed:
                    yield unpacked(packed, path)
            elif start.startswith(b"PK\x03\x04"):
                with zipfile.ZipFile(file) as archive, archive.open(_only_file(archive)) as member:
                    yield unpacked(cast("zipfile.ZipExtFile", member), path)
            else:
                yield file
    except UNPACKING as error:
        raise LogError(f"cannot be unpacked: {error}") from None


@contextmanager
def naming(path: LogPath, paths: Sequence[LogPath]) -> Iterator[None]:
    """Name the file in a LogError if it is one of several."""
    try:
        yield
    except LogError as error:
        if len(paths) > 1:
            error.message = f"{Path(path).name}: {error.message}"
        raise


def _only_file(archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        found = ", ".join(names[:5])
        raise LogError(
            f"must hold one log, found {len(names)} files: {found}; save a spreadsheet as CSV"
        )
    return names[0]


def kind_of(file: BinaryIO) -> LogKind:
    """Return the kind of an open log.

    Raises LogError for an empty file, JSON in UTF-16, and the dump of a database.
    """
    start: bytes = file.peek(1 << 10)[: 1 << 10]  # type: ignore[attr-defined]
    utf_16 = marked_encoding(file) == "utf-16"
    text = start.decode("utf-16" if utf_16 else "latin-1", "ignore")
    text = text.removeprefix(BOM_UTF8.decode("latin-1")).lstrip()
    if not text:
        raise LogError("is empty")
    if text[0] in "{[":
        if utf_16:
            raise LogError("is JSON in UTF-16: save it as UTF-8")
        return "json"
    if _SQL.match(text):
        raise LogError("is the dump of a database: export its tables as CSV, one file each")
    return "xes" if text[0] == "<" else "csv"


def marked_encoding(file: BinaryIO) -> str | None:
    """Return the encoding that a byte order mark at the beginning says, if there is one."""
    start: bytes = file.peek(4)  # type: ignore[attr-defined]
    if start.startswith(BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else None


def check_hash(path: str | os.PathLike[str], expected: str) -> None:
    """Raise LogError unless the unpacked log has this SHA-256 checksum."""
    digest = hashlib.sha256()
    with open_log(path) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != expected:
        raise LogError(
            f"differs from the file that the mapping is for (sha256 {digest.hexdigest()}, "
            f"expected {expected}): get that file, or remove log.sha256 from a copy of the mapping"
        )
