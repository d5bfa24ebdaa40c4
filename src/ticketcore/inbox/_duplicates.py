"""One ticket for one problem: which open tickets may be about the same (O4)."""

from collections.abc import Iterable

from ticketcore.commands import Open
from ticketcore.events import Opened
from ticketcore.inbox._summary import Row


def possible_duplicates(
    opening: Open | Opened, rows: Iterable[Row], *, number: str | None = None
) -> list[Row]:
    """The tickets of the same customer, order and category that are not closed yet (O4).

    *rows* is an inbox, or what a database found. *number* is the ticket's own, where it may be
    among them already. A ticket without a customer duplicates none; two without an order are
    alike in it. Hand their numbers to `Open`, which records them: whether they are reported or
    refused is the policy's choice.
    """
    if opening.customer is None:
        return []
    order = None if opening.order is None else opening.order.number
    problem = opening.customer, order, opening.category
    return [
        row
        for row in rows
        if row.closed_at is None
        and (row.customer, row.order, row.category) == problem
        and row.number != number
    ]
