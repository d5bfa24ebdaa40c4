"""The tickets that are measured."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ticketcore.events import Closed, Event, Opened, Replied, Scheduled, Timer

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def conversation(length: int) -> tuple[Event, ...]:
    """A ticket of that many events: an opening, answers in turn, each with what is pending then,
    and a closing."""
    return (*_begun(length - 1), Closed(at=START + length * HOUR, by="vendor"))


def _begun(length: int) -> Iterator[Event]:
    yield Opened(at=START, by="customer", type="technical", zone="America/Boise")
    for place in range(1, length):
        at = START + place * HOUR
        if place % 2:
            yield Scheduled(at=at, timers=(Timer("silent", at + 48 * HOUR, at),))
        else:
            yield Replied(at=at, by="vendor" if place % 4 else "customer", text="a word")


def tickets(count: int) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Tickets of four to eight events of people, a new one every ten minutes."""
    for number in range(count):
        yield f"{number:011}", tuple(_life(START + number * HOUR / 6, number))


def _life(at: datetime, number: int) -> Iterator[Event]:
    yield Opened(
        at=at,
        by="customer",
        type="incident",
        zone="Europe/Berlin",
        default_handler="support",
        waiting_for="support",
        actor=f"caller {number % 5000}",
        channel="phone",
    )
    for answer in range(1 + number % 3):
        at += 3 * HOUR
        yield Replied(at=at, by="support", text=f"answer {answer} to {number}")
        at += 5 * HOUR
        yield Replied(at=at, by="customer", text="no")
    yield Replied(at=at + HOUR, by="support", solution=True)
    yield Closed(at=at + 121 * HOUR, by="system")
