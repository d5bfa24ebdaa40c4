"""Candidate commands: every command that is worth trying on a ticket.

A candidate has a party that gives it, and field values that make a difference under the policy:
each type that the ticket does not have, each amount at a limit, each dispute that is open. The
strategies draw from the candidates, and an exploration tries all of them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypedDict

import attrs

from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Event, Money, Party, Reference, Shipment
from ticketcore.policies import Policy
from ticketcore.testing._policy_facts import field_values, sample_order, tag_values, ticket_types
from ticketcore.ticket import Ticket

_DAY = timedelta(days=1)


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


def concerns_money(command: c.Command) -> bool:
    """Return whether a command is about a refund, a dispute or units of the order."""
    return any(getattr(command, name, None) for name in ("reference", "dispute", "units"))


def permitted_candidates(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[c.Command]:
    """Yield the candidates that some permission of the policy names with their party."""
    for by in PARTIES:
        permitted = frozenset(name for name in c.COMMANDS if policy.allows(name, by))
        yield from candidates(ticket, by, policy, at, permitted)


def candidates(
    ticket: Ticket,
    by: Party,
    policy: Policy,
    at: datetime,
    names: frozenset[str] = frozenset(c.COMMANDS),
) -> Iterator[c.Command]:
    """Yield every candidate of one party that is one of the commands *names*, permitted or not.

    Each has the consent, text and reason that a permission may require.
    """
    for group, build in _GROUPS.items():
        if not names.isdisjoint(group):
            for command in build(ticket, by, policy, at):
                if command.NAME in names:
                    yield command


def _messages(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    message: _MessageFields = {"at": at, "by": by, "text": "a word"}
    yield c.Reply(**message)
    yield c.Reply(**message, interim=True)
    yield c.Reply(**message, solution=True)
    yield c.Reply(**message, automatic=True)
    for type_name in ticket_types(policy):
        if type_name != ticket.type:
            yield c.ChangeType(**message, type=type_name, consent=True)
    for reason in policy.escalation.reasons[:1] or ("unable-to-help",):
        yield c.Escalate(**message, reason=reason)
    yield c.HandBack(**message)
    yield c.Acknowledge(at=at, by=by)
    yield c.RequestInfo(**message)


def _people(ticket: Ticket, by: Party, _: Policy, at: datetime) -> Iterator[c.Command]:
    yield c.Assign(at=at, by=by, assignee="team-2" if ticket.assigned_to == "team-1" else "team-1")
    yield c.Share(at=at, by=by, with_person=f"person-{len(ticket.shared_with) + 1}")
    for person in ticket.shared_with[:1] or ("nobody",):
        yield c.Unshare(at=at, by=by, with_person=person)


def _clocks(_: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    yield c.Reschedule(at=at, by=by)
    yield c.SetDeadline(at=at, by=by, due=at + _DAY)
    yield c.Snooze(at=at, by=by, until=at + _DAY)
    yield c.Unsnooze(at=at, by=by)


def _about_the_end(_: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    message: _MessageFields = {"at": at, "by": by, "text": "a word"}
    yield c.Close(**message, consent=True)
    yield c.Withdraw(at=at, by=by, reason="solved in house")
    yield c.MarkDuplicate(at=at, by=by, of="another")
    yield c.UnmarkDuplicate(**message)
    yield c.Reopen(**message)
    yield c.RequestReview(**message)
    yield c.Review(**message, abuse=False)
    yield c.Review(**message, abuse=True)


def _corrections(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    """Yield commands that correct the ticket or its order, and link it to others."""
    others = [name for name in policy.categories if name != ticket.category]
    for category in others or ["another category"]:
        yield c.Classify(at=at, by=by, category=category)
    number = len(ticket.references) + 1
    yield c.SplitTicket(at=at, by=by, into=f"part-{number}")
    target = Reference(kind="ticket", number=f"ticket-{number}")
    yield c.Link(at=at, by=by, target=target)
    order = ticket.order
    if order is None:
        yield c.CorrectOrder(at=at, by=by, order=sample_order(at, "one-time"))
    else:
        earlier = attrs.evolve(order, sold_at=order.sold_at - _DAY)
        yield c.CorrectOrder(at=at, by=by, order=earlier)
    shipments = () if order is None else order.shipments
    shipment = Shipment(number=f"shipment-{len(shipments) + 1}", shipped_at=at)
    yield c.AddShipment(at=at, by=by, shipment=shipment)


def _about_fields(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    for name, values in field_values(policy).items():
        for value in (*values, None):
            if value != ticket.fields.get(name):
                yield c.SetField(at=at, by=by, field=name, value=value)
    for tag in tag_values(policy):
        yield (
            c.Untag(at=at, by=by, tag=tag) if tag in ticket.tags else c.Tag(at=at, by=by, tag=tag)
        )
    yield c.AddNote(at=at, by=by, text="a note")


def _about_money(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    new_reference = f"refund-{len(ticket.refunds) + 1}"
    for amount in _refund_amounts(ticket, policy):
        yield c.Refund(at=at, by=by, reference=new_reference, amount=amount, reason="asked for")
    pending = (record.reference for record in ticket.refunds if record.state == "pending")
    for reference in [*filter(None, pending)] or [new_reference]:
        yield c.ConfirmRefund(at=at, by=by, reference=reference)
        yield c.FailRefund(at=at, by=by, reference=reference, reason="declined")
    refunded = {unit for record in ticket.refunds for unit in record.units}
    unpaid = tuple(unit for unit in ticket.units if unit not in refunded)
    if unpaid:
        yield c.Refund(at=at, by=by, reference=new_reference, units=unpaid[:1], reason="broken")
    remaining = tuple(u for u in ticket.units if u not in ticket.cancelled_units)
    yield c.Cancel(at=at, by=by, units=remaining[:1] or ("no unit",), reason="out of stock")


def _refund_amounts(ticket: Ticket, policy: Policy) -> Iterator[Money | None]:
    """Yield None for the whole rest, half of the order's amount, and the exact rest of the cap."""
    yield None
    order = ticket.order
    if order is not None and policy.refunds.partial:
        yield attrs.evolve(order.amount, minor=order.amount.minor // 2)
        yield Money(policy.refunds.cap(order.amount) - ticket.refunded, order.amount.currency)


def _about_disputes(
    ticket: Ticket, by: Party, policy: Policy, at: datetime
) -> Iterator[c.Command]:
    opened = {dispute.id for dispute in ticket.disputes}
    for kind in policy.dispute_kinds:
        if kind not in opened:
            yield c.OpenDispute(at=at, by=by, dispute=kind, kind=kind)
    running = [dispute.id for dispute in ticket.disputes if dispute.outcome is None]
    for dispute_id in running or ["no dispute"]:
        new_reference = f"refund-{len(ticket.refunds) + 1}"
        yield c.Refund(
            at=at, by=by, reference=new_reference, dispute=dispute_id, reason="to settle it"
        )
        yield c.CorrectDispute(at=at, by=by, dispute=dispute_id, deadline=at + 3 * _DAY)
        yield c.AnswerDispute(at=at, by=by, dispute=dispute_id, text="not so")
        yield c.ResolveDispute(at=at, by=by, dispute=dispute_id, outcome="lost")
        yield c.ResolveDispute(at=at, by=by, dispute=dispute_id, outcome="won")


_Builder: TypeAlias = Callable[[Ticket, Party, Policy, datetime], Iterator[c.Command]]

# The commands that each function builds, so that those of no interest are not built.
_GROUPS: Final[Mapping[tuple[str, ...], _Builder]] = {
    (
        "reply",
        "change-type",
        "escalate",
        "hand-back",
        "acknowledge",
        "request-info",
    ): _messages,
    ("assign", "share", "unshare"): _people,
    ("refund", "confirm-refund", "fail-refund", "cancel"): _about_money,
    ("classify", "split", "link", "correct-order", "add-shipment"): _corrections,
    ("set-field", "tag", "untag", "add-note"): _about_fields,
    (
        "close",
        "withdraw",
        "mark-duplicate",
        "unmark-duplicate",
        "reopen",
        "request-review",
        "review",
    ): _about_the_end,
    ("open-dispute", "refund", "correct-dispute", "answer-dispute", "resolve-dispute"): (
        _about_disputes
    ),
    ("reschedule", "set-deadline", "snooze", "unsnooze"): _clocks,
}
