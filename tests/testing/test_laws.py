"""The laws of a history: each is broken once, and says so."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import attrs
import pytest

from ticketcore.commands import Escalate, Open
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import (
    Closed,
    DisputeOpened,
    DisputeResolved,
    Event,
    Money,
    Opened,
    Order,
    Refunded,
    Replied,
    Scheduled,
    Timer,
    Warned,
)
from ticketcore.policies import load_policy
from ticketcore.testing import broken_laws
from ticketcore.ticket import fold

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
POLICY = load_policy("amazon-pay")
ORDER = Order(number="A-1", sold_at=AT, amount=Money(1000, "USD"))
OPENED = Opened(at=AT, by="customer", type="enquiry", zone="UTC", order=ORDER)
TIMER = Timer("late", LATER, AT)
PROMISED = Scheduled(at=AT, timers=(TIMER,))
WARNED = Warned(at=LATER, timer="late")


def _refunded(minor: int, reference: str | None = None) -> Refunded:
    return Refunded(at=LATER, amount=Money(minor, "USD"), reference=reference)


def _moved(at: datetime) -> Scheduled:
    return Scheduled(at=at, timers=(attrs.evolve(TIMER, due=AT + timedelta(hours=2)),))


CONCEDED = (
    DisputeOpened(at=AT, by="customer", dispute="D", kind="claim"),
    DisputeResolved(at=AT, dispute="D", outcome="lost"),
)

BROKEN: dict[str, tuple[Event, ...]] = {
    "a history folds": (WARNED,),
    "no event is stamped before the one it follows": (
        OPENED,
        Closed(at=AT - timedelta(seconds=1), by="vendor"),
    ),
    "a timer fires once": (OPENED, PROMISED, WARNED, PROMISED, WARNED),
    "a timer acts when it was promised to: the timer late brought": (OPENED, WARNED),
    "a timer acts when it was promised to: the timer late was due": (
        OPENED,
        PROMISED,
        Warned(at=LATER + timedelta(seconds=1), timer="late"),
    ),
    "what falls due first stands first": (
        OPENED,
        attrs.evolve(PROMISED, timers=(attrs.evolve(TIMER, due=LATER + timedelta(days=1)), TIMER)),
    ),
    "a recorded promise does not move": (
        OPENED,
        PROMISED,
        Replied(at=AT, by="vendor"),
        _moved(AT),
    ),
    "no more goes back than may": (OPENED, _refunded(5000)),
    "nothing is refunded twice: the refund R": (OPENED, _refunded(1, "R"), _refunded(2, "R")),
    "nothing is refunded twice: 0.01 USD": (OPENED, *CONCEDED, _refunded(1)),
}


@pytest.mark.parametrize("law", BROKEN)
def test_a_breach_is_named(law: str) -> None:
    """The sentence begins with the law, and there is one sentence a breach."""
    assert any(breach.startswith(law) for breach in broken_laws(BROKEN[law], POLICY))


def test_a_history_that_keeps_the_laws_is_not_named() -> None:
    """A promise that is kept, one that a Reschedule moved, refunds within the cap."""
    events = (OPENED, PROMISED, _moved(AT + timedelta(seconds=1)), _refunded(1), _refunded(2))

    assert () == broken_laws(events, POLICY)


def test_a_fold_that_differs_is_named() -> None:
    """Were the fast fold wrong, the law would show it."""
    other = fold((OPENED,))
    with patch("ticketcore.testing._laws.fold", return_value=other):
        breaches = broken_laws((OPENED, Replied(at=LATER, by="vendor")), POLICY)

    assert breaches[0].startswith("to fold is to evolve one by one")


def test_a_line_that_reads_back_otherwise_is_named() -> None:
    """Were the stored form to lose something, the law would show it."""
    with patch("ticketcore.testing._laws.from_line", return_value=None):
        breaches = broken_laws((OPENED,), POLICY)

    assert breaches[0].startswith("what is stored is read back")


def test_calling_support_in_twice_counts_once_where_support_is_the_desk() -> None:
    """The second of two calls finds the turn passed already, and does nothing."""
    policy = load_policy("service-desk")
    opening = Open(at=AT, by="customer", zone="UTC")
    ticket, _ = decide_and_apply(None, opening, policy)
    call = Escalate(at=LATER, by="support", reason="another team")

    assert () == decide(ticket, call, policy)
