"""A desk with three timers and a pause, for tests that count cycles by hand.

The desk is open from Monday to Friday, 9:00 to 17:00 UTC. January 5, 2026 is a Monday.
"""

from datetime import UTC, datetime
from typing import Any

from support.clocks.playing import LibraryDesk
from ticketcore.events import Event
from ticketcore.policies import parse_policy

TIMED_DESK_TEXT = """
name = "timed-desk"
effective = 2020-01-01
default_handler = "support"
zone = "UTC"
default_type = "request"

[types.request]

[fields.priority]
choices = ["normal", "high"]
default = "normal"

[fields.supplier-awaited]
type = "yes-no"
default = false

[calendars.hours]
hours = "mon-fri 09:00-17:00"

[pauses.supplier]
when = { fields.supplier-awaited = true }

[[timer]]
name = "reply"
when = { waiting_for = "support" }
from = "waiting-since"
met_by = [{ event = "replied", by = "support" }]
after = "4 working hours"
calendar = "hours"
effect = "breach"

[[timer]]
name = "solution"
from = "opened"
met_by = "closed"
pauses = "supplier"
after_by = "fields.priority"
after = { normal = "16 working hours", high = "8 working hours" }
calendar = "hours"
on_target_change = "recalculate"
effect = "breach"

[[timer]]
name = "silence"
when = { waiting_for = "customer" }
from = "waiting-since"
after = "7 days"
effect = "close"

[[permission]]
commands = ["open", "reply", "set-field", "close", "withdraw", "reopen", "assign", "set-deadline"]
by = ["customer", "support"]
"""
TIMED_DESK = parse_policy(TIMED_DESK_TEXT)


def at(day: int, hour: float = 9) -> datetime:
    """Return an instant of January 2026 in UTC; half hours are half past."""
    return datetime(2026, 1, day, int(hour), int(hour % 1 * 60), tzinfo=UTC)


class TimedTicket:
    """A ticket of the desk, opened by the customer on Monday, January 5, at 9:00."""

    def __init__(self, **facts: Any) -> None:
        self._desk = LibraryDesk(TIMED_DESK)
        self.do(5, 9, "open", by="customer", **facts)

    def do(
        self, day: int, hour: float, command: str, by: str = "support", **values: Any
    ) -> "TimedTicket":
        """Carry out a command. Return this ticket."""
        if command == "reply":
            values.setdefault("text", f"on {day} at {hour}")
        self._desk.do(at(day, hour), command, by, **values)
        return self

    def until(self, day: int, hour: float = 9) -> "TimedTicket":
        """Let time pass. Return this ticket."""
        self._desk.until(at(day, hour))
        return self

    @property
    def events(self) -> tuple[Event, ...]:
        """The events so far."""
        return self._desk.events
