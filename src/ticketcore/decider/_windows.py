"""Permissions in time: how long a party must wait, and how long it may act."""

from datetime import datetime

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket


@frozen
class Window(Value):
    """The first and the last instant at which a permission is open, in UTC. None: no bound."""

    opens: datetime | None = None
    closes: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Return whether the permission is open at an instant."""
        return not (self.is_early(at) or self.is_late(at))

    def is_early(self, at: datetime) -> bool:
        """Return whether the window opens later."""
        return self.opens is not None and at < self.opens

    def is_late(self, at: datetime) -> bool:
        """Return whether the window has closed."""
        return self.closes is not None and at > self.closes

    def next_change(self, at: datetime) -> datetime | None:
        """Return when the window opens next, or else the last instant at which it is open."""
        return self.opens if self.is_early(at) else None if self.is_late(at) else self.closes


ALWAYS_OPEN = Window()


@typed
def window_of(permission: Permission, ticket: Ticket, policy: Policy) -> Window | None:
    """Return the window of a permission; None if the ticket lacks the instant to count from.

    Raises CalendarRangeError if a bound lies outside the supported years of its calendar.
    """
    if permission.instant is None:
        return ALWAYS_OPEN
    since = permission.instant(ticket)
    if since is None:
        return None
    calendar = policy.calendar(permission.calendar, ticket)
    opens, closes = (
        None if span is None else calendar.due(since, span)
        for span in (permission.after, permission.within)
    )
    return Window(opens, closes)


def reopening_window(ticket: Ticket, policy: Policy) -> Window:
    """Return the window in which replies reopen a closed ticket.

    Raises CalendarRangeError as :func:`window_of` does.
    """
    span = policy.closing.reply_reopens_within
    if span is None or ticket.closed_at is None:
        return ALWAYS_OPEN
    return Window(closes=policy.calendar(None, ticket).due(ticket.closed_at, span))
