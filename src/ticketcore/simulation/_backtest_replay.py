"""One ticket of a history, played again under a policy: people act as they did, timers anew."""

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from ticketcore._making import maker
from ticketcore.commands import Close, Command, MarkDuplicate, Reopen, Withdraw
from ticketcore.decider import advance_ticket, decide_and_apply, reschedule
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
from ticketcore.simulation._backtest_facts import facts, types_of
from ticketcore.ticket import Ticket, fold

Moment: TypeAlias = tuple[str, datetime, str | None]
"""A timer on one ticket: its name, an instant (counted from, or fired at), and the dispute."""

_MOMENT = attrgetter("name", "since", "dispute")
_BY_TIMER = frozenset(
    {Warned, Breached, Acknowledged, Escalated, Refunded, Cancelled, DisputeResolved, Closed}
)
_AT_REST = datetime.max.replace(tzinfo=UTC)
_CLOSINGS = (Close, Withdraw, MarkDuplicate)
_CLOSED = frozenset({"ticket-closed", "ticket-final"})
_new_reopened = maker(Reopened)


class Replay:
    """What becomes of one ticket under a policy, in four steps: `begin`, `open`, `act`, `rest`.

    *facts* are what people did, as commands. *promised* are the timers that were set, *fired*
    those that fell due, with their instants. *judged* says of firings that ended the ticket
    whether a person "contradicted" them, who acted on it later as on a live one, or "confirmed"
    them and closed it too. *refused* are facts that the policy would not have allowed, *idle*
    counts those that changed nothing. *retyped*: the ticket was taken as one of another type than
    recorded.
    """

    __slots__ = (
        "_as_type",
        "_policy",
        "_rules",
        "facts",
        "fired",
        "history",
        "idle",
        "judged",
        "promised",
        "refused",
        "retyped",
        "ticket",
    )

    def __init__(
        self, history: History, rules: Policy | PolicyVersions, as_type: str | None
    ) -> None:
        self.history = history
        self._rules = rules
        self._as_type = as_type
        self.ticket: Ticket | None = None
        self.promised: set[Moment] = set()
        self.fired: list[Moment] = []
        self.judged: dict[Moment, Literal["contradicted", "confirmed"]] = {}
        self.refused: list[RefusedError] = []
        self.idle = 0

    def begin(self) -> None:
        """Find the policy in force and the commands behind the events. Raises UnknownPolicyError
        when no version of a book is in force."""
        events = self.history.events
        opened = events[0]
        assert isinstance(opened, Opened)
        rules = self._rules
        self._policy = rules if isinstance(rules, Policy) else rules.at(opened.at, opened.zone)
        type_of = types_of(self._policy, self._as_type)
        self.retyped = type_of(opened.type) != opened.type
        self.facts = tuple(facts(events, type_of))

    def open(self) -> None:
        """Do what a person did first."""
        for fact in self.facts[:1]:
            self._do(fact)

    def act(self) -> None:
        """Do what people did then; the timers act between."""
        for fact in self.facts[1:]:
            self._do(fact)

    def rest(self) -> None:
        """Let the ticket run in silence until nothing is pending.

        That ends: no effect gives a timer a new start but an escalation, and that only once.
        """
        if self.ticket is not None:
            self._elapse(self.ticket, _AT_REST)

    def _do(self, fact: Command) -> None:
        ticket = self.ticket
        if ticket is not None:
            if ticket.timers and ticket.timers[0].due <= fact.at:
                ticket = self._elapse(ticket, fact.at)
            if ticket.closed_at is not None:
                self._act_on_closed(ticket, fact)
                return
        refusal = self._try(ticket, fact)
        if refusal is not None:
            self.refused.append(refusal)

    def _elapse(self, ticket: Ticket, at: datetime) -> Ticket:
        self.ticket, past = advance_ticket(ticket, self._policy, at)
        self._note(past)
        return self.ticket

    def _try(self, ticket: Ticket | None, fact: Command) -> RefusedError | None:
        try:
            self.ticket, happened = decide_and_apply(ticket, fact, self._policy)
        except RefusedError as refusal:
            return refusal.with_traceback(None)  # which would hold on to all that it passed
        if happened:
            self._note(happened)
        else:
            self.idle += 1
        return None

    def _act_on_closed(self, ticket: Ticket, fact: Command) -> None:
        """Facts win: who acts as on a live ticket finds it reopened, whatever the policy says."""
        firing = _firing(ticket)
        if firing is not None and isinstance(fact, _CLOSINGS):
            rule = self._policy.timer(firing[0], ticket)
            agrees = rule is not None and rule.effect == "close"
            self.judged[firing] = "confirmed" if agrees else "contradicted"
            return
        refusal = self._try(ticket, fact)
        if refusal is not None:
            live = _means_live(fact, refusal)
            if firing is None or not live:
                self.refused.append(refusal)
            if live:
                self._reopen(ticket, fact)
        assert self.ticket is not None
        if firing is not None and self.ticket.reopenings > ticket.reopenings:
            self.judged[firing] = "contradicted"

    def _reopen(self, closed: Ticket, fact: Command) -> None:
        ticket = self.ticket = fold((_new_reopened(at=fact.at, by=fact.by),), closed)
        refusal = None if isinstance(fact, Reopen) else self._try(ticket, fact)
        if refusal is not None:
            self.refused.append(refusal)
        if self.ticket.version == ticket.version:  # nothing followed that planned anew
            scheduled = reschedule(ticket, self._policy, fact.at)
            self.ticket = fold(scheduled, ticket)
            self._note(scheduled)

    def _note(self, happened: Iterable[Any]) -> None:
        last: Moment | None = None
        for event in happened:
            kind = type(event)
            if kind is Scheduled:
                self.promised.update(map(_MOMENT, event.timers))
                last = None  # what fires now was set anew
            elif kind in _BY_TIMER and event.timer is not None:
                firing = event.timer, event.at, getattr(event, "dispute", None)
                if firing != last:  # it may have brought about several events
                    self.fired.append(firing)
                last = firing


def _firing(ticket: Ticket) -> Moment | None:
    """The firing that closed the ticket, if a timer did."""
    if ticket.closing_timer is None or ticket.closed_at is None:
        return None
    return ticket.closing_timer, ticket.closed_at, None


def _means_live(fact: Command, refusal: RefusedError) -> bool:
    """Whether a fact was refused only because the policy had the ticket closed by then."""
    if isinstance(fact, _CLOSINGS):
        return False
    return refusal.code in _CLOSED or isinstance(fact, Reopen)
