"""The console blocks of the docs: commands with what they print.

``python tools/cli_docs.py FILE…`` writes into the files what the commands print today.
"""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from cli_runs import ticketcore

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?<=```console\n)\$ ticketcore (?P<args>.*)\n(?P<printed>(?:(?!```).*\n)*)")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each command with what the text says that it prints."""
    for block in _BLOCK.finditer(text):
        yield block["args"], block["printed"]


def printed(args: str) -> str:
    """What a command prints, without the blanks at the ends of lines."""
    ran = ticketcore(*shlex.split(args), width=80)
    return "".join(f"{line.rstrip()}\n" for line in ran.out.splitlines())


def rewritten(text: str) -> str:
    """The text with what its commands print today."""
    return _BLOCK.sub(lambda b: f"$ ticketcore {b['args']}\n{printed(b['args'])}", text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(rewritten(file.read_text(encoding="utf-8")), encoding="utf-8")
