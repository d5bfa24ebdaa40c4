"""Made-up other tickets of an order, which the search combines with every reached state.

Money belongs to the order, so it must leave once however many tickets the order has (C8, A2, K5).
Trying the states of two tickets together would take too long. It is enough that a ticket does
nothing wrong next to any other one: here, next to eight tickets that each did something with the
money.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeAlias

import attrs

from ticketcore.commands import Command, Refund
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Cancelled, DisputeOpened, DisputeResolved, Event, Money, Refunded
from ticketcore.ledger import Ledger, OrderState
from ticketcore.policies import Policy
from ticketcore.testing._candidates import permitted_candidates
from ticketcore.testing._invariants import above_cap
from ticketcore.testing.exploring._search import ReachedState, StateSearch
from ticketcore.ticket import Ticket, fold

LedgerOf: TypeAlias = Callable[[Ticket, Ticket], Ledger | None]

_NUMBER, _OTHER_NUMBER = "1", "2"
_SECOND = timedelta(seconds=1)
_DISPUTE = "made-up"


@attrs.frozen(kw_only=True)
class MoneyTwice:
    """A step that pays money that another ticket of the order has paid, or that a dispute holds.

    *sibling* says what the other ticket did; *fault* is a sentence about the money. The step is a
    command, or else the next timer of the ticket.
    """

    reached: ReachedState
    sibling: str
    fault: str
    command: Command | None


def ledger_of(ticket: Ticket, other: Ticket) -> Ledger:
    """Return the ledger of two tickets."""
    return Ledger.of({_NUMBER: ticket, _OTHER_NUMBER: other})


def money_twice(search: StateSearch, ledger: LedgerOf = ledger_of) -> Iterator[MoneyTwice]:
    """Yield the first step, for each sibling, with which money leaves twice.

    *ledger* returns the ledger that the decider gets.
    """
    found: set[str] = set()
    for reached in search.states.values():
        steps = tuple(_steps(reached.ticket, search.policy))
        if not steps:
            continue
        ticket = _numbered(reached.ticket, _NUMBER)
        for name, other in siblings(reached.ticket):
            if name in found:
                continue
            for command in steps:
                fault = _try(ticket, other, command, search.policy, ledger)
                if fault is not None:
                    found.add(name)
                    yield MoneyTwice(reached=reached, sibling=name, fault=fault, command=command)
                    break


def _steps(ticket: Ticket, policy: Policy) -> Iterator[Command | None]:
    """Yield the refunds that a party may request, and None if the next timer moves money."""
    if ticket.order is None:
        return
    for command in permitted_candidates(ticket, policy, ticket.at + _SECOND):
        if isinstance(command, Refund):
            yield command
    for timer in ticket.pending_timers[:1]:
        definition = policy.timer(timer.name, ticket)
        if definition is not None and definition.effect in ("refund", "cancel"):
            yield None


def _numbered(ticket: Ticket, number: str) -> Ticket:
    return attrs.evolve(ticket, opened=attrs.evolve(ticket.opened, number=number))


def siblings(ticket: Ticket) -> Iterator[tuple[str, Ticket]]:
    """Yield other tickets about the order of *ticket*, each with a description."""
    order = ticket.order
    assert order is not None, "only tickets with an order have siblings"
    at, all_paid = ticket.opened.at, order.amount
    part = Money(all_paid.minor // 4, all_paid.currency)
    opened = attrs.evolve(ticket.opened, number=_OTHER_NUMBER, order=order, references=())

    def refunded(amount: Money, units: tuple[str, ...] = (), *, pending: bool = False) -> Event:
        return Refunded(
            at=at,
            by="vendor",
            amount=amount,
            reference="sibling",
            units=units,
            invoice=order.invoice,
            awaits_confirmation=pending,
        )

    def dispute(amount: Money) -> Event:
        return DisputeOpened(at=at, by="support", dispute=_DISPUTE, kind=_DISPUTE, amount=amount)

    lost = DisputeResolved(at=at, by="support", dispute=_DISPUTE, outcome="lost")
    did: dict[str, tuple[Event, ...]] = {
        "did nothing": (),
        "has a pending refund of a part": (refunded(part, pending=True),),
        "refunded everything": (refunded(all_paid),),
        "refunded a unit": (refunded(part, ticket.units[:1]),),
        "has a running dispute about a part": (dispute(part),),
        "has a running dispute about everything": (dispute(all_paid),),
        "lost a dispute about a part": (dispute(part), lost),
        "ended the subscription": (Cancelled(at=at, by="system", subscription=True),),
    }
    for name, events in did.items():
        yield name, fold((opened, *events))


def _try(
    ticket: Ticket, other: Ticket, command: Command | None, policy: Policy, ledger: LedgerOf
) -> str | None:
    """Return a sentence about money that leaves twice in a step, if some does."""
    known = ledger(ticket, other)
    if command is None:
        timer = ticket.pending_timers[0]
        until = (timer.wakes or timer.due) + _SECOND
        after, events = advance_ticket(ticket, policy, until, known)
    else:
        try:
            after, events = decide_and_apply(ticket, command, policy, known)
        except RefusedError:
            return None
    return next(_faults(after, other, events, policy), None)


def _faults(
    ticket: Ticket, other: Ticket, events: tuple[Event, ...], policy: Policy
) -> Iterator[str]:
    order = OrderState(ticket, (other,))
    paid = {unit for refund in other.refunds for unit in refund.units}
    for event in events:
        if isinstance(event, Refunded):
            for unit in paid.intersection(event.units):
                yield f"the unit {unit} is refunded again"
            yield from above_cap(order, event, policy)
        elif isinstance(event, Cancelled) and event.subscription and other.subscription_ended:
            yield "the subscription is ended again"
