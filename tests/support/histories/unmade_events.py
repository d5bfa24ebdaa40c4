"""Find events that no decision makes."""

import ast
from pathlib import Path

from ticketcore import decider
from ticketcore.events import EVENTS

SOURCE = Path(decider.__file__).parent


def unmade_events() -> list[str]:
    """Return the class of each event that no call in the decider names."""
    called = {
        name.id
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for part in (node.func, *node.args)
        for name in ast.walk(part)
        if isinstance(name, ast.Name)
    }
    return [event.__name__ for event in EVENTS.values() if event.__name__ not in called]
