"""The effects of timers: the events that a deadline or a level causes when it acts.

The effects about money look at the whole order. They raise OrderNotAdvancedError if another
ticket of the order acts first, and NewerHistoryError if one holds content of a newer version.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import NamedTuple, TypeAlias, get_args

from ticketcore._internal.arguments import typed
from ticketcore._internal.declared import require_all
from ticketcore._internal.fast_attrs import fast
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
    FieldSet,
    Money,
    Refunded,
    Tagged,
    Timer,
    TypeChanged,
    Warned,
    field_text,
)
from ticketcore.ledger import COMMAND, Ledger, Moment, OrderState
from ticketcore.policies import Effect, Level, LevelEffect, Policy, TimerDefinition
from ticketcore.ticket import Ticket


class EffectInput(NamedTuple):
    """The input of an effect: the deadline or the level that acts.

    *definition* says what it does. It is stamped *at*; *moment* is its turn among the tickets of
    the order, and *others* are those tickets.
    """

    ticket: Ticket
    policy: Policy
    timer: Timer
    definition: TimerDefinition | Level
    at: datetime
    others: Others
    moment: Moment

    @property
    def level(self) -> str | None:
        """The level that acts; None for the deadline."""
        return self.definition.name if isinstance(self.definition, Level) else None


_Effect: TypeAlias = Callable[[EffectInput], tuple[Event, ...]]


def effect_of(firing: EffectInput) -> tuple[Event, ...]:
    """Return the events of a timer that fires; none if a condition of its level does not hold."""
    definition = firing.definition
    if isinstance(definition, Level) and not definition.when.holds(firing.ticket):
        return ()
    return _EFFECTS[definition.effect](firing)


@typed
def refundable(ticket: Ticket, policy: Policy, ledger: Ledger | None = None) -> Money | None:
    """Return the amount that a refund timer would pay now; None without an order.

    This is what is left of the order, for a subscription of its latest invoice only (C8), and for
    a ticket about some units, or under `per_unit`, of the prices of units (K5); nothing for a unit
    without a price. Raises LedgerError for another order's ledger.
    """
    others = () if ledger is None else ledger.others(ticket)
    return OrderState(ticket, others).owed(per_unit=policy.refunds.per_unit)


def _warn(firing: EffectInput) -> tuple[Event, ...]:
    return (fast(Warned)(at=firing.at, timer=firing.timer.name, level=firing.level, derived=True),)


def _breach(firing: EffectInput) -> tuple[Event, ...]:
    return (fast(Breached)(at=firing.at, timer=firing.timer.name, derived=True),)


def _acknowledge(firing: EffectInput) -> tuple[Event, ...]:
    return (fast(Acknowledged)(at=firing.at, timer=firing.timer.name, derived=True),)


def _close(firing: EffectInput) -> tuple[Event, ...]:
    return (_closed(firing),)


def _closed(firing: EffectInput) -> Closed:
    return fast(Closed)(
        at=firing.at,
        by="system",
        final="system" in firing.policy.closing.final_by,  # K8
        timer=firing.timer.name,
        derived=True,
    )


def _escalate(firing: EffectInput) -> tuple[Event, ...]:
    level = firing.definition if isinstance(firing.definition, Level) else None
    escalated = fast(Escalated)(
        at=firing.at,
        by="system",
        to="support" if level is None else level.to,
        timer=firing.timer.name,
        level=firing.level,
        derived=True,
    )
    return (escalated,)


def _assign(firing: EffectInput) -> tuple[Event, ...]:
    assigned = fast(Assigned)(
        at=firing.at,
        assignee=firing.definition.assignee or "",
        timer=firing.timer.name,
        level=firing.level,
        derived=True,
    )
    return (assigned,)


def _change_type(firing: EffectInput) -> tuple[Event, ...]:
    assert isinstance(firing.definition, Level), "deadlines do not change types"
    changed = fast(TypeChanged)(
        at=firing.at,
        by="system",
        type=firing.definition.type or "",
        timer=firing.timer.name,
        level=firing.level,
        derived=True,
    )
    return (changed,)


def _set_field(firing: EffectInput) -> tuple[Event, ...]:
    events: list[Event] = []
    for name, content in firing.definition.fields.items():
        field, text = firing.policy.fields[name], field_text(content)
        field_set = fast(FieldSet)(
            at=firing.at,
            field=name,
            kind=field.kind,
            value=text,
            personal=field.personal,
            waiting_for=field.waiting_for.get(text),
            timer=firing.timer.name,
            level=firing.level,
            derived=True,
        )
        events.append(field_set)
    return tuple(events)


def _tag(firing: EffectInput) -> tuple[Event, ...]:
    return tuple(
        fast(Tagged)(
            at=firing.at, tag=tag, timer=firing.timer.name, level=firing.level, derived=True
        )
        for tag in firing.definition.tags
    )


def _cancel(firing: EffectInput) -> tuple[Event, ...]:
    ticket, timer, at = firing.ticket, firing.timer, firing.at
    # C9: no money is paid; the subscription ends
    order = OrderState.at_turn(ticket, firing.others, firing.moment)
    ended = fast(Cancelled)(at=at, subscription=True, timer=timer.name, derived=True)
    return (*(() if order.subscription_ended else (ended,)), _closed(firing))


def _refund(firing: EffectInput) -> tuple[Event, ...]:
    ticket, timer, at = firing.ticket, firing.timer, firing.at
    # C8: the order is refunded, a subscription is cancelled, and the ticket closes
    order = OrderState.at_turn(ticket, firing.others, firing.moment)
    facts = ticket.order
    if facts is None:
        return (_closed(firing),)
    events: list[Event] = []
    per_unit = firing.policy.refunds.per_unit
    amount = order.owed(per_unit=per_unit)
    if amount is not None and amount.minor:
        confirmed = firing.policy.refunds.requires_confirmation
        units = order.payable_units if order.pays_for_units(per_unit=per_unit) else ()
        refunded = fast(Refunded)(
            at=at,
            amount=amount,
            reference=_reference(firing) if confirmed else None,
            units=tuple(unit.id for unit in units),
            invoice=facts.invoice,
            awaits_confirmation=confirmed,
            timer=timer.name,
            derived=True,
        )
        events.append(refunded)
    if facts.billing == "recurring" and not order.subscription_ended:
        events.append(fast(Cancelled)(at=at, subscription=True, timer=timer.name, derived=True))
    return (*events, _closed(firing))


def _reference(firing: EffectInput) -> str:
    """Return a reference that no other refund of the order has."""
    ticket, timer = firing.ticket, firing.timer
    used = {refund.reference for each in (ticket, *firing.others) for refund in each.refunds}
    prefix = timer.name if ticket.number is None else f"{ticket.number}-{timer.name}"
    numbered = (f"{prefix}-{number}" for number in count(len(ticket.refunds) + 1))
    return next(reference for reference in numbered if reference not in used)


def _lose_dispute(firing: EffectInput) -> tuple[Event, ...]:
    ticket, timer, at = firing.ticket, firing.timer, firing.at
    # A2: without an answer until the deadline, the dispute is lost
    if timer.dispute is None:
        raise UnknownTimerError(timer.name, firing.policy.name, firing.policy.version)
    if firing.moment != (timer.since, COMMAND):  # else it is due as it opens, within its command
        OrderState.at_turn(ticket, firing.others, firing.moment)
    resolved = fast(DisputeResolved)(
        at=at, dispute=timer.dispute, outcome="lost", timer=timer.name, derived=True
    )
    return (resolved,)


_EFFECTS: dict[Effect | LevelEffect, _Effect] = {
    "warn": _warn,
    "breach": _breach,
    "acknowledge": _acknowledge,
    "close": _close,
    "escalate": _escalate,
    "assign": _assign,
    "change-type": _change_type,
    "set-field": _set_field,
    "tag": _tag,
    "cancel": _cancel,
    "refund": _refund,
    "lose-dispute": _lose_dispute,
}

require_all(_EFFECTS, (*get_args(Effect), *get_args(LevelEffect)), "effects of timers")
