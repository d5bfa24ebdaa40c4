"""The commands, names and policy that the tests of a store use."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from ticketcore.commands import Open, Reply, Share
from ticketcore.events import Money, Order, Party

Error = TypeVar("Error", bound=Exception)

AT = datetime(2026, 1, 12, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ONE, TWO, THREE = NUMBERS = ("00000000001", "00000000002", "00000000003")
FOLLOWERS = ("first", "second")
ORDER = Order(number="B-7", sold_at=AT, amount=Money(4900, "USD"))

POLICY = """
extends = "clickbank"
name = "tests-of-a-store"
[[permission]]
commands = ["share", "correct-order", "withdraw"]
by = ["customer", "support"]
"""

# Characters that come back unchanged: emoji sequences, right-to-left, separators, noncharacters.
HARD_TEXT = (
    "a\n\t\x01\x7f\u00df\u0130\u2028\u202e\ufeff\ufffe\U0001f468\u200d\U0001f469 'x' \"y\" \\ %_{}"
)


class Rollback(Exception):  # noqa: N818  # not an error: the test asks for it
    """Raised by a test to roll its transaction back."""


def opening(number: str, order: Order | None = ORDER, **facts: Any) -> Open:
    """Return a command that opens a refund ticket of Anna's."""
    given: dict[str, Any] = {"at": AT, "by": "customer", "type": "refund", "zone": "America/Boise"}
    given |= {"customer": "anna", "actor": "anna", "subject": "Gr\u00f6\u00dfe"}
    return Open(**(given | facts), number=number, order=order)


def reply(minutes: float, by: Party = "vendor", **facts: Any) -> Reply:
    """Return a reply some minutes after the opening."""
    return Reply(**({"text": "hello", "actor": by} | facts), at=AT + minutes * MINUTE, by=by)


def share(minutes: float, person: str = "carla") -> Share:
    """Return Anna's command that shares her ticket."""
    return Share(at=AT + minutes * MINUTE, by="customer", actor="anna", with_person=person)


def raised(kind: type[Error], work: Callable[[], object]) -> Error:
    """Return the error that *work* raises."""
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")
