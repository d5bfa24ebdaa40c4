"""Files at the door: what never ends is refused before it is read, what passes once is known."""

import errno
import os
from pathlib import Path
from typing import Final

_OF_THIS_PROCESS: Final = ("/dev/stdin", "/dev/fd/", "/proc/self/")


def refuse_device(path: str | os.PathLike[str]) -> None:
    """Raise OSError for a device, such as /dev/zero, which could be read for ever."""
    if Path(path).is_char_device():
        raise OSError(errno.ENXIO, "Is a device, not a file", os.fspath(path))


def is_stream(path: str | os.PathLike[str]) -> bool:
    """Whether a path is read once, from its beginning, by this process: a pipe, or its input."""
    return Path(path).is_fifo() or os.fspath(path).startswith(_OF_THIS_PROCESS)
