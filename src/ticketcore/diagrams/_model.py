"""A state diagram as data: states, transitions, and their lines of text."""

from typing import Final, Literal, TypeAlias

import attrs

StateRole: TypeAlias = Literal["start", "open", "choice", "pending", "closed", "final", "dispute"]


CLOCK: Final = "\N{STOPWATCH}"
"""The sign before what a timer does, as text. A picture has a drawing instead."""


class TimerLine(str):
    """A line about a timer, which is drawn differently from a line about people."""

    __slots__ = ()


@attrs.frozen(kw_only=True)
class SpanTable:
    """The spans of timers by the value of a fact. Each row begins with the name of a timer."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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
    """A state diagram. *lines* apply to every open state; *tables* have spans of its timers."""

    title: str
    states: tuple[DiagramState, ...]
    transitions: tuple[Transition, ...]
    lines: tuple[str, ...] = ()
    tables: tuple[SpanTable, ...] = ()
