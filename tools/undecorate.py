"""Turn decorators that only register a function into calls after it, in a copy of the source.

mutmut changes no function that has a decorator. The handlers of commands and the changes of a
ticket are registered by decorators, so `make mutate` runs this on the copy that it mutates:

    @handles(Reply)              def _reply(…):
    def _reply(…):         ->        …
        …                        handles(Reply)(_reply)
"""

import ast
import sys
from pathlib import Path

_REGISTERS = frozenset({"_changes", "handles", "no_op_if"})


def undecorated(source: str) -> str:
    """Return the text of a module in which registering decorators follow their functions."""
    lines = source.splitlines(keepends=True)
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for function in reversed(functions):
        calls = [node for node in function.decorator_list if _registers(node)]
        for call in calls:
            lines.insert(function.end_lineno or 0, f"{ast.unparse(call)}({function.name})\n")
        for call in reversed(calls):
            del lines[call.lineno - 1 : call.end_lineno]
    return "".join(lines)


def _registers(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id in _REGISTERS
    )


def main() -> None:
    """Rewrite the Python files in the folder that the command line names."""
    for path in Path(sys.argv[1]).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        path.write_text(undecorated(source), encoding="utf-8")


if __name__ == "__main__":
    main()
