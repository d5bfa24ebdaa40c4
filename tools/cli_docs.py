"""Run the commands in the console blocks of the docs, and compare or rewrite their output.

``python tools/cli_docs.py`` writes the present output into the pages of `PAGES`.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from support.command_line import ticketcore

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "docs" / "reference" / f"{name}.md" for name in ("commands", "scenarios", "metrics")
]
_BLOCK = re.compile(r"(?<=```console\n)\$ ticketcore (?P<args>.*)\n(?P<printed>(?:(?!```).*\n)*)")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield the arguments of each command on a page, with the output that the page shows."""
    for block in _BLOCK.finditer(text):
        yield block["args"], block["printed"]


def printed(args: str) -> str:
    """Return the output of a command, without blanks at the ends of lines."""
    ran = ticketcore(*shlex.split(args), width=100)
    return "".join(f"{line.rstrip()}\n" for line in ran.out.splitlines())


def rewritten(text: str) -> str:
    """Return the text of a page with the present output of its commands."""
    return _BLOCK.sub(lambda b: f"$ ticketcore {b['args']}\n{printed(b['args'])}", text)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
