"""The public names: what the package and each of its packages export."""

import ast
from collections import Counter
from importlib import import_module, metadata
from pathlib import Path

import pytest

import ticketcore

SRC = Path(ticketcore.__file__).parent
PACKAGES = sorted(
    path.parent.relative_to(SRC).as_posix()
    for path in SRC.rglob("__init__.py")
    if "import " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lists_its_public_names(package: str) -> None:
    """An `__init__` that imports anything holds imports and one sorted `__all__`."""
    tree = ast.parse((SRC / package / "__init__.py").read_text(encoding="utf-8"))
    kinds = {type(node) for node in tree.body}
    (names,) = [
        [ast.literal_eval(element) for element in node.value.elts]
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List)
        and getattr(node.targets[0], "id", "") == "__all__"
    ]

    assert kinds <= {ast.Import, ast.ImportFrom, ast.Assign, ast.Expr}
    assert sorted(set(names)) == sorted(names)


def test_the_package_exports_what_it_lists() -> None:
    """The package exports all of its public names, in sorted order."""
    assert sorted(ticketcore.__all__) == ticketcore.__all__
    assert [] == [name for name in ticketcore.__all__ if not hasattr(ticketcore, name)]


def test_the_version_is_the_published_one() -> None:
    """The package and its metadata have the same version."""
    assert metadata.version("ticketcore") == ticketcore.__version__


def test_the_name_of_a_class_stands_for_one_class() -> None:
    """No two modules of the package have classes of one name."""
    classes = Counter(
        node.name
        for path in SRC.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )

    assert [] == [name for name, count in classes.items() if count > 1]


def test_a_public_name_stands_for_one_thing() -> None:
    """Packages that export the same name export the same thing; commands have names of their own.

    A command of the command line is named like the function of the library that it calls.
    """
    libraries = [
        import_module(f"ticketcore.{package.replace('/', '.')}".rstrip("."))
        for package in PACKAGES
        if not package.startswith("cli")
    ]
    things = {
        (name, id(getattr(library, name))) for library in libraries for name in library.__all__
    }

    assert [] == [name for name, count in Counter(name for name, _ in things).items() if count > 1]
