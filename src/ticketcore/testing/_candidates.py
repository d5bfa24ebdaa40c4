"""Candidate commands: every command that is worth trying on a ticket.

A candidate has a party that gives it, and field values that make a difference under the policy:
each type that the ticket does not have, each amount at a limit, each dispute that is open. The
strategies draw from the candidates, and an exploration tries all of them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias, TypedDict, cast

import attrs

from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Event, Money, Party, Reference, Shipment
from ticketcore.policies import Policy
from ticketcore.testing._policy_facts import (
    assignees,
    field_values,
    names_consent,
    sample_order,
    tag_values,
    ticket_types,
)
from ticketcore.ticket import Ticket

Candidate: TypeAlias = "partial[Any]"
"""A function that builds a command from its keywords: most candidates are never built."""

_DAY = timedelta(days=1)
_OF_MONEY = {"reference", "dispute", "units"}


class _MessageFields(TypedDict):
    """The fields of every command that carries a message."""

    at: datetime
    by: Party
    text: str


def try_command(
    ticket: Ticket | None, command: c.Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]] | RefusedError:
    """Return the ticket after a command, with its events, or return the refusal."""
    try:
        return decide_and_apply(ticket, command, policy)
    except RefusedError as refusal:
        return refusal


def concerns_money(candidate: Candidate) -> bool:
    """Return whether a candidate is about a refund, a dispute or units of the order."""
    return not _OF_MONEY.isdisjoint(candidate.keywords)


def permitted(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[Candidate]:
    """Yield the candidates that some permission of the policy names with their party."""
    for by in PARTIES:
        for candidate in candidates(ticket, by, policy, at):
            if policy.allows(class_of(candidate).NAME, by):
                yield candidate


def permitted_candidates(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[c.Command]:
    """Yield the commands of :func:`permitted`."""
    return (build() for build in permitted(ticket, policy, at))


def class_of(candidate: Candidate) -> type[c.Command]:
    """Return the class of the command that a candidate builds."""
    return cast("type[c.Command]", candidate.func)


def candidates(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[Candidate]:
    """Yield every candidate of one party, permitted or not.

    Each has the consent, text and reason that a permission may require.
    """
    message: _MessageFields = {"at": at, "by": by, "text": "a word"}
    number = len(ticket.message_references) + 1
    reference = f"message-{number}" if by == "customer" and names_consent(policy) else None
    yield partial(c.Reply, **message, reference=reference)
    yield partial(c.Reply, **message, interim=True)
    yield partial(c.Reply, **message, solution=True)
    yield partial(c.Reply, **message, automatic=True)
    for type_name in ticket_types(policy):
        if type_name != ticket.type:
            yield partial(c.ChangeType, **message, type=type_name, **_consent(ticket))
    for reason in policy.escalation.reasons[:1] or ("unable-to-help",):
        yield partial(c.Escalate, **message, reason=reason)
    yield partial(c.HandBack, **message)
    yield partial(c.Acknowledge, at=at, by=by)
    yield partial(c.RequestInfo, **message)
    *named, first, second = assignees(policy)
    for team in (*named, second if ticket.assigned_to == first else first):
        if team != ticket.assigned_to:
            yield partial(c.Assign, at=at, by=by, assignee=team)
    yield partial(c.Share, at=at, by=by, with_person=f"person-{len(ticket.shared_with) + 1}")
    for person in ticket.shared_with[:1] or ("nobody",):
        yield partial(c.Unshare, at=at, by=by, with_person=person)
    yield from _about_money(ticket, by, policy, at)
    yield from _corrections(ticket, by, policy, at)
    yield from _about_fields(ticket, by, policy, at)
    yield from _about_the_end(ticket, message)
    yield from _about_disputes(ticket, by, policy, at)
    yield partial(c.Reschedule, at=at, by=by)
    yield partial(c.SetDeadline, at=at, by=by, due=at + _DAY)
    yield partial(c.Snooze, at=at, by=by, until=at + _DAY)
    yield partial(c.Unsnooze, at=at, by=by)


def _consent(ticket: Ticket) -> dict[str, Any]:
    """Return a consent that rests on the last message of the customer that can be named."""
    return {"consent": True, "consent_message": (None, *ticket.customer_messages)[-1]}


def _about_the_end(ticket: Ticket, message: _MessageFields) -> Iterator[Candidate]:
    at, by = message["at"], message["by"]
    yield partial(c.Close, **message, **_consent(ticket))
    yield partial(c.Withdraw, at=at, by=by, reason="solved in house")
    yield partial(c.MarkDuplicate, at=at, by=by, of="another")
    yield partial(c.UnmarkDuplicate, **message)
    yield partial(c.Reopen, **message)
    yield partial(c.RequestReview, **message)
    yield partial(c.Review, **message, abuse=False)
    yield partial(c.Review, **message, abuse=True)


def _corrections(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[Candidate]:
    """Yield commands that correct the ticket or its order, and link it to others."""
    others = [name for name in policy.categories if name != ticket.category]
    for category in others or ["another category"]:
        yield partial(c.Classify, at=at, by=by, category=category)
    number = len(ticket.references) + 1
    yield partial(c.SplitTicket, at=at, by=by, into=f"part-{number}")
    target = Reference(kind="ticket", number=f"ticket-{number}")
    yield partial(c.Link, at=at, by=by, target=target)
    order = ticket.order
    if order is None:
        yield partial(c.CorrectOrder, at=at, by=by, order=sample_order(at, "one-time"))
    else:
        earlier = attrs.evolve(order, sold_at=order.sold_at - _DAY)
        yield partial(c.CorrectOrder, at=at, by=by, order=earlier)
    shipments = () if order is None else order.shipments
    shipment = Shipment(number=f"shipment-{len(shipments) + 1}", shipped_at=at)
    yield partial(c.AddShipment, at=at, by=by, shipment=shipment)


def _about_fields(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[Candidate]:
    for name, values in field_values(policy).items():
        for value in (*values, None):
            if value != ticket.fields.get(name):
                yield partial(c.SetField, at=at, by=by, field=name, value=value)
    for tag in tag_values(policy):
        yield partial(c.Untag if tag in ticket.tags else c.Tag, at=at, by=by, tag=tag)
    yield partial(c.AddNote, at=at, by=by, text="a note")


def _about_money(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[Candidate]:
    new_reference = f"refund-{len(ticket.refunds) + 1}"
    refund = partial(c.Refund, at=at, by=by, reference=new_reference)
    for amount in _refund_amounts(ticket, policy):
        yield partial(refund, amount=amount, reason="asked for")
    pending = (record.reference for record in ticket.refunds if record.state == "pending")
    for reference in [*filter(None, pending)] or [new_reference]:
        yield partial(c.ConfirmRefund, at=at, by=by, reference=reference)
        yield partial(c.FailRefund, at=at, by=by, reference=reference, reason="declined")
    refunded = {unit for record in ticket.refunds for unit in record.units}
    unpaid = tuple(unit for unit in ticket.units if unit not in refunded)
    if unpaid:
        yield partial(refund, units=unpaid[:1], reason="broken")
    remaining = tuple(u for u in ticket.units if u not in ticket.cancelled_units)
    units = remaining[:1] or ("no unit",)
    yield partial(c.Cancel, at=at, by=by, units=units, reason="out of stock")


def _refund_amounts(ticket: Ticket, policy: Policy) -> Iterator[Money | None]:
    """Yield None for the whole rest, half of the order's amount, and the exact rest of the cap."""
    yield None
    order = ticket.order
    if order is not None and policy.refunds.partial:
        yield attrs.evolve(order.amount, minor=order.amount.minor // 2)
        yield Money(policy.refunds.cap(order.amount) - ticket.refunded, order.amount.currency)


def _about_disputes(
    ticket: Ticket, by: Party, policy: Policy, at: datetime
) -> Iterator[Candidate]:
    opened = {dispute.id for dispute in ticket.disputes}
    for kind in policy.dispute_kinds:
        if kind not in opened:
            yield partial(c.OpenDispute, at=at, by=by, dispute=kind, kind=kind)
    running = [dispute.id for dispute in ticket.disputes if dispute.outcome is None]
    for dispute_id in running or ["no dispute"]:
        new_reference = f"refund-{len(ticket.refunds) + 1}"
        yield partial(
            c.Refund,
            at=at,
            by=by,
            reference=new_reference,
            dispute=dispute_id,
            reason="to settle it",
        )
        yield partial(c.CorrectDispute, at=at, by=by, dispute=dispute_id, deadline=at + 3 * _DAY)
        yield partial(c.AnswerDispute, at=at, by=by, dispute=dispute_id, text="not so")
        yield partial(c.ResolveDispute, at=at, by=by, dispute=dispute_id, outcome="lost")
        yield partial(c.ResolveDispute, at=at, by=by, dispute=dispute_id, outcome="won")
