"""Replay the tickets of one order together, with all actions and timers in order of time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.backtest._replay import END_OF_TIME, Replay
from ticketcore.commands import Open
from ticketcore.decider import advance_order
from ticketcore.errors import LedgerError, TicketcoreError
from ticketcore.ledger import Ledger, by_order, order_of
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


def replay_order(replays: Sequence[Replay]) -> Mapping[int, TicketcoreError]:
    """Run all steps of these replays, and return the errors of those that fail, by their places.

    Actions at the same instant are replayed in the order of the tickets' numbers.
    """
    order = _OrderReplay()
    for place, replay in enumerate(replays):
        order.add(place, replay)
    order.run()
    return order.failed


class _OrderReplay:
    def __init__(self) -> None:
        self.failed: dict[int, TicketcoreError] = {}
        self._active: dict[str, tuple[int, Replay]] = {}

    def add(self, place: int, replay: Replay) -> None:
        """Begin the replay of a ticket. Without a number it gets the name of its history."""
        try:
            replay.begin()
            opening, *later = replay.actions
            assert isinstance(opening, Open)
            number = opening.number or replay.history.ticket
            if number in self._active:
                raise LedgerError(f"ticket {number!r} occurs twice in its order")
        except TicketcoreError as error:
            self.failed[place] = error
        else:
            replay.actions = (fast_copy(Open, "number")(opening, number), *later)
            self._active[number] = place, replay

    def run(self) -> None:
        """Replay all actions in the order of their instants; then let the timers fire."""
        turns = sorted(
            (action.at, number, step)
            for number, (_, replay) in self._active.items()
            for step, action in enumerate(replay.actions)
        )
        for at, number, step in turns:
            self._advance(at)
            if number in self._active:
                self._act(number, step)
        self._advance(END_OF_TIME)
        for tickets in self._orders().values():
            for number, ticket in tickets.items():
                ledger = Ledger.of(tickets) if ticket.order is not None else None
                self._active[number][1].ledger = ledger

    def _act(self, number: str, step: int) -> None:
        replay = self._active[number][1]
        action = replay.actions[step]
        about = action if isinstance(action, Open) else replay.ticket
        key = None if about is None else order_of(about)
        tickets = self._orders().get(key) if key is not None else None
        replay.ledger = None if tickets is None else Ledger.of(tickets)
        try:
            replay.act_on(action)
        except TicketcoreError as error:
            self._fail(number, error)

    def _advance(self, at: datetime) -> None:
        """Advance all tickets until *at*, those of each order in turn."""
        for tickets in self._orders().values():
            done = advance_order(tickets, self._policy_of, at)
            for number, events in done.events:
                self._active[number][1].take(done.tickets[number], events)
            for number, error in done.failed.items():
                self._fail(number, error)

    def _orders(self) -> Mapping[object, Mapping[str, Ticket]]:
        """Return the opened tickets by order; a ticket without an order stands alone."""
        opened = {
            number: replay.ticket
            for number, (_, replay) in self._active.items()
            if replay.ticket is not None
        }
        return by_order(opened)

    def _policy_of(self, ticket: Ticket) -> Policy:
        return self._active[ticket.number or ""][1].policy

    def _fail(self, number: str, error: TicketcoreError) -> None:
        place, _ = self._active.pop(number)
        self.failed[place] = error
