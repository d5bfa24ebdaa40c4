"""The abstract state of a ticket: all that rules can tell apart, and no date.

Two tickets of one shape have the same future, up to how far their timers lie apart. So the
shapes of a policy are few, and a search over them ends.
"""

from collections.abc import Hashable
from typing import Any

import attrs

from ticketcore.decider import reviewed_type
from ticketcore.events import Timer
from ticketcore.policies import CONDITIONS, Policy
from ticketcore.testing._facts import asked_for, judged
from ticketcore.ticket import Dispute, Ticket

_QUANTA = 48


@attrs.frozen
class Shapes:
    """Makes shapes under one policy. Of the timers in *watched*, how long they still have to run
    is part of the shape, in forty-eighths of their span."""

    policy: Policy
    watched: frozenset[str] = frozenset()
    _facts: tuple[str, ...] = attrs.field(init=False)
    _asks: frozenset[str] = attrs.field(init=False)
    _turns: bool = attrs.field(init=False)
    _judged: dict[tuple[str, Any], tuple[bool, ...]] = attrs.field(factory=dict, init=False)

    @_facts.default
    def _find_facts(self) -> tuple[str, ...]:
        return tuple(sorted(asked_for(self.policy)))

    @_asks.default
    def _find_asks(self) -> frozenset[str]:
        return frozenset(do for allow in self.policy.permissions for do in allow.commands)

    @_turns.default
    def _find_turns(self) -> bool:
        told_by_turn = {"waiting_for", "status", "handler"} & set(self._facts)
        return bool(told_by_turn) or any(
            rule.since == "waiting-since" for rule in self.policy.timers
        )

    def of(self, ticket: Ticket) -> Hashable:
        """The shape of a ticket."""
        asks = self._asks
        return (
            ticket.type,
            self._turns and ticket.closed_at is None and ticket.waiting_for,
            (self._turns or "hand-back" in asks) and ticket.handler,
            tuple(self._fact(name, ticket) for name in self._facts),
            self._end(ticket),
            _money(ticket, self.policy),
            tuple(sorted(_dispute(dispute) for dispute in ticket.disputes)),
            self._timers(ticket),
            _fired(ticket, self.policy),
            "assign" in asks and ticket.assigned_to is None,
            "acknowledge" in asks and ticket.acknowledged,
            "unshare" in asks and bool(ticket.shared_with),
        )

    def _fact(self, name: str, ticket: Ticket) -> Any:
        value = CONDITIONS[name](ticket)
        found = self._judged.get((name, value))
        if found is None:
            found = self._judged[name, value] = judged(self.policy, name, value)
        return found

    def _end(self, ticket: Ticket) -> Hashable:
        """What the end of a ticket, and its review, depend on."""
        closers = frozenset(ticket.closed_by) if self.policy.closing.per_party else frozenset()
        closed = ticket.closed_kind, closers, ticket.final, ticket.has_grace_period
        if "review" not in self._asks:
            return closed
        # What a review that finds abuse would undo.
        undone = reviewed_type(ticket, self.policy), ticket.previous_type is None
        return closed, undone, "vendor" in ticket.closed_by, ticket.review == "requested"

    def _timers(self, ticket: Ticket) -> Hashable:
        """The pending timers in their order, and which of them fall due together."""
        places = {due: i for i, due in enumerate(sorted({t.due for t in ticket.timers}))}
        return tuple(
            (timer.name, timer.dispute, places[timer.due], self._left(timer, ticket))
            for timer in ticket.timers
        )

    def _left(self, timer: Timer, ticket: Ticket) -> int:
        if timer.name not in self.watched:
            return 0
        quantum = (timer.due - timer.since) / _QUANTA
        return int((timer.due - ticket.at) / quantum) if quantum else 0


def _dispute(dispute: Dispute) -> tuple[str, bool, str]:
    over = dispute.outcome is not None
    return dispute.kind, dispute.answered and not over, dispute.outcome or ""


def _money(ticket: Ticket, policy: Policy) -> Hashable:
    """How much went back, roughly; in which states the refunds are; what else has ended."""
    order = ticket.opened.order
    if order is None:
        return None
    paid, captured, cap = ticket.refunded, order.amount.minor, policy.refunds.cap(order.amount)
    states = {record.state for record in ticket.refunds}
    return (
        order.billing,
        sum(paid > bound for bound in (0, captured - 1, cap - 1, cap)),
        frozenset(states),
        ticket.subscription_ended,
        len(ticket.cancelled_units),
    )


def _fired(ticket: Ticket, policy: Policy) -> Hashable:
    """The timers that will not come back as long as nothing else happens."""
    anchors = [ticket.opened.at, ticket.type_set_at]
    if ticket.closed_at is None:
        assert ticket.waiting_since is not None, "an open ticket waits for somebody"
        anchors += [ticket.waiting_since, ticket.active_at]
        anchors += [
            ticket.last_active(rule.activity_by) for rule in policy.timers if rule.activity_by
        ]
    else:
        anchors.append(ticket.closed_at)
    current = ((name, dispute or "") for name, since, dispute in ticket.fired if since in anchors)
    return tuple(sorted(current))
