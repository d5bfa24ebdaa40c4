"""The handlers of the commands that concern messages, persons, and the ticket as a whole."""

import attrs

from ticketcore import commands as c
from ticketcore._internal.declared import require_all
from ticketcore._internal.fast_attrs import fast, fast_copy
from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import quoted
from ticketcore.commands import COMMANDS, Command
from ticketcore.decider._authorization import check_consent, refuse
from ticketcore.decider._registry import (
    HANDLERS,
    NO_OP_CHECKS,
    Others,
    caused_by,
    handles,
    no_op_if,
)
from ticketcore.decider._windows import reopening_window
from ticketcore.decider.clocks import plan
from ticketcore.decider.handlers import _clock_commands, _corrections, _disputes, _endings, _money  # noqa: F401  # they register handlers
from ticketcore.decider.handlers._fields import fields_under
from ticketcore.decider.handlers._opening import check_type, once
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
    Rescheduled,
    Shared,
    TypeChanged,
    Unshared,
    given_field,
    with_article,
)
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket

_new_replied = fast(Replied)


def handle(
    ticket: Ticket, command: Command, policy: Policy, permission: Permission, others: Others
) -> tuple[Event, ...]:
    """Return the events of an allowed command. Raises RefusedError, and for money as `decide`."""
    return HANDLERS[type(command)](ticket, command, policy, permission, others)


def is_no_op(ticket: Ticket, command: Command) -> bool:
    """Return whether the ticket already is as *command* asks, for example if it was sent twice."""
    check = NO_OP_CHECKS.get(type(command))
    return check is not None and check(ticket, command)


@handles(c.Open)
def _open_again(ticket: Ticket, command: c.Open, policy: Policy, *_: object) -> tuple[Event, ...]:
    at = local_text(ticket.opened.at, ticket.opened.zone)
    refuse(command, "already-opened", f"the ticket was already opened on {at}")


@no_op_if(c.Open)
def _is_opened_so(ticket: Ticket, command: c.Open) -> bool:
    """Compare the facts; those with a default may be left out."""
    opened = ticket.opened
    has_fields = all(
        name in opened.fields
        and given_field(opened.fields[name].kind, text) == opened.fields[name].content
        for name, text in command.fields.items()
    )
    return has_fields and all(
        _as_recorded(command, name) == getattr(opened, name)
        or (name in _WITH_DEFAULT and not getattr(command, name))
        for name in attrs.fields_dict(c.Open)
        if name != "fields"
    )


def _as_recorded(command: c.Open, name: str) -> object:
    value: object = getattr(command, name)
    return once(value) if isinstance(value, tuple) and name != "attachments" else value


_WITH_DEFAULT = frozenset({"type", "zone", "units"})


@handles(c.Reply)
def _reply(ticket: Ticket, command: c.Reply, policy: Policy, *_: object) -> tuple[Event, ...]:
    reply = _replied(command)
    if ticket.closed_at is None or command.automatic:
        return (reply,)
    if ticket.duplicate_of is not None:
        reason = f"the ticket is a duplicate of {ticket.duplicate_of}: reply there"
        refuse(command, "ticket-merged", reason)
    _check_reopening(ticket, command, policy)
    if reply.is_blank:  # neither an answer nor activity
        return (reply,)
    reopened = fast(Reopened)(**caused_by(command), derived=True)
    return (reopened, reply)


def _check_reopening(ticket: Ticket, command: c.Reply, policy: Policy) -> None:
    window = reopening_window(ticket, policy)
    if window.closes is not None and window.is_late(command.at):
        reason = (
            f"a reply by {with_article(command.by)} reopens the ticket only within "
            f"{policy.closing.reply_reopens_within} after the closing, until "
            f"{local_text(window.closes, ticket.opened.zone)}"
        )
        refuse(command, "window-passed", reason, policy.closing.rule)


@no_op_if(c.Reply)
def _is_received(ticket: Ticket, command: c.Reply) -> bool:
    if command.reference is not None:
        return command.reference in ticket.message_references
    last = ticket.last_message
    return last is not None and last.at == command.at and _same(last, _replied(command))


def _replied(command: c.Reply) -> Replied:
    return _new_replied(
        at=command.at,  # not `caused_by`: most commands are replies, and this is faster
        by=command.by,
        actor=command.actor,
        command_id=command.command_id,
        text=command.text,
        channel=command.channel,
        interim=command.interim and command.by != "customer",  # K9: only from who owes an answer
        solution=command.solution,
        automatic=command.automatic,
        reference=command.reference,
        attachments=command.attachments,
    )


@handles(c.RequestInfo)
def _request_info(
    ticket: Ticket, command: c.RequestInfo, policy: Policy, *_: object
) -> tuple[Event, ...]:
    return (_info_requested(command),)


@no_op_if(c.RequestInfo)
def _is_last_request(ticket: Ticket, command: c.RequestInfo) -> bool:
    last = ticket.last_message
    return last is not None and last.at == command.at and _same(last, _info_requested(command))


def _info_requested(command: c.RequestInfo) -> InfoRequested:
    return InfoRequested(**caused_by(command), text=command.text)


def _same(event: Event, other: Event) -> bool:
    """Compare two events except for the id of their command."""
    return event == fast_copy(type(other), "command_id")(other, event.command_id)


@handles(c.ChangeType)
def _change_type(
    ticket: Ticket, command: c.ChangeType, policy: Policy, *_: object
) -> tuple[Event, ...]:
    check_type(ticket, command, command.type, policy)
    check_consent(ticket, command)
    changed = TypeChanged(
        **caused_by(command),
        type=command.type,
        text=command.text,
        consent=command.consent,
        consent_message=command.consent_message,
        answers=policy.retype_answers,
    )
    return (changed,)


@no_op_if(c.ChangeType)
def _has_type(ticket: Ticket, command: c.ChangeType) -> bool:
    return ticket.type == command.type


@handles(c.Escalate)
def _escalate(
    ticket: Ticket, command: c.Escalate, policy: Policy, *_: object
) -> tuple[Event, ...]:
    known = policy.escalation.reasons
    if known and command.reason is not None and command.reason not in known:
        reason = f"unknown reason {quoted(command.reason)}; {policy.name} has {', '.join(known)}"
        refuse(command, "unknown-reason", reason, policy.escalation.rule)
    escalated = fast(Escalated)(
        **caused_by(command),
        reason=command.reason,
        text=command.text,
    )
    return (escalated,)


@no_op_if(c.Escalate)
def _is_with_support(ticket: Ticket, command: c.Escalate) -> bool:
    """Support handles the ticket; if it is the default handler, its answer is awaited too."""
    awaited = ticket.waiting_for == "support" and not ticket.solved
    return ticket.handler == "support" and (ticket.opened.default_handler != "support" or awaited)


@handles(c.HandBack)
def _hand_back(
    ticket: Ticket, command: c.HandBack, policy: Policy, *_: object
) -> tuple[Event, ...]:
    return (HandedBack(**caused_by(command), text=command.text),)


@no_op_if(c.HandBack)
def _is_with_default_handler(ticket: Ticket, command: c.HandBack) -> bool:
    return ticket.handler == ticket.opened.default_handler


@handles(c.Acknowledge)
def _acknowledge(
    ticket: Ticket, command: c.Acknowledge, policy: Policy, *_: object
) -> tuple[Event, ...]:
    return (Acknowledged(**caused_by(command)),)


@no_op_if(c.Acknowledge)
def _is_acknowledged(ticket: Ticket, command: c.Acknowledge) -> bool:
    return ticket.acknowledged


@handles(c.Assign)
def _assign(ticket: Ticket, command: c.Assign, policy: Policy, *_: object) -> tuple[Event, ...]:
    assignee = command.assignee
    return (Assigned(**caused_by(command), assignee=assignee),)


@no_op_if(c.Assign)
def _is_assigned(ticket: Ticket, command: c.Assign) -> bool:
    return ticket.assigned_to == command.assignee


@handles(c.Share)
def _share(ticket: Ticket, command: c.Share, policy: Policy, *_: object) -> tuple[Event, ...]:
    person = command.with_person
    return (Shared(**caused_by(command), with_person=person),)


@no_op_if(c.Share)
def _is_shared(ticket: Ticket, command: c.Share) -> bool:
    return command.with_person in ticket.shared_with


@handles(c.Unshare)
def _unshare(ticket: Ticket, command: c.Unshare, policy: Policy, *_: object) -> tuple[Event, ...]:
    person = command.with_person
    return (Unshared(**caused_by(command), with_person=person),)


@no_op_if(c.Unshare)
def _is_not_shared(ticket: Ticket, command: c.Unshare) -> bool:
    return command.with_person not in ticket.shared_with


@handles(c.Reschedule)
def _reschedule(
    ticket: Ticket, command: c.Reschedule, policy: Policy, *_: object
) -> tuple[Event, ...]:
    if plan(ticket, policy, command.at, keep=()) == ticket.timers:
        return ()
    return (Rescheduled(**caused_by(command)),)


@handles(c.ChangePolicy)
def _change_policy(
    ticket: Ticket, command: c.ChangePolicy, policy: Policy, *_: object
) -> tuple[Event, ...]:
    changed = PolicyChanged(
        **caused_by(command),
        policy=policy.name,
        policy_version=policy.version,
        policy_digest=policy.digest,
    )
    return (changed, *fields_under(policy, ticket, command))


require_all(HANDLERS, tuple(COMMANDS.values()), "handlers of commands")
