"""The cycles of a ticket's timers, from its recorded events alone.

A cycle begins with the `Scheduled` that first lists it, and ends with the one that names its end.
A timer whose condition holds again, or whose ticket is opened again, comes back with its cycle,
whose end is then undone. Neither policy nor calendar is needed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias, assert_never

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.fast_attrs import fast
from ticketcore.events import (
    EVENTS,
    Breached,
    DeadlineSet,
    Event,
    PauseStarted,
    Scheduled,
    Timer,
    TimerIdentity,
)

CycleOutcome: TypeAlias = Literal[
    "met-in-time", "met-late", "missed", "fired", "cancelled", "running"
]
"""The outcome of a cycle. Late ones are ``met-late`` or, if they were not met, ``missed``.

``fired``: its deadline acted without a breach.
"""


@attrs.frozen(kw_only=True)
class TimerCycle:
    """One cycle of a timer of a ticket. All instants are UTC.

    *timer* is the timer as it was recorded last, with its deadline. *set_at* is the instant at
    which it was first listed, *fired_at* that at which its deadline acted. A cycle is *late* if
    it holds a `Breached`. *end* says how it ended at *ended_at*, None while it runs. *paused* is
    the elapsed time of its pauses, without one that still holds.
    """

    timer: Timer
    set_at: datetime
    fired_at: datetime | None
    late: bool
    end: Literal["met", "cancelled"] | None
    ended_at: datetime | None
    paused: timedelta

    @property
    def outcome(self) -> CycleOutcome:
        """The outcome of the cycle so far."""
        if self.late:
            return "met-late" if self.end == "met" else "missed"
        if self.fired_at is not None:
            return "fired"
        match self.end:
            case "met":
                return "met-in-time"
            case "cancelled":
                return "cancelled"
            case None:
                return "running"
            case _:
                assert_never(self.end)

    @property
    def late_by(self) -> timedelta | None:
        """Elapsed time from the deadline to the end of a cycle that was met late, else None.

        It is zero if the deadline was moved to an instant after the end.
        """
        if self.ended_at is None or self.outcome != "met-late":
            return None
        return max(self.ended_at - self.timer.due, _NO_TIME)


@attrs.define
class CycleCounts:
    """Numbers of cycles: of all, and of those with each outcome, which add up to all."""

    cycles: int = 0
    met_in_time: int = 0
    met_late: int = 0
    missed: int = 0
    fired: int = 0
    cancelled: int = 0
    running: int = 0

    @property
    def late(self) -> int:
        """Number of cycles that hold a `Breached`."""
        return self.met_late + self.missed

    def add(self, outcome: CycleOutcome, times: int = 1) -> None:
        """Count cycles with this outcome."""
        self.cycles += times
        name = outcome.replace("-", "_")
        setattr(self, name, getattr(self, name) + times)


_new_cycle = fast(TimerCycle)
_NO_TIME = timedelta()
_NAMES_TIMER: Final = frozenset(
    event for event in EVENTS.values() if "timer" in attrs.fields_dict(event)
) - {DeadlineSet}  # it moves a deadline, and none acts


@typed
def timer_cycles(events: Iterable[Event]) -> tuple[TimerCycle, ...]:
    """Return the cycles of all timers of one ticket, in the order in which they were set.

    Tickets whose events record no timers, as those of imported logs, have none.
    """
    found: dict[TimerIdentity, _Observed] = {}
    listed: tuple[_Observed, ...] = ()
    for event in events:
        at = event.at
        if type(event) is Scheduled:
            listed = tuple([_listed(found, timer, at) for timer in event.timers])
            for end in event.ended:
                ended = found.get(end.identity)
                if ended is not None:
                    ended.finish(end.outcome, at)
        elif type(event) is PauseStarted:
            for each in listed:
                if each.timer.name in event.timers:
                    each.stand_still(at, paused=True)
        elif type(event) in _NAMES_TIMER:
            _act(listed, event)
    return tuple([each.cycle() for each in found.values()])


def _listed(found: "dict[TimerIdentity, _Observed]", timer: Timer, at: datetime) -> "_Observed":
    identity = timer.identity
    cycle = found.get(identity)
    if cycle is None:
        cycle = found[identity] = _Observed(timer, at)
    else:
        cycle.list_again(timer, at)
    return cycle


def _act(listed: "Iterable[_Observed]", event: Any) -> None:
    """Note that a deadline acted: that of the first timer of its name that had not acted yet."""
    name = event.timer
    if name is None or getattr(event, "level", None) is not None:
        return
    dispute = getattr(event, "dispute", None)
    for cycle in listed:
        timer = cycle.timer
        if timer.name == name and cycle.fired_at is None and dispute in (None, timer.dispute):
            cycle.fired_at = event.at
            cycle.late = type(event) is Breached
            return


class _Observed:
    """A cycle, updated while the events of its ticket are read."""

    __slots__ = ("_paused", "_set_at", "_since", "end", "ended_at", "fired_at", "late", "timer")

    def __init__(self, timer: Timer, at: datetime) -> None:
        self.timer = timer
        self.fired_at = at if timer.passed else None  # its effect changed nothing
        self.late = False
        self.end: Literal["met", "cancelled"] | None = None
        self.ended_at: datetime | None = None
        self._set_at = at
        self._paused = _NO_TIME
        self._since = None if timer.paused is None else at  # it has been paused since then

    def list_again(self, timer: Timer, at: datetime) -> None:
        self.timer = timer
        self.end = self.ended_at = None
        if timer.passed and self.fired_at is None:  # its effect changed nothing
            self.fired_at = at
        self.stand_still(at, paused=timer.paused is not None)

    def stand_still(self, at: datetime, *, paused: bool) -> None:
        if self._since is None:
            self._since = max(at, self.timer.since) if paused else None
        elif not paused:
            self._paused += max(at - self._since, timedelta())
            self._since = None

    def finish(self, end: Literal["met", "cancelled"], at: datetime) -> None:
        self.stand_still(at, paused=False)
        self.end, self.ended_at = end, at

    def cycle(self) -> TimerCycle:
        return _new_cycle(
            timer=self.timer,
            set_at=self._set_at,
            fired_at=self.fired_at,
            late=self.late,
            end=self.end,
            ended_at=self.ended_at,
            paused=self._paused,
        )
