"""What a timer brings about when it falls due."""

from collections.abc import Callable
from datetime import datetime

from ticketcore._making import maker
from ticketcore.errors import UnknownTimerError
from ticketcore.events import (
    Cancelled,
    Closed,
    DisputeResolved,
    Escalated,
    Event,
    Money,
    Overdue,
    Refunded,
    TakenUp,
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
    whole = order.invoice or order.amount
    if ticket.reimbursed:
        return Money(0, whole.currency)
    return Money(max(whole.minor - ticket.refunded, 0), whole.currency)


def _warn(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (_new_warned(at=at, rule=timer.rule),)


def _overdue(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Overdue(at=at, rule=timer.rule),)


def _take_up(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (TakenUp(at=at, rule=timer.rule),)


def _close(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (_closed(timer, at),)


def _closed(timer: Timer, at: datetime) -> Closed:
    return _new_closed(at=at, by="system", rule=timer.rule)


def _escalate(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    return (Escalated(at=at, by="system", rule=timer.rule),)


def _cancel(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # C9: no money; the subscription ends and nothing more is billed
    ended = Cancelled(at=at, subscription=True, rule=timer.rule)
    return (*(() if ticket.subscription_ended else (ended,)), _closed(timer, at))


def _refund(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # C8: the order is refunded, a subscription also cancelled, and the ticket closes
    events: list[Event] = []
    amount = refundable(ticket)
    if amount is not None and amount.minor:
        confirmed = policy.refunds.confirmed
        reference = f"{timer.rule}-{len(ticket.repayments) + 1}" if confirmed else None
        events.append(
            Refunded(
                at=at,
                amount=amount,
                reference=reference,
                awaits_confirmation=confirmed,
                rule=timer.rule,
            )
        )
    order = ticket.opened.order
    if order is not None and order.billing == "recurring" and not ticket.subscription_ended:
        events.append(Cancelled(at=at, subscription=True, rule=timer.rule))
    return (*events, _closed(timer, at))


def _concede(ticket: Ticket, policy: Policy, timer: Timer, at: datetime) -> tuple[Event, ...]:
    # A2: silence until the deadline decides for the buyer
    if timer.dispute is None:
        raise UnknownTimerError(timer.rule, policy.name, policy.version)
    return (DisputeResolved(at=at, dispute=timer.dispute, outcome="customer", rule=timer.rule),)


_EFFECTS: dict[Effect, Callable[[Ticket, Policy, Timer, datetime], tuple[Event, ...]]] = {
    "warn": _warn,
    "overdue": _overdue,
    "take-up": _take_up,
    "close": _close,
    "escalate": _escalate,
    "cancel": _cancel,
    "refund": _refund,
    "concede": _concede,
}
