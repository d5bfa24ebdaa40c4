"""The handlers of deadlines set by hand, and of snoozes."""

from datetime import datetime

from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import quoted
from ticketcore.calendar import Span
from ticketcore.commands import SetDeadline, Snooze, Unsnooze
from ticketcore.decider._authorization import refuse
from ticketcore.decider._registry import caused_by, handles, no_op_if
from ticketcore.errors import CalendarError
from ticketcore.events import DeadlineSet, Event, Snoozed, Unsnoozed
from ticketcore.policies import DEADLINE, Policy
from ticketcore.ticket import Ticket


@handles(SetDeadline)
def _set_deadline(
    ticket: Ticket, command: SetDeadline, policy: Policy, *_: object
) -> tuple[Event, ...]:
    known = {timer.name for timer in ticket.timers if timer.dispute is None}
    known |= {ended.timer.name for ended in ticket.ended_timers if ended.timer.dispute is None}
    known |= {DEADLINE.name}
    if command.timer not in known:
        names = ", ".join(sorted(known))
        reason = f"unknown timer {quoted(command.timer)}; this ticket has {names}"
        refuse(command, "unknown-timer", reason)
    return (DeadlineSet(**caused_by(command), timer=command.timer, due=command.due),)


@no_op_if(SetDeadline)
def _is_set(ticket: Ticket, command: SetDeadline) -> bool:
    return any(
        timer.name == command.timer and timer.by_hand and timer.due == command.due
        for timer in (*ticket.timers, *(ended.timer for ended in ticket.ended_timers))
    )


@handles(Snooze)
def _snooze(ticket: Ticket, command: Snooze, policy: Policy, *_: object) -> tuple[Event, ...]:
    until = _end_of_snooze(ticket, command, policy)
    if until <= command.at:
        end = local_text(until, ticket.opened.zone)
        refuse(command, "not-ahead", f"a snooze must end later than now, not on {end}")
    if until == ticket.snoozed_until:  # a span can give the end that an earlier snooze has
        return ()
    return (Snoozed(**caused_by(command), until=until),)


def _end_of_snooze(ticket: Ticket, command: Snooze, policy: Policy) -> datetime:
    if (command.until is None) == (command.span is None):
        refuse(command, "span-required", 'give either "until" or "span"')
    if command.until is not None:
        return command.until
    if command.calendar is not None and command.calendar not in policy.calendars:
        known = ", ".join(policy.calendars) or "none"
        reason = f"unknown calendar {quoted(command.calendar)}; {policy.name} has {known}"
        refuse(command, "unknown-calendar", reason)
    try:
        span = Span.parse(command.span or "")
        return policy.calendar(command.calendar, ticket).due(command.at, span)
    except CalendarError as error:
        refuse(command, "span-required", str(error))


@no_op_if(Snooze)
def _is_snoozed(ticket: Ticket, command: Snooze) -> bool:
    return command.until is not None and ticket.snoozed_until == command.until


@handles(Unsnooze)
def _unsnooze(ticket: Ticket, command: Unsnooze, *_: object) -> tuple[Event, ...]:
    return (Unsnoozed(**caused_by(command)),)


@no_op_if(Unsnooze)
def _is_awake(ticket: Ticket, _: Unsnooze) -> bool:
    return ticket.snoozed_until is None
