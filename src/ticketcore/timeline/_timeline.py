"""A history as a timeline for people: instant, actor, event and rule of each entry."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.arguments import typed
from ticketcore.calendar import zone_of
from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.events import EndedTimer, Event, Party, Scheduled, Timer, with_words
from ticketcore.policies import Language, Policy
from ticketcore.ticket import Ticket, evolve
from ticketcore.timeline._commands import permission_of
from ticketcore.timeline._words import (
    describe,
    local_time,
    shortened,
    single_line,
)

EntryKind: TypeAlias = Literal["party", "system", "timer", "refusal"]


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """One line of a timeline.

    *at* is UTC. *actor* is the party, with the person in brackets if known. *rule* is a timer with
    its rule ids in brackets and the level that acted, or the rule id of the permission or of the
    refusal; empty if none is known.
    """

    at: datetime
    kind: EntryKind
    actor: str
    text: str
    rule: str


class TimelineBuilder:
    """Turns the events of one ticket into timeline entries, one event after the other.

    *policy_of* finds the policy of a ticket. If it returns None, entries have no rule ids.
    Instants in the text are local to *zone*, an IANA name. Fields, their values, tags and pauses
    have the policy's words in *language*, or else these *words*; the sentences are English.
    """

    def __init__(
        self,
        zone: str,
        policy_of: Callable[[Ticket], Policy | None],
        *,
        language: Language = "en",
        words: Mapping[str, str] | None = None,
    ) -> None:
        self._zone = zone_of(zone)
        self._policy_of = policy_of
        self._language = language
        self._words = words
        self._ticket: Ticket | None = None
        # The label that each timer had when it was set: another definition may apply at its end.
        self._labels: dict[str, str] = {}

    def add(self, event: Event) -> Iterator[TimelineEntry]:
        """Yield the entries of the next event.

        A `Scheduled` has one entry for each timer that it set, moved or ended. Any other event
        has one entry.
        """
        before, after = self._ticket, evolve(self._ticket, event)
        self._ticket = after
        if isinstance(event, Scheduled):
            yield from self._scheduled(before, event)
            return
        policy = self._policy_of(after)
        words = self._words
        if words is None:
            words = {} if policy is None else policy.words.get(self._language, {})
        subject = before or after
        actor = f"{event.by} ({event.actor})" if event.actor else event.by
        described = describe(
            with_words(event, words), subject, self._zone, _awaited(event, subject, policy)
        )
        yield TimelineEntry(
            at=event.at,
            kind="system" if event.by == "system" else "party",
            actor=single_line(actor),
            text=shortened(described),
            rule=self._rule(event, subject),
        )

    def add_refusal(self, refusal: RefusedError) -> TimelineEntry:
        """Return the entry of a command that was refused after the events so far."""
        command = refusal.command
        assert isinstance(command, Command)
        return TimelineEntry(
            at=command.at,
            kind="refusal",
            actor=command.by,
            text=shortened(f"{command.NAME} refused, {refusal.code}: {refusal.reason}"),
            rule=refusal.rule or "",
        )

    def _rule(self, event: Event, ticket: Ticket) -> str:
        """Return the label of the event's timer and level, or the rule id of the permission."""
        timer = getattr(event, "timer", None)
        policy = self._policy_of(ticket)
        if timer is not None:
            label = self._labels.get(timer) or timer_label(timer, ticket, policy)
            level = getattr(event, "level", None)
            return label if level is None else f"{label}, {level}"
        permission = None if policy is None else permission_of(event, ticket, policy)
        return (permission.rule if permission else None) or ""

    def _scheduled(self, ticket: Ticket | None, event: Scheduled) -> Iterator[TimelineEntry]:
        assert ticket is not None, "evolve lets no history begin with scheduled"
        pending = {timer.identity: timer for timer in ticket.timers}
        for timer in event.timers:
            before = pending.pop(timer.identity, None)
            due = local_time(timer.due, self._zone)
            if before is None:
                label = timer_label(timer.name, ticket, self._policy_of(ticket))
                self._labels[timer.name] = label
                yield self._timer(event, timer, f"due {due}")
            elif before.due != timer.due:
                yield self._timer(event, timer, f"moved, due {due}")
        names = {timer.name for timer in event.timers}
        ended = {end.identity: end for end in event.ended}
        for identity, timer in pending.items():
            end = ended.get(identity) or EndedTimer(timer.name, timer.cycle, "cancelled")
            was_late = end.outcome == "met" and event.at > timer.due
            if was_late if timer.passed else timer.name not in names:
                outcome = f"{end.outcome} after the deadline" if timer.passed else end.outcome
                text = outcome if end.cause is None else f"{outcome}: {end.cause}"
                yield self._timer(event, timer, text)

    def _timer(self, event: Event, timer: Timer, text: str) -> TimelineEntry:
        rule = self._labels.get(timer.name, timer.name)
        return TimelineEntry(at=event.at, kind="timer", actor="timer", text=text, rule=rule)


def _awaited(event: Event, ticket: Ticket, policy: Policy | None) -> Party | None:
    """Return the party whose answer a reminder or a breach is about."""
    timer = getattr(event, "timer", None)
    if policy is None or timer is None:
        return ticket.waiting_for
    return policy.awaited_by(timer, ticket)


@typed
def timer_label(timer: str, ticket: Ticket, policy: Policy | None) -> str:
    """Return a timer's name with its rule ids in brackets, or the name alone if none is known."""
    definition = policy.timer(timer, ticket) if policy else None
    return f"{timer} ({definition.rule})" if definition and definition.rule else timer
