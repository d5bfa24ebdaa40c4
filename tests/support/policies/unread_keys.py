"""Find declared keys of policy and scenario files that no code reads."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import attrs

import ticketcore
from ticketcore._toml import keys_of

SOURCE = Path(ticketcore.__file__).parent
DECLARING = [
    f"ticketcore.{'.'.join(path.relative_to(SOURCE).with_suffix('').parts)}"
    for package in ("policies", "scenarios")
    for path in sorted((SOURCE / package).rglob("_*.py"))
    if path.name != "__init__.py"
]


def declared_keys() -> Iterator[tuple[str, str]]:
    """Yield the class and the attribute of every declared key."""
    for module in map(import_module, DECLARING):
        for declared in vars(module).values():
            of_module = isinstance(declared, type) and declared.__module__ == module.__name__
            if of_module and attrs.has(declared):
                yield from (
                    (declared.__name__, key.attribute) for key in keys_of(declared).values()
                )


def unread_keys() -> list[tuple[str, str]]:
    """Return each declared key whose attribute no code of the package reads by its name."""
    read = {
        node.attr
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    return [(declared, key) for declared, key in declared_keys() if key not in read]
