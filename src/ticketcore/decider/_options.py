"""What may I do now (C20): every command of a party, allowed or refused, with the reason.

The commands are tried on the decider itself, so that what is listed and what is decided cannot
differ.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import attrs

from ticketcore import commands as c
from ticketcore.decider._decide import decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Party
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class AvailableCommand:
    """One thing that a party could ask for, and what would come of it.

    *command* is ready to be decided; placeholders stand for what only the party knows, such as
    its words. *needs* names what the policy asks to be filled in. *refusal* is None where it is
    allowed; *events* is empty where there is nothing left to do.
    """

    command: c.Command
    requires: tuple[str, ...] = ()
    refusal: RefusedError | None = None
    events: tuple[Event, ...] = ()

    @property
    def state(self) -> Literal["allowed", "nothing-to-do", "refused"]:
        """What would come of it."""
        if self.refusal is not None:
            return "refused"
        return "allowed" if self.events else "nothing-to-do"


def available_commands(
    ticket: Ticket | None,
    by: Party,
    policy: Policy,
    at: datetime,
    *,
    opening: c.Open | None = None,
) -> tuple[AvailableCommand, ...]:
    """Every command of one party at *at*, each with what would come of it.

    Before a ticket is opened, *opening* carries the facts to open it with (order, zone, …), and
    each type is listed: the order receipt page. Afterwards each other type is listed likewise.
    Raises what `decide` raises but RefusedError, and NaiveDatetimeError or InstantError for an
    *at* that is no instant.
    """
    probes = (
        _openings(by, policy, at, opening) if ticket is None else _commands(ticket, by, policy, at)
    )
    return tuple(_option(ticket, probe, policy) for probe in probes)


def _option(ticket: Ticket | None, probe: c.Command, policy: Policy) -> AvailableCommand:
    requires = tuple(
        dict.fromkeys(
            need for allow in policy.allows(probe.NAME, probe.by) for need in allow.requires
        )
    )
    try:
        _, events = decide_and_apply(ticket, probe, policy)
    except RefusedError as refusal:
        return AvailableCommand(command=probe, requires=requires, refusal=refusal)
    return AvailableCommand(command=probe, requires=requires, events=events)


def _openings(
    by: Party, policy: Policy, at: datetime, opening: c.Open | None
) -> Iterator[c.Command]:
    facts = opening or c.Open(at=at, by=by)
    for name in policy.types or (facts.type,):
        yield attrs.evolve(facts, at=at, by=by, type=name)


def _commands(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    said: dict[str, Any] = {"at": at, "by": by, "text": "…"}
    yield c.Reply(**said)
    for name in policy.types:
        if name != ticket.type:
            yield c.ChangeType(**said, type=name, consent=True)
    reasons = policy.escalation.reasons or ("…",)
    yield c.Escalate(**said, reason=reasons[0])
    yield c.HandBack(**said)
    yield c.Acknowledge(at=at, by=by)
    yield c.RequestInfo(**said)
    yield c.Assign(at=at, by=by, assignee="…")
    yield c.Share(at=at, by=by, with_person="…")
    yield c.Unshare(at=at, by=by, with_person=(*ticket.shared_with, "…")[0])
    yield c.Refund(at=at, by=by, reference="…", reason="…")
    yield from _settlements(ticket, by, at)
    yield c.Cancel(at=at, by=by, units=_units_left(ticket), reason="…")
    yield c.Close(**said, consent=True)
    yield c.Withdraw(at=at, by=by, reason="…")
    yield c.MarkDuplicate(at=at, by=by, of="…")
    yield c.Reopen(**said)
    yield c.RequestReview(**said)
    yield c.Review(**said, abuse=False)
    yield from _disputes(ticket, by, policy, at)
    yield c.Reschedule(at=at, by=by)


def _settlements(ticket: Ticket, by: Party, at: datetime) -> Iterator[c.Command]:
    for record in ticket.refunds:
        if record.reference is not None and record.state == "pending":
            yield c.ConfirmRefund(at=at, by=by, reference=record.reference)
            yield c.FailRefund(at=at, by=by, reference=record.reference, reason="…")


def _units_left(ticket: Ticket) -> tuple[str, ...]:
    return tuple(unit for unit in ticket.opened.units if unit not in ticket.cancelled_units)


def _disputes(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    for kind in policy.dispute_kinds:
        yield c.OpenDispute(at=at, by=by, dispute="…", kind=kind)
    for dispute in ticket.disputes:
        if dispute.outcome is None:
            yield c.AnswerDispute(at=at, by=by, dispute=dispute.id, text="…")
            yield c.ResolveDispute(at=at, by=by, dispute=dispute.id, outcome="won")
