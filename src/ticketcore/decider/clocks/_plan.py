"""The timers of a ticket under a policy, computed again after each step.

After a command or a timer:

- A timer is listed while its definition applies: its condition holds, and the ticket is open. One
  that counts from the closing applies to closed tickets, one of disputes to both, and one that a
  pause holds stays on a ticket that is settled, not withdrawn. A duplicate has timers of
  disputes only.
- A timer that is listed already, and whose count has not begun again, keeps its recorded deadline.
  It moves only where the policy says so: by a pause that ended, by a change of its target, by a
  deadline set by hand.
- A count begins again when one of its anchors is set again; the timer then gets a new cycle.
- A timer that is no longer listed has ended: met, if the step's own events meet it, or else
  cancelled. It comes back with the same cycle if its condition holds again, or if the ticket is
  opened again after solving or closing ended it.

`Reschedule` and `ChangePolicy` compute every deadline again, `CorrectDispute` its dispute's.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from ticketcore._internal.fast_attrs import fast
from ticketcore.decider.clocks._cycle import Cycle
from ticketcore.decider.clocks._deadlines import TimerCount, target_of
from ticketcore.decider.clocks._meeting import meets
from ticketcore.decider.clocks._step import PlanStep
from ticketcore.events import (
    DeadlineSet,
    EndedTimer,
    Event,
    PauseEnded,
    PauseStarted,
    Scheduled,
    Timer,
    utc,
)
from ticketcore.policies import DEADLINE, SNOOZE, Policy, TimerDefinition
from ticketcore.ticket import Ticket, fold, in_order

_new_scheduled, _new_timer, _new_ended = fast(Scheduled), fast(Timer), fast(EndedTimer)
_STATIC: Final = PlanStep()


def plan(
    ticket: Ticket, policy: Policy, at: datetime, *, keep: Collection[Timer] | None = None
) -> tuple[Timer, ...]:
    """Return all timers of the ticket at *at*, in the order in which they act.

    The timers in *keep* keep their recorded deadlines; these are all of them unless it is given.
    Raises InstantError or NaiveDatetimeError for a wrong *at*, CalendarRangeError as :func:`due`
    does.
    """
    step = _STATIC if keep is None else PlanStep(keep=keep)
    return _plan(ticket, policy, utc(at), step, policy.clocks(ticket).timers)


def schedule(ticket: Ticket, policy: Policy, at: datetime, step: PlanStep) -> tuple[Event, ...]:
    """Return the events that record pauses and timers after a step, if they changed."""
    definitions, holding = policy.clocks(ticket)
    pauses: tuple[Event, ...] = ()
    if holding or ticket.pausing:
        standing = dict(ticket.pausing)
        pauses = (
            *(PauseEnded(at=at, pause=name) for name in standing if name not in holding),
            *(PauseStarted(at=at, pause=name) for name in holding if name not in standing),
        )
        paused = fold(pauses, ticket)
    else:
        paused = ticket
    timers = _plan(paused, policy, at, step, definitions)
    if timers == ticket.timers:
        return pauses
    ended = _ended(paused, policy, step, timers)
    named = _stopped(pauses, ticket, timers, policy) if pauses and not ended else None
    return named or (*pauses, _new_scheduled(at=at, timers=timers, ended=ended))


def _stopped(
    pauses: Sequence[Event], ticket: Ticket, timers: tuple[Timer, ...], policy: Policy
) -> tuple[Event, ...] | None:
    """Return the pauses with the timers that they stop, or None if more has changed."""
    stopped = {timer.name for timer in timers if timer.paused is not None}
    stopped -= {timer.name for timer in ticket.timers if timer.paused is not None}
    named: list[Event] = []
    for pause in pauses:
        if not isinstance(pause, PauseStarted):
            named.append(pause)
        else:
            names = [
                name
                for name in sorted(stopped)
                if any(pause.pause in each.pauses for each in policy.alternatives(name))
            ]
            stopped.difference_update(names)
            named.append(attrs.evolve(pause, timers=tuple(names)))
    return tuple(named) if fold(named, ticket).timers == timers else None


def _plan(
    ticket: Ticket,
    policy: Policy,
    at: datetime,
    step: PlanStep,
    definitions: Iterable[TimerDefinition],
) -> tuple[Timer, ...]:
    pending = ticket.timers
    found: list[Timer] = []
    is_same = True
    is_plain = step.keep is None and not (ticket.closed_kind or ticket.by_hand)
    for definition in definitions:
        anchor = definition.anchored_at(ticket)
        old = _find(pending, definition.name, None)
        if is_plain and definition.is_steady and anchor is not None:  # most timers
            if (
                old is not None
                and at != anchor <= old.since
                and old.level is None  # an edited policy may lack the level or the pause
                and old.paused is None
            ):
                if meets(definition, step, ticket) is None:
                    found.append(old)
                continue
            if _is_first(definition.name, anchor, old, ticket):
                is_same = False
                found.append(_begin(definition, ticket, policy, anchor))
                continue
        elif definition.since == "dispute-opened":
            is_same = False
            found += _of_disputes(definition, ticket, policy, at, step)
            continue
        elif ticket.closed_kind == "duplicate" or (
            ticket.closed_kind == "withdrawn" and definition.since != "closed"
        ):
            continue
        timer = Cycle(ticket, policy, step, at, definition, old, anchor).timer()
        is_same = is_same and timer is old
        if timer is not None:
            found.append(timer)
    if ticket.by_hand or ticket.snoozed_until is not None:
        is_same = False
        found += _reserved(ticket, policy, at, step)
    if is_same and len(found) == len(pending):
        return pending
    if not found:
        return ()
    found.sort(key=_acts_at)
    return in_order(found)


def _is_first(name: str, anchor: datetime, old: Timer | None, ticket: Ticket) -> bool:
    """Whether no cycle of a timer has counted from this instant or a later one."""
    if old is not None:
        return old.since < anchor
    for ended in ticket.ended_timers:
        if ended.timer.name == name and ended.timer.since >= anchor:
            return False
    return True


def _begin(definition: TimerDefinition, ticket: Ticket, policy: Policy, since: datetime) -> Timer:
    """Return a timer whose count begins, and that no pause or level concerns."""
    target = target_of(ticket, definition)
    assert target is not None, "no fact selects it"
    instant, cycle = TimerCount(ticket, policy, definition, target).due(since), ticket.version + 1
    recorded = str(target) if policy.selects(definition.name) else None  # another may apply later
    return _new_timer(
        definition.name, instant, since, None, definition.fires, cycle, target=recorded
    )


def _acts_at(timer: Timer) -> datetime:
    return timer.level_at or timer.due


def _find(pending: Iterable[Timer], name: str, dispute: str | None) -> Timer | None:
    for timer in pending:
        if timer.name == name and timer.dispute == dispute:
            return timer
    return None


def _of_disputes(
    definition: TimerDefinition, ticket: Ticket, policy: Policy, at: datetime, step: PlanStep
) -> Iterator[Timer]:
    for dispute in ticket.disputes:
        awaits = not dispute.answered and dispute.outcome is None
        if awaits and dispute.kind in definition.dispute_kinds:
            old = _find(ticket.timers, definition.name, dispute.id)
            since = dispute.opened_at
            cycle = Cycle(ticket, policy, step, at, definition, old, since, dispute.id)
            timer = cycle.timer()
            if timer is not None:
                yield timer


def _reserved(ticket: Ticket, policy: Policy, at: datetime, step: PlanStep) -> Iterator[Timer]:
    """Yield the timers that need no definition: a deadline set by hand, the end of a snooze."""
    until = ticket.snoozed_until
    if until is not None:
        old = _find(ticket.timers, SNOOZE.name, None)
        if old is not None and old.due == until:
            yield old
        else:
            yield Timer(name=SNOOZE.name, due=until, since=at, cycle=ticket.version + 1)
    if ticket.closed_at is not None:
        return
    old = _find(ticket.timers, DEADLINE.name, None)
    is_known = old is not None or any(
        ended.timer.name == DEADLINE.name for ended in ticket.ended_timers
    )
    if is_known or any(_sets_deadline(event) for event in step.events):
        opened_at = ticket.opened.at
        timer = Cycle(ticket, policy, step, at, DEADLINE, old, opened_at).timer()
        if timer is not None:
            yield timer


def _sets_deadline(event: Event) -> bool:
    return isinstance(event, DeadlineSet) and event.timer == DEADLINE.name


def _ended(
    ticket: Ticket, policy: Policy, step: PlanStep, timers: Iterable[Timer]
) -> tuple[EndedTimer, ...]:
    """Return how those timers ended that are pending but not in *timers*."""
    before = step.before
    closes = before is not None and before.closed_at is None and ticket.closed_at is not None
    present = {(timer.name, timer.dispute, timer.cycle) for timer in timers}
    ended: list[EndedTimer] = []
    for timer in ticket.timers:
        if (timer.name, timer.dispute, timer.cycle) in present:
            continue
        cause = _meets(timer, ticket, policy, step)
        if cause is not None:
            end = _new_ended(timer.name, timer.cycle, "met", cause, timer.dispute)
        else:
            cause = "closed" if closes or _was_held(timer, ticket, policy) else None
            end = _new_ended(timer.name, timer.cycle, "cancelled", cause, timer.dispute)
        ended.append(end)
    return tuple(ended)


def _was_held(timer: Timer, ticket: Ticket, policy: Policy) -> bool:
    """Whether only a pause kept a timer on a closed ticket: its end comes from the closing."""
    if ticket.closed_at is None or timer.dispute is not None:
        return False
    return any(each.when.holds(ticket) for each in policy.alternatives(timer.name))


def _meets(timer: Timer, ticket: Ticket, policy: Policy, step: PlanStep) -> str | None:
    if timer.dispute is not None:
        answered = any(each.id == timer.dispute and each.answered for each in ticket.disputes)
        return "dispute-answered" if answered else None
    definition = policy.timer(timer.name, step.before or ticket)
    return None if definition is None else meets(definition, step, ticket)
