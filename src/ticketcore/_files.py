"""Files at the door: what never ends is refused before it is read."""

import errno
import os
from pathlib import Path


def refuse_device(path: str | os.PathLike[str]) -> None:
    """Raise OSError for a device, such as /dev/zero, which could be read for ever."""
    if Path(path).is_char_device():
        raise OSError(errno.ENXIO, "Is a device, not a file", os.fspath(path))
