"""Read files within limits, below a folder; tell devices and streams from files; sort on disk."""

import errno
import os
import re
import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, Final, Protocol

from ticketcore._internal.limits import MAX_FILE_BYTES, MAX_UNPACKED_RATIO

_SMALL: Final = 10_000  # bytes; a smaller packed file may unpack to as much as one of this size
_CONTROL: Final = re.compile(rb"[\0-\x08\v\f\x0e-\x1f\x7f]")
_OF_THIS_PROCESS: Final = ("/dev/stdin", "/dev/fd/", "/proc/self/")
_CACHE_KB: Final = 2_048  # a larger cache saves no time, and is memory that grows with the items


def check_path(path: str | os.PathLike[str]) -> None:
    """Raise OSError for an empty path, a text that cannot be a path, and a character device.

    A device, such as /dev/zero, may never end. For any other wrong path, opening it raises the
    error.
    """
    name = os.fspath(Path(path))
    if name == ".":
        why = "Is a directory (an empty path means this one): name a file"
        raise OSError(errno.EISDIR, why, name)
    try:
        mode = os.stat(name).st_mode
    except OSError:
        return
    except ValueError:
        why = "Not a file name: it has a null character or a lone surrogate"
        raise OSError(errno.EINVAL, why, name) from None
    if stat.S_ISCHR(mode):
        raise OSError(errno.ENXIO, "Is a device, not a file", name)


@contextmanager
def naming_file(path: str | os.PathLike[str]) -> Iterator[None]:
    """Add the path to an OSError that lacks it, as one from reading or from a full disk does."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = os.fspath(path)
        raise


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Provide a new file in the same folder, which replaces *path* unless the block raises.

    What is no plain file, for example a pipe, is provided itself.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    part = _reserved_beside(path)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _reserved_beside(path: Path) -> Path:
    """Create a new, empty file in the same folder."""
    number = 1
    while True:
        part = path.with_name(f"{path.name}.{number}.part")
        try:
            part.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        except OSError as error:
            error.filename = os.fspath(path)
            raise
        else:
            return part


def is_stream(path: str | os.PathLike[str]) -> bool:
    """Return whether only this process can read *path*, and only once: a pipe or its input."""
    return Path(path).is_fifo() or os.fspath(path).startswith(_OF_THIS_PROCESS)


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a file. Raise OSError for a device, or for too many bytes."""
    check_path(path)
    with naming_file(path), Path(path).open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise OSError(errno.EFBIG, f"Has more than {MAX_FILE_BYTES:,} bytes", os.fspath(path))
    return content


def not_a_text(content: bytes) -> tuple[int, str] | None:
    """Return the position of the byte that shows that the content is not UTF-8, and the reason."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return 0, "is UTF-16: save the file as UTF-8"
    if control := _CONTROL.search(content):
        return control.start(), f"contains the byte 0x{ord(control[0]):02x}, which no text has"
    return None


class _Packed(Protocol):
    def read1(self, size: int, /) -> bytes:
        """Unpack the next block, and return at most *size* bytes of it."""


def unpacked(file: _Packed, path: str | os.PathLike[str]) -> BufferedReader:
    """Return the content of a packed file, whose reader is *file*, up to a multiple of its size.

    Reading beyond it raises OSError: a kilobyte can hold a megabyte.
    """
    return BufferedReader(_Unpacked(file, path))


class _Unpacked(RawIOBase):
    def __init__(self, file: _Packed, path: str | os.PathLike[str]) -> None:
        self._file = file
        self._path = path
        self._left = MAX_UNPACKED_RATIO * max(Path(path).stat().st_size, _SMALL)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        content = self._file.read1(len(buffer))
        buffer[: len(content)] = content
        self._left -= len(content)
        if self._left < 0:
            why = f"Unpacks to more than {MAX_UNPACKED_RATIO} times its size"
            raise OSError(errno.EFBIG, why, os.fspath(self._path))
        return len(content)


def read_file_below(folder: Path, path: Path) -> bytes:
    """Return the content of a file that text from outside names, if it lies below *folder*.

    Raise OSError for a file that lies elsewhere, even behind a link, and for anything that is not
    a plain file: a device or a pipe.
    """
    try:
        real = path.resolve()
    except RuntimeError:  # links in a circle, before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path)) from None
    if not real.is_relative_to(folder.resolve()):
        raise OSError(
            errno.EACCES,
            f"Lies outside the folder {folder}: put it there or below",
            os.fspath(path),
        )
    if not stat.S_ISREG(real.stat().st_mode):
        raise OSError(errno.ENXIO, "Is not a plain file", os.fspath(path))
    return read_file(real)


def sorted_on_disk(
    items: Iterable[tuple[str, int, bytes | None]],
) -> Iterator[tuple[str, int, bytes | None]]:
    """Yield (key, number, payload) by key and number. A temporary file holds the items.

    Raises sqlite3.Error if the disk is full.
    """
    import sqlite3

    with closing(sqlite3.connect("", isolation_level=None)) as database:  # a private file
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        database.execute("CREATE TABLE item (key BLOB, number INTEGER, payload BLOB)")
        database.execute("BEGIN")
        encoded = ((key.encode("utf-8", "surrogatepass"), *rest) for key, *rest in items)
        database.executemany("INSERT INTO item VALUES (?, ?, ?)", encoded)
        order = "SELECT key, number, payload FROM item ORDER BY key, number"
        for key, number, payload in database.execute(order):
            yield key.decode("utf-8", "surrogatepass"), number, payload
