"""A diagram in the making."""

from collections.abc import Iterable

from ticketcore.diagrams._model import Diagram, DiagramState, StateRole, Transition


class DiagramBuilder:
    """States and ways between them, as they come up. A way that nobody takes is not drawn."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[str, StateRole, int, list[str]]] = {}
        self._ways: dict[tuple[str, str], list[str]] = {}

    def state(
        self, name: str, title: str, role: StateRole, rank: int, lines: Iterable[str] = ()
    ) -> None:
        """Add a state."""
        self._states[name] = title, role, rank, list(lines)

    def has(self, name: str) -> bool:
        """Whether there is such a state."""
        return name in self._states

    def write(self, name: str, line: str) -> None:
        """Say in a state what happens in it."""
        self._states[name][3].append(line)

    def go(self, source: str, target: str, lines: Iterable[str] | None = None) -> None:
        """Add a way with its lines to the lines that it has; without any, it is no way at all.

        None stands for a way that needs no words.
        """
        found = None if lines is None else list(lines)
        if found is None or found:
            self._ways.setdefault((source, target), []).extend(found or ())

    def diagram(self, title: str, everywhere: Iterable[str]) -> Diagram:
        """The finished diagram."""
        ranked = sorted(self._states.items(), key=lambda state: state[1][2])
        ranks = sorted({rank for _, (_, _, rank, _) in ranked})
        places = {name: f"s{i}" for i, (name, _) in enumerate(ranked)}
        return Diagram(
            title=title,
            states=tuple(
                DiagramState(
                    id=places[name],
                    title=title,
                    role=role,
                    rank=ranks.index(rank),
                    lines=tuple(lines),
                )
                for name, (title, role, rank, lines) in ranked
            ),
            transitions=tuple(
                Transition(
                    source=places[source],
                    target=places[target],
                    lines=tuple(dict.fromkeys(lines)),
                )
                for (source, target), lines in self._ways.items()
            ),
            lines=tuple(everywhere),
        )
