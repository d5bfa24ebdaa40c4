"""One ticket of a history, played again under a policy: people act as they did, timers anew."""

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from ticketcore._internal.fast_attrs import fast
from ticketcore.backtest._actions import actions_of, type_mapping
from ticketcore.commands import Close, Command, MarkDuplicate, Reopen, Withdraw
from ticketcore.decider import advance_ticket, decide_and_apply, schedule
from ticketcore.errors import RefusedError
from ticketcore.events import (
    Acknowledged,
    Breached,
    Cancelled,
    Closed,
    DisputeResolved,
    Escalated,
    History,
    Opened,
    Refunded,
    Reopened,
    Scheduled,
    Warned,
)
from ticketcore.policies import Policy, PolicyVersions
from ticketcore.ticket import Ticket, fold

TimerCycle: TypeAlias = tuple[str, datetime, str | None]
"""A timer that was set: its name, the instant that it counts from, and the dispute."""

TimerFiring: TypeAlias = tuple[str, datetime, str | None]
"""A timer that fired: its name, the instant at which it fired, and the dispute."""

_cycle_of = attrgetter("name", "since", "dispute")
_BY_TIMER = frozenset(
    {Warned, Breached, Acknowledged, Escalated, Refunded, Cancelled, DisputeResolved, Closed}
)
_AT_REST = datetime.max.replace(tzinfo=UTC)
_CLOSINGS = (Close, Withdraw, MarkDuplicate)
_CLOSED = frozenset({"ticket-closed", "ticket-final"})


class Replay:
    """What becomes of one ticket under a policy, in four steps: `begin`, `open`, `act`, `finish`.

    *facts* are what people did, as commands. *timers_set* are the timers that were set, *fired*
    those that fell due, with their instants. *verdicts* says of firings that ended the ticket
    whether a person "overturned" them, who acted on it later as on a live one, or "confirmed"
    them and closed it too. *refused* are facts that the policy would not have allowed, *no_ops*
    counts those that changed nothing. *type_overridden*: the ticket was taken as one of another type than
    recorded.
    """

    __slots__ = (
        "_as_type",
        "_policy",
        "_rules",
        "actions",
        "fired",
        "history",
        "no_ops",
        "refused",
        "ticket",
        "timers_set",
        "type_overridden",
        "verdicts",
    )

    def __init__(
        self, history: History, rules: Policy | PolicyVersions, as_type: str | None
    ) -> None:
        self.history = history
        self._rules = rules
        self._as_type = as_type
        self.ticket: Ticket | None = None
        self.timers_set: set[TimerCycle] = set()
        self.fired: list[TimerFiring] = []
        self.verdicts: dict[TimerFiring, Literal["overturned", "confirmed"]] = {}
        self.refused: list[RefusedError] = []
        self.no_ops = 0

    def begin(self) -> None:
        """Find the policy in force and the commands behind the events. Raises UnknownPolicyError
        when no version of a book is in force."""
        events = self.history.events
        opened = events[0]
        assert isinstance(opened, Opened)
        rules = self._rules
        self._policy = rules if isinstance(rules, Policy) else rules.at(opened.at, opened.zone)
        type_of = type_mapping(self._policy, self._as_type)
        self.type_overridden = type_of(opened.type) != opened.type
        self.actions = tuple(actions_of(events, type_of))

    def open(self) -> None:
        """Do what a person did first."""
        for action in self.actions[:1]:
            self._do(action)

    def act(self) -> None:
        """Do what people did then; the timers act between."""
        for action in self.actions[1:]:
            self._do(action)

    def finish(self) -> None:
        """Let the ticket run in silence until nothing is pending.

        That ends: no effect gives a timer a new start but an escalation, and that only once.
        """
        if self.ticket is not None:
            self._elapse(self.ticket, _AT_REST)

    def _do(self, action: Command) -> None:
        ticket = self.ticket
        if ticket is not None:
            if ticket.timers and ticket.timers[0].due <= action.at:
                ticket = self._elapse(ticket, action.at)
            if ticket.closed_at is not None:
                self._act_on_closed(ticket, action)
                return
        refusal = self._try(ticket, action)
        if refusal is not None:
            self.refused.append(refusal)

    def _elapse(self, ticket: Ticket, at: datetime) -> Ticket:
        self.ticket, past = advance_ticket(ticket, self._policy, at)
        self._note(past)
        return self.ticket

    def _try(self, ticket: Ticket | None, action: Command) -> RefusedError | None:
        try:
            self.ticket, happened = decide_and_apply(ticket, action, self._policy)
        except RefusedError as refusal:
            return refusal.with_traceback(None)  # which would hold on to all that it passed
        if happened:
            self._note(happened)
        else:
            self.no_ops += 1
        return None

    def _act_on_closed(self, ticket: Ticket, action: Command) -> None:
        """Facts win: who acts as on a live ticket finds it reopened, whatever the policy says."""
        firing = _firing(ticket)
        if firing is not None and isinstance(action, _CLOSINGS):
            rule = self._policy.timer(firing[0], ticket)
            agrees = rule is not None and rule.effect == "close"
            self.verdicts[firing] = "confirmed" if agrees else "overturned"
            return
        refusal = self._try(ticket, action)
        if refusal is not None:
            live = _means_live(action, refusal)
            if firing is None or not live:
                self.refused.append(refusal)
            if live:
                self._reopen(ticket, action)
        assert self.ticket is not None
        if firing is not None and self.ticket.reopenings > ticket.reopenings:
            self.verdicts[firing] = "overturned"

    def _reopen(self, closed: Ticket, action: Command) -> None:
        ticket = self.ticket = fold((fast(Reopened)(at=action.at, by=action.by),), closed)
        refusal = None if isinstance(action, Reopen) else self._try(ticket, action)
        if refusal is not None:
            self.refused.append(refusal)
        if self.ticket.version == ticket.version:  # nothing followed that planned anew
            scheduled = schedule(ticket, self._policy, action.at)
            self.ticket = fold(scheduled, ticket)
            self._note(scheduled)

    def _note(self, happened: Iterable[Any]) -> None:
        last: TimerFiring | None = None
        for event in happened:
            kind = type(event)
            if kind is Scheduled:
                self.timers_set.update(map(_cycle_of, event.timers))
                last = None  # what fires now was set anew
            elif kind in _BY_TIMER and event.timer is not None:
                firing = event.timer, event.at, getattr(event, "dispute", None)
                if firing != last:  # it may have brought about several events
                    self.fired.append(firing)
                last = firing


def _firing(ticket: Ticket) -> TimerFiring | None:
    """The firing that closed the ticket, if a timer did."""
    if ticket.closing_timer is None or ticket.closed_at is None:
        return None
    return ticket.closing_timer, ticket.closed_at, None


def _means_live(action: Command, refusal: RefusedError) -> bool:
    """Whether a action was refused only because the policy had the ticket closed by then."""
    if isinstance(action, _CLOSINGS):
        return False
    return refusal.code in _CLOSED or isinstance(action, Reopen)
