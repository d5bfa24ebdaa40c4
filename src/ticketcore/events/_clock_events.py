"""The events of clocks: deadlines, reminders, pauses and snoozes."""

from datetime import datetime
from typing import ClassVar

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._internal.instants import utc
from ticketcore._internal.limits import MAX_PENDING_TIMERS
from ticketcore.errors import FieldError
from ticketcore.events._events import Event
from ticketcore.events._values import EndedTimer, Party, Timer


def _check_number(_: object, __: object, timers: object) -> None:
    if isinstance(timers, tuple) and len(timers) > MAX_PENDING_TIMERS:
        expected = f"at most {MAX_PENDING_TIMERS:,} pending timers"
        raise FieldError("Scheduled", "timers", f"{len(timers):,} timers", expected)


@frozen(kw_only=True)
class Scheduled(Event):
    """The timers of the ticket changed.

    *timers* is the whole list of them: first those that will act, in the order in which they do,
    then the others by name. *ended* are the timers that the change met or cancelled.
    """

    NAME: ClassVar[str] = "scheduled"
    by: Party = "system"
    derived: bool = True
    timers: tuple[Timer, ...] = attrs.field(default=(), validator=_check_number)
    ended: tuple[EndedTimer, ...] = ()


@frozen(kw_only=True)
class PauseStarted(Event):
    """A pause of the policy began to hold.

    *timers* are the names of the timers that are paused from now on, unless a `Scheduled` at the
    same instant says it.
    """

    NAME: ClassVar[str] = "pause-started"
    by: Party = "system"
    derived: bool = True
    pause: str
    timers: tuple[str, ...] = ()


@frozen(kw_only=True)
class PauseEnded(Event):
    """A pause of the policy ceased to hold."""

    NAME: ClassVar[str] = "pause-ended"
    by: Party = "system"
    derived: bool = True
    pause: str


@frozen(kw_only=True)
class Warned(Event):
    """A timer, or one of its levels, reminded the parties."""

    NAME: ClassVar[str] = "warned"
    by: Party = "system"
    timer: str
    level: str | None = None


@frozen(kw_only=True)
class Breached(Event):
    """An answer did not come in time. The event is never removed, and closes nothing (K2)."""

    NAME: ClassVar[str] = "breached"
    by: Party = "system"
    timer: str


@frozen(kw_only=True)
class Rescheduled(Event):
    """A party had all pending deadlines computed again; the `Scheduled` after it has them."""

    NAME: ClassVar[str] = "rescheduled"


@frozen(kw_only=True)
class DeadlineSet(Event):
    """A party set the deadline of a timer to the instant *due*; no rule moves it from now on."""

    NAME: ClassVar[str] = "deadline-set"
    timer: str
    due: datetime = attrs.field(converter=utc)


@frozen(kw_only=True)
class Snoozed(Event):
    """A party put the ticket aside until an instant."""

    NAME: ClassVar[str] = "snoozed"
    until: datetime = attrs.field(converter=utc)


@frozen(kw_only=True)
class Unsnoozed(Event):
    """The snooze ended: a party ended it, or *timer* did at its instant."""

    NAME: ClassVar[str] = "unsnoozed"
    by: Party = "system"
    timer: str | None = None
