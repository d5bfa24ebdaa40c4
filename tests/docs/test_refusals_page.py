"""The page of refusals lists every code that the decider refuses with, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import ticketcore
from support.stories.refusals import refusals
from ticketcore.policies import Requirement

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "refusals.md"
SOURCES = sorted((Path(ticketcore.__file__).parent / "decider").rglob("*.py"))


def codes_in(source: Path) -> Iterator[str]:
    """Yield the second argument of every call of `refuse` in a file.

    The only code that is not a constant is that of a field that a permission requires.
    """
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse":
            code = node.args[1]
            if isinstance(code, ast.Constant):
                yield str(code.value)
            else:
                assert re.fullmatch(r"f'\{\w+\}-required'", ast.unparse(code))
                yield from (f"{requirement}-required" for requirement in get_args(Requirement))


def test_the_page_explains_every_code() -> None:
    """The tables list each code of the decider once, and no other code."""
    codes = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted({code for source in SOURCES for code in codes_in(source)}) == sorted(
        code for code in codes if code not in {"code", "reason", "rule"}
    )


def test_every_code_has_a_sentence() -> None:
    """The page of refusals has a sentence for each code of the decider."""
    assert {code for source in SOURCES for code in codes_in(source)} == set(refusals())
