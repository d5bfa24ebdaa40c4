"""The decider: the only place where rules meet state.

    command + ticket + policy  ->  events    decide
    ticket + policy + instant  ->  events    advance

Both are pure: they read no clock, and change nothing. A refused command raises, and nothing has
happened; a command that changes nothing yields ``()``.
"""

from datetime import datetime
from typing import Any

from ticketcore.commands import ChangePolicy, Command, Open
from ticketcore.decider._effects import effect_of
from ticketcore.decider._handlers import handle, is_no_op
from ticketcore.decider._opening import open_ticket
from ticketcore.decider._planning import reschedule
from ticketcore.decider._refusing import check_allowed, refuse
from ticketcore.errors import UnknownTimerError, WrongPolicyError
from ticketcore.events import Event, Timer, utc
from ticketcore.policies import Effect, Policy, TimerDefinition
from ticketcore.ticket import Ticket, apply, draft_of, sealed

# What only reminds (C17: it is no activity) leaves all other timers as they are.
_REMINDERS: frozenset[Effect] = frozenset({"warn", "breach"})
_PLANS_ANEW = frozenset({"reschedule", "change-policy"})


def decide(ticket: Ticket | None, command: Command, policy: Policy) -> tuple[Event, ...]:
    """The events that a command brings about, those of timers due until then before it.

    *ticket* is None before it is opened. Raises RefusedError with a stable code when the policy
    or the ticket's state forbids it, WrongPolicyError when the ticket goes by another policy,
    UnknownTimerError when a timer that it does not have is due by then, CalendarRangeError when a
    deadline lies beyond the dates that its calendar reaches.
    """
    return decide_and_apply(ticket, command, policy)[1]


def decide_and_apply(
    ticket: Ticket | None, command: Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]]:
    """`decide`, with the ticket that its events make."""
    if ticket is None:
        if not isinstance(command, Open):
            refuse(command, "not-opened", "there is no such ticket: open it first")
        draft, events = open_ticket(command, policy)
        return _follow(draft, events, policy, command)
    if isinstance(command, ChangePolicy):
        return _change_policy(ticket, command, policy)
    _check_policy(ticket, policy)
    _check_time(ticket, command)
    ticket, past = advance_ticket(ticket, policy, command.at)
    if is_no_op(ticket, command):
        return ticket, past
    return _carry_out(ticket, past, command, policy)


def advance(ticket: Ticket, policy: Policy, at: datetime) -> tuple[Event, ...]:
    """What the clocks have brought about until *at*, each event stamped at its due instant.

    In one step or in a hundred, the events are the same. Raises WrongPolicyError when a timer
    falls due and the ticket goes by another policy, UnknownTimerError when that policy does not
    have it, CalendarRangeError when a timer that is set anew falls due beyond the dates that its
    calendar reaches, InstantError or NaiveDatetimeError for an *at* that is no instant.
    """
    return advance_ticket(ticket, policy, utc(at))[1]


def advance_ticket(
    ticket: Ticket, policy: Policy, at: datetime
) -> tuple[Ticket, tuple[Event, ...]]:
    """`advance`, with the ticket that its events make. *at* is in UTC."""
    if not ticket.timers or ticket.timers[0].due > at:
        return ticket, ()
    _check_policy(ticket, policy)
    draft = draft_of(ticket)
    happened: tuple[Event, ...] = ()
    while ripe := _next_ripe(draft, policy, at):
        timer, rule = ripe
        events = effect_of(rule.effect, draft, policy, timer, max(timer.due, draft.at))
        apply(events, draft)
        happened += events
        if rule.effect not in _REMINDERS:
            scheduled = reschedule(draft, policy, draft.at)
            apply(scheduled, draft)
            happened += scheduled
    return sealed(draft), happened


def _next_ripe(
    ticket: Ticket, policy: Policy, at: datetime
) -> tuple[Timer, TimerDefinition] | None:
    """The next timer to fire until *at*: the earliest; of those due at one instant, what fires
    only after it comes last, since an answer at that instant is in time."""
    last: tuple[Timer, TimerDefinition] | None = None
    for timer in ticket.timers:  # the earliest first
        if timer.due > at or (last is not None and timer.due > last[0].due):
            break
        rule = policy.timer(timer.name, ticket)
        if rule is None:
            raise UnknownTimerError(timer.name, policy.name, policy.version)
        if rule.fires == "at":
            return timer, rule
        if last is None and timer.due < at:
            last = timer, rule
    return last


def _follow(
    draft: Any, happened: tuple[Event, ...], policy: Policy, command: Command
) -> tuple[Ticket, tuple[Event, ...]]:
    """Record what is pending after what happened, and let fire what is due at once."""
    scheduled = reschedule(draft, policy, command.at, anew=command.NAME in _PLANS_ANEW)
    apply(scheduled, draft)
    ticket, at_once = advance_ticket(sealed(draft), policy, command.at)
    return ticket, happened + scheduled + at_once


def _change_policy(
    ticket: Ticket, command: ChangePolicy, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]]:
    if (ticket.policy, ticket.policy_version) == (policy.name, policy.version):
        return ticket, ()
    _check_time(ticket, command)
    if ticket.timers and ticket.timers[0].due <= command.at:
        due = ticket.timers[0].due.isoformat()
        refuse(command, "timers-due", f"a timer is due at {due}: advance by its policy first")
    return _carry_out(ticket, (), command, policy)


def _carry_out(
    ticket: Ticket, past: tuple[Event, ...], command: Command, policy: Policy
) -> tuple[Ticket, tuple[Event, ...]]:
    """What a command brings about where it is permitted, after what is *past*."""
    permission = check_allowed(ticket, command, policy)
    events = handle(ticket, command, policy, permission)
    draft = draft_of(ticket)
    apply(events, draft)
    return _follow(draft, past + events, policy, command)


def _check_time(ticket: Ticket, command: Command) -> None:
    if command.at < ticket.at:
        late = f"the ticket's last event is at {ticket.at.isoformat()}"
        refuse(command, "out-of-order", f"{late}, the command is from before")


def _check_policy(ticket: Ticket, policy: Policy) -> None:
    if ticket.policy is None or (
        ticket.policy == policy.name and ticket.policy_version == policy.version
    ):
        return
    raise WrongPolicyError(ticket.policy, ticket.policy_version or "", policy.name, policy.version)
