"""The abstract state of a ticket: everything that the rules of a policy can distinguish.

The abstract state leaves out dates, texts and amounts. It keeps the class of each fact that a
condition reads, the order of the pending timers, and rough steps of the refunded amount. Two
tickets with one abstract state have the same future, except for the distance between their timers.
A policy therefore has few abstract states, and a search over them ends.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import TypeAlias

import attrs

from ticketcore.decider import reviewed_type
from ticketcore.events import Timer
from ticketcore.policies import Policy, fact_getter
from ticketcore.testing._policy_facts import answers, facts_read
from ticketcore.ticket import Dispute, Ticket

AbstractState: TypeAlias = Hashable

STEPS_OF_A_SPAN = 48
"""The steps in which the rest of a span is measured."""


@attrs.frozen
class StateAbstraction:
    """A function from tickets to abstract states, for one policy.

    The abstract state contains the time that each timer in *watched* still has to run, in
    forty-eighths of the time between its start and its deadline.
    """

    policy: Policy
    watched: frozenset[str] = frozenset()
    _facts: tuple[str, ...] = attrs.field(init=False)
    _permitted: frozenset[str] = attrs.field(init=False)
    _reads_waiting: bool = attrs.field(init=False)
    _answers: dict[tuple[str, Hashable], tuple[bool, ...]] = attrs.field(factory=dict, init=False)

    @_facts.default
    def _find_facts(self) -> tuple[str, ...]:
        return tuple(sorted(facts_read(self.policy)))

    @_permitted.default
    def _find_permitted(self) -> frozenset[str]:
        permissions = self.policy.permissions
        return frozenset(name for permission in permissions for name in permission.commands)

    @_reads_waiting.default
    def _find_reads_waiting(self) -> bool:
        facts = {"waiting_for", "status", "handler"} & set(self._facts)
        return bool(facts) or any(timer.since == "waiting-since" for timer in self.policy.timers)

    def state_of(self, ticket: Ticket) -> AbstractState:
        """Return the abstract state of a ticket."""
        permitted = self._permitted
        return (
            ticket.type,
            self._reads_waiting and ticket.closed_at is None and ticket.waiting_for,
            (self._reads_waiting or "hand-back" in permitted) and ticket.handler,
            tuple(self._fact(name, ticket) for name in self._facts),
            self._end(ticket),
            _money(ticket, self.policy),
            tuple(sorted(_dispute(dispute) for dispute in ticket.disputes)),
            self._timers(ticket),
            _fired(ticket, self.policy),
            "assign" in permitted and ticket.assigned_to is None,
            "acknowledge" in permitted and ticket.acknowledged,
            "unshare" in permitted and bool(ticket.shared_with),
        )

    def _fact(self, name: str, ticket: Ticket) -> tuple[bool, ...]:
        value = fact_getter(name)(ticket)
        known = self._answers.get((name, value))
        if known is None:
            known = self._answers[name, value] = answers(self.policy, name, value)
        return known

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
        """Return the pending timers in order, and which of them are due together."""
        due_instants = sorted({timer.due for timer in ticket.pending_timers})
        ranks = {due: rank for rank, due in enumerate(due_instants)}
        return tuple(
            (timer.name, timer.dispute, ranks[timer.due], self._steps_left(timer, ticket))
            for timer in ticket.pending_timers
        )

    def _steps_left(self, timer: Timer, ticket: Ticket) -> int:
        if timer.name not in self.watched:
            return 0
        step = (timer.due - timer.since) / STEPS_OF_A_SPAN
        return int((timer.due - ticket.at) / step) if step else 0


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


def _fired(ticket: Ticket, policy: Policy) -> Hashable:
    """Return the timers that fired and cannot start again until something else happens."""
    anchors: list[datetime | None] = [ticket.opened.at, ticket.type_set_at]
    if ticket.closed_at is None:
        anchors += [ticket.waiting_since, ticket.active_at]
        anchors += [
            ticket.last_active(timer.activity_by) for timer in policy.timers if timer.activity_by
        ]
    else:
        anchors.append(ticket.closed_at)
    passed = [timer for timer in ticket.timers if timer.passed]
    passed += [each.timer for each in ticket.ended_timers if each.timer.passed]
    current = {(t.name, t.dispute or "") for t in passed if t.since in anchors}
    return tuple(sorted(current))
