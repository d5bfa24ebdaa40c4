"""The command that causes each event of a party."""

from collections.abc import Mapping
from typing import assert_never

from ticketcore import commands as c
from ticketcore import events as e
from ticketcore.commands import Command
from ticketcore.events import Event


def command_of(event: Event) -> type[Command] | None:
    """Return the class of the command that a party gives to cause *event*.

    Returns None for an event that no command causes: one of the clock, or an unknown one.
    """
    if isinstance(event, e.Closed):
        return _closing_command(event)
    return _COMMANDS.get(type(event))


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
