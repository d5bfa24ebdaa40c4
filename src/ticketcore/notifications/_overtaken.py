"""Tell which notifications are overtaken by later events."""

from ticketcore._internal.arguments import typed
from ticketcore.notifications._notifications import Notification
from ticketcore.ticket import Ticket


@typed
def is_overtaken(notification: Notification, ticket: Ticket) -> bool:
    """Return whether a notification asks for something that is no longer needed.

    *ticket* is the ticket as it is now. A reminder is overtaken once any party has acted, or the
    ticket is closed. A message about a late answer is overtaken once the answer came, another
    party owes it, or the ticket is closed. All others report what happened, and are never
    overtaken.

    A host that notices timers late, or whose mail waits in a queue, asks this before it sends.
    """
    since = notification.occurred_at
    closed = ticket.closed_at is not None and ticket.closed_at > since
    match notification.kind:
        case "inactivity-warning":
            return closed or ticket.active_at > since
        case "breached":
            waiting = ticket.waiting_since
            return closed or (waiting is not None and waiting > since)
        case _:
            return False
