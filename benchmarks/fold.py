"""Rebuilding a ticket from its events, beside other libraries.

For each event, `fold` keeps forty facts of a ticket, eventsourcing calls a decorated method of an
aggregate, and the state machines check a transition between open, waiting and closed. The limit is
a loop written by hand for just these four events, on a ticket that can be changed.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import attrs
from eventsourcing.domain import Aggregate, event
from statemachine import State, StateMachine
from transitions import Machine

from benchmarks.histories import conversation
from benchmarks.measure import best, micros, show
from ticketcore.events import Closed, Event, Opened, Replied, Scheduled
from ticketcore.ticket import Ticket, fold

LENGTHS = (3, 12)


class Mutable:
    """The fields of a ticket, without protection. Their defaults are attributes of the class."""


for _field in attrs.fields(Ticket):
    setattr(Mutable, _field.name, None if _field.default is attrs.NOTHING else _field.default)


def by_hand(events: tuple[Any, ...]) -> Mutable:
    """Do what `fold` does for these four events, without a table and a draft."""
    ticket = Mutable()
    t: Any = ticket  # its attributes are set at run time
    first = events[0]
    t.opened, t.type, t.type_set_by, t.handler = first, first.type, first.by, first.default_handler
    t.type_set_at = t.waiting_since = t.active_at = first.at
    t.policy, t.policy_version = first.policy, first.policy_version
    t.waiting_for, t.version = first.waiting_for, 1
    for e in events[1:]:
        kind = type(e)
        if kind is Replied:
            t.last_message = e
            t.active_at = e.at
            if e.by == "customer":
                t.customer_active_at = e.at
            else:
                t.vendor_active_at = e.at
            if not e.interim:
                waiting_for = t.handler if e.by == "customer" else "customer"
                if t.waiting_for != waiting_for:
                    t.waiting_for, t.waiting_since = waiting_for, e.at
                t.solved = e.solution
                t.answered = t.answered or e.by != "customer"
        elif kind is Scheduled:
            t.timers = e.timers
        elif kind is Closed:
            t.active_at = e.at
            if e.by == "customer":
                t.customer_active_at = e.at
            else:
                t.vendor_active_at = e.at
            t.closed_at, t.closed_kind, t.closed_by = e.at, e.kind, (e.by,)
            t.timers = ()
        t.version += 1
        t.at = e.at
    return ticket


class Sourced(Aggregate):
    """The same ticket as an aggregate of the eventsourcing package."""

    @event("Opened")
    def __init__(self, by: str, waiting_for: str) -> None:
        self.by, self.waiting_for, self.closed = by, waiting_for, False
        self.timers: tuple[object, ...] = ()
        self.active = by

    @event("Replied")
    def reply(self, by: str, text: str | None) -> None:
        self.active, self.last_message = by, text
        self.waiting_for = "vendor" if by == "customer" else "customer"

    @event("Scheduled")
    def schedule(self, timers: tuple[object, ...]) -> None:
        self.timers = timers

    @event("Closed")
    def close(self, by: str) -> None:
        self.active, self.closed, self.timers = by, True, ()


class Chart(StateMachine):
    """The same ticket as a chart of python-statemachine."""

    open = State(initial=True)
    waiting = State()
    closed = State(final=True)
    answer = open.to(waiting) | waiting.to(waiting)
    ask = waiting.to(open) | open.to(open)
    schedule = open.to(open) | waiting.to(waiting)
    close = open.to(closed) | waiting.to(closed)


STATES = ["open", "waiting", "closed"]
MOVES = [
    {"trigger": "answer", "source": ["open", "waiting"], "dest": "waiting"},
    {"trigger": "ask", "source": ["open", "waiting"], "dest": "open"},
    {"trigger": "schedule", "source": ["open", "waiting"], "dest": "="},
    {"trigger": "close", "source": ["open", "waiting"], "dest": "closed"},
]


class Model:
    """The object whose state transitions changes."""


def main() -> None:
    logging.disable()
    for length in LENGTHS:
        _show_history(length)
    lengths = (10, 100, 1000, 10_000)
    long = {str(n): partial(fold, conversation(n)) for n in lengths}
    each = {n: s / int(n) for n, s in best(long).items()}
    rows = [(f"{int(n):,} events", micros(s), f"{s / each['1000']:.2f}x") for n, s in each.items()]
    show("Time per event", ("history", "per event", "of 1,000's"), rows)


def _show_history(length: int) -> None:
    events = conversation(length)
    seconds = best(
        {
            "ticketcore fold": lambda: fold(events),
            "a loop by hand, mutable": lambda: by_hand(events),
            "eventsourcing": _sourced(events),
            "transitions": _transitions(events),
            "python-statemachine": lambda: _chart(events),
        }
    )
    ours = seconds["ticketcore fold"]
    rows = [(name, f"{length / s:,.0f}", f"{s / ours:.2f}x") for name, s in seconds.items()]
    show(f"A history of {length} events", ("library", "events/s", "time"), rows)


def _sourced(events: Iterable[Event]) -> Callable[[], object]:
    told: Any = Sourced(by="customer", waiting_for="vendor")
    for e in events:
        if isinstance(e, Replied):
            told.reply(by=e.by, text=e.text)
        elif isinstance(e, Scheduled):
            told.schedule(timers=e.timers)
        elif isinstance(e, Closed):
            told.close(by=e.by)
    recorded = told.collect_events()

    def rebuild() -> object:
        aggregate = None
        for e in recorded:
            aggregate = e.mutate(aggregate)
        return aggregate

    return rebuild


def _moves(events: Iterable[Event]) -> list[str]:
    names = {Scheduled: "schedule", Closed: "close"}
    return [
        names.get(type(e)) or ("ask" if e.by == "customer" else "answer")
        for e in events
        if not isinstance(e, Opened)
    ]


def _transitions(events: Iterable[Event]) -> Callable[[], object]:
    machine = Machine(model=None, states=STATES, transitions=MOVES, initial="open")
    moves = _moves(events)

    def run() -> None:
        model: Any = Model()
        machine.add_model(model)
        for move in moves:
            model.trigger(move)
        machine.remove_model(model)

    return run


def _chart(events: Iterable[Event]) -> object:
    chart = Chart()
    for move in _moves(events):
        chart.send(move)
    return chart


main()
