"""Find open tickets that may be about the same problem (O4)."""

from collections.abc import Iterable

from ticketcore.commands import Open
from ticketcore.events import Opened
from ticketcore.inbox._summary import TicketSummary


def possible_duplicates(
    opening: Open | Opened, summaries: Iterable[TicketSummary], *, number: str | None = None
) -> list[TicketSummary]:
    """Return the open tickets with the same customer, order and category as *opening* (O4).

    Two tickets without an order have the same order in this sense. A ticket without a customer
    has no duplicates. *number* is the ticket's own number, if *summaries* may already contain it.

    Pass the numbers of the result to `Open`, which records them. The policy says whether a
    possible duplicate is reported or refused.
    """
    if opening.customer is None:
        return []
    order = None if opening.order is None else opening.order.number
    problem = opening.customer, order, opening.category
    return [
        summary
        for summary in summaries
        if summary.closed_at is None
        and (summary.customer, summary.order, summary.category) == problem
        and summary.number != number
    ]
