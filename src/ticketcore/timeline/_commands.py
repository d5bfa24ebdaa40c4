"""The command that causes each event of a party, and the permission that allows it."""

from collections.abc import Mapping
from typing import assert_never

from ticketcore import commands as c
from ticketcore import events as e
from ticketcore.commands import Command
from ticketcore.decider import window_of
from ticketcore.events import Event
from ticketcore.policies import Permission, Policy
from ticketcore.ticket import Ticket


def command_of(event: Event) -> type[Command] | None:
    """Return the class of the command that a party gives to cause *event*.

    Returns None for an event that no command causes: one of the clock, or an unknown one.
    """
    if isinstance(event, e.Closed):
        return _closing_command(event)
    return _COMMANDS.get(type(event))


def permission_of(event: Event, ticket: Ticket, policy: Policy) -> Permission | None:
    """Return the permission by which a party caused *event*, or None if there is none.

    *ticket* is the ticket before the event, or after it if the event is the opening.
    """
    command = command_of(event)
    permissions = () if command is None else policy.allows(command.NAME, event.by)
    return next((each for each in permissions if _applies(each, event, ticket, policy)), None)


def _applies(permission: Permission, event: Event, ticket: Ticket, policy: Policy) -> bool:
    window = window_of(permission, ticket, policy) if permission.when.holds(ticket) else None
    if window is None or not window.is_open(event.at):
        return False
    return not permission.fields or _fields_of(event, policy) <= {*permission.fields}


def _fields_of(event: Event, policy: Policy) -> set[str]:
    """Return the fields that an event sets; at an opening, those without their default value."""
    if isinstance(event, e.FieldSet):
        return {event.field}
    assert isinstance(event, e.Opened), "no other command sets fields"
    defaults = {name: field.default_value for name, field in policy.fields.items()}
    return {name for name, value in event.fields.items() if value != defaults.get(name)}


def _closing_command(event: e.Closed) -> type[Command]:
    match event.kind:
        case "closed":
            return c.Close
        case "withdrawn":
            return c.Withdraw
        case "duplicate":
            return c.MarkDuplicate
        case _:
            assert_never(event.kind)


_COMMANDS: Mapping[type[Event], type[Command]] = {
    e.Opened: c.Open,
    e.Replied: c.Reply,
    e.TypeChanged: c.ChangeType,
    e.Escalated: c.Escalate,
    e.HandedBack: c.HandBack,
    e.Acknowledged: c.Acknowledge,
    e.InfoRequested: c.RequestInfo,
    e.Assigned: c.Assign,
    e.Shared: c.Share,
    e.Unshared: c.Unshare,
    e.Refunded: c.Refund,
    e.RefundConfirmed: c.ConfirmRefund,
    e.RefundFailed: c.FailRefund,
    e.Cancelled: c.Cancel,
    e.FieldSet: c.SetField,
    e.Tagged: c.Tag,
    e.Untagged: c.Untag,
    e.NoteAdded: c.AddNote,
    e.Classified: c.Classify,
    e.OrderCorrected: c.CorrectOrder,
    e.ShipmentAdded: c.AddShipment,
    e.DuplicateUnmarked: c.UnmarkDuplicate,
    e.Split: c.SplitTicket,
    e.Linked: c.Link,
    e.Reopened: c.Reopen,
    e.Rescheduled: c.Reschedule,
    e.DeadlineSet: c.SetDeadline,
    e.Snoozed: c.Snooze,
    e.Unsnoozed: c.Unsnooze,
    e.ReviewRequested: c.RequestReview,
    e.Reviewed: c.Review,
    e.DisputeOpened: c.OpenDispute,
    e.DisputeCorrected: c.CorrectDispute,
    e.DisputeAnswered: c.AnswerDispute,
    e.DisputeResolved: c.ResolveDispute,
    e.PolicyChanged: c.ChangePolicy,
}
