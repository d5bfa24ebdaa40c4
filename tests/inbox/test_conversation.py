"""A ticket's history stays readable."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from support.strategies import histories
from ticketcore.events import (
    EVENTS,
    Assigned,
    Breached,
    Cancelled,
    Closed,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    Money,
    Opened,
    PolicyChanged,
    Recorded,
    Refunded,
    Replied,
    Reviewed,
    Scheduled,
    Shared,
    TypeChanged,
    Unknown,
    Unshared,
    Warned,
)
from ticketcore.inbox import Entry, conversation, entry, worked_on

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)


def test_what_was_said_is_kept_with_who_said_it_and_when() -> None:
    """Each event is a line in order, but what only the clocks need (C3, O6)."""
    events: list[Event] = [
        Opened(
            at=AT, by="customer", actor="anna", type="request", zone="UTC", subject="Lid", text="?"
        ),
        Scheduled(at=AT),
        Replied(at=AT, by="vendor", actor="vito", text="A moment.", interim=True),
        Breached(at=AT, timer="response"),
        Unknown(name="promoted", schema=3, at=AT),
    ]
    expected = (
        Entry(seq=1, at=AT, by="customer", actor="anna", kind="opened", about="Lid", text="?"),
        Entry(
            seq=3, at=AT, by="vendor", actor="vito", kind="replied", text="A moment.", interim=True
        ),
        Entry(seq=4, at=AT, by="system", kind="overdue", about="response"),
        Entry(seq=5, at=AT, by=None, kind="promoted"),
    )

    assert expected == conversation(Recorded("7", i, e) for i, e in enumerate(events, 1))


@pytest.mark.parametrize(
    ("event", "about"),
    [
        (TypeChanged(at=AT, by="customer", type="refund"), "refund"),
        (Escalated(at=AT, by="vendor", reason="account"), "account"),
        (Assigned(at=AT, assignee="servers"), "servers"),
        (Shared(at=AT, by="customer", with_person="ben"), "ben"),
        (Unshared(at=AT, by="customer", with_person="ben"), "ben"),
        (Warned(at=AT, timer="silent"), "silent"),
        (Refunded(at=AT, amount=Money(4900, "USD")), "49.00 USD"),
        (Cancelled(at=AT, subscription=True), "subscription"),
        (Cancelled(at=AT, units=("u1", "u2")), "u1, u2"),
        (Closed(at=AT, by="support", kind="duplicate", duplicate_of="6"), "6"),
        (Closed(at=AT, by="customer", kind="withdrawn", reason="solved"), "solved"),
        (Reviewed(at=AT, by="support", abuse=True), "abuse"),
        (Reviewed(at=AT, by="support", abuse=False), "no abuse"),
        (DisputeOpened(at=AT, by="customer", dispute="d", kind="claim"), "claim"),
        (DisputeResolved(at=AT, dispute="d", outcome="won"), "vendor"),
        (PolicyChanged(at=AT, by="support", policy="p", policy_version="v"), "p v"),
    ],
)
def test_a_line_says_what_it_was_about(event: Event, about: str) -> None:
    """In a word, so that a reader need not open the event."""
    line = entry(Recorded("7", 2, event))

    assert line is not None
    assert about == line.about


def test_everybody_who_worked_on_a_ticket_is_known() -> None:
    """Each person once, with the party that they acted for, as they came (O6)."""
    events: list[Event] = [
        Opened(at=AT, by="customer", actor="anna", type="request", zone="UTC"),
        Replied(at=AT, by="support", actor="sara"),
        Assigned(at=AT, by="support", actor="sara", assignee="servers"),
        Warned(at=AT, timer="silent"),
        Unknown(name="promoted", schema=3, at=AT),
        Replied(at=AT, by="support", actor="sandro"),
    ]
    lines = conversation(Recorded("7", i, e) for i, e in enumerate(events, 1))

    assert (("customer", "anna"), ("support", "sara"), ("support", "sandro")) == worked_on(lines)


@given(histories())
def test_a_history_loses_no_line(history: tuple[str, tuple[Event, ...]]) -> None:
    """Whatever happened, every event but Scheduled has its line, under its stored name."""
    _, events = history
    names = {cls: name for name, cls in EVENTS.items()}
    expected = [
        (seq, event.name if isinstance(event, Unknown) else names[type(event)])
        for seq, event in enumerate(events, 1)
        if not isinstance(event, Scheduled)
    ]
    lines = conversation(Recorded("7", i, e) for i, e in enumerate(events, 1))

    assert expected == [(line.seq, line.kind) for line in lines]
