"""A ticket as JSON, for pages and other programs."""

from ticketcore._internal.strict_json import dump, load
from ticketcore.ticket._ticket import Ticket


def dump_ticket(ticket: Ticket) -> dict[str, object]:
    """Return a ticket as JSON values, without fields that have their default.

    It is a copy for pages and other programs. Decide on the folded events instead: a stored copy
    lacks what a later version of the library reads from the same events.
    """
    return dump(ticket)


def load_ticket(source: object) -> Ticket:
    """Return the ticket that `dump_ticket` wrote. Raises CodecError with the path of a mistake."""
    return load(Ticket, source)
