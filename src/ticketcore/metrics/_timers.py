"""Compute the figures of each timer, group by group, from the recorded events of histories.

A cycle counts in the group of the instant at which it was set. Only working time needs the
policy: its calendars count how late a cycle was met.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.decider import usage
from ticketcore.events import Event
from ticketcore.metrics._cycles import CycleCounts, TimerCycle, timer_cycles
from ticketcore.metrics._grouping import By, Group, OnBroken, grouped, groupings_of
from ticketcore.metrics._metrics import (
    GROUP_DEFINITION,
    Ratio,
    Spread,
    defined,
)
from ticketcore.policies import DEADLINE, Policy
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class TimerMetrics:
    """The figures of one timer in one group. `TIMER_DEFINITIONS` explains each of them.

    *cycles* is the sum of *met_in_time*, *met_late*, *missed*, *fired*, *cancelled* and
    *running*.
    """

    group: Mapping[str, str] = attrs.field(metadata=defined(GROUP_DEFINITION))
    timer: str = attrs.field(metadata=defined("The timer's name in the policy."))
    cycles: int = attrs.field(metadata=defined("How often the timer was set in the period."))
    attained: Ratio = attrs.field(
        metadata=defined(
            "Share of cycles that were met in time, of those that were met or missed. Only timers "
            "that breach have one."
        )
    )
    met_in_time: int = attrs.field(metadata=defined("Cycles that were met without a breach."))
    met_late: int = attrs.field(metadata=defined("Cycles that were met after a recorded breach."))
    missed: int = attrs.field(
        metadata=defined(
            "Cycles with a recorded breach that were not met: they still run, or were cancelled."
        )
    )
    late_by: Spread = attrs.field(
        metadata=defined("Time from the deadline to the end of cycles that were met late.")
    )
    late_by_working: Spread = attrs.field(
        metadata=defined("The same in working time of the timer's calendar.")
    )
    fired: int = attrs.field(
        metadata=defined(
            "Cycles whose deadline acted without a breach: the timer warned, closed, refunded."
        )
    )
    cancelled: int = attrs.field(
        metadata=defined(
            "Other cycles that ended without being met, because the timer no longer applied."
        )
    )
    running: int = attrs.field(
        metadata=defined("Other cycles, which still run at the ticket's last event.")
    )
    paused: timedelta = attrs.field(
        metadata=defined(
            "Elapsed time of all pauses of the cycles, without pauses that still hold."
        )
    )


TIMER_DEFINITIONS = MappingProxyType(
    {field.name: str(field.metadata["definition"]) for field in attrs.fields(TimerMetrics)}
)
"""The meaning of each figure of a timer, by its name."""


@typed
def measure_timers(
    histories: Iterable[tuple[str, tuple[Event, ...]]],
    policy: Policy,
    by: By = (),
    *,
    on_broken: OnBroken | None = None,
) -> tuple[TimerMetrics, ...]:
    """Return the figures of each timer in each group, sorted by group and in the policy's order.

    Timers that the policy does not declare follow by name. *histories*, *by* and *on_broken* are
    those of `measure`. Cycles come from recorded events; *policy* gives the calendars, the fields
    and the timers that breach. So the figures of a timer never depend on another timer.

    Raises UnknownGroupingError as `measure` does, CalendarRangeError if an instant lies outside
    the supported years of a timer's calendar, and HistoryError for events without an opening.
    """
    groupings = groupings_of(by, policy)
    order = {
        name: place for place, name in enumerate(dict.fromkeys(t.name for t in policy.timers))
    }
    breaching = {t.name for t in (*policy.timers, DEADLINE) if t.effect == "breach"}
    tallies: defaultdict[tuple[Group, str], _TimerTally] = defaultdict(_TimerTally)

    def read(ticket: Ticket, events: tuple[Event, ...]) -> "list[_Measured]":
        return [(each, _worked(ticket, policy, each)) for each in timer_cycles(events)]

    for found in grouped(histories, policy, groupings, read, on_broken):
        for cycle, worked in found.read:
            tallies[found.group_of(cycle.set_at), cycle.timer.name].add(cycle, worked)
    return tuple(
        tallies[group, timer].metrics(
            dict(zip(groupings, group, strict=True)), timer, breaches=timer in breaching
        )
        for group, timer in sorted(
            tallies, key=lambda key: (key[0], order.get(key[1], len(order)), key[1])
        )
    )


_Measured: TypeAlias = tuple[TimerCycle, timedelta | None]
"""A cycle, and the working time by which it was late."""


def _worked(ticket: Ticket, policy: Policy, cycle: TimerCycle) -> timedelta | None:
    """Return the working time by which a cycle was met late; None for others."""
    if cycle.late_by is None or cycle.ended_at is None:
        return None
    used = usage(ticket, policy, cycle.timer, cycle.ended_at)
    return None if used is None else max(-used.remaining, timedelta())


class _TimerTally:
    """The counts and durations of one timer in one group so far."""

    def __init__(self) -> None:
        self._counts = CycleCounts()
        self._late_by: list[float] = []
        self._worked: list[float] = []
        self._paused = timedelta()

    def add(self, cycle: TimerCycle, worked: timedelta | None) -> None:
        """Count a cycle."""
        self._counts.add(cycle.outcome)
        self._paused += cycle.paused
        if cycle.late_by is not None:
            self._late_by.append(cycle.late_by.total_seconds())
        if worked is not None:
            self._worked.append(worked.total_seconds())

    def metrics(self, group: Mapping[str, str], timer: str, *, breaches: bool) -> TimerMetrics:
        """Return the figures of everything counted so far."""
        counts = self._counts
        met = counts.met_in_time
        return TimerMetrics(
            group=group,
            timer=timer,
            attained=Ratio(met, met + counts.late) if breaches else Ratio(0, 0),
            late_by=Spread.of(self._late_by),
            late_by_working=Spread.of(self._worked),
            paused=self._paused,
            **attrs.asdict(counts),
        )
