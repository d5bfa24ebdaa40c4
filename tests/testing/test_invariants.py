"""`violations` reports a violation of each invariant, and nothing about a valid history."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ticketcore.events import (
    Closed,
    DeadlineSet,
    DisputeOpened,
    DisputeResolved,
    Event,
    Money,
    Opened,
    Order,
    PauseStarted,
    Refunded,
    Replied,
    Rescheduled,
    Scheduled,
    Snoozed,
    Timer,
    Warned,
)
from ticketcore.policies import Guarantee, Never, load_policy
from ticketcore.testing import violations
from ticketcore.ticket import fold

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
POLICY = load_policy("amazon-pay")
ORDER = Order(number="A-1", sold_at=AT, amount=Money(1000, "USD"))
OPENED = Opened(at=AT, by="customer", type="enquiry", zone="UTC", order=ORDER)
TIMER = Timer(name="late", due=LATER, since=AT)
SCHEDULED = Scheduled(at=AT, timers=(TIMER,))
WARNED = Warned(at=LATER, timer="late")


def _refunded(minor: int, reference: str | None = None) -> Refunded:
    return Refunded(at=LATER, amount=Money(minor, "USD"), reference=reference)


def _moved(at: datetime) -> Scheduled:
    return Scheduled(at=at, timers=(attrs.evolve(TIMER, due=AT + timedelta(hours=2)),))


SET_BY_HAND = DeadlineSet(at=AT, by="support", timer="late", due=AT + timedelta(hours=2))
LOST_DISPUTE = (
    DisputeOpened(at=AT, by="customer", dispute="D", kind="claim"),
    DisputeResolved(at=AT, dispute="D", outcome="lost"),
)

INVALID_HISTORIES: dict[str, tuple[Event, ...]] = {
    "a history folds": (WARNED,),
    "events are in chronological order": (
        OPENED,
        Closed(at=AT - timedelta(seconds=1), by="vendor"),
    ),
    "events can follow each other": (OPENED, OPENED),
    "a timer fires once per starting instant": (OPENED, SCHEDULED, WARNED, SCHEDULED, WARNED),
    "a timer acts exactly at its recorded deadline: timer late was not pending": (OPENED, WARNED),
    "a timer acts exactly at its recorded deadline: timer late was due": (
        OPENED,
        SCHEDULED,
        Warned(at=LATER + timedelta(seconds=1), timer="late"),
    ),
    "pending timers are sorted by due instant": (
        OPENED,
        attrs.evolve(
            SCHEDULED, timers=(attrs.evolve(TIMER, due=LATER + timedelta(days=1)), TIMER)
        ),
    ),
    "a recorded deadline does not move": (
        OPENED,
        SCHEDULED,
        Replied(at=AT, by="vendor"),
        _moved(AT),
    ),
    "no rule moves a deadline set by hand: timer late was set to 2026-01-05 12:00": (
        OPENED,
        SCHEDULED,
        SET_BY_HAND,
        SCHEDULED,
    ),
    "no rule moves a deadline set by hand: timer late was set to 2026-01-05 12:00:00+00:00, but a "
    "pause holds it": (
        OPENED,
        SCHEDULED,
        SET_BY_HAND,
        _moved(AT),
        PauseStarted(at=AT, pause="lunch", timers=("late",)),
    ),
    "a snooze has one timer, which ends it: snoozed until None": (
        OPENED,
        Scheduled(at=AT, timers=(Timer(name="snooze", due=LATER, since=AT),)),
    ),
    "a snooze has one timer, which ends it: snoozed until 2026-01-05 11:00": (
        OPENED,
        Snoozed(at=AT, by="support", until=LATER),
        SCHEDULED,
    ),
    "refunds stay within the cap": (OPENED, _refunded(5000)),
    "nothing is refunded twice: refund R": (OPENED, _refunded(1, "R"), _refunded(2, "R")),
    "refunds stay within the cap: refunds of 1 and disputes of 1000": (
        OPENED,
        *LOST_DISPUTE,
        _refunded(1),
    ),
}


@pytest.mark.parametrize("sentence", INVALID_HISTORIES)
def test_a_violation_is_reported(sentence: str) -> None:
    """Each violation is reported with the sentence of its invariant."""
    reports = violations(INVALID_HISTORIES[sentence], POLICY)

    assert any(report.startswith(sentence) for report in reports), reports


def test_a_valid_history_has_no_violations() -> None:
    """A deadline that `Reschedule` moved, and refunds within the cap, are valid."""
    later = AT + timedelta(seconds=1)
    moved = Rescheduled(at=later, by="support"), _moved(later)
    events = (OPENED, SCHEDULED, *moved, _refunded(1), _refunded(2))

    assert () == violations(events, POLICY)


def test_a_deadline_moves_with_its_target_and_by_hand() -> None:
    """A deadline may move to that of a new target, or to one that a party sets."""
    later = AT + timedelta(hours=2)
    by_target = attrs.evolve(TIMER, due=later, target="2 hours")
    by_hand = attrs.evolve(TIMER, due=later, by_hand=True)
    new_target = (OPENED, SCHEDULED, Scheduled(at=AT, timers=(by_target,)))
    set_by_hand = DeadlineSet(at=AT, by="support", timer="late", due=later)

    assert () == violations(new_target, POLICY)
    assert () == violations(
        (OPENED, SCHEDULED, set_by_hand, Scheduled(at=AT, timers=(by_hand,))), POLICY
    )


def test_a_broken_guarantee_is_reported() -> None:
    """The state machine checks the guarantees of the policy after each step."""
    never = Guarantee(name="G", never=Never(event=("replied",)))
    policy = attrs.evolve(POLICY, guarantees=(never,))
    replied = Replied(at=LATER, by="vendor")

    assert (
        'the guarantees of the policy hold: guarantee "G": replied on '
        "Mon 2026-01-05 11:00 UTC+00:00",
    ) == violations((OPENED, replied), policy)


def test_a_wrong_fold_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fold that gives another ticket than `evolve` violates the first invariant."""
    wrong = fold((OPENED,))
    monkeypatch.setattr("ticketcore.testing._invariants.fold", lambda _: wrong)
    reports = violations((OPENED, Replied(at=LATER, by="vendor")), POLICY)

    assert reports[0].startswith("folding equals evolving one by one")


def test_a_loss_in_the_stored_form_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is read back as another event violates the second invariant."""
    monkeypatch.setattr("ticketcore.testing._invariants.from_line", lambda _: None)
    reports = violations((OPENED,), POLICY)

    assert reports[0].startswith("stored events are read back unchanged")
