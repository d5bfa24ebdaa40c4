"""Make service-desk.jsonl: the history of an invented service desk, always the same 300 tickets.

Most customers are content and do not answer. Some return before the desk closes their ticket after
five days, and some return too late. About once an hour, the desk closes the tickets that are due.
Run ``python service_desk.py`` after a change.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from ticketcore.events import (
    Closed,
    Event,
    Opened,
    Party,
    Reopened,
    Replied,
    TypeChanged,
    write_histories,
)

TARGET = Path(__file__).with_name("service-desk.jsonl")
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
SILENCE = timedelta(hours=120)
TYPES = ("e-mail", "hardware", "network", "password", "printing")


def tickets(count: int = 300) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield ticket numbers and events, in the order of the openings."""
    chance = Random(20260105)  # noqa: S311  # not for secrets
    at = MONDAY + timedelta(hours=8)
    for number in range(1, count + 1):
        at += timedelta(minutes=_between(chance, 5, 420))
        yield f"{number:011}", tuple(_events(chance, at))


def _events(chance: Random, at: datetime) -> Iterator[Event]:
    ticket_type = TYPES[_between(chance, 0, len(TYPES) - 1)]
    yield Opened(
        at=at,
        by="customer",
        type=ticket_type,
        zone="Europe/Berlin",
        default_handler="support",
        waiting_for="support",
    )
    if chance.random() < 0.1:
        at = _later(chance, at, 3)
        other = [name for name in TYPES if name != ticket_type]
        yield TypeChanged(at=at, by="support", type=other[_between(chance, 0, 3)])
    while chance.random() < 0.3:
        at = _later(chance, at, 20)
        yield Replied(at=at, by="support")
        at = _later(chance, at, 60)
        yield Replied(at=at, by="customer")
    if chance.random() < 0.04:
        return  # nobody answers
    yield from _solved(chance, _later(chance, at, 30))


def _solved(chance: Random, at: datetime) -> Iterator[Event]:
    yield Replied(at=at, by="support", solution=True)
    outcome = chance.random()
    if outcome < 0.12:  # the customer says that the problem remains
        at = _later(chance, at, 100)
        yield Replied(at=at, by="customer")
        yield from _solved(chance, _later(chance, at, 30))
        return
    by_hand = outcome < 0.2
    by: Party = "support" if by_hand else "system"
    at = _later(chance, at, 90) if by_hand else at + SILENCE
    yield Closed(at=at + timedelta(minutes=_between(chance, 0, 70)), by=by)
    if chance.random() < 0.05:  # the customer returns after the closing
        at = _later(chance, at + timedelta(hours=1), 200)
        yield Reopened(at=at, by="customer")
        yield Replied(at=at, by="customer")
        yield from _solved(chance, _later(chance, at, 30))


def _later(chance: Random, at: datetime, hours: int) -> datetime:
    return at + timedelta(minutes=_between(chance, 1, 60 * hours))


def _between(chance: Random, low: int, high: int) -> int:
    # only random() gives the same numbers in every version of Python
    return low + int(chance.random() * (high - low + 1))


if __name__ == "__main__":
    write_histories(TARGET, tickets())
