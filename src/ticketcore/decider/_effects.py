"""What a timer brings about when it falls due."""

from collections.abc import Callable
from datetime import datetime

from ticketcore._making import maker
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

_new_closed, _new_warned = maker(Closed), maker(Warned)


def effect_of(
    effect: Effect, ticket: Ticket, policy: Policy, timer: Timer, at: datetime
) -> tuple[Event, ...]:
    """The events of a timer that fires at *at*."""
    return _EFFECTS[effect](ticket, policy, timer, at)


def refundable(ticket: Ticket) -> Money | None:
    """What carrying out a refund would pay: of a subscription the latest invoice only (C8), less
    what was paid back before. None without an order."""
    order = ticket.opened.order
    if order is None:
        return None
    whole = order.invoice_amount or order.amount
    if ticket.reimbursed:
        return Money(0, whole.currency)
    return Money(max(whole.minor - ticket.refunded, 0), whole.currency)


def _warn(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (_new_warned(at=at, timer=timer.name),)


def _breached(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Breached(at=at, timer=timer.name),)


def _acknowledge(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Acknowledged(at=at, timer=timer.name),)


def _close(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (_closed(timer, at),)


def _closed(timer: Timer, at: datetime) -> Closed:
    return _new_closed(at=at, by="system", timer=timer.name)


def _escalate(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Escalated(at=at, by="system", timer=timer.name),)


def _cancel(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # C9: no money; the subscription ends and nothing more is billed
    ended = Cancelled(at=at, subscription=True, timer=timer.name)
    return (*(() if ticket.subscription_ended else (ended,)), _closed(timer, at))


def _refund(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # C8: the order is refunded, a subscription also cancelled, and the ticket closes
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
            )
        )
    order = ticket.opened.order
    if order is not None and order.billing == "recurring" and not ticket.subscription_ended:
        events.append(Cancelled(at=at, subscription=True, timer=timer.name))
    return (*events, _closed(timer, at))


def _lose_dispute(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # A2: silence until the deadline decides for the buyer
    if timer.dispute is None:
        raise UnknownTimerError(timer.name, policy.name, policy.version)
    return (DisputeResolved(at=at, dispute=timer.dispute, outcome="lost", timer=timer.name),)


_EFFECTS: dict[Effect, Callable[[Ticket, Policy, Timer, datetime], tuple[Event, ...]]] = {
    "warn": _warn,
    "breach": _breached,
    "acknowledge": _acknowledge,
    "close": _close,
    "escalate": _escalate,
    "cancel": _cancel,
    "refund": _refund,
    "lose-dispute": _lose_dispute,
}
