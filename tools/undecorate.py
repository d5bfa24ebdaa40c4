"""Turn decorators of functions into calls after them, in a copy of the source.

mutmut changes no function that has a decorator. Handlers of commands, changes of a ticket,
properties and validators have one, so `make mutate` runs this on the copy that it mutates:

    @handles(Reply)              def _reply(…):
    def _reply(…):         ->        …
        …                        _reply = handles(Reply)(_reply)

mutmut knows class methods and static methods. The decorators of caches stay, since a cache that
is filled hides a change.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

_STAY = frozenset({"cache", "classmethod", "lru_cache", "overload", "staticmethod"})


def undecorated(source: str) -> str:
    """Return the text of a module in which calls that follow functions replace decorators."""
    lines = source.splitlines(keepends=True)
    for function in reversed(list(_functions(ast.parse(source)))):
        decorators = function.decorator_list
        if any(_name(each) in _STAY for each in decorators):
            continue
        indent = " " * function.col_offset
        for each in decorators:
            call = f"{indent}{function.name} = {ast.unparse(each)}({function.name})\n"
            lines.insert(function.end_lineno or 0, call)
        for each in reversed(decorators):
            del lines[each.lineno - 1 : each.end_lineno]
    return "".join(lines)


def _functions(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a module and the methods of its classes, from top to bottom."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef):
            yield inner
        elif isinstance(inner, ast.ClassDef):
            yield from _functions(inner)


def _name(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def main() -> None:
    """Rewrite the Python files in the folder that the command line names."""
    for path in Path(sys.argv[1]).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        path.write_text(undecorated(source), encoding="utf-8")


if __name__ == "__main__":
    main()
