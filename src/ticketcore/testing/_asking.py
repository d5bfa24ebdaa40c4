"""All that could sensibly be asked of a ticket: every command, by every party that may ever
give it, with the values that matter to a policy.

The strategies draw from it, and the exploration tries it as a whole.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Event, Money, Party
from ticketcore.policies import Policy
from ticketcore.testing._facts import kinds
from ticketcore.ticket import Ticket


def asked(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[c.Command]:
    """Every command that some permission of the policy could grant, at *at*."""
    for by in PARTIES:
        for command in every_command(ticket, by, policy, at):
            if policy.allows(command.NAME, by):
                yield command


def accepted(
    ticket: Ticket | None, command: c.Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]] | RefusedError:
    """The ticket and events that a command makes, or the refusal."""
    try:
        return decide_and_apply(ticket, command, policy)
    except RefusedError as refusal:
        return refusal


def every_command(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    """Every command of one party, permitted or not, with what a permission may need."""
    said: dict[str, Any] = {"at": at, "by": by, "text": "a word"}
    yield from (c.Reply(**said), c.Reply(**said, interim=True), c.Reply(**said, solution=True))
    for kind in kinds(policy):
        if kind != ticket.type:
            yield c.ChangeType(**said, type=kind, consent=True)
    for reason in policy.escalation.reasons[:1] or ("unable-to-help",):
        yield c.Escalate(**said, reason=reason)
    yield c.HandBack(**said)
    yield c.Acknowledge(at=at, by=by)
    yield c.RequestInfo(**said)
    yield c.Assign(at=at, by=by, assignee="team-2" if ticket.assigned_to == "team-1" else "team-1")
    yield c.Share(at=at, by=by, with_person=f"person-{len(ticket.shared_with) + 1}")
    for person in ticket.shared_with[:1] or ("nobody",):
        yield c.Unshare(at=at, by=by, with_person=person)
    yield from _money(ticket, by, policy, at)
    yield from _ends(said)
    yield from _disputes(ticket, by, policy, at)
    yield c.Reschedule(at=at, by=by)


def _ends(said: dict[str, Any]) -> Iterator[c.Command]:
    at, by = said["at"], said["by"]
    yield c.Close(**said, consent=True)
    yield c.Withdraw(at=at, by=by, reason="solved in house")
    yield c.MarkDuplicate(at=at, by=by, of="another")
    yield c.Reopen(**said)
    yield c.RequestReview(**said)
    yield from (c.Review(**said, abuse=abuse) for abuse in (False, True))


def _money(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    reference = f"refund-{len(ticket.refunds) + 1}"
    for amount in _amounts(ticket, policy):
        yield c.Refund(at=at, by=by, reference=reference, amount=amount, reason="asked for")
    pending = (made.reference for made in ticket.refunds if made.state == "pending")
    for known in [*filter(None, pending)] or [reference]:
        yield c.ConfirmRefund(at=at, by=by, reference=known)
        yield c.FailRefund(at=at, by=by, reference=known, reason="declined")
    left = tuple(u for u in ticket.opened.units if u not in ticket.cancelled_units)
    yield c.Cancel(at=at, by=by, units=left[:1] or ("no unit",), reason="out of stock")


def _amounts(ticket: Ticket, policy: Policy) -> Iterator[Money | None]:
    """All that is left; half of what was paid; and the last cent that the cap leaves."""
    yield None
    order = ticket.opened.order
    if order is not None and policy.refunds.partial:
        yield attrs.evolve(order.amount, minor=order.amount.minor // 2)
        yield Money(policy.refunds.cap(order.amount) - ticket.refunded, order.amount.currency)


def _disputes(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    known = {dispute.id for dispute in ticket.disputes}
    for kind in policy.dispute_kinds:
        if kind not in known:
            yield c.OpenDispute(at=at, by=by, dispute=kind, kind=kind)
    for dispute in [d.id for d in ticket.disputes if d.outcome is None] or ["no dispute"]:
        yield c.AnswerDispute(at=at, by=by, dispute=dispute, text="not so")
        yield c.ResolveDispute(at=at, by=by, dispute=dispute, outcome="lost")
        yield c.ResolveDispute(at=at, by=by, dispute=dispute, outcome="won")
