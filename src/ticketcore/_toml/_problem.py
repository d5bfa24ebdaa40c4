import attrs

from ticketcore._toml._positions import Path
from ticketcore._toml._wording import dotted


@attrs.frozen
class Place:
    """The place of a value: file, line and column from 1, and its key path in that file."""

    source: str
    line: int
    column: int
    path: Path = ()


@attrs.frozen(order=True)
class Problem:
    """One mistake in a file. Problems sort by file and place.

    `line` and `column` count from 1. `path` is dotted text such as `timer[2].after`, counted in
    that file, and empty if the problem concerns the whole file. `message` names the value found
    and what would be right.
    """

    source: str
    line: int
    column: int
    path: str
    message: str

    @classmethod
    def at(cls, place: Place, message: str) -> "Problem":
        """Make the problem of the value at a place."""
        return cls(place.source, place.line, place.column, dotted(place.path), message)

    def __str__(self) -> str:
        text = f"{self.path}: {self.message}" if self.path else self.message
        return f"{self.source}:{self.line}:{self.column}: {text}"


class UnreadError(Exception):
    """Raised for a value that could not be read. Its problem is noted already."""
