"""The library reads no clock, no environment and no randomness, and needs no extra."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ticketcore

SRC = Path(ticketcore.__file__).parent

# These work with files, databases, processes and terminals by their purpose.
OUTER = (
    "__main__.py",
    "backtest",
    "cli",
    "comparison",
    "coverage",
    "reports",
    "importers",
    "scenarios",
    "service",
    "store",
    "testing",
)
PURE_FILES = sorted(
    path for path in SRC.rglob("*.py") if path.relative_to(SRC).parts[0] not in OUTER
)
# These read files: one that the caller names, or one that comes with the library.
READERS = {"_files.py", "_layouts.py", "_load.py", "_phrases.py", "_starters.py", "files.py"}

FORBIDDEN_MODULES = {
    "logging", "os", "random", "secrets", "socket", "subprocess", "threading", "time",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "getenv", "input", "now", "open", "print", "read_text", "today", "utcnow", "uuid1", "uuid4",
}  # fmt: skip
EXTRAS = {
    "dateutil", "holidays", "hypothesis", "icalendar", "jinja2", "babel", "numpy", "rich",
    "sqlalchemy", "typer", "duckdb", "pyarrow", "altair", "vl_convert", "distributed",
}  # fmt: skip


def _imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").split(".")[0])
    return names


def _called(tree: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        func.id if isinstance(func, ast.Name) else func.attr
        for func in calls
        if isinstance(func, ast.Name | ast.Attribute)
    }


@pytest.mark.parametrize("path", PURE_FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_module_of_the_core_is_pure(path: Path) -> None:
    """The core uses no clock, randomness, environment, I/O or logging: instants are arguments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    reads = path.name in READERS

    assert set() == _imported(tree) & (FORBIDDEN_MODULES - ({"os"} if reads else set()))
    assert set() == (set() if reads else _called(tree) & FORBIDDEN_CALLS)


def test_no_module_of_the_core_reassigns_its_globals() -> None:
    """No module of the core has a `global` statement."""
    offenders = [
        path.name
        for path in PURE_FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Global)
    ]

    assert [] == offenders


def test_the_library_imports_no_extra() -> None:
    """All public names of the package can be imported without any optional dependency."""
    code = (
        "import sys; from ticketcore import *; print(decide.__name__);"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "decide" == done.stdout.splitlines()[0]
    assert set() == EXTRAS & set(done.stdout.split())
