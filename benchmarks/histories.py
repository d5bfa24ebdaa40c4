"""The tickets that the benchmarks read, fold and replay."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from ticketcore.events import Closed, Event, Opened, Party, Replied, Scheduled, Timer

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
_WORDS = (
    "the order has not arrived yet and I would like to know when you will send it because my "
    "son needs these shoes for school on Monday please answer soon or refund what we paid thank "
    "you we have asked our courier about your parcel with number and will write again tomorrow"
).split()


def conversation(length: int) -> tuple[Event, ...]:
    """Return a ticket of *length* events: an opening, replies in turn, and a closing.

    Before each reply, a `Scheduled` lists the pending timer.
    """
    return (*_opening_and_replies(length - 1), Closed(at=START + length * HOUR, by="vendor"))


def _opening_and_replies(length: int) -> Iterator[Event]:
    yield Opened(at=START, by="customer", type="technical", zone="America/Boise")
    for position in range(1, length):
        at = START + position * HOUR
        if position % 2:
            yield Scheduled(at=at, timers=(Timer("silent", at + 48 * HOUR, at),))
        else:
            by: Party = "vendor" if position % 4 else "customer"
            yield Replied(at=at, by=by, text="a word")


def tickets(count: int) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield tickets of five to nine recorded events, one opened every ten minutes.

    Messages have 30 words, as in real logs. No two messages are alike, so that a reader cannot
    remember them.
    """
    for number in range(count):
        yield f"{number:011}", tuple(_ticket(START + number * HOUR / 6, number))


def _ticket(at: datetime, number: int) -> Iterator[Event]:
    random = Random(number)
    yield Opened(
        at=at,
        by="customer",
        type="incident",
        zone="Europe/Berlin",
        default_handler="support",
        waiting_for="support",
        actor=f"caller {number % 5000}",
        channel="phone",
        text=_message(random),
    )
    for _ in range(1 + number % 3):
        at += 3 * HOUR
        yield Replied(at=at, by="support", text=_message(random))
        at += 5 * HOUR
        yield Replied(at=at, by="customer", text=_message(random))
    yield Replied(at=at + HOUR, by="support", solution=True, text=_message(random))
    yield Closed(at=at + 121 * HOUR, by="system")


def _message(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=30))
