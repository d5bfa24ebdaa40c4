"""Strategy for stored histories with one known damage each, and the error that it must cause."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from ticketcore.events import Event, Recorded, Unknown, to_line
from ticketcore.testing.strategies._histories import PolicySource, histories


@attrs.frozen(kw_only=True)
class DamagedHistory:
    """The lines of a history file with one damaged ticket; each line has its line end.

    *problem* is the code of the HistoryError that a reader must raise. It is None for an unknown
    event, which readers must keep.
    """

    lines: tuple[str, ...]
    damage: str
    problem: str | None


_Damage: TypeAlias = Callable[[list[Recorded], int], list[str]]


def recorded_events(events: tuple[Event, ...], ticket: str = "T-1") -> list[Recorded]:
    """Give the events of a ticket their sequence numbers, from 1."""
    return [Recorded(ticket, seq, event) for seq, event in enumerate(events, 1)]


def _lines(recorded: list[Recorded]) -> list[str]:
    return [to_line(one) + "\n" for one in recorded]


def _leave_out(recorded: list[Recorded], at: int) -> list[str]:
    return _lines([*recorded[:at], *recorded[at + 1 :], _last_moved(recorded, 2)])


def _repeat(recorded: list[Recorded], at: int) -> list[str]:
    return _lines([*recorded[: at + 1], recorded[at], *recorded[at + 1 :]])


def _put_later_event_first(recorded: list[Recorded], at: int) -> list[str]:
    return _lines([*recorded[:at], _last_moved(recorded, 1), *recorded[at:]])


def _date_back(recorded: list[Recorded], at: int) -> list[str]:
    event = recorded[at].event
    early = recorded[at - 1].event.at - timedelta(microseconds=1)
    moved = attrs.evolve(recorded[at], event=attrs.evolve(event, at=early))
    return _lines([*recorded[:at], moved, *recorded[at + 1 :]])


def _cut_last_line(recorded: list[Recorded], _: int) -> list[str]:
    lines = _lines(recorded)
    return [*lines[:-1], lines[-1][: len(lines[-1]) // 2]]


def _leave_out_opening(recorded: list[Recorded], _: int) -> list[str]:
    return _lines(recorded[1:])


def _add_unknown(recorded: list[Recorded], _: int) -> list[str]:
    last = recorded[-1]
    event = Unknown(name="from-the-future", schema=1, at=last.event.at, body='{"a":1}')
    return _lines([*recorded, Recorded(last.ticket, last.seq + 1, event)])


def _last_moved(recorded: list[Recorded], steps: int) -> Recorded:
    """Return the last event with a sequence number that is *steps* higher."""
    last = recorded[-1]
    return attrs.evolve(last, seq=last.seq + steps)


_DAMAGES: tuple[tuple[str, str | None, _Damage], ...] = (
    ("an event is missing", "gap", _leave_out),
    ("an event is repeated", "duplicate", _repeat),
    ("a later event comes first", "gap", _put_later_event_first),
    ("an event is dated before the one before it", "backwards", _date_back),
    ("the last line is cut", "truncated", _cut_last_line),
    ("the opening is missing", "not-opened", _leave_out_opening),
    ("an event has an unknown name", None, _add_unknown),
)


@st.composite
def damaged_histories(draw: st.DrawFn, policy: PolicySource = None) -> DamagedHistory:
    """Draw valid histories of at least two events, stored and then damaged in one of seven ways.

    Every kind of damage is equally frequent, and can be at any place.
    """
    events = draw(histories(policy))
    recorded = recorded_events((*events, events[-1]) if len(events) == 1 else events)
    damage, problem, apply_damage = draw(st.sampled_from(_DAMAGES))
    at = draw(st.integers(1, len(recorded) - 1))
    return DamagedHistory(lines=tuple(apply_damage(recorded, at)), damage=damage, problem=problem)
