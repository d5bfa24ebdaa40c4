"""Decide commands and advance time: the only place where rules meet the state of a ticket.

    command + ticket + policy  ->  events    decide
    ticket + policy + instant  ->  events    advance

Both are pure: they read no clock and change nothing. A command that is refused raises, and nothing
has happened; a command that changes nothing returns ``()``.

`decide` takes these steps:

1. Timers that are due until the command's instant fire first, each at its own due instant. At the
   command's own instant only timers that fire "at" it do: an answer at the due instant is in time.
2. A command that would change nothing ends here.
3. The permission is checked, and the handler of the command returns its events.
4. The pending timers are computed again. If they changed, `Scheduled` records all of them.
5. Timers that are due at once fire.

A timer that fires does the same from step 4 on, unless it only reminds. So it makes no difference
whether time advances in one step or in many.
"""

from datetime import datetime

import attrs

from ticketcore.commands import ChangePolicy, Command, Open, Reschedule
from ticketcore.decider._authorization import check_allowed, local_text, refuse
from ticketcore.decider._effects import effect_of
from ticketcore.decider._handlers import handle, is_no_op
from ticketcore.decider._opening import open_ticket
from ticketcore.decider._timers import schedule
from ticketcore.errors import UnknownTimerError, WrongPolicyError
from ticketcore.events import Event, Timer, utc
from ticketcore.policies import Effect, Policy, TimerDefinition
from ticketcore.ticket import Ticket, fold

# C17: a reminder is not activity, so it leaves all other timers as they are.
_REMINDERS: frozenset[Effect] = frozenset({"warn", "breach"})


def decide(ticket: "Ticket | None", command: "Command", policy: "Policy") -> "tuple[Event, ...]":
    """Return the events that a command causes, after those of timers due before it.

    *ticket* is None before it is opened. Raises RefusedError with a stable code if the policy or
    the ticket's state forbids the command, WrongPolicyError if the ticket follows another policy,
    UnknownTimerError if a due timer is not in the policy, CalendarRangeError if a deadline lies
    outside the supported years of its calendar.
    """
    if ticket is None:
        if not isinstance(command, Open):
            refuse(command, "not-opened", "the ticket does not exist: open it first")
        ticket, opening = open_ticket(command, policy)
        return opening + _follow_up(ticket, command, policy)
    if isinstance(command, ChangePolicy):
        return _change_policy(ticket, command, policy)
    _check_policy(ticket, policy)
    _check_order(ticket, command)
    ticket, fired = advance_ticket(ticket, policy, command.at)
    if is_no_op(ticket, command):
        return fired
    return fired + _carry_out(ticket, command, policy)


def decide_and_apply(
    ticket: Ticket | None, command: Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]]:
    """Return the ticket after `decide`, and the events. Raises as `decide` does."""
    events = decide(ticket, command, policy)
    return fold(events, ticket), events


def advance(ticket: "Ticket", policy: "Policy", at: datetime) -> "tuple[Event, ...]":
    """Return the events of all timers due until *at*, each stamped with its due instant.

    The events are the same for one call or many. Raises WrongPolicyError if a timer is due and the
    ticket follows another policy, UnknownTimerError if that policy lacks the timer,
    CalendarRangeError if a new deadline lies outside the supported years of its calendar, and
    InstantError or NaiveDatetimeError for a wrong *at*.
    """
    return advance_ticket(ticket, policy, at)[1]


def advance_ticket(
    ticket: Ticket, policy: Policy, at: datetime
) -> tuple[Ticket, tuple[Event, ...]]:
    """Return the ticket after `advance`, and the events. Raises as `advance` does."""
    at = utc(at)
    if not ticket.timers or ticket.timers[0].due > at:
        return ticket, ()
    _check_policy(ticket, policy)
    happened: tuple[Event, ...] = ()
    while due := _next_due(ticket, policy, at):
        timer, definition = due
        fired_at = max(timer.due, ticket.at)
        events = effect_of(definition.effect, ticket, policy, timer, fired_at)
        ticket = fold(events, ticket)
        happened += events
        if definition.effect not in _REMINDERS:
            scheduled = schedule(ticket, policy, ticket.at)
            ticket = fold(scheduled, ticket) if scheduled else ticket
            happened += scheduled
    return ticket, happened


def _next_due(
    ticket: Ticket, policy: Policy, at: datetime
) -> tuple[Timer, TimerDefinition] | None:
    """Return the next timer to fire until *at*, with its definition.

    This is the earliest. Of those due at one instant, timers that fire "after" it come last, and
    they do not fire at *at* itself: an answer at the due instant is in time.
    """
    last: tuple[Timer, TimerDefinition] | None = None
    for timer in ticket.timers:  # the earliest first
        if timer.due > at or (last is not None and timer.due > last[0].due):
            break
        definition = policy.timer(timer.name, ticket)
        if definition is None:
            raise UnknownTimerError(timer.name, policy.name, policy.version)
        if definition.fires == "at":
            return timer, definition
        if last is None and timer.due < at:
            last = timer, definition
    return last


def _carry_out(ticket: Ticket, command: Command, policy: Policy) -> tuple[Event, ...]:
    permission = check_allowed(ticket, command, policy)
    events = handle(ticket, command, policy, permission)
    return events + _follow_up(fold(events, ticket), command, policy)


def _follow_up(ticket: Ticket, command: Command, policy: Policy) -> tuple[Event, ...]:
    """Return what follows a command's own events: the pending timers, and those due at once.

    *ticket* is the ticket after the command's own events.
    """
    anew = isinstance(command, (Reschedule, ChangePolicy))
    scheduled = schedule(ticket, policy, command.at, anew=anew)
    if scheduled and command.command_id is not None:
        scheduled = (attrs.evolve(scheduled[0], command_id=command.command_id),)
    timers = scheduled[0].timers if scheduled else ticket.timers
    if not timers or timers[0].due > command.at:  # most often nothing is due at once
        return scheduled
    return scheduled + advance(fold(scheduled, ticket), policy, command.at)


def _change_policy(ticket: Ticket, command: ChangePolicy, policy: Policy) -> tuple[Event, ...]:
    if (ticket.policy, ticket.policy_version) == (policy.name, policy.version):
        return ()
    _check_order(ticket, command)
    if ticket.timers and ticket.timers[0].due <= command.at:
        due = local_text(ticket.timers[0].due, ticket)
        reason = f"a timer is due at {due}: advance the ticket under its present policy first"
        refuse(command, "timers-due", reason)
    return _carry_out(ticket, command, policy)


def _check_order(ticket: Ticket, command: Command) -> None:
    if command.at < ticket.at:
        at, last = local_text(command.at, ticket), local_text(ticket.at, ticket)
        reason = f"the command is dated {at}, before the ticket's last event at {last}"
        refuse(command, "out-of-order", reason)


def _check_policy(ticket: Ticket, policy: Policy) -> None:
    if ticket.policy is None or (
        ticket.policy == policy.name and ticket.policy_version == policy.version
    ):
        return
    raise WrongPolicyError(ticket.policy, ticket.policy_version or "", policy.name, policy.version)
