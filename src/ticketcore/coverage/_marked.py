"""The text of a policy file with a mark beside each line of a part: used, or not."""

from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.coverage._coverage import Coverage, Use
from ticketcore.policies import policy_text

Mark: TypeAlias = Literal["scenario", "history", "unused"]


@attrs.frozen
class MarkedLine:
    """One line of a file. *mark* is None if it belongs to no part."""

    text: str
    mark: Mark | None


@typed
def marked_text(coverage: Coverage, source: str | Path) -> tuple[MarkedLine, ...]:
    """Return the lines of the policy's file, from its preset name or path, with their marks.

    A table is marked as a whole, up to the next one. If several parts share a line, such as the
    commands of a permission, the line has the worst mark of them.
    """
    text, line_of = policy_text(source)
    lines = text.splitlines()
    marks: dict[int, Mark] = {}
    for part, use in coverage.uses.items():
        first = line_of(part.path)
        if first is None:
            continue
        for line in _lines_of(lines, first, whole=part.kind != "window"):
            marks[line] = _worse(marks.get(line), _mark(use))
    return tuple(MarkedLine(line, marks.get(i)) for i, line in enumerate(lines, 1))


def _lines_of(lines: list[str], first: int, *, whole: bool) -> range:
    """Return the numbers of the lines of a table, without blank lines and comments at its end."""
    last = first
    while whole and last < len(lines) and not lines[last].startswith("["):
        last += 1
    while last > first and lines[last - 1].strip()[:1] in ("", "#"):
        last -= 1
    return range(first, last + 1)


def _mark(use: Use) -> Mark:
    return "scenario" if use.scenarios else "history" if use.tickets else "unused"


def _worse(known: Mark | None, mark: Mark) -> Mark:
    marks: tuple[Mark, ...] = ("unused", "history", "scenario")
    return mark if known is None else marks[min(marks.index(known), marks.index(mark))]
