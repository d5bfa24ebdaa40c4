import attrs

from ticketcore.documents._node import Node, Place
from ticketcore.documents._problem import Problem
from ticketcore.documents._table import Table
from ticketcore.errors import FileError


@attrs.frozen
class Document:
    """What a file says, or several files merged, and the problems met so far.

    A broken one could not be read at all: its problem says why, and reading it adds none.
    """

    tree: Node
    broken: bool = False
    _problems: list[Problem] = attrs.field(factory=list, eq=False)

    @classmethod
    def unreadable(cls, place: Place, message: str) -> "Document":
        """A document of which nothing is known but why."""
        return cls(Node({}, place), broken=True, problems=[Problem.at(place, message)])

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems met so far, in the order of their places."""
        return tuple(sorted(set(self._problems)))

    def root(self) -> Table:
        """The whole file as a table; begin to read here, and end with its `done()`."""
        return Table(self.tree, [] if self.broken else self._problems)

    def raise_problems(self, error: type[FileError]) -> None:
        """Raise all problems as one error of this kind; return when there are none."""
        if self._problems:
            raise error(self.problems)
