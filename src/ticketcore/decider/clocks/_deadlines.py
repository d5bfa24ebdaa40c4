"""Deadlines of timers: the target that a ticket selects, and how pauses move a deadline.

A `TimerCount` adds and subtracts time as one timer counts it: open time of the target's calendar
for working hours and working days, else elapsed time. A pause that began before the deadline moves
it on by the time of the pause that counts. Pauses that overlap are merged before, so no time
counts twice.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

from ticketcore.calendar import BusinessCalendar, Span
from ticketcore.events import Timer, field_text, utc
from ticketcore.policies import Policy, Target, TimerDefinition, fact_of
from ticketcore.ticket import Pause, Ticket

_FAR_OFF = datetime(9000, 1, 1, tzinfo=UTC)


_Held: TypeAlias = tuple[datetime, datetime | None, str]  # from, until, the pause


class PausedTime(NamedTuple):
    """The time from one instant to another, in UTC."""

    since: datetime
    until: datetime


def target_of(ticket: Ticket, definition: TimerDefinition) -> Target | None:
    """Return the target of a timer of this ticket; None if the ticket's value has none."""
    if definition.target is not None:  # most timers
        return definition.target
    after, calendar = definition.after, definition.calendar
    if not isinstance(after, Span):
        selected = after.get(_value(ticket, definition.after_by))
        if selected is None:
            return None
        after = selected
    if calendar is not None and not isinstance(calendar, str):
        calendar = calendar.get(_value(ticket, definition.calendar_by))
        if calendar is None:
            return None
    return definition.target_of(after, calendar)


def recorded_target(timer: Timer, policy: Policy) -> Target | None:
    """Return the target that a timer records; None without one, or if the calendar is gone."""
    if timer.target is None:
        return None
    target = Target.parse(timer.target)
    is_known = target.calendar is None or target.calendar in policy.calendars
    return target if is_known else None


def _value(ticket: Ticket, fact: str | None) -> str:
    find = fact_of(fact or "")
    value = None if find is None else find(ticket)
    if value is None or isinstance(value, str):
        return value or ""
    return field_text(value)


def due(
    ticket: Ticket, policy: Policy, definition: TimerDefinition, since: datetime
) -> datetime | None:
    """Return the due instant of a timer of this ticket that counts from *since*, in UTC.

    Pauses are left out. None if the ticket selects no target.

    Raises CalendarRangeError if it lies outside the supported years of its calendar, and
    InstantError or NaiveDatetimeError for a wrong *since*.
    """
    target = target_of(ticket, definition)
    return (
        None if target is None else TimerCount(ticket, policy, definition, target).due(utc(since))
    )


class TimerCount(NamedTuple):
    """How one timer of one ticket counts: time of its calendar, or elapsed time."""

    ticket: Ticket
    policy: Policy
    definition: TimerDefinition
    target: Target

    def due(self, since: datetime) -> datetime:
        """Return the deadline of a count from *since*, in UTC, without pauses."""
        definition = self.definition
        if definition.elapsed is not None and since < _FAR_OFF:  # no calendar: the common case
            return since + definition.elapsed
        chains = definition.then or definition.out_of_hours
        return self.calendar.due(
            since,
            self.spans(since) if chains else self.target.after,
            boundary=definition.boundary,
            roll=definition.roll,
            at_time=definition.at_time,
        )

    def spans(self, since: datetime) -> tuple[Span, ...]:
        """Return the spans of a count from *since*; each starts where the one before it ends."""
        definition = self.definition
        spans = (self.target.after, *definition.then)
        if definition.out_of_hours and not self.calendar.is_open(since):
            spans += definition.out_of_hours
        return spans

    @property
    def calendar(self) -> BusinessCalendar:
        """The calendar that counts, in the ticket's zone."""
        return self.policy.calendar(self.target.calendar, self.ticket)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the time that counts between two instants."""
        if not self.target.after.working:
            return end - start
        return self.calendar.between(start, end)

    def after(self, start: datetime, time: timedelta) -> datetime:
        """Return the instant by which *time* has been counted from *start*."""
        if not time:  # a calendar would move the instant into open time
            return start
        if not self.target.after.working:
            return start + time
        if self.target.after.kind != "open time":
            return self.calendar.add(start, time)
        return self.calendar.add(start, time, self.definition.boundary)

    def before(self, end: datetime, time: timedelta) -> datetime:
        """Return the first instant from which *time* is counted until *end*."""
        if not time:
            return end
        if not self.target.after.working:
            return end - time
        return self.calendar.subtract(end, time, "next-open")  # at the closing before

    def paused_time(self, timer: Timer, until: datetime) -> timedelta:
        """Return the time that the pause of a timer takes from its count until an instant.

        A count that starts in the future, at an instant of a field, loses no time before it.
        """
        start = max(timer.paused or until, timer.since)
        return self.between(start, max(start, until))

    def holds(self, paused: datetime, due: datetime) -> bool:
        """Return whether a pause that began at an instant holds a deadline."""
        at_edge = self.definition.boundary == "next-open" and self.target.after.kind == "open time"
        return paused < due or (at_edge and paused == due)

    def moved(self, due: datetime, pauses: Iterable[PausedTime]) -> datetime:
        """Return a deadline moved by pauses, the earliest first."""
        for pause in pauses:
            if self.holds(pause.since, due):
                due = self.after(due, self.between(*pause))
        return due


def ended_pauses(ticket: Ticket, names: tuple[str, ...], start: datetime) -> list[Pause]:
    """Return the pauses of these names that ended after *start*, the last one first."""
    found: list[Pause] = []
    for pause in reversed(ticket.pauses):
        if pause.until <= start:  # they are in the order of their ends
            break
        if pause.name in names:
            found.append(pause)
    return found


def pauses_since(
    ticket: Ticket, names: tuple[str, ...], start: datetime
) -> tuple[list[PausedTime], datetime | None]:
    """Return the pauses of these names that ended after *start*, and since when one holds now.

    Pauses that overlap are one, and so are two of different names that touch.
    """
    found: list[_Held] = [(since, None, name) for name, since in ticket.pausing if name in names]
    found += [(p.since, p.until, p.name) for p in ended_pauses(ticket, names, start)]
    merged: list[_Held] = []
    for since, until, name in sorted(found, key=lambda each: each[0]):
        if merged:
            first, end, other = merged[-1]
            if end is None or since < end or (since == end and name != other):
                latest = None if end is None or until is None else max(end, until)
                merged[-1] = first, latest, name
                continue
        merged.append((since, until, name))
    ended = [
        PausedTime(max(since, start), until) for since, until, _ in merged if until is not None
    ]
    holding = merged[-1][0] if merged and merged[-1][1] is None else None
    return ended, None if holding is None else max(holding, start)
