"""The effects of timers: the events that a timer causes when it fires.

The effects about money look at the whole order. They raise OrderNotAdvancedError if another
ticket of the order acts first, and NewerHistoryError if one holds content of a newer version.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import TypeAlias, get_args

from ticketcore._internal.declared import require_all
from ticketcore._internal.fast_attrs import fast
from ticketcore.decider._field_effects import add_tags, set_fields
from ticketcore.decider._registry import Others
from ticketcore.errors import UnknownTimerError
from ticketcore.events import (
    Acknowledged,
    Assigned,
    Breached,
    Cancelled,
    Closed,
    DisputeResolved,
    Escalated,
    Event,
    Money,
    Refunded,
    Timer,
    Unsnoozed,
    Warned,
)
from ticketcore.ledger import COMMAND, Ledger, Moment, OrderState
from ticketcore.policies import SNOOZE, Effect, Policy, TimerDefinition
from ticketcore.ticket import Ticket

_Effect: TypeAlias = Callable[[Ticket, Policy, Timer, datetime, Others, Moment], tuple[Event, ...]]


def effect_of(
    effect: Effect,
    ticket: Ticket,
    policy: Policy,
    timer: Timer,
    at: datetime,
    others: Others,
    moment: Moment,
) -> tuple[Event, ...]:
    """Return the events, stamped *at*, of a timer that fires at *moment*."""
    return _EFFECTS[effect](ticket, policy, timer, at, others, moment)


def refundable(ticket: Ticket, ledger: Ledger | None = None) -> Money | None:
    """Return the amount that a refund timer would pay now; None without an order.

    This is what is left of the order, for a subscription of its latest invoice only (C8), and for
    a ticket about some units of their prices (K5). Raises LedgerError for another order's ledger.
    """
    others = () if ledger is None else ledger.others(ticket)
    return OrderState(ticket, others).owed()


def _warn(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    if timer.name == SNOOZE.name:
        return (Unsnoozed(at=at, timer=timer.name, derived=True),)
    return (fast(Warned)(at=at, timer=timer.name, derived=True),)


def _breach(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    return (fast(Breached)(at=at, timer=timer.name, derived=True),)


def _acknowledge(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    return (fast(Acknowledged)(at=at, timer=timer.name, derived=True),)


def _close(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    return (_closed(timer, at),)


def _closed(timer: Timer, at: datetime) -> Closed:
    return fast(Closed)(at=at, by="system", timer=timer.name, derived=True)


def _escalate(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    return (fast(Escalated)(at=at, by="system", timer=timer.name, derived=True),)


def _definition(ticket: Ticket, policy: Policy, timer: Timer) -> TimerDefinition:
    definition = policy.timer(timer.name, ticket)
    assert definition is not None, "a timer without a definition has no effect"
    return definition


def _assign(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    assignee = _definition(ticket, policy, timer).assignee or ""
    return (fast(Assigned)(at=at, assignee=assignee, timer=timer.name, derived=True),)


def _set_field(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    fields = _definition(ticket, policy, timer).fields
    return set_fields(fields, policy, timer.name, at)


def _tag(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, *_: object
) -> tuple[Event, ...]:
    return add_tags(_definition(ticket, policy, timer).tags, timer.name, at)


def _cancel(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, others: Others, moment: Moment
) -> tuple[Event, ...]:
    # C9: no money is paid; the subscription ends
    order = OrderState.at_turn(ticket, others, moment)
    ended = fast(Cancelled)(at=at, subscription=True, timer=timer.name, derived=True)
    return (*(() if order.subscription_ended else (ended,)), _closed(timer, at))


def _refund(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, others: Others, moment: Moment
) -> tuple[Event, ...]:
    # C8: the order is refunded, a subscription is cancelled, and the ticket closes
    order = OrderState.at_turn(ticket, others, moment)
    facts = ticket.order
    if facts is None:
        return (_closed(timer, at),)
    events: list[Event] = []
    amount = order.owed()
    if amount is not None and amount.minor:
        confirmed = policy.refunds.requires_confirmation
        units = order.unpaid_units(ticket.units) if order.is_about_some_units else ()
        refunded = fast(Refunded)(
            at=at,
            amount=amount,
            reference=_reference(ticket, timer, others) if confirmed else None,
            units=tuple(unit.id for unit in units),
            invoice=facts.invoice,
            awaits_confirmation=confirmed,
            timer=timer.name,
            derived=True,
        )
        events.append(refunded)
    if facts.billing == "recurring" and not order.subscription_ended:
        events.append(fast(Cancelled)(at=at, subscription=True, timer=timer.name, derived=True))
    return (*events, _closed(timer, at))


def _reference(ticket: Ticket, timer: Timer, others: Others) -> str:
    """Return a reference that no other refund of the order has."""
    used = {refund.reference for each in (ticket, *others) for refund in each.refunds}
    prefix = timer.name if ticket.number is None else f"{ticket.number}-{timer.name}"
    numbered = (f"{prefix}-{number}" for number in count(len(ticket.refunds) + 1))
    return next(reference for reference in numbered if reference not in used)


def _lose_dispute(
    ticket: Ticket, policy: Policy, timer: Timer, at: datetime, others: Others, moment: Moment
) -> tuple[Event, ...]:
    # A2: without an answer until the deadline, the dispute is lost
    if timer.dispute is None:
        raise UnknownTimerError(timer.name, policy.name, policy.version)
    if moment != (timer.since, COMMAND):  # else it is lost as it opens: that was its turn
        OrderState.at_turn(ticket, others, moment)
    resolved = fast(DisputeResolved)(
        at=at, dispute=timer.dispute, outcome="lost", timer=timer.name, derived=True
    )
    return (resolved,)


_EFFECTS: dict[Effect, _Effect] = {
    "warn": _warn,
    "breach": _breach,
    "acknowledge": _acknowledge,
    "close": _close,
    "escalate": _escalate,
    "assign": _assign,
    "set-field": _set_field,
    "tag": _tag,
    "cancel": _cancel,
    "refund": _refund,
    "lose-dispute": _lose_dispute,
}

require_all(_EFFECTS, get_args(Effect), "effects of timers")
