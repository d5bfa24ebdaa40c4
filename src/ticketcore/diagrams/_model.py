"""A state diagram as data: states, transitions, and the lines of text beside them."""

from typing import Literal, TypeAlias

import attrs

StateRole: TypeAlias = Literal["start", "open", "choice", "pending", "closed", "final", "dispute"]


@attrs.frozen(kw_only=True)
class DiagramState:
    """A state of a ticket or a dispute.

    *lines* describe what happens in the state without leaving it. *rank* is the row in which the
    state is drawn, from the top.
    """

    id: str
    title: str
    role: StateRole
    rank: int
    lines: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Transition:
    """A transition between two states, by their ids. *lines* say who or which timer causes it."""

    source: str
    target: str
    lines: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Diagram:
    """A state diagram. *lines* apply to every open state."""

    title: str
    states: tuple[DiagramState, ...]
    transitions: tuple[Transition, ...]
    lines: tuple[str, ...] = ()
