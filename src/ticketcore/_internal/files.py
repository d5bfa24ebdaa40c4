"""Check paths: reject character devices, detect streams that can be read only once."""

import errno
import os
from pathlib import Path
from typing import Final

_OF_THIS_PROCESS: Final = ("/dev/stdin", "/dev/fd/", "/proc/self/")


def refuse_device(path: str | os.PathLike[str]) -> None:
    """Raise OSError if *path* is a character device, such as /dev/zero, which may never end."""
    if Path(path).is_char_device():
        raise OSError(errno.ENXIO, "Is a device, not a file", os.fspath(path))


def is_stream(path: str | os.PathLike[str]) -> bool:
    """Return whether only this process can read *path*, and only once: a pipe or its input."""
    return Path(path).is_fifo() or os.fspath(path).startswith(_OF_THIS_PROCESS)
