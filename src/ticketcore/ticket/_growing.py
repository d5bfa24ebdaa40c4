"""The tuples of a ticket that events add to, while many events are folded.

A copy of a tuple at each event takes time that grows with the square of their number. So a fold of
many events keeps lists, or dicts by id, in the places of these tuples until its end. `+=` adds to
a tuple and to a list alike; the functions below do so for a tuple and for a dict.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import attrs

from ticketcore.events import Timer
from ticketcore.ticket._ticket import FiredLevel, TicketDraft

MANY: Final = 32
"""Number of events from which a fold keeps lists and dicts. Below it, making them takes longer."""

_LISTS: Final = (
    "message_references",
    "customer_messages",
    "moved_messages",
    "cancelled_units",
    "unread",
)
_BY_ID: Final[Mapping[str, Callable[[Any], Hashable]]] = {
    "tags": str,
    "shared_with": str,
    "references": lambda reference: reference,
    "refunds": attrgetter("reference"),
    "disputes": attrgetter("id"),
    "ended_timers": lambda cycle: (cycle.timer.name, cycle.timer.dispute),
}


def begin_growing(draft: TicketDraft) -> None:
    """Let the tuples of a draft grow without copies until `end_growing`."""
    for name in _LISTS:
        setattr(draft, name, list(getattr(draft, name)))
    for name, id_of in _BY_ID.items():
        values: Any = {}
        for value in getattr(draft, name):
            with_value(values, id_of(value), value)
        setattr(draft, name, values)
    draft.fields = {**draft.fields}
    levels: Any = {}
    for entry in draft.levels:
        levels[entry.timer, None] = 0, entry.cycle
        levels[entry.timer, entry.level] = 0, entry
    draft.levels = levels


def end_growing(draft: TicketDraft) -> None:
    """Make tuples of the lists and dicts again."""
    for name in _LISTS:
        setattr(draft, name, tuple(getattr(draft, name)))
    for name in _BY_ID:
        setattr(draft, name, tuple(getattr(draft, name).values()))
    levels: Any = draft.levels
    draft.levels = tuple(
        entry
        for (timer, level), (run, entry) in levels.items()
        if level is not None and run == levels[timer, None][0]
    )


def own_fields(draft: TicketDraft) -> dict[str, Any]:
    """Return the fields of a draft, to be changed: a copy, unless the tuples grow."""
    tags: Any = draft.tags
    if type(tags) is not dict:
        draft.fields = {**draft.fields}
    return draft.fields  # type: ignore[return-value]  # a dict of this draft alone


def count_level(levels: dict[Any, Any], timer: Timer, level: str, at: datetime) -> None:
    """Count a level that fired, as `fire` does for a tuple.

    *levels* has, by timer and level, the entry with the number of the timer's run of one cycle,
    and by timer and None the number and the cycle of its last run. Entries of earlier runs are
    left out in the end.
    """
    name, cycle = timer.name, timer.cycle
    run, last = levels.get((name, None), (0, cycle))
    if last != cycle:
        run += 1
    levels[name, None] = run, cycle
    known_run, known = levels.pop((name, level), (-1, None))  # the last one that fired is the last
    times = timer.overtaken + 1
    if known_run == run:
        times = known.times if known.at == at else known.times + times
    levels[name, level] = run, FiredLevel(name, cycle, level, times, at)


def with_value(values: Any, key: Hashable, value: Any) -> Any:
    """Return the values with one more. Only an impossible history repeats the id of a record."""
    if type(values) is not dict:
        return (*values, value)
    values[key if key not in values else (key, len(values))] = value
    return values


def without_text(values: Any, text: str) -> Any:
    """Return the texts without one of them."""
    if type(values) is not dict:
        return tuple(each for each in values if each != text)
    values.pop(text, None)
    return values


def with_changed(name: str, values: Any, wanted: str, **changes: Any) -> Any:
    """Return the records of the tuple *name* with changes of the first that has the id *wanted*.

    If none has it, or if only an impossible history has several, the others stay as they are.
    """
    if type(values) is not dict:
        ids = [_BY_ID[name](record) for record in values]
        if wanted not in ids:
            return values
        place = ids.index(wanted)
        changed = attrs.evolve(values[place], **changes)
        return (*values[:place], changed, *values[place + 1 :])
    if wanted in values:
        values[wanted] = attrs.evolve(values[wanted], **changes)
    return values
