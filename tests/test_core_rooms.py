"""What the core may not do: know the time, the machine, or the world outside."""

import ast
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import ticketcore

SRC = Path(ticketcore.__file__).parent
PURE = ("calendar", "events", "policies", "decider", "notices", "inbox")
PURE_FILES = sorted(
    path
    for path in SRC.rglob("*.py")
    if path.relative_to(SRC).parts[0] in (*PURE, "ticket.py", "commands", "documents", "errors.py")
)
# Files whose task is to read a file: one that the caller names, or one of the library's own.
READERS = {"_history_files.py", "_load.py", "_phrases.py", "_templates.py"}

FORBIDDEN_MODULES = {
    "logging", "os", "random", "secrets", "socket", "subprocess", "threading", "time",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "getenv", "input", "now", "open", "print", "read_text", "today", "utcnow", "uuid1", "uuid4",
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
def test_the_core_is_pure(path: Path) -> None:
    """No clock, randomness, environment, I/O or logging: instants and ids are arguments."""
    if path.name in READERS:
        assert not _imported(ast.parse(path.read_text())) & (FORBIDDEN_MODULES - {"os"})
        return
    tree = ast.parse(path.read_text())

    assert set() == _imported(tree) & FORBIDDEN_MODULES
    assert set() == _called(tree) & FORBIDDEN_CALLS


def test_no_module_of_the_core_keeps_global_state() -> None:
    """No `global` statement, and no module-level list, dict or set that is filled later."""
    offenders = [
        path.name
        for path in PURE_FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Global)
    ]

    assert [] == offenders


EXTRAS = {
    "dateutil", "holidays", "hypothesis", "icalendar", "jinja2", "babel", "numpy", "rich",
    "sqlalchemy", "typer",
}  # fmt: skip


def test_importing_the_library_pulls_in_no_extra() -> None:
    """All names of the face, and their rooms with them, come without an extra: extras are
    imported where they are used."""
    code = (
        "import sys; from ticketcore import *; print(fold.__module__);"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "ticketcore.ticket._fold" == done.stdout.splitlines()[0]
    assert set() == EXTRAS & set(done.stdout.split())


@pytest.mark.parametrize(
    "package",
    sorted(
        {p.parent.relative_to(SRC).as_posix() for p in SRC.rglob("__init__.py")}
        - {".", "_internal"}
    ),
)
def test_packages_say_what_they_offer(package: str) -> None:
    """An `__init__` holds imports and a sorted `__all__`, and what it names is there."""
    tree = ast.parse((SRC / package / "__init__.py").read_text())
    kinds = {type(node) for node in tree.body}
    names = [
        [ast.literal_eval(element) for element in node.value.elts]
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List)
        and getattr(node.targets[0], "id", "") == "__all__"
    ]

    assert kinds <= {ast.Import, ast.ImportFrom, ast.Assign, ast.Expr}
    assert [sorted(set(names[0]))] == [sorted(names[0])]


def test_the_face_names_what_it_offers() -> None:
    """Each public name is there, from its room; any other is an AttributeError."""
    assert sorted(ticketcore.__all__) == ticketcore.__all__
    assert [] == [name for name in ticketcore.__all__ if not hasattr(ticketcore, name)]
    assert ticketcore.decide is ticketcore.decider.decide
    with pytest.raises(AttributeError, match="has no attribute 'decides'"):
        _ = ticketcore.decides


def test_the_face_can_be_looked_at() -> None:
    """`dir` lists what was not asked for yet, and what was asked for once is simply there."""
    code = (
        "import ticketcore; print('fold' in dir(ticketcore), 'fold' in vars(ticketcore));"
        "ticketcore.fold; print('fold' in dir(ticketcore), 'fold' in vars(ticketcore))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ["True False", "True True"] == done.stdout.splitlines()
    assert set(ticketcore.__all__) <= set(dir(ticketcore))


def test_the_version_is_the_one_that_is_published() -> None:
    """The version stands in the package and in its metadata."""
    assert metadata.version("ticketcore") == ticketcore.__version__
