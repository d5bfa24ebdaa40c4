"""Histories with orders and money, and an independent replay of them, ticket by ticket.

The replay uses `decide`, `advance` and `wakes` alone. It takes one small step after the other: of
all tickets of an order the one that acts first, until its next instant, then the next action.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import attrs

from ticketcore import commands as c
from ticketcore import events as e
from ticketcore.commands import Command
from ticketcore.decider import PlanStep, advance, decide, schedule
from ticketcore.errors import OrderNotAdvancedError, RefusedError
from ticketcore.events import Event, Money, Order, write_histories
from ticketcore.ledger import Ledger, wakes
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket, fold

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
FOREVER = datetime(2090, 1, 1, tzinfo=UTC)
_CLOSED = {"ticket-closed", "ticket-final"}


def shop_file(name: str, *, refund: str, answer: str, close: str) -> str:
    """Return a small policy file: pay if nobody answers, breach, and close what is silent."""
    return f"""
name = "{name}"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
default_handler = "vendor"
[types.request]
[types.question]
[refunds]
partial = true
[disputes.claim]
[[permission]]
commands = ["open", "reply", "close", "change-type", "refund", "open-dispute"]
by = ["customer", "vendor", "support"]
[closing]
reply_reopens = ["customer"]
[[timer]]
name = "refund"
when = {{ type = "request", waiting_for = "vendor" }}
from = "waiting-since"
after = "{refund}"
effect = "refund"
[[timer]]
name = "answer"
when = {{ waiting_for = "vendor" }}
from = "waiting-since"
after = "{answer}"
effect = "breach"
[[timer]]
name = "silent"
when = {{ waiting_for = "customer" }}
from = "last-activity"
after = "{close}"
effect = "close"
[[timer]]
name = "claim"
when = {{ dispute_kind = "claim" }}
from = "dispute-opened"
after = "7 days"
effect = "lose-dispute"
"""


SLOW_FILE = shop_file("slow", refund="96 hours", answer="48 hours", close="120 hours")
FAST_FILE = shop_file("fast", refund="48 hours", answer="24 hours", close="30 hours")
SLOW, FAST = parse_policy(SLOW_FILE), parse_policy(FAST_FILE)


@attrs.frozen
class Desk:
    """The files of a history and of two policies to compare."""

    history: Path
    slow: Path
    fast: Path


@attrs.frozen
class Story:
    """The actions of people about one order: the commands of each ticket, by number."""

    tickets: Mapping[str, tuple[Command, ...]]


def stories(count: int, seed: int) -> Iterator[Story]:
    """Yield stories with *count* tickets in total; some orders have two or three tickets."""
    random = Random(seed)
    number = 0
    while number < count:
        several = min(random.choice((1, 1, 2, 3)), count - number)
        order = Order(
            number=f"O{number}",
            sold_at=START - timedelta(days=1),
            amount=Money(random.randrange(1000, 9000), random.choice(("EUR", "USD"))),
        )
        has_order = random.random() < 0.8
        tickets = {}
        for _ in range(several):
            number += 1
            name = f"{number:011}"
            tickets[name] = tuple(_commands(random, name, order if has_order else None))
        if has_order:
            yield Story(tickets)
        else:
            for name, commands in tickets.items():
                yield Story({name: commands})


def _commands(random: Random, number: str, order: Order | None) -> Iterator[Command]:
    at = START + timedelta(hours=random.randrange(400))
    kind = random.choice(("request", "question")) if order else "question"
    yield c.Open(
        at=at,
        by="customer",
        number=number,
        type=kind,
        order=order,
        category=random.choice((None, "late", "broken")),
        storefront=None,
    )
    closed = False
    for step in range(random.randrange(5)):
        at += timedelta(hours=random.choice((1, 10, 24, 30, 48, 70, 130)))
        by: e.Party = random.choice(("customer", "vendor", "support"))
        choice = random.randrange(1 if closed else 0, 6)
        closed = choice == 0
        match choice:
            case 0:
                yield c.Close(at=at, by=by)
            case 1 if order:
                amount = Money(random.randrange(1, 500), order.amount.currency)
                yield c.Refund(at=at, by="vendor", amount=amount, reference=f"{number}-{step}")
            case 2 if order:
                yield c.OpenDispute(
                    at=at,
                    by="support",
                    kind="claim",
                    dispute=f"D{number}-{step}",
                    amount=Money(300, order.amount.currency),
                )
            case _:
                yield c.Reply(at=at, by=by, text="text")


def record(path: Path, told: list[Story]) -> None:
    """Write the stories as a history of what people did; the tickets of an order lie apart."""
    tickets = [(n, list(_events(cs))) for story in told for n, cs in story.tickets.items()]
    tickets.sort(key=lambda ticket: ticket[0][::-1])
    write_histories(path, tickets)


def _events(commands: Iterable[Command]) -> Iterator[Event]:
    """Yield what a record holds: an action on a closed ticket reopens it first."""
    closed = False
    for command in commands:
        event = _recorded(command)
        if closed:
            yield e.Reopened(at=event.at, by=event.by, derived=True)
        closed = isinstance(event, e.Closed)
        yield event


def _recorded(command: Command) -> Event:
    match command:
        case c.Open(type=str(kind)):
            facts = attrs.asdict(command, recurse=False) | {"type": kind, "zone": "UTC"}
            return e.Opened(**{k: v for k, v in facts.items() if k in _OPENED and v is not None})
        case c.Reply():
            return e.Replied(at=command.at, by=command.by, text=command.text)
        case c.Close():
            return e.Closed(at=command.at, by=command.by)
        case c.Refund(amount=Money() as amount):
            reference = command.reference
            return e.Refunded(at=command.at, by=command.by, amount=amount, reference=reference)
        case c.OpenDispute():
            return e.DisputeOpened(
                at=command.at,
                by=command.by,
                dispute=command.dispute,
                kind=command.kind,
                amount=command.amount,
            )
        case _:
            raise AssertionError(command)


_OPENED = {field.name for field in attrs.fields(e.Opened)}


class NaiveReplay:
    """The results of the tickets of one story under a policy."""

    def __init__(self, story: Story, policy: Policy) -> None:
        self.policy = policy
        self.events: dict[str, list[Event]] = {}
        self.reopened: dict[str, int] = dict.fromkeys(story.tickets, 0)
        self.refused: dict[str, int] = dict.fromkeys(story.tickets, 0)
        self._judged: set[tuple[str, datetime | None]] = set()
        turns = sorted(
            (command.at, number, place, command)
            for number, commands in story.tickets.items()
            for place, command in enumerate(commands)
        )
        for at, number, _, command in turns:
            self._advance(at)
            self._act(number, command)
        self._advance(FOREVER)

    def ticket(self, number: str) -> Ticket | None:
        """Return a ticket as it is now."""
        return fold(self.events[number]) if number in self.events else None

    def _ledger(self) -> Ledger | None:
        tickets = {number: fold(events) for number, events in self.events.items()}
        return Ledger.of(tickets) if tickets and all(t.order for t in tickets.values()) else None

    def _advance(self, until: datetime) -> None:
        waiting: set[str] = set()
        while True:
            ledger = self._ledger()
            due = [
                (instant, number)
                for number in self.events
                if number not in waiting
                and (instant := wakes(fold(self.events[number]), ledger)) is not None
                and instant <= until
            ]
            if not due:
                return
            instant, number = min(due)
            try:
                ticket = fold(self.events[number])
                self.events[number] += advance(ticket, self.policy, instant, ledger)
            except OrderNotAdvancedError:
                waiting.add(number)
            else:
                waiting.clear()

    def _act(self, number: str, command: Command) -> None:
        before = self.ticket(number)
        timer = before and before.closing_timer
        if before and before.closed_at and timer and isinstance(command, c.Close):
            if timer == "refund":  # people settle what the policy had paid
                self._judge(number, before)
            return
        try:
            made = decide(before, command, self.policy, self._ledger())
        except RefusedError as refusal:
            if before is None or not before.closed_at or refusal.code not in _CLOSED:
                self.refused[number] += 1
                return
            if isinstance(command, c.Close):
                self.refused[number] += 1
                return
            if not timer:
                self.refused[number] += 1
            closed, reopened = before, e.Reopened(at=command.at, by=command.by)
            self.events[number].append(reopened)
            opened = self.ticket(number)
            try:
                made = decide(opened, command, self.policy, self._ledger())
            except RefusedError:
                self.refused[number] += 1
                made = ()
            if opened and not made:
                step = PlanStep(before=closed, events=(reopened,))
                made = schedule(opened, self.policy, command.at, step)
        self.events.setdefault(number, []).extend(made)
        after = self.ticket(number)
        if before and timer and after and after.reopenings > before.reopenings:
            self._judge(number, before)

    def _judge(self, number: str, closed: Ticket) -> None:
        """Count a closing by a timer that people contradict, once."""
        judged = number, closed.closed_at
        self.reopened[number] += judged not in self._judged
        self._judged.add(judged)
