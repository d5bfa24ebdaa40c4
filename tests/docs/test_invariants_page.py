"""The page on invariants."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "invariants.md").read_text(encoding="utf-8")
PROPERTIES = sorted((ROOT / "tests" / "properties").glob("test_*.py"))


def test_the_page_names_existing_properties() -> None:
    """Each property that the page on invariants names is a test."""
    named = re.findall(r"`(test_\w+)` \|$", PAGE, re.MULTILINE)
    functions = {
        node.name
        for path in PROPERTIES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }

    assert named
    assert set() == set(named) - functions
