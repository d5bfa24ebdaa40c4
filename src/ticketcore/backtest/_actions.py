"""What people did, as the commands that they would have sent: one table from event to command.

What the system did is not among the facts: that is for the policy's timers to do, or to leave.
What the system only reported is: that a bank opened or decided a dispute, or moved the money.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from ticketcore import commands as c
from ticketcore import events as e
from ticketcore._internal.fast_attrs import fast
from ticketcore.commands import Command
from ticketcore.events import Event
from ticketcore.policies import Policy

TypeMapping: TypeAlias = Callable[[str], str]

# Most facts are of these.


def actions_of(events: Sequence[Any], type_of: TypeMapping) -> Iterator[Command]:
    """The commands behind the events of a history, in order, with types as *type_of* says.

    Left out is what follows from another fact: the reopening that a reply brought about, and the
    end of a dispute that another superseded. So is PolicyChanged: another policy decides now.
    """
    for place, event in enumerate(events):
        make = _COMMANDS.get(event.__class__)
        if make is None or (event.by == "system" and not _is_report(event)):
            continue
        if event.__class__ is e.Reopened and _is_by_reply(event, events[place + 1 : place + 2]):
            continue
        command = make(event, type_of)
        if command is not None:
            yield command


@lru_cache(maxsize=16)  # the same policy for ticket after ticket
def type_mapping(policy: Policy, as_type: str | None) -> TypeMapping:
    """Every ticket is one of type *as_type*; without it, of the recorded type, or of the default
    where *policy* does not know that."""
    if as_type is not None:
        return lambda recorded: as_type
    if policy.any_type or policy.default_type is None:
        return str
    default = policy.default_type
    return lambda recorded: recorded if recorded in policy.types else default


def _is_report(event: Any) -> bool:
    return event.__class__ in _REPORTS and getattr(event, "timer", None) is None


def _is_by_reply(reopened: e.Reopened, following: Sequence[Event]) -> bool:
    return any(
        isinstance(event, e.Replied) and (event.at, event.by) == (reopened.at, reopened.by)
        for event in following
    )


def _open(f: e.Opened, type_of: TypeMapping) -> Command:
    return fast(c.Open)(
        at=f.at,
        by=f.by,
        actor=f.actor,
        type=type_of(f.type),
        zone=f.zone,
        storefront=f.storefront,
        order=f.order,
        units=f.units,
        customer=f.customer,
        account=f.account,
        category=f.category,
        subcategory=f.subcategory,
        reason=f.reason,
        subject=f.subject,
        text=f.text,
        channel=f.channel,
        has_grace_period=f.has_grace_period,
        possible_duplicates=f.possible_duplicates,
    )


def _reply(f: e.Replied, _: TypeMapping) -> Command:
    return fast(c.Reply)(
        at=f.at,
        by=f.by,
        actor=f.actor,
        text=f.text,
        channel=f.channel,
        interim=f.interim,
        solution=f.solution,
    )


def _change_type(f: e.TypeChanged, type_of: TypeMapping) -> Command:
    kind = type_of(f.type)
    return c.ChangeType(at=f.at, by=f.by, actor=f.actor, type=kind, text=f.text, consent=f.consent)


def _refund(f: e.Refunded, _: TypeMapping) -> Command:
    return c.Refund(
        at=f.at,
        by=f.by,
        actor=f.actor,
        amount=f.amount,
        reference=f.reference or e.format_instant(f.at),
        units=f.units,
        reason=f.reason,
    )


def _close(f: e.Closed, _: TypeMapping) -> Command:
    if f.duplicate_of is not None:
        return c.MarkDuplicate(at=f.at, by=f.by, actor=f.actor, of=f.duplicate_of)
    if f.kind == "withdrawn":
        return c.Withdraw(at=f.at, by=f.by, actor=f.actor, reason=f.reason)
    return fast(c.Close)(at=f.at, by=f.by, actor=f.actor, text=f.text, consent=f.consent)


def _open_dispute(f: e.DisputeOpened, _: TypeMapping) -> Command:
    return c.OpenDispute(
        at=f.at,
        by=f.by,
        actor=f.actor,
        dispute=f.dispute,
        kind=f.kind,
        deadline=f.deadline,
        amount=f.amount,
        reason=f.reason,
    )


def _resolve_dispute(f: e.DisputeResolved, _: TypeMapping) -> Command | None:
    if f.outcome == "superseded":
        return None
    return c.ResolveDispute(at=f.at, by=f.by, actor=f.actor, dispute=f.dispute, outcome=f.outcome)


_COMMANDS: Mapping[type[Event], Callable[[Any, TypeMapping], Command | None]] = {
    e.Opened: _open,
    e.Replied: _reply,
    e.TypeChanged: _change_type,
    e.Escalated: lambda f, _: fast(c.Escalate)(
        at=f.at, by=f.by, actor=f.actor, reason=f.reason, text=f.text
    ),
    e.HandedBack: lambda f, _: c.HandBack(at=f.at, by=f.by, actor=f.actor, text=f.text),
    e.Acknowledged: lambda f, _: c.Acknowledge(at=f.at, by=f.by, actor=f.actor),
    e.InfoRequested: lambda f, _: c.RequestInfo(at=f.at, by=f.by, actor=f.actor, text=f.text),
    e.Assigned: lambda f, _: c.Assign(at=f.at, by=f.by, actor=f.actor, assignee=f.assignee),
    e.Shared: lambda f, _: c.Share(at=f.at, by=f.by, actor=f.actor, with_person=f.with_person),
    e.Unshared: lambda f, _: c.Unshare(at=f.at, by=f.by, actor=f.actor, with_person=f.with_person),
    e.Refunded: _refund,
    e.RefundConfirmed: lambda f, _: c.ConfirmRefund(
        at=f.at, by=f.by, actor=f.actor, reference=f.reference
    ),
    e.RefundFailed: lambda f, _: c.FailRefund(
        at=f.at, by=f.by, actor=f.actor, reference=f.reference, reason=f.reason
    ),
    e.Cancelled: lambda f, _: c.Cancel(
        at=f.at, by=f.by, actor=f.actor, units=f.units, reason=f.reason
    ),
    e.Closed: _close,
    e.Reopened: lambda f, _: c.Reopen(at=f.at, by=f.by, actor=f.actor, text=f.text),
    e.ReviewRequested: lambda f, _: c.RequestReview(at=f.at, by=f.by, actor=f.actor, text=f.text),
    e.Reviewed: lambda f, _: c.Review(at=f.at, by=f.by, actor=f.actor, abuse=f.abuse, text=f.text),
    e.DisputeOpened: _open_dispute,
    e.DisputeAnswered: lambda f, _: c.AnswerDispute(
        at=f.at, by=f.by, actor=f.actor, dispute=f.dispute, text=f.text
    ),
    e.DisputeResolved: _resolve_dispute,
}

_REPORTS = frozenset({e.DisputeOpened, e.DisputeResolved, e.RefundConfirmed, e.RefundFailed})
