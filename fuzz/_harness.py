"""What every fuzzer shares: seeds from the repository, a dictionary of their words, the bounds."""

import re
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

# A kilobyte takes milliseconds: what takes longer than this hangs.
_BOUNDS = ["-timeout=30", "-rss_limit_mb=1024", "-max_len=2048"]


def fuzz(
    read: Callable[[bytes], None], seeds: Iterable[bytes], *, refuses: type[TicketcoreError]
) -> None:
    """Feed *read* with what libFuzzer makes of the *seeds*, until an argument of the command line
    says to end (`-max_total_time=60`, in seconds).

    *read* may raise *refuses* and nothing else. What it raises otherwise, or a hang, ends the run
    and is left as a file `crash-…` or `timeout-…`.
    """

    def one(data: bytes) -> None:
        with suppress(refuses):
            read(data)

    with tempfile.TemporaryDirectory() as directory:
        corpus = Path(directory, "corpus")
        corpus.mkdir()
        words: set[bytes] = set()
        for number, seed in enumerate(seeds):
            (corpus / str(number)).write_bytes(seed)
            words.update(_WORD.findall(seed))
        dictionary = Path(directory, "words")
        dictionary.write_bytes(b"".join(map(_entry, sorted(words))))
        atheris.Setup([*sys.argv, f"-dict={dictionary}", *_BOUNDS, str(corpus)], one)
        atheris.Fuzz()


def _entry(word: bytes) -> bytes:
    """A word as a line of libFuzzer's dictionaries."""
    return b'"' + b"".join(b"\\x%02x" % letter for letter in word) + b'"\n'


def paragraphs(files: Iterable[Path], head: bytes = b"") -> set[bytes]:
    """Each paragraph of some files behind the same *head*: small, and all of the vocabulary."""
    return {
        head + paragraph + b"\n"
        for file in files
        for paragraph in file.read_bytes().split(b"\n\n")
    }
