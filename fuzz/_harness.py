"""The loop of every fuzzer: seeds from the repository, a dictionary of their words, limits."""

import re
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import atheris

from ticketcore.errors import TicketcoreError

ROOT = Path(__file__).parents[1]
PRESETS = ROOT / "src/ticketcore/policies/presets"
_WORD = re.compile(rb'[A-Za-z][\w.-]{1,30}|"[^"\\\n]{1,30}"')

# An input of a kilobyte takes milliseconds; one that takes 30 seconds hangs.
_LIMITS = ["-timeout=30", "-rss_limit_mb=1024", "-max_len=2048"]
_MEMORY = 1 << 30  # bytes; what asks for more at once gets a MemoryError, which ends the run


def fuzz(
    read: Callable[[bytes], None], seeds: Iterable[bytes], *, refuses: type[TicketcoreError]
) -> None:
    """Call *read* with variations of the *seeds* until `-max_total_time=60` (seconds) is over.

    *read* may raise *refuses* only, and has a gigabyte of memory. Any other error, or a hang, ends
    the run and leaves the input in a file `crash-…`, `oom-…` or `timeout-…`.
    """

    def read_one(data: bytes) -> None:
        with suppress(refuses):
            read(data)

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with tempfile.TemporaryDirectory() as directory:
        corpus = Path(directory, "corpus")
        corpus.mkdir()
        words: set[bytes] = set()
        for number, seed in enumerate(seeds):
            (corpus / str(number)).write_bytes(seed)
            words.update(_WORD.findall(seed))
        dictionary = Path(directory, "words")
        dictionary.write_bytes(b"".join(map(_entry, sorted(words))))
        atheris.Setup([*sys.argv, f"-dict={dictionary}", *_LIMITS, str(corpus)], read_one)
        atheris.Fuzz()


def _entry(word: bytes) -> bytes:
    """Return a word as a line of a libFuzzer dictionary."""
    return b'"' + b"".join(b"\\x%02x" % byte for byte in word) + b'"\n'


def paragraphs(files: Iterable[Path], head: bytes = b"") -> set[bytes]:
    """Return each paragraph of some files after *head*: small seeds with all keys and words."""
    return {
        head + paragraph + b"\n"
        for file in files
        for paragraph in file.read_bytes().split(b"\n\n")
    }
