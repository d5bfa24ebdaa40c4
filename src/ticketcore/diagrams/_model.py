"""A state diagram as data: states, transitions, and what is written beside them."""

from typing import Literal, TypeAlias

import attrs

StateRole: TypeAlias = Literal["start", "open", "choice", "waiting", "closed", "final", "dispute"]


@attrs.frozen(kw_only=True)
class DiagramState:
    """A state of a ticket. *lines* are what happens in it without leaving it; *rank* is how far
    down it is drawn."""

    id: str
    title: str
    role: StateRole
    rank: int
    lines: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Transition:
    """A way from a state to another. *lines* are who may take it, or which timer does."""

    source: str
    target: str
    lines: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Diagram:
    """A whole diagram. *lines* hold for every open state."""

    title: str
    states: tuple[DiagramState, ...]
    transitions: tuple[Transition, ...]
    lines: tuple[str, ...] = ()
