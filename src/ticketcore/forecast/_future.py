"""The future of a ticket if nobody acts: one step for each instant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from ticketcore.commands import Command
from ticketcore.decider import advance_order, advance_ticket, decide
from ticketcore.events import Event
from ticketcore.ledger import Ledger, wakes
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold

Key: TypeAlias = tuple[str, str | None, str | None]
"""A timer, one of its levels or None for its deadline, and the dispute, if named."""


@attrs.frozen(kw_only=True)
class Firing:
    """A deadline, or a level, that acts at the instant *at*, in UTC, with its events.

    *level* is None for the deadline. *dispute* is the dispute that the events name.
    """

    at: datetime
    timer: str
    level: str | None
    dispute: str | None
    events: tuple[Event, ...]

    @property
    def key(self) -> Key:
        """The timer, the level and the dispute, without the instant."""
        return self.timer, self.level, self.dispute


@attrs.frozen
class State:
    """A ticket under its policy, with the ledger of its order, if it has one.

    *others* has the policies of other tickets of the order that follow another policy.
    """

    ticket: Ticket
    policy: Policy
    ledger: Ledger | None
    others: Mapping[str, Policy]

    def next_instant(self) -> datetime | None:
        """Return the first instant at which something happens by itself; None if nothing will.

        Other tickets of the order act only if their policy is known.
        """
        others = () if self.ledger is None else self.ledger.others(self.ticket)
        tickets = (self.ticket, *filter(self._follows, others))
        instants = (wakes(ticket, self.ledger) for ticket in tickets)
        return min((at for at in instants if at is not None), default=None)

    def advanced(self, at: datetime) -> "tuple[State, tuple[Event, ...]]":
        """Return the state at an instant, and the events of the ticket until then."""
        number = self.ticket.number
        if self.ledger is None or number is None:
            ticket, events = advance_ticket(self.ticket, self.policy, at)
            return attrs.evolve(self, ticket=ticket, ledger=None), events
        done = advance_order(self.ledger.tickets, self._policy_of, at)
        for each, error in done.failed.items():
            if each == number or self._follows(self.ledger.tickets[each]):
                raise error
        own = [event for each, events in done.events if each == number for event in events]
        ledger = Ledger.of(done.tickets)
        return attrs.evolve(self, ticket=done.tickets[number], ledger=ledger), tuple(own)

    def after(self, command: Command) -> "tuple[State, tuple[Event, ...]]":
        """Return the state after a command, and its events. Raises as `decide` does."""
        events = decide(self.ticket, command, self.policy, self.ledger)
        ticket = fold(events, self.ticket)
        return state_of(ticket, self.policy, self.ledger, self.others), events

    def _policy_of(self, ticket: Ticket) -> Policy:
        return self.others.get(ticket.number or "", self.policy)

    def _follows(self, ticket: Ticket) -> bool:
        policy = self._policy_of(ticket)
        return (ticket.policy, ticket.policy_version) == (policy.name, policy.version)


def state_of(
    ticket: Ticket, policy: Policy, ledger: Ledger | None, others: Mapping[str, Policy]
) -> State:
    """Return the state of a ticket, whose entry in the ledger may be older."""
    if ledger is not None and ticket.number is not None:
        ledger = Ledger.of({**ledger.tickets, ticket.number: ticket})
    return State(ticket, policy, ledger, others)


def future(state: State) -> Iterator[tuple[datetime, State, tuple[Event, ...]]]:
    """Yield the instants at which something happens if nobody acts.

    With each come the state after it, and the events of the ticket. The future ends where nothing
    is left to happen. It may have no end.
    """
    while (at := state.next_instant()) is not None:
        state, events = state.advanced(at)
        yield at, state, events


def firings(events: Iterable[Event]) -> Iterator[Firing]:
    """Yield the deadlines and levels that fired, each with its events and what follows them."""
    fired: list[Event] = []
    for event in events:
        is_cause = event.derived and getattr(event, "timer", None) is not None
        if fired and (event.at != fired[0].at or (is_cause and _key(event) != _key(fired[0]))):
            yield _firing(fired)
            fired = []
        if is_cause or fired:
            fired.append(event)
    if fired:
        yield _firing(fired)


def _firing(events: Sequence[Event]) -> Firing:
    timer, level, dispute = _key(events[0])
    at = events[0].at
    return Firing(at=at, timer=timer, level=level, dispute=dispute, events=tuple(events))


def _key(event: Any) -> Key:
    return event.timer, getattr(event, "level", None), getattr(event, "dispute", None)
