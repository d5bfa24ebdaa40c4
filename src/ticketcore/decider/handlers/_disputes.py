"""The handlers of claims and chargebacks (A1, A2).

A dispute holds its amount of the order's money while it runs, and keeps it if it is lost. The
event of a chargeback names the kinds that it supersedes: claims on the same ticket end at once,
those on other tickets of the order when these are advanced.
"""

from collections.abc import Mapping
from typing import Final, NoReturn, TypeAlias

from ticketcore._internal.terminal import quoted
from ticketcore.commands import (
    AnswerDispute,
    Command,
    CorrectDispute,
    OpenDispute,
    ResolveDispute,
)
from ticketcore.decider._authorization import check_currency, refuse
from ticketcore.decider._registry import Others, caused_by, handles, no_op_if, order_state
from ticketcore.events import (
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Event,
    Money,
    Outcome,
)
from ticketcore.ledger import OrderState
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Dispute, Ticket


def _find(ticket: Ticket, dispute: str) -> Dispute | None:
    """Return the dispute with this id, if there is one."""
    return next((d for d in ticket.disputes if d.id == dispute), None)


@no_op_if(OpenDispute)
def _is_reported(ticket: Ticket, command: OpenDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    return (
        dispute is not None
        and (dispute.kind, dispute.deadline) == (command.kind, command.deadline)
        and command.amount in (None, dispute.amount)
    )


@handles(OpenDispute)
def _open_dispute(
    ticket: Ticket, command: OpenDispute, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    kinds = policy.dispute_kinds
    if command.kind not in kinds:
        known = ", ".join(kinds) or "none"
        reason = f"unknown kind of dispute {quoted(command.kind)}; {policy.name} has {known}"
        refuse(command, "unknown-dispute-kind", reason, policy.dispute_rule)
    order = order_state(ticket, command, others)
    _check_new(ticket, command, policy, order)
    supersedes = kinds[command.kind].supersedes
    ended = tuple(
        DisputeResolved(
            **caused_by(command), dispute=dispute.id, outcome="superseded", derived=True
        )
        for dispute in ticket.disputes
        if dispute.outcome is None and dispute.kind in supersedes
    )
    opened = DisputeOpened(
        **caused_by(command),
        dispute=command.dispute,
        kind=command.kind,
        deadline=command.deadline,
        amount=command.amount or _amount_at_stake(ticket, order),
        supersedes=supersedes,
        reason=command.reason,
    )
    return (*ended, opened)


def _check_new(ticket: Ticket, command: OpenDispute, policy: Policy, order: OrderState) -> None:
    """Check the id, the currency, and that no running dispute supersedes the new one (A2)."""
    owner = ticket if _find(ticket, command.dispute) else order.owner_of_dispute(command.dispute)
    if owner is not None:
        where = "" if owner is ticket else f" in ticket {owner.number}"
        reason = f"the id {quoted(command.dispute)} belongs to another dispute{where}"
        refuse(command, "dispute-conflict", f"{reason}: use a new one", policy.dispute_rule)
    for dispute in order.disputes:
        if dispute.outcome is None and command.kind in dispute.supersedes:
            reason = f"the running {dispute.kind} {dispute.id} supersedes a {command.kind}"
            refuse(command, "dispute-superseded", reason, policy.dispute_rule)
    _check_amount_currency(command, order)


def _check_amount_currency(command: OpenDispute | CorrectDispute, order: OrderState) -> None:
    if command.amount is not None and order.facts is not None:
        check_currency(command, command.amount, order.facts.amount.currency)


def _amount_at_stake(ticket: Ticket, order: OrderState) -> Money | None:
    """Return the amount of a dispute whose notice has none: the invoice, or all that was paid."""
    if ticket.order is None or order.facts is None:
        return None
    return ticket.order.invoice_amount or Money(order.captured, order.facts.amount.currency)


@handles(CorrectDispute)
def _correct_dispute(
    ticket: Ticket, command: CorrectDispute, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    dispute = _known(ticket, command, others)
    order = order_state(ticket, command, others)
    if dispute.outcome is not None:
        refuse_settled(command, dispute, policy)
    _check_amount_currency(command, order)
    corrected = DisputeCorrected(
        **caused_by(command),
        dispute=command.dispute,
        deadline=command.deadline or dispute.deadline,
        amount=command.amount or dispute.amount,
    )
    return (corrected,)


@no_op_if(CorrectDispute)
def _is_corrected(ticket: Ticket, command: CorrectDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    return (
        dispute is not None
        and command.deadline in (None, dispute.deadline)
        and command.amount in (None, dispute.amount)
    )


@handles(AnswerDispute)
def _answer(
    ticket: Ticket, command: AnswerDispute, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    dispute = _known(ticket, command, others)
    if dispute.outcome is not None:
        refuse_settled(command, dispute, policy)
    return (DisputeAnswered(**caused_by(command), dispute=command.dispute, text=command.text),)


@no_op_if(AnswerDispute)
def _is_answered(ticket: Ticket, command: AnswerDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    if dispute is None or dispute.answer is None:
        return False
    return not (command.text or "").strip() or command.text == dispute.answer.text


@handles(ResolveDispute)
def _resolve(
    ticket: Ticket, command: ResolveDispute, policy: Policy, _: Permission, others: Others
) -> tuple[Event, ...]:
    dispute = _known(ticket, command, others)
    order_state(ticket, command, others)
    if dispute.outcome == "superseded":  # lost and won can still be reversed
        refuse_settled(command, dispute, policy)
    return (
        DisputeResolved(**caused_by(command), dispute=command.dispute, outcome=command.outcome),
    )


@no_op_if(ResolveDispute)
def _is_resolved_so(ticket: Ticket, command: ResolveDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    return dispute is not None and dispute.outcome == command.outcome


_OfDispute: TypeAlias = AnswerDispute | CorrectDispute | ResolveDispute


def _known(ticket: Ticket, command: _OfDispute, others: Others) -> Dispute:
    dispute = _find(ticket, command.dispute)
    if dispute is None:
        reason = f"this ticket has no dispute {quoted(command.dispute)}"
        owner = OrderState(ticket, others).owner_of_dispute(command.dispute)
        if owner is not None:
            reason += f"; ticket {owner.number} of the order has it"
        refuse(command, "unknown-dispute", reason)
    return dispute


_ENDED: Final[Mapping[Outcome | None, str]] = {
    "lost": "was already decided for the customer",
    "won": "was already decided for the vendor",
    "superseded": "has ended: another dispute took its place",
}


def refuse_settled(command: Command, dispute: Dispute, policy: Policy) -> NoReturn:
    """Refuse a command about a dispute that has an outcome."""
    reason = f"the {dispute.kind} {dispute.id} {_ENDED[dispute.outcome]}"
    refuse(command, "dispute-settled", reason, policy.dispute_rule)
