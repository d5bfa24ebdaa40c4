import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.terminal import cut, cut_path
from ticketcore._toml._positions import Path
from ticketcore._toml._wording import dotted


@frozen
class Place(Value):
    """The place of a value: file, line and column from 1, and its key path in that file."""

    source: str
    line: int
    column: int
    path: Path = ()


@attrs.frozen(order=True)
class Problem:
    """One mistake in a file. Problems sort by file and place.

    `line` and `column` count from 1; both are 0 if the file could not be read. `path` is dotted
    text such as `timer[2].after`, counted in that file, and empty if the problem concerns the
    whole file. `message` names the value found and what would be right.
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
        text = f"{cut(self.path)}: {self.message}" if self.path else self.message
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{cut_path(self.source)}{place}: {text}"


class EnoughProblemsError(Exception):
    """Raised to stop the reading of a file that has the greatest number of problems."""


class UnreadError(Exception):
    """Raised for a value that could not be read. Its problem is noted already."""
