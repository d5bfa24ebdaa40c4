"""A history as a timeline for people: when, who, what in plain words, and by which rule."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import RefusedError
from ticketcore.events import Event, Scheduled, Timer
from ticketcore.policies import Policy
from ticketcore.simulation._run import Run
from ticketcore.simulation._timeline_words import (
    command_behind,
    local_time,
    local_times,
    plain,
    shortened,
    words_for,
)
from ticketcore.ticket import Ticket, evolve

Kind: TypeAlias = Literal["party", "system", "timer", "refusal"]


@attrs.frozen(kw_only=True)
class Entry:
    """One line of a timeline. *at* is UTC; *rule* is a timer with its rule ids in brackets, or
    the rule that permitted, or refused, what a party asked for."""

    at: datetime
    kind: Kind
    actor: str
    what: str
    rule: str


class Timeline:
    """Tells events one by one. *policy_of* finds the policy of a ticket, or None where it is not
    known: then no rule ids are told. Times in the text are local to *zone*."""

    def __init__(self, zone: str, policy_of: Callable[[Ticket], Policy | None]) -> None:
        self._zone = ZoneInfo(zone)
        self._policy_of = policy_of
        self._ticket: Ticket | None = None
        # How each timer was called when it was set: its rule may no longer apply when it ends.
        self._names: dict[str, str] = {}

    def tell(self, event: Event) -> Iterator[Entry]:
        """The entries of the next event: one, or of `Scheduled` one for each timer that moved."""
        before, after = self._ticket, evolve(self._ticket, event)
        self._ticket = after
        if isinstance(event, Scheduled):
            yield from self._timers(before, event)
            return
        told: Any = event
        by = getattr(told, "by", "system")
        actor = f"{by} ({told.actor})" if getattr(told, "who", None) else by
        what = words_for(event, before or after, self._zone)
        kind: Kind = "system" if by == "system" else "party"
        rule = self._rule(event, before or after)
        yield Entry(at=event.at, kind=kind, actor=plain(actor), what=shortened(what), rule=rule)

    def refuse(self, refusal: RefusedError) -> Entry:
        """The entry of a command that was refused where the timeline stands."""
        command: Any = refusal.command
        reason = local_times(refusal.reason, self._zone)
        what = f"{command.NAME} refused, {refusal.code}: {reason}"
        return Entry(
            at=command.at,
            kind="refusal",
            actor=command.by,
            what=shortened(what),
            rule=refusal.rule or "",
        )

    def _rule(self, event: Event, ticket: Ticket) -> str:
        timer = getattr(event, "timer", None)
        policy, do = self._policy_of(ticket), command_behind(event)
        if timer is not None:
            return self._names.get(timer) or rule_of(timer, ticket, policy)
        if policy is None or do is None:
            return ""
        told: Any = event
        allowed = (allow for allow in policy.allows(do, told.by) if allow.when.holds(ticket))
        permission = next(allowed, None)
        return (permission.rule if permission else None) or ""

    def _timers(self, ticket: Ticket | None, event: Scheduled) -> Iterator[Entry]:
        assert ticket is not None, "evolve lets no history begin with scheduled"
        pending = {_identity(timer): timer for timer in ticket.timers}
        for timer in event.timers:
            before = pending.pop(_identity(timer), None)
            due = local_time(timer.due, self._zone)
            if before is None:
                self._names[timer.name] = rule_of(timer.name, ticket, self._policy_of(ticket))
                yield self._timer(event, timer, f"due {due}")
            elif before.due != timer.due:
                yield self._timer(event, timer, f"moved, due {due}")
        kept = {timer.name for timer in event.timers}
        for timer in pending.values():
            if timer.name not in kept:
                yield self._timer(event, timer, "no longer pending")

    def _timer(self, event: Event, timer: Timer, what: str) -> Entry:
        rule = self._names.get(timer.name, timer.name)
        return Entry(at=event.at, kind="timer", actor="timer", what=what, rule=rule)


def _identity(timer: Timer) -> tuple[str, datetime, str | None]:
    return timer.name, timer.since, timer.dispute


def timeline(run: Run) -> Iterator[Entry]:
    """What happened in a run of a scenario, refusals in their place."""
    versions = run.scenario.book.versions
    by_name = {(policy.name, policy.version): policy for policy in versions}
    zone = run.ticket.opened.zone if run.ticket else run.scenario.zone or "UTC"
    teller = Timeline(zone, lambda t: by_name.get((t.policy or "", t.policy_version or "")))
    for moment in run.moments:
        for event in moment.events:
            yield from teller.tell(event)
        if moment.refusal is not None:
            yield teller.refuse(moment.refusal)


def rule_of(timer: str, ticket: Ticket, policy: Policy | None) -> str:
    """A timer's name with its rule ids in brackets; the name alone without a policy."""
    rule = policy.timer(timer, ticket) if policy else None
    return f"{timer} ({rule.rule})" if rule and rule.rule else timer
