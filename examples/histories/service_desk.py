"""Makes service-desk.jsonl beside it: a made-up service desk, always the same 300 tickets.

Most customers are content in silence, some come back before the desk closes their ticket after
five days, and some when it is too late. The desk looks for what to close about once an hour.
Run it anew after a change: python service_desk.py
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
    """Ids and events, in the order of their openings."""
    chance = Random(20260105)  # noqa: S311  # nothing is secret here
    at = MONDAY + timedelta(hours=8)
    for number in range(1, count + 1):
        at += timedelta(minutes=_between(chance, 5, 420))
        yield f"{number:011}", tuple(_life(chance, at))


def _life(chance: Random, at: datetime) -> Iterator[Event]:
    kind = TYPES[_between(chance, 0, len(TYPES) - 1)]
    yield Opened(
        at=at,
        by="customer",
        type=kind,
        zone="Europe/Berlin",
        default_handler="support",
        waiting_for="support",
    )
    if chance.random() < 0.1:
        at = _later(chance, at, 3)
        other = [name for name in TYPES if name != kind]
        yield TypeChanged(at=at, by="support", type=other[_between(chance, 0, 3)])
    while chance.random() < 0.3:
        at = _later(chance, at, 20)
        yield Replied(at=at, by="support")
        at = _later(chance, at, 60)
        yield Replied(at=at, by="customer")
    if chance.random() < 0.04:
        return  # nobody ever answers
    yield from _solved(chance, _later(chance, at, 30))


def _solved(chance: Random, at: datetime) -> Iterator[Event]:
    yield Replied(at=at, by="support", solution=True)
    mood = chance.random()
    if mood < 0.12:  # it was not solved after all
        at = _later(chance, at, 100)
        yield Replied(at=at, by="customer")
        yield from _solved(chance, _later(chance, at, 30))
        return
    by_hand = mood < 0.2
    by: Party = "support" if by_hand else "system"
    at = _later(chance, at, 90) if by_hand else at + SILENCE
    yield Closed(at=at + timedelta(minutes=_between(chance, 0, 70)), by=by)
    if chance.random() < 0.05:  # the customer comes back after the closing
        at = _later(chance, at + timedelta(hours=1), 200)
        yield Reopened(at=at, by="customer")
        yield Replied(at=at, by="customer")
        yield from _solved(chance, _later(chance, at, 30))


def _later(chance: Random, at: datetime, hours: int) -> datetime:
    return at + timedelta(minutes=_between(chance, 1, 60 * hours))


def _between(chance: Random, low: int, high: int) -> int:
    # of all its numbers, Python promises only those of random() to stay the same
    return low + int(chance.random() * (high - low + 1))


if __name__ == "__main__":
    write_histories(TARGET, tickets())
