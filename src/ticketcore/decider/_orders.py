"""Advance all tickets of an order together, each when its turn comes."""

from collections.abc import Callable, Mapping
from datetime import datetime

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore.decider._decide import advance_ticket
from ticketcore.errors import TicketcoreError
from ticketcore.events import Event, utc
from ticketcore.ledger import COMMAND, Ledger, Moment, next_moment
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


@frozen(kw_only=True)
class OrderAdvance(Value):
    """The result of `advance_order`.

    *tickets* are all tickets of the order as of the instant, by number. *events* are the new
    events in the order in which to append them, each with the number of its ticket. *failed* has
    the errors of tickets that could not be advanced, or whose money waits for such a ticket.
    """

    tickets: Mapping[str, Ticket]
    events: tuple[tuple[str, tuple[Event, ...]], ...]
    failed: Mapping[str, TicketcoreError]


@typed
def advance_order(
    tickets: Mapping[str, Ticket], policy_of: Callable[[Ticket], Policy], at: datetime
) -> OrderAdvance:
    """Advance the tickets of one order until *at*, in the order in which they act.

    *tickets* has all tickets of the order by number. It may be empty, and a single ticket may have
    no order and no number. *policy_of* returns the policy of a ticket. A ticket that raises is
    reported in *failed*; the others go on. Raises LedgerError if the tickets do not form a ledger,
    and InstantError or NaiveDatetimeError for a wrong *at*.
    """
    until = utc(at), COMMAND
    current = dict(tickets)
    happened: list[tuple[str, tuple[Event, ...]]] = []
    failed: dict[str, TicketcoreError] = {}
    while (number := _next(current, failed, until)) is not None:
        ticket = current[number]
        try:
            policy = policy_of(ticket)
            current[number], events = advance_ticket(ticket, policy, at, _ledger(current))
        except TicketcoreError as error:
            failed[number] = error
        else:
            happened.append((number, events))
    return OrderAdvance(tickets=current, events=tuple(happened), failed=failed)


def _ledger(tickets: Mapping[str, Ticket]) -> Ledger | None:
    return Ledger.of(tickets) if len(tickets) > 1 else None


def _next(
    tickets: Mapping[str, Ticket], failed: Mapping[str, object], until: Moment
) -> str | None:
    """Return the number of the ticket that acts first, if one acts until a moment."""
    _ledger(tickets)  # raises if they are not of one order
    due: list[tuple[Moment, str]] = []
    for number, ticket in tickets.items():
        moment = next_moment(ticket, tickets.values())
        if moment is not None and moment <= until and number not in failed:
            due.append((moment, number))
    return min(due)[1] if due else None
