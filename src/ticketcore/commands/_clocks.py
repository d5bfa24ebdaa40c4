"""The commands about clocks: deadlines set by hand, and snoozes."""

from datetime import datetime
from typing import ClassVar

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._internal.instants import utc, utc_or_none
from ticketcore.commands._commands import Command


@frozen(kw_only=True)
class SetDeadline(Command):
    """Set the deadline of a timer by hand; no rule moves it from then on.

    *timer* is the name of a timer that runs or has ended. "deadline" is a timer that needs no
    rule in the policy: it records a breach unless the ticket is solved or closed before.
    """

    NAME: ClassVar[str] = "set-deadline"
    timer: str = "deadline"
    due: datetime = attrs.field(converter=utc)


@frozen(kw_only=True)
class Snooze(Command):
    """Put the ticket aside until an instant, or for a span such as "2 working days".

    One of *until* and *span* is given; *calendar* names the calendar of the policy for working
    time. The snooze ends earlier if the customer writes, if the ticket begins to wait for somebody
    else, or if it is marked as a duplicate.
    """

    NAME: ClassVar[str] = "snooze"
    until: datetime | None = attrs.field(default=None, converter=utc_or_none)
    span: str | None = None
    calendar: str | None = None


@frozen(kw_only=True)
class Unsnooze(Command):
    """End the snooze now."""

    NAME: ClassVar[str] = "unsnooze"
