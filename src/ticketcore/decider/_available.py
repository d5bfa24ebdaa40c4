"""The commands that a party may give now (C20), allowed or refused, with the reason.

Each command is tried on the decider itself, so the list and the decisions cannot differ.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import attrs

from ticketcore import commands as c
from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore.decider._authorization import fits
from ticketcore.decider._decide import advance_ticket, decide
from ticketcore.decider._windows import window_of
from ticketcore.errors import RefusedError
from ticketcore.events import Event, FieldKind, Party, Reference, Shipment
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

_DAY = timedelta(days=1)
_LAST_DAY = datetime.max.replace(tzinfo=UTC) - _DAY


@frozen(kw_only=True)
class AvailableCommand(Value):
    """A command that a party could give, and its result.

    *command* can be decided as it is; "…" stands for values that only the party knows, such as a
    text. *requires* names what the policy requires. *refusal* is None if the command is allowed.
    *events* are the command's own, without those of timers due before it; it has none if it would
    change nothing. *changes_at* is the instant, in UTC, at which the permission opens, or the last
    one at which it is open, if it has a window.
    """

    command: c.Command
    requires: tuple[str, ...] = ()
    refusal: RefusedError | None = None
    events: tuple[Event, ...] = ()
    changes_at: datetime | None = None

    @property
    def state(self) -> Literal["allowed", "nothing-to-do", "refused"]:
        """Whether the command is allowed, would change nothing, or is refused."""
        if self.refusal is not None:
            return "refused"
        return "allowed" if self.events else "nothing-to-do"


@typed
def available_commands(
    ticket: Ticket | None,
    by: Party,
    policy: Policy,
    at: datetime,
    *,
    opening: c.Open | None = None,
    ledger: Ledger | None = None,
) -> tuple[AvailableCommand, ...]:
    """Return the commands of one party at *at*, each with its result.

    Timers that are due and not yet recorded count as if they were. The list leaves out what needs
    values that cannot be guessed: correct-order, correct-dispute and change-policy.

    Before a ticket is opened, *opening* carries the facts to open it with (order, zone, …), and
    each type is listed, as on an order receipt page. On an open ticket each type that it can
    change to is listed. Raises as `decide` does except for RefusedError, and NaiveDatetimeError or
    InstantError for a wrong *at*.
    """
    if ticket is None:
        candidates = _openings(by, policy, at, opening)
    else:
        ticket, _ = advance_ticket(ticket, policy, at, ledger)
        candidates = sample_commands(ticket, by, policy, at)
    return tuple(_available(ticket, candidate, policy, ledger) for candidate in candidates)


def _available(
    ticket: Ticket | None, candidate: c.Command, policy: Policy, ledger: Ledger | None
) -> AvailableCommand:
    requires = tuple(
        dict.fromkeys(
            requirement
            for permission in policy.allows(candidate.NAME, candidate.by)
            for requirement in permission.requires
        )
    )
    refusal: RefusedError | None = None
    events: tuple[Event, ...] = ()
    try:
        events = decide(ticket, candidate, policy, ledger)
    except RefusedError as refused:
        refusal = refused
    return AvailableCommand(
        command=candidate,
        requires=requires,
        refusal=refusal,
        events=events,
        changes_at=None if ticket is None else _next_change(ticket, candidate, policy),
    )


def _next_change(ticket: Ticket, command: c.Command, policy: Policy) -> datetime | None:
    """Return the next instant at which a window of the command's permissions opens or closes."""
    permissions = policy.allows(command.NAME, command.by)
    windows = (
        window_of(permission, ticket, policy)
        for permission in permissions
        if fits(permission, ticket, command)
    )
    changes = (window.next_change(command.at) for window in windows if window is not None)
    return min(filter(None, changes), default=None)


def _openings(
    by: Party, policy: Policy, at: datetime, opening: c.Open | None
) -> Iterator[c.Command]:
    facts = opening or c.Open(at=at, by=by)
    for name in policy.types or (facts.type,):
        yield attrs.evolve(facts, at=at, by=by, type=name)


def sample_commands(
    ticket: Ticket, by: Party, policy: Policy, at: datetime
) -> Iterator[c.Command]:
    """Yield one command of each kind that a party could give on a ticket, permitted or not.

    There is one for each type, field value, tag, refund and dispute. "…" stands for values that
    only the party knows; correct-order, correct-dispute and change-policy are left out.
    """
    message: dict[str, Any] = {"at": at, "by": by, "text": "…"}
    consent: dict[str, Any] = {
        "consent": True,
        "consent_message": (None, *ticket.customer_messages)[-1],
    }
    yield c.Reply(**message)
    for name in policy.types:
        if name != ticket.type:
            yield c.ChangeType(**message, type=name, **consent)
    reasons = policy.escalation.reasons or ("…",)
    yield c.Escalate(**message, reason=reasons[0])
    yield c.HandBack(**message)
    yield c.Acknowledge(at=at, by=by)
    yield c.RequestInfo(**message)
    yield c.Assign(at=at, by=by, assignee="…")
    yield c.Share(at=at, by=by, with_person="…")
    yield c.Unshare(at=at, by=by, with_person=(*ticket.shared_with, "…")[0])
    yield c.Refund(at=at, by=by, reference="…", reason="…")
    yield from _settlements(ticket, by, at)
    yield c.Cancel(at=at, by=by, units=_units_left(ticket), reason="…")
    yield c.Close(**message, **consent)
    yield c.Withdraw(at=at, by=by, reason="…")
    yield c.MarkDuplicate(at=at, by=by, of="…")
    yield c.UnmarkDuplicate(**message)
    yield c.Classify(at=at, by=by, category=_other_category(ticket, policy))
    yield from _fields(ticket, by, policy, at)
    yield c.AddNote(**message)
    yield c.AddShipment(at=at, by=by, shipment=Shipment(number="…", shipped_at=at))
    yield c.SplitTicket(at=at, by=by, into="…")
    yield c.Link(at=at, by=by, target=Reference(kind="ticket", number="…"))
    yield c.Reopen(**message)
    yield c.RequestReview(**message)
    yield c.Review(**message, abuse=False)
    yield from _disputes(ticket, by, policy, at)
    yield c.Reschedule(at=at, by=by)
    if at <= _LAST_DAY:
        yield c.SetDeadline(at=at, by=by, due=at + _DAY)
        yield c.Snooze(at=at, by=by, until=at + _DAY)
    yield c.Unsnooze(at=at, by=by)


def _fields(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    for name, field in policy.fields.items():
        for value in field.choices or (_SAMPLES[field.kind],):
            if value != ticket.fields.get(name):
                yield c.SetField(at=at, by=by, field=name, value=value)
    for tag in policy.tags.values or ("…",):
        if tag not in ticket.tags:
            yield c.Tag(at=at, by=by, tag=tag)
    for tag in ticket.tags:
        yield c.Untag(at=at, by=by, tag=tag)


_SAMPLES: Mapping[FieldKind, str] = {
    "text": "…",
    "number": "1",
    "money": "1.00 USD",
    "date": "2026-01-31",
    "instant": "2026-01-31T00:00:00.000000Z",
    "yes-no": "yes",
}


def _settlements(ticket: Ticket, by: Party, at: datetime) -> Iterator[c.Command]:
    for record in ticket.refunds:
        if record.reference is not None and record.state == "pending":
            yield c.ConfirmRefund(at=at, by=by, reference=record.reference)
            yield c.FailRefund(at=at, by=by, reference=record.reference, reason="…")


def _units_left(ticket: Ticket) -> tuple[str, ...]:
    return tuple(unit for unit in ticket.units if unit not in ticket.cancelled_units)


def _other_category(ticket: Ticket, policy: Policy) -> str:
    others = (name for name in policy.categories if name != ticket.category)
    return next(others, "…")


def _disputes(ticket: Ticket, by: Party, policy: Policy, at: datetime) -> Iterator[c.Command]:
    for kind in policy.dispute_kinds:
        yield c.OpenDispute(at=at, by=by, dispute="…", kind=kind)
    for dispute in ticket.disputes:
        if dispute.outcome is None:
            yield c.AnswerDispute(at=at, by=by, dispute=dispute.id, text="…")
            yield c.ResolveDispute(at=at, by=by, dispute=dispute.id, outcome="won")
