"""Collect the states and transitions of a diagram."""

from collections.abc import Iterable

import attrs

from ticketcore.diagrams._model import Diagram, DiagramState, SpanTable, StateRole, Transition


@attrs.frozen
class _DraftState:
    title: str
    role: StateRole
    rank: int
    lines: list[str]


class DiagramBuilder:
    """A mutable diagram. States have names; the finished diagram numbers them."""

    def __init__(self) -> None:
        self._states: dict[str, _DraftState] = {}
        self._transitions: dict[tuple[str, str], list[str]] = {}

    def add_state(
        self, name: str, title: str, role: StateRole, rank: int, lines: Iterable[str] = ()
    ) -> None:
        """Add a state."""
        self._states[name] = _DraftState(title, role, rank, list(lines))

    def has_state(self, name: str) -> bool:
        """Return whether a state was added."""
        return name in self._states

    def add_line(self, name: str, line: str) -> None:
        """Add a line to a state."""
        self._states[name].lines.append(line)

    def connect(self, source: str, target: str, lines: Iterable[str]) -> None:
        """Add *lines* to the transition between two states. Does nothing without lines."""
        added = list(lines)
        if added:
            self._transitions.setdefault((source, target), []).extend(added)

    def connect_always(self, source: str, target: str) -> None:
        """Add a transition that needs no lines."""
        self._transitions.setdefault((source, target), [])

    def build(self, title: str, lines: Iterable[str], tables: Iterable[SpanTable] = ()) -> Diagram:
        """Return the finished diagram, with ranks from 0 and ids in the order of the ranks."""
        by_rank = sorted(self._states.items(), key=lambda item: item[1].rank)
        ranks = sorted({state.rank for _, state in by_rank})
        ids = {name: f"s{number}" for number, (name, _) in enumerate(by_rank)}
        return Diagram(
            title=title,
            states=tuple(
                DiagramState(
                    id=ids[name],
                    title=state.title,
                    role=state.role,
                    rank=ranks.index(state.rank),
                    lines=tuple(state.lines),
                )
                for name, state in by_rank
            ),
            transitions=tuple(
                Transition(
                    source=ids[source],
                    target=ids[target],
                    lines=tuple(dict.fromkeys(transition_lines)),
                )
                for (source, target), transition_lines in self._transitions.items()
            ),
            lines=tuple(lines),
            tables=tuple(tables),
        )
