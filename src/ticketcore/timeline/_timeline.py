"""A history as a timeline for people: when, who, what in single_line words, and by which rule."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import RefusedError
from ticketcore.events import Event, Scheduled, Timer
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, evolve
from ticketcore.timeline._commands import command_of
from ticketcore.timeline._words import (
    local_time,
    local_times,
    shortened,
    single_line,
    words_for,
)

EntryKind: TypeAlias = Literal["party", "system", "timer", "refusal"]


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """One line of a timeline. *at* is UTC; *rule* is a timer with its rule ids in brackets, or
    the rule that permitted, or refused, what a party asked for."""

    at: datetime
    kind: EntryKind
    actor: str
    text: str
    rule: str


class TimelineBuilder:
    """Tells events one by one. *policy_of* finds the policy of a ticket, or None where it is not
    known: then no rule ids are told. Times in the text are local to *zone*."""

    def __init__(self, zone: str, policy_of: Callable[[Ticket], Policy | None]) -> None:
        self._zone = ZoneInfo(zone)
        self._policy_of = policy_of
        self._ticket: Ticket | None = None
        # How each timer was called when it was set: its rule may no longer apply when it ends.
        self._names: dict[str, str] = {}

    def add(self, event: Event) -> Iterator[TimelineEntry]:
        """The entries of the next event: one, or of `Scheduled` one for each timer that moved."""
        before, after = self._ticket, evolve(self._ticket, event)
        self._ticket = after
        if isinstance(event, Scheduled):
            yield from self._timers(before, event)
            return
        told: Any = event
        by = getattr(told, "by", "system")
        actor = f"{by} ({told.actor})" if getattr(told, "actor", None) else by
        what = words_for(event, before or after, self._zone)
        kind: EntryKind = "system" if by == "system" else "party"
        rule = self._rule(event, before or after)
        yield TimelineEntry(
            at=event.at, kind=kind, actor=single_line(actor), text=shortened(what), rule=rule
        )

    def add_refusal(self, refusal: RefusedError) -> TimelineEntry:
        """The entry of a command that was refused where the timeline stands."""
        command: Any = refusal.command
        reason = local_times(refusal.reason, self._zone)
        what = f"{command.NAME} refused, {refusal.code}: {reason}"
        return TimelineEntry(
            at=command.at,
            kind="refusal",
            actor=command.by,
            text=shortened(what),
            rule=refusal.rule or "",
        )

    def _rule(self, event: Event, ticket: Ticket) -> str:
        timer = getattr(event, "timer", None)
        policy, command = self._policy_of(ticket), command_of(event)
        if timer is not None:
            return self._names.get(timer) or timer_label(timer, ticket, policy)
        if policy is None or command is None:
            return ""
        told: Any = event
        allowed = (allow for allow in policy.allows(command.NAME, told.by) if allow.when.holds(ticket))
        permission = next(allowed, None)
        return (permission.rule if permission else None) or ""

    def _timers(self, ticket: Ticket | None, event: Scheduled) -> Iterator[TimelineEntry]:
        assert ticket is not None, "evolve lets no history begin with scheduled"
        pending = {_identity(timer): timer for timer in ticket.timers}
        for timer in event.timers:
            before = pending.pop(_identity(timer), None)
            due = local_time(timer.due, self._zone)
            if before is None:
                self._names[timer.name] = timer_label(timer.name, ticket, self._policy_of(ticket))
                yield self._timer(event, timer, f"due {due}")
            elif before.due != timer.due:
                yield self._timer(event, timer, f"moved, due {due}")
        kept = {timer.name for timer in event.timers}
        for timer in pending.values():
            if timer.name not in kept:
                yield self._timer(event, timer, "no longer pending")

    def _timer(self, event: Event, timer: Timer, what: str) -> TimelineEntry:
        rule = self._names.get(timer.name, timer.name)
        return TimelineEntry(at=event.at, kind="timer", actor="timer", text=what, rule=rule)


def _identity(timer: Timer) -> tuple[str, datetime, str | None]:
    return timer.name, timer.since, timer.dispute


def timer_label(timer: str, ticket: Ticket, policy: Policy | None) -> str:
    """A timer's name with its rule ids in brackets; the name alone without a policy."""
    rule = policy.timer(timer, ticket) if policy else None
    return f"{timer} ({rule.rule})" if rule and rule.rule else timer
