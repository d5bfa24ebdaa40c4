"""Invariants that hold for every history, whichever backend stored it.

Each function checks one of them, and yields one sentence for each violation. The page on
invariants in the docs also lists the invariants that one history alone cannot show.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise
from typing import TypeAlias

from ticketcore.decider import refund_cap
from ticketcore.errors import TicketcoreError
from ticketcore.events import (
    DeadlineSet,
    DisputeCorrected,
    Event,
    OrderCorrected,
    PauseEnded,
    PauseStarted,
    PolicyChanged,
    Recorded,
    Refunded,
    Reopened,
    Rescheduled,
    Scheduled,
    TimerIdentity,
    from_line,
    impossible_events,
    to_line,
)
from ticketcore.guarantees import broken_guarantees
from ticketcore.ledger import OrderState
from ticketcore.policies import SNOOZE, Policy
from ticketcore.testing._policy_facts import disputed, exceeds_cap, policy_of
from ticketcore.ticket import Ticket, evolve, fold, fold_each

Invariant: TypeAlias = Callable[[Sequence[Event], Policy], Iterator[str]]


def violations(events: Sequence[Event], policy: Policy | str) -> tuple[str, ...]:
    """Check a history against all `INVARIANTS` and return one sentence for each violation.

    A history that does not fold gets that error only.
    """
    try:
        fold(events)
    except TicketcoreError as error:
        return (f"a history folds: {error}",)
    loaded = policy_of(policy)
    return tuple(
        f"{name}: {violation}"
        for name, invariant in INVARIANTS.items()
        for violation in invariant(events, loaded)
    )


def _fold_equals_evolve(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that folding all events at once gives the same ticket as evolving one by one."""
    one_by_one = reduce(evolve, events[1:], evolve(None, events[0]))
    if fold(events) != one_by_one:
        yield "fold() and repeated evolve() give different tickets"


def _survives_storage(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that an event that is written as a line and read back is equal to the original."""
    for seq, event in enumerate(events, 1):
        recorded = Recorded("1", seq, event)
        if from_line(to_line(recorded)) != recorded:
            yield f"event {seq} changes when it is written and read back: {event}"


def _is_ordered(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that each event is dated at or after the one before it."""
    for seq, (before, after) in enumerate(pairwise(events), 2):
        if after.at < before.at:
            yield f"event {seq} is dated {after.at}, the event before it {before.at}"


def _can_have_happened(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check the order of openings, closings, reopenings, and events after the end."""
    yield from (error.message for error in impossible_events("1", events))


def _fires_once(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that the deadline of a timer fires once in each cycle, per dispute."""
    fired: set[TimerIdentity] = set()
    passed_before: set[TimerIdentity] = set()
    for ticket, event in fold_each(events):
        passed = {timer.identity for timer in ticket.timers if timer.passed}
        came_back = isinstance(event, Scheduled)  # a timer that had passed before it ended
        for cycle in () if came_back else passed - passed_before:
            if cycle in fired:
                yield f"timer {cycle[0]} fired again at {event.at} in cycle {cycle[2]}"
            fired.add(cycle)
        passed_before = passed


def _fires_at_its_deadline(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that a timer acts only while it is pending, and exactly at its recorded deadline."""
    ticket: Ticket | None = None
    acting: tuple[str, datetime] | None = None  # one timer may cause several events
    for event in events:
        by_hand = isinstance(event, DeadlineSet)
        name: str | None = None if by_hand else getattr(event, "timer", None)
        if name is not None and (name, event.at) != acting:
            timers = ticket.timers if ticket else ()
            due = [timer.wakes for timer in timers if timer.name == name and timer.wakes]
            if ticket is None or not due:
                yield f"timer {name} was not pending, but caused {event}"
            elif event.at not in [max(each, ticket.at) for each in due]:
                yield f"timer {name} was due at {due[0]}, but acted at {event.at}"
        acting = None if name is None else (name, event.at)
        ticket = evolve(ticket, event)


def _timers_are_sorted(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that `Scheduled` lists timers in the order in which they act, the others at the end.

    `advance` stops at the first timer that is not due.
    """
    for seq, event in enumerate(events, 1):
        if isinstance(event, Scheduled):
            acts = [timer.wakes or _NEVER for timer in event.timers]
            if acts != sorted(acts):
                yield f"event {seq} lists its timers in a wrong order: {event.timers}"


def _deadlines_stay(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that a recorded deadline moves only where an event, or another target, says why.

    The events are those between the last `Scheduled` and the one with the new deadline.
    """
    ticket: Ticket | None = None
    may_move = False
    for event in events:
        if isinstance(event, _MOVES_DEADLINES):
            may_move = True
        elif isinstance(event, Scheduled):
            recorded = {} if ticket is None or may_move else {t.identity: t for t in ticket.timers}
            for timer in event.timers:
                before = recorded.get(timer.identity, timer)
                if before.due != timer.due and before.target == timer.target:
                    yield f"timer {timer.name} moved from {before.due} to {timer.due}"
            may_move = False
        ticket = evolve(ticket, event)


_MOVES_DEADLINES = (
    DeadlineSet,
    DisputeCorrected,
    OrderCorrected,
    PauseEnded,
    PolicyChanged,
    Reopened,
    Rescheduled,
)


def _deadlines_by_hand_stay(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that no rule moves or pauses a deadline set by hand, while its cycle lasts."""
    ticket: Ticket | None = None
    by_hand: dict[TimerIdentity, datetime] = {}
    for event in events:
        ended = () if ticket is None else ticket.ended_timers
        if isinstance(event, DeadlineSet) and ticket is not None:
            cycles = (*ticket.timers, *(each.timer for each in ended))
            known = (cycle.identity for cycle in cycles if cycle.name == event.timer)
            by_hand |= dict.fromkeys(known, event.due)
        ticket = evolve(ticket, event)
        if isinstance(event, Scheduled | PauseStarted):
            for timer in ticket.timers:
                due = by_hand.get(timer.identity, timer.due)
                if due != timer.due:
                    yield f"timer {timer.name} was set to {due}, but moved to {timer.due}"
                elif timer.identity in by_hand and timer.paused is not None:
                    yield f"timer {timer.name} was set to {due}, but a pause holds it"


def _snoozes_end(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that a timer is pending for the end of a snooze, and for nothing else."""
    for ticket, event in fold_each(events):
        if isinstance(event, Scheduled):
            ends = [timer.due for timer in ticket.timers if timer.name == SNOOZE.name]
            if ends != [*filter(None, [ticket.snoozed_until])]:
                yield f"snoozed until {ticket.snoozed_until}, but timers end it at {ends}"


_NEVER = datetime.max.replace(tzinfo=UTC)


def _refunds_within_the_cap(events: Sequence[Event], policy: Policy) -> Iterator[str]:
    """Check that refunds and disputes together stay within the policy's cap."""
    for ticket, event in fold_each(events):
        if isinstance(event, Refunded):
            yield from above_cap(OrderState(ticket), event, policy)


def above_cap(order: OrderState, refund: Refunded, policy: Policy) -> Iterator[str]:
    """Yield a sentence if a refund, the last one of its order, exceeds what disputes leave."""
    if exceeds_cap(order, refund, policy):
        yield (
            f"refunds of {order.refunded} and disputes of {disputed(order, refund)} exceed the "
            f"cap of {refund_cap(order, policy)} (minor units)"
        )


def _refunds_once(events: Sequence[Event], _: Policy) -> Iterator[str]:
    """Check that no reference is refunded twice."""
    references: set[str] = set()
    for event in events:
        if not isinstance(event, Refunded) or event.reference is None:
            continue
        if event.reference in references:
            yield f"refund {event.reference} was made twice"
        references.add(event.reference)


def _guarantees_hold(events: Sequence[Event], policy: Policy) -> Iterator[str]:
    """Check each `[[guarantee]]` of the policy, up to the last event."""
    yield from map(str, broken_guarantees(events, policy))


INVARIANTS: dict[str, Invariant] = {
    "folding equals evolving one by one": _fold_equals_evolve,
    "stored events are read back unchanged": _survives_storage,
    "events are in chronological order": _is_ordered,
    "events can follow each other": _can_have_happened,
    "a timer fires once per starting instant": _fires_once,
    "a timer acts exactly at its recorded deadline": _fires_at_its_deadline,
    "pending timers are sorted by due instant": _timers_are_sorted,
    "a recorded deadline does not move": _deadlines_stay,
    "no rule moves a deadline set by hand": _deadlines_by_hand_stay,
    "a snooze has one timer, which ends it": _snoozes_end,
    "refunds stay within the cap": _refunds_within_the_cap,
    "nothing is refunded twice": _refunds_once,
    "the guarantees of the policy hold": _guarantees_hold,
}
"""The checks, each under the sentence that must be true of every history."""
