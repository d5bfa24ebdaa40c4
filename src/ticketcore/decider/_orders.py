"""Advance all tickets of an order together, each when its turn comes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush

import attrs

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
    ledger = Ledger.of(current) if len(current) > 1 else None
    if ledger is not None:
        ledger = attrs.evolve(ledger, tickets=current)  # it has the tickets as they advance
    happened: list[tuple[str, tuple[Event, ...]]] = []
    failed: dict[str, TicketcoreError] = {}
    turns = _turns(current, current)
    while turns and turns[0][0] <= until:
        _, number = heappop(turns)
        ticket = current[number]
        try:
            after, events = advance_ticket(ticket, policy_of(ticket), at, ledger)
        except TicketcoreError as error:
            failed[number] = error
            continue
        current[number] = after
        happened.append((number, events))
        if after.disputes == ticket.disputes:
            for turn in _turns([number], current):
                heappush(turns, turn)
        else:  # the end of a dispute can change the turns of the other tickets
            turns = _turns(current.keys() - failed.keys(), current)
    return OrderAdvance(tickets=current, events=tuple(happened), failed=failed)


def _turns(numbers: Iterable[str], tickets: Mapping[str, Ticket]) -> list[tuple[Moment, str]]:
    """Return, as a heap, when these of the *tickets* act next. A ticket that never does has none.

    At one moment the ticket's number decides.
    """
    turns = [
        (moment, number)
        for number in numbers
        if (moment := next_moment(tickets[number], tickets.values())) is not None
    ]
    heapify(turns)
    return turns
