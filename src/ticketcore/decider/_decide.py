"""Decide commands and advance time: the only place where rules meet the state of a ticket.

    command + ticket + policy + ledger  ->  events    decide
    ticket + policy + instant + ledger  ->  events    advance

Both are pure: they read no clock and change nothing. For a command that is refused they raise an
error and record nothing; for a command that changes nothing they return ``()``.

`decide` takes these steps:

1. Timers that are due until the command's instant fire first, each at its own due instant. At the
   command's own instant only timers that fire "at" it do: an answer at the due instant is in time.
2. A command that would change nothing ends here.
3. The permission is checked, and the handler of the command returns its events.
4. The pending timers are computed again. If they changed, `Scheduled` records all of them.
5. Timers that are due at once fire.

A timer that fires does the same from step 4 on, unless it only reminds. So it makes no difference
whether time advances in one step or in many.

Money and disputes belong to the order. With a ledger, commands and timers that read or move the
order's money wait until every other ticket that acts before has been advanced; no others wait.
"""

from datetime import datetime
from typing import TypeAlias

import attrs

from ticketcore._internal.arguments import refuse_wrong_types
from ticketcore._internal.local_times import local_text
from ticketcore.commands import ChangePolicy, Command, CorrectDispute, Open, Reschedule
from ticketcore.decider._authorization import check_allowed, refuse
from ticketcore.decider._effects import EffectInput, effect_of
from ticketcore.decider._registry import Others
from ticketcore.decider.clocks import PlanStep, schedule
from ticketcore.decider.handlers._handlers import handle, is_no_op
from ticketcore.decider.handlers._opening import open_ticket
from ticketcore.errors import (
    FieldError,
    NewerHistoryError,
    OrderNotAdvancedError,
    TimerLoopError,
    UnknownTimerError,
    WrongPolicyError,
)
from ticketcore.events import DisputeResolved, EndedTimer, Event, Scheduled, Timer, Unsnoozed, utc
from ticketcore.ledger import (
    COMMAND,
    Ledger,
    Moment,
    OrderState,
    moment_of,
    next_moment,
    superseded,
)
from ticketcore.policies import SNOOZE, Effect, Policy
from ticketcore.ticket import Dispute, Ticket, fold

# C17: a reminder is not activity, so it leaves all other timers as they are.
_REMINDERS: frozenset[Effect] = frozenset({"warn", "breach"})

# The commands that compute recorded deadlines again.
_RECOMPUTING: frozenset[type[Command]] = frozenset({ChangePolicy, CorrectDispute, Reschedule})

Decision: TypeAlias = tuple[Ticket, tuple[Event, ...], tuple[Event, ...]]
"""The ticket after a command's own events, these events, and those that follow from them."""

_Act: TypeAlias = tuple[str, str | None, str | None, datetime]  # a timer, its dispute and level


def decide(
    ticket: Ticket | None,
    command: Command,
    policy: Policy,
    ledger: Ledger | None = None,
) -> tuple[Event, ...]:
    """Return the events that a command causes, after those of timers due before it.

    *ticket* is None before it is opened. *ledger* has all tickets about the ticket's order;
    without it, the ticket alone is known, and another ticket may refund the same money again.

    Raises RefusedError with a stable code if the policy, the ticket's state or its order forbids
    the command; OrderNotAdvancedError if another ticket of the order must be advanced first;
    NewerHistoryError if the ticket, or for money another of its order, holds content of a newer
    version; WrongPolicyError if the ticket follows another policy; UnknownTimerError if a due
    timer is not in the policy; CalendarRangeError if a deadline lies outside the supported years
    of its calendar; LedgerError for the ledger of another order; FieldError for an argument of a
    wrong type, such as the name of a policy.
    """
    try:
        _, events, following = decide_in_parts(ticket, command, policy, ledger)
    except AttributeError:
        refuse_wrong_types(decide, locals())
        raise
    return events + following


def decide_in_parts(
    ticket: Ticket | None, command: Command, policy: Policy, ledger: Ledger | None = None
) -> Decision:
    """Return the events of `decide` in parts. Raises as `decide` does."""
    if ticket is None:
        if not isinstance(command, Open):
            if not isinstance(command, Command):
                raise FieldError("decide", "command", command, "a command, such as Open or Reply")
            refuse(command, "not-opened", "the ticket does not exist: open it first")
        ticket, opening = open_ticket(command, policy, ledger)
        others = () if ledger is None else ledger.others(ticket)
        check_order(ticket, command, others)
        return ticket, opening, follow_up(None, (), ticket, command, policy, others)
    others = () if ledger is None else ledger.others(ticket)
    if ticket.unread:
        raise NewerHistoryError(ticket.number, ticket.unread)
    if isinstance(command, ChangePolicy):
        return _change_policy(ticket, command, policy, others)
    _check_policy(ticket, policy)
    check_order(ticket, command, others)
    fired: tuple[Event, ...] = ()
    if others or _act_until(ticket.timers, command.at):
        ticket, fired, waits = _advance(ticket, policy, (command.at, COMMAND), others)
        if waits is not None:
            raise waits
    if is_no_op(ticket, command):
        return ticket, fired, ()
    ticket, events, following = _carry_out(ticket, command, policy, others)
    return ticket, fired + events, following


def decide_and_apply(
    ticket: Ticket | None, command: Command, policy: Policy, ledger: Ledger | None = None
) -> tuple[Ticket, tuple[Event, ...]]:
    """Return the ticket after `decide`, and the events. Raises as `decide` does."""
    try:
        after, events, following = decide_in_parts(ticket, command, policy, ledger)
    except AttributeError:
        refuse_wrong_types(decide_and_apply, locals())
        raise
    return fold(following, after) if following else after, events + following


def advance(
    ticket: Ticket, policy: Policy, at: datetime, ledger: Ledger | None = None
) -> tuple[Event, ...]:
    """Return the events of all timers due until *at*, each stamped with its due instant.

    The events are the same for one call or many. With a *ledger*, the events end before a timer
    about money that must wait for another ticket of the order: advance that one and ask again. If
    the first timer must wait, OrderNotAdvancedError names the other ticket.

    Raises, if something is due, NewerHistoryError if the ticket holds content of a newer version,
    WrongPolicyError if it follows another policy, UnknownTimerError if that policy lacks the
    timer, CalendarRangeError if a new deadline lies outside the supported years of its calendar;
    and InstantError or NaiveDatetimeError for a wrong *at*, LedgerError for the ledger of another
    order, FieldError for an argument of a wrong type.
    """
    return advance_ticket(ticket, policy, at, ledger)[1]


def advance_ticket(
    ticket: Ticket, policy: Policy, at: datetime, ledger: Ledger | None = None
) -> tuple[Ticket, tuple[Event, ...]]:
    """Return the ticket after `advance`, and the events. Raises as `advance` does."""
    try:
        others = () if ledger is None else ledger.others(ticket)
        ticket, events, waits = _advance(ticket, policy, (utc(at), COMMAND), others)
    except AttributeError:
        refuse_wrong_types(advance_ticket, locals())
        raise
    if waits is not None and not events:
        raise waits
    return ticket, events


def _advance(
    ticket: Ticket, policy: Policy, until: Moment, others: Others, moment: Moment | None = None
) -> tuple[Ticket, tuple[Event, ...], OrderNotAdvancedError | NewerHistoryError | None]:
    """Return the ticket and the events *until* a moment, and the error at which they stopped.

    *moment* is given for timers that a command makes due at once: they act with the command.
    """
    happened: tuple[Event, ...] = ()
    acted: set[_Act] | None = None
    while (due := _next_due(ticket, others, until)) is not None:
        if ticket.unread:
            raise NewerHistoryError(ticket.number, ticket.unread)
        cause, own_moment = due
        try:
            if isinstance(cause, Dispute):
                events = _end_superseded(ticket, cause, others, own_moment)
                ticket = fold(events, ticket)
            else:
                acted = set() if acted is None else acted
                _check_once(cause, own_moment, acted, ticket)
                ticket, events = _fire(ticket, policy, cause, others, moment or own_moment)
        except (OrderNotAdvancedError, NewerHistoryError) as waits:
            return ticket, happened, waits
        happened += events
    return ticket, happened, None


def _next_due(
    ticket: Ticket, others: Others, until: Moment
) -> tuple[Timer | Dispute, Moment] | None:
    """Return the next timer to fire, or dispute that another ticket ended, until a moment.

    Timers that fire "after" their due instant come after commands at that instant: an answer at
    the due instant is in time.
    """
    if not (others or _act_until(ticket.timers, until[0])):
        return None
    causes: list[tuple[Timer | Dispute, Moment | None]] = [
        (timer, moment_of(timer, ticket)) for timer in ticket.timers
    ]
    causes += superseded(ticket, others)
    first: tuple[Timer | Dispute, Moment] | None = None
    for cause, moment in causes:
        if moment is not None and (first is None or moment < first[1]):
            first = cause, moment
    return None if first is None or first[1] > until else first


def _act_until(timers: tuple[Timer, ...], at: datetime) -> bool:
    """Whether a timer acts until *at*. The timers are in the order in which they act."""
    wakes = timers[0].wakes if timers else None
    return wakes is not None and wakes <= at


def _check_once(cause: Timer, moment: Moment, acted: set[_Act], ticket: Ticket) -> None:
    """Raise TimerLoopError if a deadline or level acts again at one instant: it would not end."""
    acts = cause.name, cause.dispute, cause.level, moment[0]
    if acts in acted:
        names = sorted({name for name, _, _, at in acted if at == moment[0]})
        raise TimerLoopError(tuple(names), moment[0], ticket.opened.zone)
    acted.add(acts)


def _end_superseded(
    ticket: Ticket, dispute: Dispute, others: Others, moment: Moment
) -> tuple[Event, ...]:
    """Return the end of a dispute that a dispute on another ticket superseded (A2)."""
    OrderState.at_turn(ticket, others, moment, by_number=True)
    at = max(moment[0], ticket.at)
    ended = DisputeResolved(at=at, dispute=dispute.id, outcome="superseded", derived=True)
    timers = tuple(timer for timer in ticket.timers if timer.dispute != dispute.id)
    ends = tuple(
        EndedTimer(timer.name, timer.cycle, "cancelled", None, timer.dispute)
        for timer in ticket.timers
        if timer.dispute == dispute.id
    )
    return (ended, *((Scheduled(at=at, timers=timers, ended=ends),) if ends else ()))


def _fire(
    ticket: Ticket, policy: Policy, timer: Timer, others: Others, moment: Moment
) -> tuple[Ticket, tuple[Event, ...]]:
    """Return the ticket after a due timer, and its events with the timers pending after them."""
    _check_policy(ticket, policy)
    definition = policy.timer(timer.name, ticket)
    if definition is None:
        raise UnknownTimerError(timer.name, policy.name, policy.version)
    at = max(timer.wakes or timer.due, ticket.at)
    acts = definition if timer.level is None else definition.level(timer.level)
    if definition is SNOOZE:
        events: tuple[Event, ...] = (Unsnoozed(at=at, timer=timer.name, derived=True),)
    elif acts is None:  # the policy no longer has the level
        events = ()
    else:
        events = effect_of(EffectInput(ticket, policy, timer, acts, at, others, moment))
        if acts.effect in _REMINDERS and not definition.levels:
            return fold(events, ticket), events
    after = fold(events, ticket)
    step = PlanStep(
        ticket,
        events,
        others,
        acted=(timer, timer.level),
        moment=moment,
        per_unit=policy.refunds.per_unit,
    )
    scheduled = schedule(after, policy, at, step)
    return fold(scheduled, after) if scheduled else after, events + scheduled


def _carry_out(ticket: Ticket, command: Command, policy: Policy, others: Others) -> Decision:
    permission = check_allowed(ticket, command, policy)
    events = handle(ticket, command, policy, permission, others)
    after = fold(events, ticket)
    return after, events, follow_up(ticket, events, after, command, policy, others)


def follow_up(
    before: Ticket | None,
    events: tuple[Event, ...],
    ticket: Ticket,
    command: Command,
    policy: Policy,
    others: Others = (),
) -> tuple[Event, ...]:
    """Return the events that follow a command's own *events*: pending timers, and firings at once.

    *before* and *ticket* are the ticket before and after these events. Raises as `decide` does.
    """
    keep = _kept(before, command) if before and type(command) in _RECOMPUTING else None
    step = PlanStep(before, events, others, keep, per_unit=policy.refunds.per_unit)
    scheduled = schedule(ticket, policy, command.at, step)
    if scheduled and command.command_id is not None:
        scheduled = tuple(attrs.evolve(each, command_id=command.command_id) for each in scheduled)
    if not step.others:  # most often nothing is due
        last = scheduled[-1] if scheduled else None
        if last is None or (
            isinstance(last, Scheduled) and not _act_until(last.timers, command.at)
        ):
            return scheduled
    moment = command.at, COMMAND
    after = fold(scheduled, ticket)
    _, at_once, waits = _advance(after, policy, moment, step.others, moment)
    if waits is not None:
        raise waits
    return scheduled + at_once


def _kept(ticket: Ticket, command: Command) -> tuple[Timer, ...]:
    """Return the timers whose deadlines a command that recomputes some leaves as they are."""
    if not isinstance(command, CorrectDispute):
        return ()
    return tuple(timer for timer in ticket.timers if timer.dispute != command.dispute)


def _change_policy(
    ticket: Ticket, command: ChangePolicy, policy: Policy, others: Others
) -> Decision:
    recorded = ticket.policy, ticket.policy_version
    if recorded == (policy.name, policy.version) and not policy.was_edited_since(ticket):
        return ticket, (), ()
    check_order(ticket, command, others)
    moment = next_moment(ticket, others)
    if moment is not None and moment <= (command.at, COMMAND):
        due = local_text(moment[0], ticket.opened.zone)
        reason = f"a timer is due on {due}: advance the ticket under its present policy first"
        refuse(command, "timers-due", reason)
    return _carry_out(ticket, command, policy, others)


def check_order(ticket: Ticket, command: Command, others: Others) -> None:
    """Refuse a command dated before the ticket's last event, or the money of the *others*."""
    if command.at < ticket.at:
        at = local_text(command.at, ticket.opened.zone)
        last = local_text(ticket.at, ticket.opened.zone)
        reason = f"the command is dated {at}, before the ticket's last event on {last}"
        refuse(command, "out-of-order", reason)
    for other in others:
        if other.money_at is not None and command.at < other.money_at:
            at = local_text(command.at, ticket.opened.zone)
            last = local_text(other.money_at, ticket.opened.zone)
            reason = (
                f"the command is dated {at}, before ticket {other.number} of the same order "
                f"moved its money on {last}"
            )
            refuse(command, "out-of-order", reason)


def _check_policy(ticket: Ticket, policy: Policy) -> None:
    if ticket.policy is None or (
        ticket.policy == policy.name and ticket.policy_version == policy.version
    ):
        return
    raise WrongPolicyError(ticket.policy, ticket.policy_version or "", policy.name, policy.version)
