"""The handlers of claims and chargebacks (A1, A2)."""

from ticketcore.commands import AnswerDispute, OpenDispute, ResolveDispute
from ticketcore.decider._authorization import refuse
from ticketcore.decider._registry import caused_by, handles, no_op_if
from ticketcore.events import DisputeAnswered, DisputeOpened, DisputeResolved, Event
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Dispute, Ticket


def _find(ticket: Ticket, dispute: str) -> Dispute | None:
    """Return the dispute with this id, if there is one."""
    return next((d for d in ticket.disputes if d.id == dispute), None)


@no_op_if(OpenDispute)
def _is_reported(ticket: Ticket, command: OpenDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    return dispute is not None and (dispute.kind, dispute.deadline) == (
        command.kind,
        command.deadline,
    )


@handles(OpenDispute)
def _open_dispute(
    ticket: Ticket, command: OpenDispute, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    # A2: a chargeback supersedes a claim on the same order, and no claim can follow it
    if command.kind not in policy.dispute_kinds:
        known = ", ".join(policy.dispute_kinds) or "none"
        reason = f"unknown kind of dispute {command.kind!r}; {policy.name} has {known}"
        refuse(command, "unknown-dispute-kind", reason)
    if _find(ticket, command.dispute) is not None:
        reason = f"the id {command.dispute!r} belongs to another dispute: use a new one"
        refuse(command, "dispute-conflict", reason, policy.dispute_rule)
    running = [d for d in ticket.disputes if d.outcome is None]
    for dispute in running:
        if command.kind in policy.dispute_kinds[dispute.kind].supersedes:
            reason = f"the running {dispute.kind} {dispute.id} supersedes a {command.kind}"
            refuse(command, "dispute-superseded", reason, policy.dispute_rule)
    ended = tuple(
        DisputeResolved(
            **caused_by(command),
            dispute=dispute.id,
            outcome="superseded",
            derived=True,
        )
        for dispute in running
        if dispute.kind in policy.dispute_kinds[command.kind].supersedes
    )
    opened = DisputeOpened(
        **caused_by(command),
        dispute=command.dispute,
        kind=command.kind,
        deadline=command.deadline,
        amount=command.amount,
        reason=command.reason,
    )
    return (*ended, opened)


@handles(AnswerDispute)
def _answer(
    ticket: Ticket, command: AnswerDispute, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    _running(ticket, command, policy)
    return (
        DisputeAnswered(
            **caused_by(command),
            dispute=command.dispute,
            text=command.text,
        ),
    )


@handles(ResolveDispute)
def _resolve(
    ticket: Ticket, command: ResolveDispute, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    _running(ticket, command, policy)
    resolved = DisputeResolved(
        **caused_by(command),
        dispute=command.dispute,
        outcome=command.outcome,
    )
    return (resolved,)


def _running(ticket: Ticket, command: AnswerDispute | ResolveDispute, policy: Policy) -> None:
    dispute = _find(ticket, command.dispute)
    if dispute is None:
        refuse(command, "unknown-dispute", f"this ticket has no dispute {command.dispute!r}")
    if dispute.outcome is not None:
        reason = f"the {dispute.kind} {command.dispute} was already {dispute.outcome}"
        refuse(command, "dispute-settled", reason, policy.dispute_rule)


@no_op_if(AnswerDispute)
def _is_answered(ticket: Ticket, command: AnswerDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    return dispute is not None and dispute.answered


@no_op_if(ResolveDispute)
def _is_resolved_so(ticket: Ticket, command: ResolveDispute) -> bool:
    dispute = _find(ticket, command.dispute)
    return dispute is not None and dispute.outcome == command.outcome
