"""The effects of timers: the events that a timer causes when it fires."""

from collections.abc import Callable
from datetime import datetime
from typing import get_args

from ticketcore._internal.declared import require_all
from ticketcore._internal.fast_attrs import fast
from ticketcore.errors import UnknownTimerError
from ticketcore.events import (
    Acknowledged,
    Breached,
    Cancelled,
    Closed,
    DisputeResolved,
    Escalated,
    Event,
    Money,
    Refunded,
    Timer,
    Warned,
)
from ticketcore.policies import Effect, Policy
from ticketcore.ticket import Ticket


def effect_of(
    effect: Effect, ticket: Ticket, policy: Policy, timer: Timer, at: datetime
) -> tuple[Event, ...]:
    """Return the events of a timer that fires at *at*."""
    return _EFFECTS[effect](ticket, policy, timer, at)


def refundable(ticket: Ticket) -> Money | None:
    """Return the amount that a refund timer would pay now; None without an order.

    Of a subscription this is the latest invoice only (C8). Earlier refunds are subtracted.
    """
    order = ticket.opened.order
    if order is None:
        return None
    whole = order.invoice_amount or order.amount
    if ticket.reimbursed:
        return Money(0, whole.currency)
    return Money(max(whole.minor - ticket.refunded, 0), whole.currency)


def _warn(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (fast(Warned)(at=at, timer=timer.name, derived=True),)


def _breach(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Breached(at=at, timer=timer.name, derived=True),)


def _acknowledge(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Acknowledged(at=at, timer=timer.name, derived=True),)


def _close(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (_closed(timer, at),)


def _closed(timer: Timer, at: datetime) -> Closed:
    return fast(Closed)(at=at, by="system", timer=timer.name, derived=True)


def _escalate(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Escalated(at=at, by="system", timer=timer.name, derived=True),)


def _cancel(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # C9: no money is paid; the subscription ends
    ended = Cancelled(at=at, subscription=True, timer=timer.name, derived=True)
    return (*(() if ticket.subscription_ended else (ended,)), _closed(timer, at))


def _refund(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # C8: the order is refunded, a subscription is cancelled, and the ticket closes
    events: list[Event] = []
    amount = refundable(ticket)
    if amount is not None and amount.minor:
        confirmed = policy.refunds.requires_confirmation
        reference = f"{timer.name}-{len(ticket.refunds) + 1}" if confirmed else None
        events.append(
            Refunded(
                at=at,
                amount=amount,
                reference=reference,
                awaits_confirmation=confirmed,
                timer=timer.name,
                derived=True,
            )
        )
    order = ticket.opened.order
    if order is not None and order.billing == "recurring" and not ticket.subscription_ended:
        events.append(Cancelled(at=at, subscription=True, timer=timer.name, derived=True))
    return (*events, _closed(timer, at))


def _lose_dispute(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # A2: without an answer until the deadline, the dispute is lost
    if timer.dispute is None:
        raise UnknownTimerError(timer.name, policy.name, policy.version)
    return (
        DisputeResolved(
            at=at, dispute=timer.dispute, outcome="lost", timer=timer.name, derived=True
        ),
    )


_EFFECTS: dict[Effect, Callable[[Ticket, Policy, Timer, datetime], tuple[Event, ...]]] = {
    "warn": _warn,
    "breach": _breach,
    "acknowledge": _acknowledge,
    "close": _close,
    "escalate": _escalate,
    "cancel": _cancel,
    "refund": _refund,
    "lose-dispute": _lose_dispute,
}

require_all(_EFFECTS, get_args(Effect), "effects of timers")
