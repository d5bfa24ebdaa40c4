"""What holds of every history, whatever backend stored it. One function a law.

docs/reference/invariants.md lists them with the others, which take more than a history to see.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import pairwise
from typing import TypeAlias

from ticketcore.errors import TicketcoreError
from ticketcore.events import (
    DisputeResolved,
    Event,
    PolicyChanged,
    Recorded,
    Refunded,
    Scheduled,
    from_line,
    to_line,
)
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, evolve, fold, replay

Law: TypeAlias = Callable[[Sequence[Event], Policy], Iterator[str]]


def broken_laws(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """What is wrong with a ticket's history under its policy, a sentence for each breach."""
    try:
        fold(events)
    except TicketcoreError as error:
        return (f"a history folds: {error}",)
    return tuple(
        f"{name}: {breach}" for name, law in LAWS.items() for breach in law(events, policy)
    )


def _folds_as_it_evolves(events: Sequence[Event], _: Policy) -> Iterator[str]:
    one_by_one = reduce(evolve, events[1:], evolve(None, events[0]))
    if fold(events) != one_by_one:
        yield "the ticket at once is another than the ticket event by event"


def _is_stored_as_it_is(events: Sequence[Event], _: Policy) -> Iterator[str]:
    for seq, event in enumerate(events, 1):
        recorded = Recorded("1", seq, event)
        if from_line(to_line(recorded)) != recorded:
            yield f"event {seq}, {event}, is read back otherwise"


def _is_in_order(events: Sequence[Event], _: Policy) -> Iterator[str]:
    for seq, (before, after) in enumerate(pairwise(events), 2):
        if after.at < before.at:
            yield f"event {seq} is stamped {after.at}, the one before it {before.at}"


def _fires_once(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """A timer's identity is its rule and the instant that it counts from."""
    fired: set[tuple[str, datetime, str | None]] = set()
    pending: set[tuple[str, datetime, str | None]] = set()
    for ticket, event in replay(events):
        still = {(timer.name, timer.since, timer.dispute) for timer in ticket.timers}
        for one in (pending - still).intersection(ticket.fired):
            if one in fired:
                yield f"the timer {one[0]} counted from {one[1]} fired again at {event.at}"
            fired.add(one)
        pending = still


def _fires_what_is_pending(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """What a timer brings about was promised, and happens when it was promised."""
    ticket: Ticket | None = None
    acting: tuple[str, object] | None = None
    for event in events:
        rule = getattr(event, "timer", None)
        due = [t.due for t in ticket.timers if t.name == rule] if ticket else []
        if rule is not None and (rule, event.at) != acting:
            if not due:
                yield f"the timer {rule} brought about {event}, but was not pending"
            elif event.at not in due:
                yield f"the timer {rule} was due at {due[0]}, and acted at {event.at}"
        acting = None if rule is None else (rule, event.at)
        ticket = evolve(ticket, event)


def _promises_in_order(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """The first that is pending is the next that falls due: the clocks look no further."""
    for seq, event in enumerate(events, 1):
        if isinstance(event, Scheduled):
            due = [timer.due for timer in event.timers]
            if due != sorted(due):
                yield f"event {seq} has its timers in another order: {event.timers}"


def _keeps_its_promises(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """A recorded promise moves by Reschedule or ChangePolicy only, which leave a Scheduled alone,
    or behind a PolicyChanged; beside any other event of its instant, a due instant stays."""
    ticket: Ticket | None = None
    previous: Event | None = None
    for event in events:
        if isinstance(event, Scheduled) and ticket and not _replanned(previous, event):
            promised = {(t.name, t.since, t.dispute): t.due for t in ticket.timers}
            for timer in event.timers:
                before = promised.get((timer.name, timer.since, timer.dispute), timer.due)
                if before != timer.due:
                    yield f"the timer {timer.name} moved from {before} to {timer.due}"
        previous = event
        ticket = evolve(ticket, event)


def _replanned(previous: Event | None, scheduled: Scheduled) -> bool:
    return isinstance(previous, PolicyChanged) or (
        previous is not None and previous.at != scheduled.at
    )


def _refunds_within_the_cap(events: Sequence[Event], policy: Policy) -> Iterator[str]:
    for ticket, event in replay(events):
        order = ticket.opened.order
        if not isinstance(event, Refunded) or order is None:
            continue
        cap = policy.refunds.cap(order.amount)
        if ticket.refunded > cap:
            yield f"{ticket.refunded} went back, of at most {cap}"


def _refunds_once(events: Sequence[Event], _: Policy) -> Iterator[str]:
    made: set[str] = set()
    reimbursed = False
    for event in events:
        if isinstance(event, DisputeResolved):
            reimbursed = reimbursed or event.outcome == "lost"
        if not isinstance(event, Refunded):
            continue
        if reimbursed:
            yield f"{event.amount} went back after a dispute had reimbursed the customer"
        if event.reference is not None and event.reference in made:
            yield f"the refund {event.reference} was made twice"
        made |= {event.reference} if event.reference else set()


LAWS: dict[str, Law] = {
    "to fold is to evolve one by one": _folds_as_it_evolves,
    "what is stored is read back": _is_stored_as_it_is,
    "no event is stamped before the one it follows": _is_in_order,
    "a timer fires once": _fires_once,
    "a timer acts when it was promised to": _fires_what_is_pending,
    "what falls due first stands first": _promises_in_order,
    "a recorded promise does not move": _keeps_its_promises,
    "no more goes back than may": _refunds_within_the_cap,
    "nothing is refunded twice": _refunds_once,
}
"""The laws of a history by their names."""
