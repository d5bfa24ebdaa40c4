"""Replay one ticket under a policy: people act as recorded, and the policy's timers fire.

A replay assumes that people would have acted as recorded under any policy. So a ticket that the
policy had closed is reopened if a person acted on it as on an open one, even if the policy would
refuse to reopen it. Such an action shows that the timer closed the ticket too early: it
*overturns* the firing. A person who closes a ticket that a timer closed before *confirms* it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

import attrs

from ticketcore._internal.fast_attrs import fast, fast_copy
from ticketcore.backtest._actions import RecordedTicket, type_mapping
from ticketcore.backtest._sharing import SharedStart, difference
from ticketcore.commands import Close, Command, MarkDuplicate, Reopen, Withdraw
from ticketcore.decider import (
    Decision,
    PlanStep,
    advance_ticket,
    decide_in_parts,
    follow_up,
    schedule,
)
from ticketcore.errors import RefusedError
from ticketcore.events import Event, History, Opened, Reopened
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy, PolicyVersions
from ticketcore.ticket import Ticket, fold

TimerFiring: TypeAlias = tuple[str, datetime]
"""A timer that closed the ticket: its name, and the instant at which it fired."""

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
NOT_RECORDED = "(not recorded)"
"""The text of a message that a policy requires, and the log does not have."""
_CLOSING_COMMANDS = (Close, Withdraw, MarkDuplicate)
_CLOSED_CODES = frozenset({"ticket-closed", "ticket-final"})
_opened_under = fast_copy(Opened, "policy", "policy_version", "policy_digest")
_under = fast_copy(Ticket, "opened", "policy", "policy_version", "policy_digest")


@attrs.define(eq=False, repr=False)
class Replay:
    """The replay of one ticket in four steps: `begin`, `open`, `act`, `finish`.

    *actions* are the recorded actions of people, as commands. *verdicts* says for firings that
    closed the ticket whether a later action overturned or confirmed them. *refused* holds the
    refusals of actions that the policy does not allow, and *no_ops* names the commands that
    changed nothing. *type_overridden* is True if the ticket is replayed under another type than
    recorded. *events* are the events of the ticket under the policy; *reopened_by_replay* counts
    those among them by which the replay reopened the ticket against the policy. *ledger* has the
    tickets of the order, if there are several: as they are before each action, and in the end.

    *start* are the steps that replays under other policies share. A replay follows the first of
    *leaders* that shares steps with it: its *leader*. It takes over the leader's first events;
    *shared* is their number.
    """

    _recorded: RecordedTicket
    _policies: Policy | PolicyVersions
    _ticket_type: str | None
    history: History = attrs.field(init=False)
    policy: Policy = attrs.field(init=False)
    actions: tuple[Command, ...] = ()
    type_overridden: bool = False
    ticket: Ticket | None = None
    verdicts: dict[TimerFiring, Literal["overturned", "confirmed"]] = attrs.field(factory=dict)
    refused: list[RefusedError] = attrs.field(factory=list)
    no_ops: list[str] = attrs.field(factory=list)
    reopened_by_replay: int = 0
    events: list[Event] = attrs.field(factory=list)
    ledger: Ledger | None = None
    start: SharedStart | None = None
    leader: "Replay | None" = None
    leaders: "Sequence[Replay]" = ()
    shared: int = 0
    _steps: int = 0  # those taken over
    _decision: Decision | None = None  # the last one of a step

    def __attrs_post_init__(self) -> None:
        self.history = self._recorded.history

    def begin(self) -> None:
        """Find the policy in force at the opening, and the commands behind the events.

        Raises UnknownPolicyError if no version of the policy is in force.
        """
        events = self.history.events
        opened = events[0]
        assert isinstance(opened, Opened)
        policies = self._policies
        self.policy = (
            policies if isinstance(policies, Policy) else policies.at(opened.at, opened.zone)
        )
        type_of = type_mapping(self.policy, self._ticket_type)
        self.type_overridden = type_of(opened.type) != opened.type
        self.actions = self._recorded.actions(type_of, self.policy.fields)
        for leader in self.leaders:
            if leader.leader is None and leader.share_with(self.policy):
                self.leader = leader
                break

    def open(self) -> None:
        """Replay the first action, which opens the ticket, or take over what is shared."""
        if self.leader is not None and self.leader.start is not None:
            self._follow(self.leader, self.leader.start)
        for action in self.actions[self._steps : 1]:
            self.act_on(action)
            if self.start is not None and self.start.grows:
                self._share(self.start)

    def act(self) -> None:
        """Replay the other actions. Timers that are due fire before each of them."""
        for action in self.actions[max(self._steps, 1) :]:
            self.act_on(action)
            if self.start is not None and self.start.grows:
                self._share(self.start)

    def finish(self) -> None:
        """Let the timers fire until none is pending.

        This ends, since a policy whose timers set each other off for ever cannot be loaded.
        """
        if self.ticket is not None and self._steps <= len(self.actions):
            self._advance(self.ticket, END_OF_TIME)
            if self.start is not None and self.start.grows:
                self._share(self.start)

    def share_with(self, other: Policy) -> bool:
        """Let the replay under another policy follow this one, unless they share nothing."""
        conditions = difference(self.policy, other)
        if conditions is None:
            return False
        if self.start is None:
            self.start = SharedStart()
        self.start.conditions |= conditions
        return True

    def _share(self, start: SharedStart) -> None:
        """Add the last step to those that are shared. A refusal may name the policy."""
        if self.ticket is None or self.refused or self.verdicts or self.reopened_by_replay:
            start.grows = False
        else:
            start.add_step(self.ticket, self.events, len(self.no_ops), self._decision)
            self._decision = None

    def _follow(self, leader: "Replay", start: SharedStart) -> None:
        """Take over what is shared. Only the opening names its policy."""
        own = () if start.decision is None else start.decision[1]
        self.events = [*leader.events[: start.events], *own]
        self.shared = len(self.events)
        if not self.events:
            return
        policy, before = self.policy, start.ticket
        named = policy.name, policy.version, policy.digest
        opened = self.events[0] = _opened_under(self.events[0], *named)
        self.no_ops = leader.no_ops[: start.no_ops]
        self._steps = start.steps
        if start.decision is None:
            self.ticket = _under(before, opened, *named)
            return
        after = _under(start.decision[0], opened, *named)
        # No rule reads the policy's name in the ticket before an action.
        following = follow_up(before, own, after, self.actions[self._steps], policy)
        self.ticket = fold(following, after) if following else after
        self.events += following
        self._steps += 1

    def act_on(self, action: Command) -> None:
        """Replay one action."""
        ticket = self.ticket
        if ticket is not None:
            timer = ticket.next_timer
            if timer is not None and (timer.wakes or timer.due) <= action.at:
                ticket = self._advance(ticket, action.at)
            if ticket.closed_at is not None:
                self._act_on_closed(ticket, action)
                return
        refusal = self._decide(ticket, action)
        if refusal is not None:
            self.refused.append(refusal)

    def _advance(self, ticket: Ticket, at: datetime) -> Ticket:
        ticket, events = advance_ticket(ticket, self.policy, at, self.ledger)
        self.take(ticket, events)
        return ticket

    def take(self, ticket: Ticket, events: Iterable[Event]) -> None:
        """Add *events* that time caused, and replace the ticket with the one after them."""
        self.ticket = ticket
        self.events += events

    def _decide(self, ticket: Ticket | None, action: Command) -> RefusedError | None:
        """Decide an action, and return the refusal if there is one.

        Few logs have the texts of messages, so a text that was not recorded is taken to exist.
        """
        try:
            decision = decide_in_parts(ticket, action, self.policy, self.ledger)
        except RefusedError as refusal:
            if refusal.code == "text-required" and getattr(action, "text", "") is None:
                with_text: Any = action
                return self._decide(ticket, attrs.evolve(with_text, text=NOT_RECORDED))
            return refusal.with_traceback(None)  # a traceback keeps all its frames in memory
        after, events, following = self._decision = decision
        self.ticket = fold(following, after) if following else after
        if events or following:
            self.events += events
            self.events += following
        else:
            self.no_ops.append(action.NAME)
        return None

    def _act_on_closed(self, ticket: Ticket, action: Command) -> None:
        """Replay an action on a closed ticket: it confirms or overturns a timer that closed it."""
        firing = _closing_firing(ticket)
        if firing is not None and isinstance(action, _CLOSING_COMMANDS):
            definition = self.policy.timer(firing[0], ticket)
            only_closed = definition is not None and definition.effect == "close"
            self.verdicts[firing] = "confirmed" if only_closed else "overturned"
            return
        refusal = self._decide(ticket, action)
        if refusal is not None:
            treated_as_open = _treats_as_open(action, refusal)
            if firing is None or not treated_as_open:
                self.refused.append(refusal)
            if treated_as_open:
                self._reopen(ticket, action)
        assert self.ticket is not None
        if firing is not None and self.ticket.reopenings > ticket.reopenings:
            self.verdicts[firing] = "overturned"

    def _reopen(self, closed: Ticket, action: Command) -> None:
        """Reopen the ticket against the policy, and decide the action again."""
        reopened = fast(Reopened)(at=action.at, by=action.by)
        self.events.append(reopened)
        self.reopened_by_replay += 1
        ticket = self.ticket = fold((reopened,), closed)
        refusal = None if isinstance(action, Reopen) else self._decide(ticket, action)
        if refusal is not None:
            self.refused.append(refusal)
        if self.ticket.version == ticket.version:  # no event has set the timers again
            step = PlanStep(before=closed, events=(reopened,))
            scheduled = schedule(ticket, self.policy, action.at, step)
            self.ticket = fold(scheduled, ticket)
            self.events += scheduled


def _closing_firing(ticket: Ticket) -> TimerFiring | None:
    """Return the firing that closed the ticket; None if a person closed it."""
    if ticket.closing_timer is None or ticket.closed_at is None:
        return None
    return ticket.closing_timer, ticket.closed_at


def _treats_as_open(action: Command, refusal: RefusedError) -> bool:
    """Return whether an action was refused only because the policy had closed the ticket."""
    if isinstance(action, _CLOSING_COMMANDS):
        return False
    return refusal.code in _CLOSED_CODES or isinstance(action, Reopen)
