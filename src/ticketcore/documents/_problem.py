import attrs

from ticketcore.documents._node import Place
from ticketcore.documents._wording import dotted


@attrs.frozen(order=True)
class Problem:
    """One mistake in a file. Problems sort by file and place.

    `line` and `column` count from 1; `path` is dotted text such as `timer[2].after`, as counted
    in that file, and empty where the file as a whole is meant. `message` says what was found and
    what would be right.
    """

    source: str
    line: int
    column: int
    path: str
    message: str

    @classmethod
    def at(cls, place: Place, message: str) -> "Problem":
        """A problem with what was written at a place."""
        return cls(place.source, place.line, place.column, dotted(place.path), message)

    def __str__(self) -> str:
        what = f"{self.path}: {self.message}" if self.path else self.message
        return f"{self.source}:{self.line}:{self.column}: {what}"
