"""The abstract state of a ticket: everything that the rules of a policy can distinguish.

The abstract state leaves out dates, texts and amounts. It keeps the class of each fact that a
condition reads, the order of the timers that will act, the timers that have acted, whether each
permission in time is open, and rough steps of the refunded amount. Two tickets with one abstract
state have the same future, except for the distance between their timers and windows.
A policy therefore has few abstract states, and a search over them ends.

Rules that differ only in spans are merged. A timer that only warns, or records that an answer is
late, changes nothing that a rule reads, so it is left out with its condition and its pauses. Some
timers of one name differ only in their spans; the state does not say which of them applies. So a
plan with targets for four priorities has as many states as a plan without targets.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import attrs

from ticketcore.calendar import Span
from ticketcore.decider import Window, reviewed_type, window_of
from ticketcore.events import Timer
from ticketcore.policies import (
    SNOOZE,
    Condition,
    Policy,
    TimerDefinition,
    fact_getter,
)
from ticketcore.testing._policy_facts import names_consent, with_exceptions
from ticketcore.ticket import Dispute, EndedCycle, Ticket

AbstractState: TypeAlias = Hashable

STEPS_OF_A_SPAN = 48
"""The steps in which the rest of a span is measured."""

# The effects that change nothing on a ticket, each with its event.
_WITHOUT_CHANGE: Final[Mapping[str, str]] = {"warn": "warned", "breach": "breached"}

_SECOND: Final = timedelta(seconds=1)
_NO_SPAN: Final = Span(0, "hour")
_ABOUT_MONEY: Final = {"refund", "cancel", "open-dispute"}


@attrs.frozen
class StateAbstraction:
    """A function from tickets to abstract states, for one policy.

    The abstract state contains the time that each timer in *watched* still has to run, in
    forty-eighths of the time between its start and its deadline.
    """

    policy: Policy
    watched: frozenset[str] = frozenset()
    _by_level: frozenset[str] = attrs.field(init=False)
    _acting: frozenset[str] = attrs.field(init=False)
    _conditions: Mapping[str, tuple[tuple[Condition, ...], ...]] = attrs.field(init=False)
    _types: Mapping[str, str] = attrs.field(init=False)
    _permitted: frozenset[str] = attrs.field(init=False)
    _reads_waiting: bool = attrs.field(init=False)
    _reads_money: bool = attrs.field(init=False)
    _names_consent: bool = attrs.field(init=False)
    _answers: dict[tuple[str, Hashable], Hashable] = attrs.field(factory=dict, init=False)

    @_by_level.default
    def _find_timers_with_acting_levels(self) -> frozenset[str]:
        """Return the timers with a level that changes the ticket, or that a guarantee names."""
        return frozenset(
            timer.name
            for timer in self.policy.timers
            if any(self._is_acting(level.effect) for level in timer.levels)
        )

    @_acting.default
    def _find_acting_timers(self) -> frozenset[str]:
        """Return the timers that change the ticket, or that a guarantee names, or are watched."""
        acting = {timer.name for timer in self.policy.timers if self._is_acting(timer.effect)}
        snooze = (SNOOZE.name,) if "unsnoozed" in self._events_of_guarantees() else ()
        return self.watched.union(acting, self._by_level, snooze)

    def _events_of_guarantees(self) -> set[str]:
        parts = (part for each in self.policy.guarantees for part in (each.never, each.always))
        return {name for part in parts if part is not None for name in part.event}

    def _is_acting(self, effect: str) -> bool:
        event = _WITHOUT_CHANGE.get(effect)
        return event is None or event in self._events_of_guarantees()

    @_conditions.default
    def _find_conditions(self) -> Mapping[str, tuple[tuple[Condition, ...], ...]]:
        """Return the conditions that read each fact, those that differ only in spans together."""
        groups = [*self._groups()]
        facts = sorted({fact for group in groups for when in group for fact in when.facts})
        return {
            fact: tuple(group for group in groups if any(fact in when.facts for when in group))
            for fact in facts
        }

    def _groups(self) -> Iterator[tuple[Condition, ...]]:
        policy = self.policy
        acting = self._acting_timers()
        single = [permission.when for permission in policy.permissions]
        single += [guarantee.when for guarantee in policy.guarantees]
        single += [level.when for timer in acting for level in timer.levels]
        single += [meeting.when for timer in acting for meeting in timer.met_by]
        single += [policy.pauses[name].when for timer in acting for name in timer.pauses]
        merged: list[tuple[TimerDefinition, list[Condition]]] = []
        for timer in acting:
            if timer.when.unless is not None or timer.name in self.watched:
                single.append(timer.when)
                continue
            alike = _without_span(timer)
            group = next((group for other, group in merged if other == alike), None)
            if group is None:
                merged.append((alike, group := []))
            group.append(timer.when)
        yield from ((when,) for when in with_exceptions(single))
        yield from (tuple(group) for _, group in merged)

    def _acting_timers(self) -> list[TimerDefinition]:
        return [timer for timer in self.policy.timers if timer.name in self._acting]

    @_types.default
    def _find_types(self) -> Mapping[str, str]:
        """Return, for each type of the file, the first one that has the same keys."""
        unnamed = {
            name: attrs.evolve(kind, name="", rule=None)
            for name, kind in self.policy.types.items()
        }
        return {
            name: next(first for first, other in unnamed.items() if other == kind)
            for name, kind in unnamed.items()
        }

    @_permitted.default
    def _find_permitted(self) -> frozenset[str]:
        permissions = self.policy.permissions
        return frozenset(name for permission in permissions for name in permission.commands)

    @_reads_waiting.default
    def _find_reads_waiting(self) -> bool:
        facts = {"waiting_for", "status", "handler"} & self._conditions.keys()
        return bool(facts) or any("waiting-since" in timer.anchors for timer in self.policy.timers)

    @_reads_money.default
    def _find_reads_money(self) -> bool:
        policy = self.policy
        of_types = any(t.order or t.billing or t.windows for t in policy.types.values())
        by_timers = any(timer.effect in ("refund", "cancel") for timer in policy.timers)
        by_commands = bool(_ABOUT_MONEY & self._permitted)
        return of_types or by_timers or by_commands or "billing" in self._conditions

    @_names_consent.default
    def _find_names_consent(self) -> bool:
        return names_consent(self.policy)

    def state_of(self, ticket: Ticket) -> AbstractState:
        """Return the abstract state of a ticket."""
        is_open = ticket.closed_at is None
        return (
            self._types.get(ticket.type),
            self._reads_waiting and is_open and ticket.waiting_for,
            (self._reads_waiting or "hand-back" in self._permitted) and ticket.handler,
            tuple(self._fact(name, ticket) for name in self._conditions),
            self._waiting_by_field(ticket),
            self._end(ticket),
            self._names_consent and bool(ticket.customer_messages),
            self._reads_money and _money(ticket, self.policy),
            tuple(sorted(_dispute(dispute) for dispute in ticket.disputes)),
            self._timers(ticket),
            self._over(ticket),
            tuple(timer.anchored_at(ticket) is not None for timer in self._acting_timers()),
            tuple(_place_in(window, ticket.at) for window in self.windows(ticket)),
        )

    def acts_at(self, timer: Timer) -> datetime | None:
        """Return when a timer acts next; None if it is paused, or the state leaves it out."""
        if timer.name not in self._acting or timer.paused is not None:
            return None
        if timer.name in self._by_level:
            return timer.wakes
        return None if timer.passed else timer.due

    def next_instant(self, ticket: Ticket) -> datetime | None:
        """Return the first instant at which a timer acts; None if none will."""
        instants = (self.acts_at(timer) for timer in ticket.timers)
        return min((at for at in instants if at is not None), default=None)

    def windows(self, ticket: Ticket) -> Iterator[Window | None]:
        """Yield the window of each permission that has one; None if the ticket lacks its start."""
        for permission in self.policy.permissions:
            if permission.anchor is not None and permission.commands != ("open",):
                yield window_of(permission, ticket, self.policy)

    def _fact(self, name: str, ticket: Ticket) -> Hashable:
        value = fact_getter(name)(ticket)
        if (name, value) not in self._answers:
            answers = tuple(_rests(group, name, value) for group in self._conditions[name])
            self._answers[name, value] = answers
        return self._answers[name, value]

    def _waiting_by_field(self, ticket: Ticket) -> Hashable:
        """Return the fields that say whose answer is awaited."""
        fields = self.policy.fields.items()
        return tuple(ticket.fields.get(name) for name, field in fields if field.waiting_for)

    def _end(self, ticket: Ticket) -> Hashable:
        """Return everything on which the end of a ticket, and its review, depend."""
        closers = frozenset(ticket.closed_by) if self.policy.closing.per_party else frozenset()
        closing = ticket.closed_kind, closers, ticket.final, ticket.has_grace_period
        if "review" not in self._permitted:
            return closing
        undone_by_review = reviewed_type(ticket, self.policy), ticket.previous_type is None
        is_requested = ticket.review == "requested"
        return closing, undone_by_review, "vendor" in ticket.closed_by, is_requested

    def _timers(self, ticket: Ticket) -> Hashable:
        """Return the timers that will act, in order, and which of them act together."""
        acting = [(timer, self.acts_at(timer)) for timer in ticket.timers]
        instants = sorted({at for _, at in acting if at is not None})
        ranks = {at: rank for rank, at in enumerate(instants)}
        return tuple(
            (
                timer.name,
                timer.dispute,
                at and ranks[at],
                self._steps_left(timer, ticket),
                (timer.level, timer.overtaken) if timer.name in self._by_level else None,
                self._levels(timer, ticket),
            )
            for timer, at in acting
            if timer.name in self._acting and (at is not None or timer.paused is not None)
        )

    def _steps_left(self, timer: Timer, ticket: Ticket) -> int:
        if timer.name not in self.watched:
            return 0
        step = (timer.due - timer.since) / STEPS_OF_A_SPAN
        return int((timer.due - ticket.at) / step) if step else 0

    def _levels(self, timer: Timer, ticket: Ticket) -> tuple[tuple[str, int], ...]:
        """Return the levels of a timer that acted in this cycle, if levels change the ticket."""
        if timer.name not in self._by_level:
            return ()
        cycle = timer.name, timer.cycle
        acted = (each for each in ticket.levels if (each.timer, each.cycle) == cycle)
        return tuple(sorted((each.level, each.times) for each in acted))

    def _over(self, ticket: Ticket) -> Hashable:
        """Return the timers that do not start as if new until their anchor is set again.

        They have passed, were met, or have levels that acted.
        """
        kept = [(timer, "passed") for timer in ticket.timers if timer.passed]
        kept += [
            (ended.timer, self._how_it_ended(ended, ticket))
            for ended in ticket.ended_timers
            if self._still_counts(ended.timer, ticket)
        ]
        found = {
            (timer.name, timer.dispute or "", how, levels)
            for timer, how in kept
            if timer.name in self._acting and ((levels := self._levels(timer, ticket)) or how)
        }
        return tuple(sorted(found))

    def _how_it_ended(self, ended: EndedCycle, ticket: Ticket) -> str:
        """Return "met" for a timer that does not come back; "" for one that does, as it was."""
        by_closing = ended.cause in ("solved", "closed")
        stays = any(
            definition.after_reopening == "stays-ended"
            for definition in self.policy.alternatives(ended.timer.name)
        )
        is_solved = ended.cause == "solved" and ticket.solved
        if is_solved or (stays if by_closing else ended.outcome == "met"):
            return "met"
        return "passed" if ended.timer.passed else ""

    def _still_counts(self, timer: Timer, ticket: Ticket) -> bool:
        """Whether the instant from which a timer counted was not set again since."""
        for definition in self.policy.alternatives(timer.name):
            anchor = definition.anchored_at(ticket)
            if definition.since == "applied" and definition.when.holds(ticket):
                return True
            begun = timer.anchor or timer.since
            if anchor == begun or (
                anchor is not None and anchor < begun and not definition.counts_from_field
            ):
                return True
        return False


def edges(windows: Iterable[Window | None]) -> Iterator[datetime]:
    """Yield the instants at which windows open, and the second after the last one of each."""
    for window in windows:
        if window is not None and window.opens is not None:
            yield window.opens
        if window is not None and window.closes is not None:
            yield window.closes + _SECOND


def _without_span(timer: TimerDefinition) -> TimerDefinition:
    """Return a timer without its span, and without the facts that select the span."""
    return attrs.evolve(
        timer,
        when=Condition(dispute_kinds=timer.when.dispute_kinds),
        rule=None,
        after=_NO_SPAN,
        after_by=None,
        then=(),
        out_of_hours=(),
        calendar=None,
        calendar_by=None,
    )


def _rests(group: tuple[Condition, ...], fact: str, value: Hashable) -> frozenset[str]:
    """Return the other demands of each condition that accepts this value of a fact."""
    return frozenset(
        str(attrs.evolve(when, facts={n: w for n, w in when.facts.items() if n != fact}))
        for when in group
        if when.allows(fact, (value,))
    )


def _place_in(window: Window | None, at: datetime) -> str | None:
    """Return whether a window is still closed, open, or closed again."""
    if window is None:
        return None
    return "early" if window.is_early(at) else "late" if window.is_late(at) else "open"


def _dispute(dispute: Dispute) -> tuple[str, bool, str]:
    is_resolved = dispute.outcome is not None
    return dispute.kind, dispute.answered and not is_resolved, dispute.outcome or ""


def _money(ticket: Ticket, policy: Policy) -> Hashable:
    """Return the step of the refunded amount, the states of the refunds, and what was cancelled.

    The steps are: nothing, a part, the amount paid, more than that, the cap, more than the cap.
    """
    order = ticket.order
    if order is None:
        return None
    paid, cap = order.amount.minor, policy.refunds.cap(order.amount)
    return (
        order.billing,
        sum(ticket.refunded > limit for limit in (0, paid - 1, cap - 1, cap)),
        frozenset(record.state for record in ticket.refunds),
        ticket.subscription_ended,
        len(ticket.cancelled_units),
        policy.refunds.per_unit and len({u for r in ticket.refunds for u in r.units}),
    )
