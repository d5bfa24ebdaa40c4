"""The page of refusals names every code that the decider refuses with, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import ticketcore
from ticketcore.events import Billing
from ticketcore.policies import Requirement

PAGE = Path(__file__).parents[2] / "docs" / "refusals.md"
SOURCES = sorted((Path(ticketcore.__file__).parent / "decider").glob("*.py"))
MADE_UP = {
    "{need}-required": [f"{need}-required" for need in get_args(Requirement)],
    "not-{kind.billing[0]}": [f"not-{billing}" for billing in get_args(Billing)],
}


def refused_with(source: Path) -> Iterator[str]:
    """The second argument of every `refuse` in a file."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse":
            code = node.args[1]
            if isinstance(code, ast.Constant):
                yield str(code.value)
            else:
                yield from MADE_UP[ast.unparse(code)[2:-1]]


def test_every_code_is_explained() -> None:
    """A program can rely on the codes, so the page holds them all, each once."""
    codes = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted({code for source in SOURCES for code in refused_with(source)}) == sorted(codes)
