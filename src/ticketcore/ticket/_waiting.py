"""The last activity and the party that a ticket waits for, while events are applied."""

from datetime import datetime

from ticketcore.events import Event, Party
from ticketcore.ticket._ticket import TicketDraft


def act(draft: TicketDraft, event: Event) -> None:
    """Record the activity of a party."""
    by = event.by  # C17: system events are not activity
    if by == "customer":
        draft.active_at = draft.customer_active_at = event.at
    elif by == "vendor":
        draft.active_at = draft.vendor_active_at = event.at
    elif by == "support":
        draft.active_at = draft.support_active_at = event.at


def wait_for(draft: TicketDraft, party: Party, at: datetime) -> None:
    """Wait for a party from now on, unless the ticket does already, or is closed."""
    if draft.waiting_for != party and draft.closed_at is None:
        draft.waiting_for, draft.waiting_since = party, at
        draft.snoozed_until = None


def wait_for_other_side(draft: TicketDraft, event: Event) -> None:
    """Wait for the handler after the customer acted, and for the customer after the handler did.

    An action of a third party changes nothing.
    """
    if event.by == "customer":
        wait_for(draft, draft.handler, event.at)
    elif event.by == draft.handler:
        wait_for(draft, "customer", event.at)
