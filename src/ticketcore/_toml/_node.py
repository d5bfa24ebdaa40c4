import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml._positions import Path, Position
from ticketcore._toml._problem import Place, Problem

Plain: TypeAlias = str | int | float | bool | dt.datetime | dt.date | dt.time


@frozen
class Node(Value):
    """One value of a document and its place.

    The place travels with the value, so it still names the right file and line after a merge.
    """

    value: "Plain | dict[str, Node] | list[Node]"
    place: Place

    @property
    def entries(self) -> "dict[str, Node]":
        """The entries of a table; empty for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def elements(self) -> "list[Node]":
        """The elements of an array; empty for any other value."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> object:
        """Return the value as tomllib gives it."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def place_of(self, path: Path) -> Place:
        """Return the place of the value at *path*, or else of the nearest table above it."""
        if not path:
            return self.place
        child = self._child(path[0])
        if child is None:
            return attrs.evolve(self.place, path=self.place.path + path)
        return child.place_of(path[1:])

    def problem(self, message: str, *path: str | int) -> Problem:
        """Make the problem of this value, or of the value at *path* below it."""
        return Problem.at(self.place_of(path), message)

    def _child(self, step: str | int) -> "Node | None":
        if isinstance(step, str):
            return self.entries.get(step)
        return self.elements[step] if step < len(self.elements) else None


def tree(value: object, positions: Mapping[Path, Position], source: str, path: Path = ()) -> Node:
    """Turn what tomllib has read into nodes that know their places."""
    position = positions[path]
    place = Place(source, position.line, position.column, path)
    if isinstance(value, dict):
        return Node({k: tree(v, positions, source, (*path, k)) for k, v in value.items()}, place)
    if isinstance(value, list):
        return Node(
            [tree(v, positions, source, (*path, i)) for i, v in enumerate(value)],
            place,
        )
    assert isinstance(value, Plain)
    return Node(value, place)
