"""Find open tickets that may be about the same problem (O4)."""

from collections.abc import Iterable

from ticketcore._internal.arguments import typed
from ticketcore.commands import Open
from ticketcore.events import Opened
from ticketcore.inbox._inbox import Query
from ticketcore.inbox._summary import TicketSummary


@typed
def duplicates_query(opening: Open | Opened) -> Query | None:
    """Return the query for open tickets with the same customer, order and category (O4).

    It is `None` for a ticket without a customer, which has no duplicates.
    """
    if opening.customer is None:
        return None
    order = None if opening.order is None else opening.order.number
    return Query(customer=opening.customer, order=[order], category=[opening.category])


@typed
def possible_duplicates(
    opening: Open | Opened, summaries: Iterable[TicketSummary], *, number: str | None = None
) -> list[TicketSummary]:
    """Return the open tickets with the same customer, order and category as *opening* (O4).

    Two tickets without an order have the same order in this sense. A ticket without a customer
    has no duplicates. *number* is the ticket's own number, if *summaries* may already contain it.

    Pass the numbers of the result to `Open`, which records them. The policy says whether a
    possible duplicate is reported or refused.
    """
    query = duplicates_query(opening)
    found = [] if query is None else query.select(summaries)
    return [summary for summary in found if summary.number != number]
