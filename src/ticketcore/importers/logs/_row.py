"""A row of a log, and the cells that it has."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias


class Row(NamedTuple):
    """The cells of a row, in the order in which the columns were asked for.

    *place* names it in messages, such as ``line 7``. *name* is the name of its path in `log.rows`.
    A cell has no outer white space, and is None where the log has no value.
    """

    place: str
    name: str
    cells: tuple[str | None, ...]


Cells: TypeAlias = Sequence[str | None]
"""The cells of a row that a mapping reads; None where the log has no value."""

Level: TypeAlias = tuple[str, Any]
"""The path of a nested element, such as ``issues[].comments[]``, and its value."""


def compared(cell: str | None) -> str | None:
    """Return the form in which cells are compared: upper and lower case are the same."""
    return None if cell is None else cell.casefold()


def find_cells(
    levels: Sequence[Level], columns: Iterable[str], missing: frozenset[str]
) -> tuple[str | None, ...]:
    """Return the cells of nested elements, the outermost first.

    A column is a dotted path from an element. The innermost element that has it counts; a column
    that begins with the path of a level, as in ``issues[].id``, is looked up in that level only;
    the path itself is the key of an element in an object. A path that leads through a list of
    objects gives the text of each object, separated by commas.
    """
    return tuple([_find(levels, column, missing) for column in columns])


def _find(levels: Sequence[Level], column: str, missing: frozenset[str]) -> str | None:
    if "[" in column and not column.endswith("[]"):  # else the key of an element
        path, _, column = column.rpartition("[].")
        levels = [level for level in levels if level[0] == f"{path}[]"]
    for _, element in reversed(levels):
        found = _get(element, column) if isinstance(element, dict) else None
        if found is not None:
            text = (text_of(found) or "").strip()
            return None if text in missing else text
    return None


def _get(element: Any, column: str) -> Any:
    if isinstance(element, list):
        found = [_get(each, column) for each in element if isinstance(each, dict)]
        return [each for each in found if each is not None] or None
    if not isinstance(element, dict):
        return None
    if column in element:
        return element[column]
    key, _, rest = column.partition(".")
    return _get(element.get(key), rest) if rest else None


def paths_of(element: Any) -> Iterator[str]:
    """Yield the path of each text in an element, but for those in lists of objects."""
    for key, value in element.items() if isinstance(element, dict) else ():
        if isinstance(value, dict):
            yield from (f"{key}.{path}" for path in paths_of(value))
        elif text_of(value):
            yield key


def text_of(value: Any) -> str | None:
    """Return a value of JSON as the text of a cell, or None for an object or null."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(text for each in value if (text := text_of(each)))
    return None if value is None or isinstance(value, dict) else str(value)
