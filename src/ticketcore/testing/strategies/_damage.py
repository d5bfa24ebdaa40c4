"""Stored histories with one known damage each, and what a reader has to say of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from ticketcore.events import Event, Recorded, Unknown, to_line
from ticketcore.testing.strategies._histories import Policies, histories


@attrs.frozen(kw_only=True)
class DamagedHistory:
    """The lines of a history file, each with its end, one ticket, damaged.

    *problem* is the code of the HistoryError that a reader has to raise; None for the one thing
    that is no damage: an event that this version does not know.
    """

    lines: tuple[str, ...]
    damage: str
    problem: str | None


_Damage: TypeAlias = Callable[[list[Recorded], int], list[str]]


def stored(events: tuple[Event, ...], ticket: str = "T-1") -> list[Recorded]:
    """The events at their places in a ticket."""
    return [Recorded(ticket, seq, event) for seq, event in enumerate(events, 1)]


def _lines(recorded: list[Recorded]) -> list[str]:
    return [to_line(one) + "\n" for one in recorded]


def _gap(recorded: list[Recorded], at: int) -> list[str]:
    return _lines([*recorded[:at], *recorded[at + 1 :], _after(recorded, 2)])


def _duplicate(recorded: list[Recorded], at: int) -> list[str]:
    return _lines([*recorded[: at + 1], recorded[at], *recorded[at + 1 :]])


def _swapped(recorded: list[Recorded], at: int) -> list[str]:
    return _lines([*recorded[:at], _after(recorded, 1), *recorded[at:]])


def _backwards(recorded: list[Recorded], at: int) -> list[str]:
    event = recorded[at].event
    early = recorded[at - 1].event.at - timedelta(microseconds=1)
    moved = attrs.evolve(recorded[at], event=attrs.evolve(event, at=early))
    return _lines([*recorded[:at], moved, *recorded[at + 1 :]])


def _cut(recorded: list[Recorded], at: int) -> list[str]:
    lines = _lines(recorded)
    return [*lines[:-1], lines[-1][: len(lines[-1]) // 2]]


def _headless(recorded: list[Recorded], at: int) -> list[str]:
    return _lines(recorded[1:])


def _unknown(recorded: list[Recorded], at: int) -> list[str]:
    last = recorded[-1]
    event = Unknown(name="from-the-future", schema=1, at=last.event.at, body='{"a":1}')
    return _lines([*recorded, Recorded(last.ticket, last.seq + 1, event)])


def _after(recorded: list[Recorded], places: int) -> Recorded:
    """The last event once more, so many places on."""
    last = recorded[-1]
    return attrs.evolve(last, seq=last.seq + places)


_DAMAGES: tuple[tuple[str, str | None, _Damage], ...] = (
    ("an event is missing", "gap", _gap),
    ("an event stands there twice", "duplicate", _duplicate),
    ("an event stands before its time", "gap", _swapped),
    ("an event is stamped before the one it follows", "backwards", _backwards),
    ("the last line breaks off", "truncated", _cut),
    ("the opening is missing", "not-opened", _headless),
    ("an event is of a name that is not known yet", None, _unknown),
)


@st.composite
def damaged_histories(draw: st.DrawFn, policy: Policies = None) -> DamagedHistory:
    """Valid histories of two events and more, stored, and then damaged in one of the known ways,
    each as likely, at any place."""
    events = draw(histories(policy))
    recorded = stored((*events, events[-1]) if len(events) == 1 else events)
    damage, problem, harm = draw(st.sampled_from(_DAMAGES))
    at = draw(st.integers(1, len(recorded) - 1))
    return DamagedHistory(lines=tuple(harm(recorded, at)), damage=damage, problem=problem)
