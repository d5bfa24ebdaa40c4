"""What each command brings about, once it is granted; and when there is nothing left to do.

A handler is a function of the ticket, the command and the policy to events. The permission is
checked before; what a handler still refuses depends on the command's own values.
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from ticketcore import commands as c
from ticketcore._making import maker
from ticketcore.commands import Command
from ticketcore.decider import _closing, _disputes, _money
from ticketcore.decider._opening import check_type
from ticketcore.decider._refusing import refuse
from ticketcore.events import (
    Acknowledged,
    Assigned,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    PolicyChanged,
    Reopened,
    Replied,
    Shared,
    TypeChanged,
    Unshared,
)
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket

_new_replied, _new_escalated = maker(Replied), maker(Escalated)


def handle(
    ticket: Ticket, command: Command, policy: Policy, permission: Permission
) -> tuple[Event, ...]:
    """The events of a granted command. Raises RefusedError."""
    return _HANDLERS[command.__class__](ticket, command, policy, permission)


def is_no_op(ticket: Ticket, command: Command) -> bool:
    """Whether the ticket already is as asked for: sent again, a command does nothing."""
    check = _ALREADY.get(command.__class__)
    return check is not None and check(ticket, command)


def _reply(t: Ticket, m: c.Reply, p: Policy, _: Permission) -> tuple[Event, ...]:
    reply = _replied(m)
    if t.closed_at is None:
        return (reply,)
    return (Reopened(at=m.at, by=m.by, actor=m.actor), reply)


def _replied(m: c.Reply) -> Replied:
    return _new_replied(
        at=m.at,
        by=m.by,
        actor=m.actor,
        text=m.text,
        channel=m.channel,
        interim=m.interim and m.by != "customer",  # K9: a notice is from who owes the answer
        solution=m.solution,
    )


def _change_type(t: Ticket, m: c.ChangeType, p: Policy, a: Permission) -> tuple[Event, ...]:
    check_type(t, m, m.type, p)
    return (
        TypeChanged(
            at=m.at,
            by=m.by,
            actor=m.actor,
            type=m.type,
            text=m.text,
            consent=m.consent,
        ),
    )


def _escalate(t: Ticket, m: c.Escalate, p: Policy, _: Permission) -> tuple[Event, ...]:
    known = p.escalation.reasons
    if known and m.reason is not None and m.reason not in known:
        reason = f"{m.reason!r} is none of the reasons {', '.join(known)}"
        refuse(m, "unknown-reason", reason, p.escalation.rule)
    return (_new_escalated(at=m.at, by=m.by, actor=m.actor, reason=m.reason, text=m.text),)


def _called_in(t: Ticket) -> bool:
    """Whether support handles it already; where support is the desk, also has the turn."""
    has_turn = t.waiting_for == "support" and not t.solved
    return t.handler == "support" and (t.opened.default_handler != "support" or has_turn)


def _hand_back(t: Ticket, m: c.HandBack, p: Policy, _: Permission) -> tuple[Event, ...]:
    return (HandedBack(at=m.at, by=m.by, actor=m.actor, text=m.text),)


def _acknowledge(t: Ticket, m: c.Acknowledge, p: Policy, _: Permission) -> tuple[Event, ...]:
    return (Acknowledged(at=m.at, by=m.by, actor=m.actor),)


def _request_info(t: Ticket, m: c.RequestInfo, p: Policy, _: Permission) -> tuple[Event, ...]:
    return (_info_requested(m),)


def _info_requested(m: c.RequestInfo) -> InfoRequested:
    return InfoRequested(at=m.at, by=m.by, actor=m.actor, text=m.text)


def _assign(t: Ticket, m: c.Assign, p: Policy, a: Permission) -> tuple[Event, ...]:
    return (Assigned(at=m.at, by=m.by, actor=m.actor, assignee=m.assignee),)


def _share(t: Ticket, m: c.Share, p: Policy, _: Permission) -> tuple[Event, ...]:
    return (Shared(at=m.at, by=m.by, actor=m.actor, with_person=m.with_person),)


def _unshare(t: Ticket, m: c.Unshare, p: Policy, _: Permission) -> tuple[Event, ...]:
    return (Unshared(at=m.at, by=m.by, actor=m.actor, with_person=m.with_person),)


def _open_again(t: Ticket, m: c.Open, p: Policy, _: Permission) -> tuple[Event, ...]:
    refuse(m, "already-opened", f"the ticket was opened at {t.opened.at.isoformat()}")


def _is_opened_so(t: Ticket, m: c.Open) -> bool:
    """Whether all facts are those of the opening; some may be left out, for defaults to be had."""
    return all(
        getattr(m, name) == getattr(t.opened, name)
        or (name in _WITH_DEFAULT and not getattr(m, name))
        for name in attrs.fields_dict(c.Open)
    )


_WITH_DEFAULT = frozenset({"type", "zone", "units"})


def _reschedule(t: Ticket, m: c.Reschedule, p: Policy, _: Permission) -> tuple[Event, ...]:
    return ()  # the new plan is recorded after every command; this one works it out anew


def _change_policy(t: Ticket, m: c.ChangePolicy, p: Policy, _: Permission) -> tuple[Event, ...]:
    changed = PolicyChanged(
        at=m.at, by=m.by, actor=m.actor, policy=p.name, policy_version=p.version
    )
    return (changed,)


_HANDLERS: Mapping[
    type[Command], Callable[[Ticket, Any, Policy, Permission], tuple[Event, ...]]
] = {
    c.Open: _open_again,
    c.Reply: _reply,
    c.ChangeType: _change_type,
    c.Escalate: _escalate,
    c.HandBack: _hand_back,
    c.Acknowledge: _acknowledge,
    c.RequestInfo: _request_info,
    c.Assign: _assign,
    c.Share: _share,
    c.Unshare: _unshare,
    c.Refund: _money.refund,
    c.ConfirmRefund: _money.confirm,
    c.FailRefund: _money.fail,
    c.Cancel: _money.cancel,
    c.Close: _closing.close,
    c.Withdraw: _closing.withdraw,
    c.MarkDuplicate: _closing.mark_duplicate,
    c.Reopen: _closing.reopen,
    c.RequestReview: _closing.request_review,
    c.Review: _closing.review,
    c.OpenDispute: _disputes.open_dispute,
    c.AnswerDispute: _disputes.answer,
    c.ResolveDispute: _disputes.resolve,
    c.Reschedule: _reschedule,
    c.ChangePolicy: _change_policy,
}

_ALREADY: Mapping[type[Command], Callable[[Ticket, Any], bool]] = {
    c.Open: _is_opened_so,
    c.Reply: lambda t, m: (
        t.last_message is not None and t.last_message.at == m.at and t.last_message == _replied(m)
    ),
    c.RequestInfo: lambda t, m: t.last_message == _info_requested(m),
    c.ChangeType: lambda t, m: t.type == m.type,
    c.Escalate: lambda t, m: _called_in(t),
    c.HandBack: lambda t, m: t.handler == t.opened.default_handler,
    c.Acknowledge: lambda t, m: t.acknowledged,
    c.Assign: lambda t, m: t.assigned_to == m.to,
    c.Share: lambda t, m: m.with_person in t.shared_with,
    c.Unshare: lambda t, m: m.with_person not in t.shared_with,
    c.Refund: _money.already_refunded,
    c.ConfirmRefund: lambda t, m: _money.state_of(t, m.reference) == "done",
    c.FailRefund: lambda t, m: _money.state_of(t, m.reference) == "failed",
    c.Cancel: lambda t, m: set(m.units) <= set(t.cancelled_units),
    c.Close: lambda t, m: m.by in t.closed_by and t.closed_kind == "closed",
    c.Withdraw: lambda t, m: m.by in t.closed_by and t.closed_kind == "withdrawn",
    c.MarkDuplicate: lambda t, m: t.duplicate_of == m.of,
    c.Reopen: lambda t, m: t.closed_at is None,
    c.RequestReview: lambda t, m: t.review == "requested",
    c.Review: lambda t, m: t.review == ("abuse" if m.abuse else "cleared"),
    c.OpenDispute: _disputes.already_opened,
    c.AnswerDispute: lambda t, m: (d := _disputes.find(t, m.dispute)) is not None and d.answered,
    c.ResolveDispute: lambda t, m: (
        (d := _disputes.find(t, m.dispute)) is not None and d.outcome == m.outcome
    ),
}
