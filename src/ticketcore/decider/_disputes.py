"""Claims and chargebacks: each is answered in time, or decided for the buyer (A1, A2)."""

from ticketcore.commands import AnswerDispute, OpenDispute, ResolveDispute
from ticketcore.decider._refusing import refuse
from ticketcore.events import DisputeAnswered, DisputeOpened, DisputeResolved, Event
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Dispute, Ticket


def find(t: Ticket, dispute: str) -> Dispute | None:
    """The dispute of this id, if there is one."""
    return next((d for d in t.disputes if d.id == dispute), None)


def already_opened(t: Ticket, m: OpenDispute) -> bool:
    """Whether this very notice was received before."""
    dispute = find(t, m.dispute)
    return dispute is not None and (dispute.kind, dispute.deadline) == (m.kind, m.deadline)


def open_dispute(t: Ticket, m: OpenDispute, p: Policy, a: Permission) -> tuple[Event, ...]:
    """A2: a chargeback ends a claim on the same order, and none can be opened beside it."""
    if m.kind not in p.dispute_kinds:
        known = ", ".join(p.dispute_kinds) or "none"
        refuse(m, "unknown-dispute-kind", f"{m.kind!r} is no kind of dispute here: {known}")
    if find(t, m.dispute) is not None:
        reason = f"the id {m.dispute!r} stands for another dispute: give a new one"
        refuse(m, "dispute-conflict", reason, p.dispute_rule)
    running = [d for d in t.disputes if d.outcome is None]
    for dispute in running:
        if m.kind in p.dispute_kinds[dispute.kind].supersedes:
            reason = f"the {dispute.kind} {dispute.id} is running, which ends a {m.kind}"
            refuse(m, "superseded", reason, p.dispute_rule)
    ended = tuple(
        DisputeResolved(
            at=m.at,
            by=m.by,
            actor=m.actor,
            dispute=dispute.id,
            outcome="superseded",
        )
        for dispute in running
        if dispute.kind in p.dispute_kinds[m.kind].supersedes
    )
    opened = DisputeOpened(
        at=m.at,
        by=m.by,
        actor=m.actor,
        dispute=m.dispute,
        kind=m.kind,
        deadline=m.deadline,
        amount=m.amount,
        reason=m.reason,
    )
    return (*ended, opened)


def answer(t: Ticket, m: AnswerDispute, p: Policy, a: Permission) -> tuple[Event, ...]:
    """An answer at the deadline is in time."""
    _running(t, m, p)
    return (DisputeAnswered(at=m.at, by=m.by, actor=m.actor, dispute=m.dispute, text=m.text),)


def resolve(t: Ticket, m: ResolveDispute, p: Policy, a: Permission) -> tuple[Event, ...]:
    """The provider or the bank decided."""
    _running(t, m, p)
    resolved = DisputeResolved(
        at=m.at, by=m.by, actor=m.actor, dispute=m.dispute, outcome=m.outcome
    )
    return (resolved,)


def _running(t: Ticket, m: AnswerDispute | ResolveDispute, p: Policy) -> None:
    dispute = find(t, m.dispute)
    if dispute is None:
        refuse(m, "unknown-dispute", f"this ticket has no dispute {m.dispute!r}")
    if dispute.outcome is not None:
        outcome = dispute.outcome
        ended = outcome if outcome == "superseded" else f"decided for the {outcome}"
        reason = f"the {dispute.kind} {m.dispute} was {ended} already"
        refuse(m, "dispute-settled", reason, p.dispute_rule)
