"""Moments: the order in which the tickets of one order act.

Timers of two tickets can be due at one instant, and a command can arrive at that instant too. So
a moment is an instant and one of three places: timers that fire "at" the instant come first, then
commands, then timers that fire "after" it. At one moment the ticket's number decides.

A ticket acts when a timer of its own is due, or when another ticket ended one of its disputes: a
chargeback on one ticket supersedes a claim on another (A2).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from ticketcore.events import Timer
from ticketcore.ledger._ledger import Ledger
from ticketcore.ticket import Dispute, Ticket

AT: Final = 0
COMMAND: Final = 1
AFTER: Final = 2

Moment: TypeAlias = tuple[datetime, int]
"""An instant in UTC, and the place in it: AT, COMMAND or AFTER."""

END: Final[Moment] = (datetime.max.replace(tzinfo=UTC), AFTER)
"""A moment after all others."""

_TICK = timedelta(microseconds=1)


def moment_of(timer: Timer, ticket: Ticket) -> Moment | None:
    """Return the moment at which the deadline or the next level of a timer acts; None if never.

    A level before the deadline acts "at" its instant. A deadline in the past acts at once.
    """
    at = timer.wakes
    if at is None:
        return None
    place = AT if at < timer.due or timer.fires == "at" else AFTER
    return (at, place) if at >= ticket.at else (ticket.at, AT)


def superseded(ticket: Ticket, others: Iterable[Ticket]) -> Iterator[tuple[Dispute, Moment]]:
    """Yield the running disputes of *ticket* that a dispute on another ticket ended, and when.

    *others* are the tickets of its order; the ticket itself may be among them.
    A dispute that was settled already when the other one was opened at the same instant does not
    end it.
    """
    running = [dispute for dispute in ticket.disputes if dispute.outcome is None]
    if not running:  # most often: do not look at the other tickets
        return
    own = ticket.number
    foreign = [dispute for other in others if other.number != own for dispute in other.disputes]
    for dispute in running:
        ended = [
            other.opened_at
            for other in foreign
            if dispute.kind in other.supersedes
            and (
                other.opened_at > dispute.opened_at
                or (other.opened_at == dispute.opened_at and other.outcome is None)
            )
        ]
        if ended:
            yield dispute, (min(ended), COMMAND)


def next_moment(ticket: Ticket, others: Iterable[Ticket]) -> Moment | None:
    """Return the moment at which *ticket* acts next without a command; None if it never does.

    *others* are those of `superseded`.
    """
    first: Moment | None = None
    for timer in ticket.timers:
        moment = moment_of(timer, ticket)
        if moment is not None and (first is None or moment < first):
            first = moment
    if ticket.disputes:
        for _, moment in superseded(ticket, others):
            first = moment if first is None else min(first, moment)
    return first


def wakes(ticket: Ticket, ledger: Ledger | None = None) -> datetime | None:
    """Return the first instant, in UTC, at which `advance` returns events, or None.

    This is the instant to index in a database. It needs no policy. A timer that fires "after" its
    due instant wakes one microsecond later. Without a *ledger* the ticket alone is known. Raises
    LedgerError if *ledger* is of another order.
    """
    others = () if ledger is None else ledger.others(ticket)
    moment = next_moment(ticket, others)
    if moment is None:
        return None
    return max(moment[0] + _TICK if moment[1] == AFTER else moment[0], ticket.at)
