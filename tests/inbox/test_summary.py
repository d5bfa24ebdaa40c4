"""Tests of ticket summaries, which events update one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given

from support.strategies import histories
from ticketcore.errors import HistoryError
from ticketcore.events import (
    Assigned,
    Breached,
    Classified,
    Closed,
    DeadlineSet,
    DuplicateUnmarked,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    Money,
    Opened,
    Order,
    OrderCorrected,
    PauseStarted,
    PolicyChanged,
    Recorded,
    Reopened,
    Replied,
    Reviewed,
    Scheduled,
    Shared,
    Timer,
    TypeChanged,
    Unknown,
    Unshared,
    Warned,
)
from ticketcore.inbox import TicketSummary, project, summary_of
from ticketcore.ticket import fold

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
LATER = datetime(2026, 1, 12, 10, tzinfo=UTC)
OTHER_ORDER = Order(number="M2", sold_at=AT, amount=Money(1999, "EUR"))
OPENED = Opened(
    at=AT,
    by="customer",
    type="request",
    zone="Europe/Berlin",
    storefront="de",
    vendor="v-1",
    order=Order(number="M1", sold_at=AT, amount=Money(1999, "EUR")),
    customer="anna",
    account="shop-1",
    category="orders",
    subcategory="status",
    reason="defective",
    subject="Broken lid",
    policy="kaufland",
    policy_version="2026-01-01",
)
RESPONSE = Timer("response", due=LATER, since=AT)
CLAIM = Timer("claim", due=LATER + timedelta(days=6), since=AT, dispute="D1")
BOTH = RESPONSE, CLAIM
PASSED = attrs.evolve(RESPONSE, passed=True)
STOPPED = attrs.evolve(RESPONSE, paused=LATER)


def projected(*events: Event) -> TicketSummary:
    """Return the summary of a ticket with these events."""
    summary = None
    for seq, event in enumerate(events, 1):
        summary = project(summary, Recorded("00123456789", seq, event))
    assert summary is not None
    return summary


def test_a_ticket_is_listed_with_the_facts_of_its_opening() -> None:
    """A summary has the facts that people search for (K3, K4)."""
    expected = TicketSummary(
        number="00123456789",
        seq=1,
        opened_at=AT,
        changed_at=AT,
        type="request",
        default_handler="vendor",
        handler="vendor",
        waiting_for="vendor",
        status="open",
        storefront="de",
        vendor="v-1",
        order="M1",
        customer="anna",
        account="shop-1",
        category="orders",
        subcategory="status",
        reason="defective",
        subject="Broken lid",
        policy="kaufland",
        policy_version="2026-01-01",
    )

    assert expected == projected(OPENED)


@given(histories())
def test_a_summary_agrees_with_the_folded_ticket(
    history: tuple[str, tuple[Event, ...]],
) -> None:
    """After any history, the projection of the events is the summary of the ticket."""
    _, events = history

    assert summary_of("00123456789", fold(events)) == projected(*events)


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        (Replied(at=LATER, by="vendor"), {"waiting_for": "customer", "status": "pending"}),
        (Replied(at=LATER, by="vendor", interim=True), {}),
        (Replied(at=LATER, by="support"), {}),
        (InfoRequested(at=LATER, by="vendor"), {"waiting_for": "customer", "status": "pending"}),
        (TypeChanged(at=LATER, by="support", type="return"), {"type": "return"}),
        (
            TypeChanged(at=LATER, by="vendor", type="return"),
            {"type": "return", "waiting_for": "customer", "status": "pending"},
        ),
        (TypeChanged(at=LATER, by="vendor", type="return", answers=False), {"type": "return"}),
        (
            Escalated(at=LATER, by="vendor", to="support"),
            {"handler": "support", "waiting_for": "support", "status": "pending"},
        ),
        (HandedBack(at=LATER, by="support"), {}),
        (Assigned(at=LATER, assignee="warehouse"), {"assigned_to": "warehouse"}),
        (Replied(at=LATER, by="vendor", automatic=True), {}),
        (
            Classified(at=LATER, by="support", category="stock"),
            {"category": "stock", "subcategory": None, "reason": None},
        ),
        (OrderCorrected(at=LATER, by="support", order=OTHER_ORDER), {"order": "M2"}),
        (Reviewed(at=LATER, by="support", abuse=True), {"has_grace_period": False}),
        (Reviewed(at=LATER, by="support", abuse=False), {}),
        (Unknown(name="promoted", schema=1, at=LATER), {}),
        (Scheduled(at=LATER, timers=(RESPONSE, CLAIM)), {"timers": (RESPONSE, CLAIM)}),
        (
            PolicyChanged(at=LATER, by="support", policy="office", policy_version="2026-02-01"),
            {"policy": "office", "policy_version": "2026-02-01"},
        ),
    ],
)
def test_an_event_changes_its_own_fields_only(event: Event, changes: dict[str, Any]) -> None:
    """K9: an interim notice does not count as an answer, and neither does an unknown event."""
    expected = attrs.evolve(projected(OPENED), seq=2, changed_at=LATER, **changes)

    assert expected == projected(OPENED, event)


@pytest.mark.parametrize(
    ("event", "timers", "due"),
    [
        (Replied(at=LATER, by="vendor"), (RESPONSE, CLAIM), RESPONSE.due),
        (Breached(at=LATER, timer="response"), (CLAIM, PASSED), CLAIM.due),
        (Warned(at=LATER, timer="response", level="soon"), (RESPONSE, CLAIM), RESPONSE.due),
        (DeadlineSet(at=LATER, by="vendor", timer="response", due=LATER), BOTH, RESPONSE.due),
        (PauseStarted(at=LATER, pause="p", timers=("response",)), (CLAIM, STOPPED), CLAIM.due),
        (Scheduled(at=LATER, timers=()), (), None),
    ],
)
def test_the_next_deadline_is_the_earliest_pending_one(
    event: Event, timers: tuple[Timer, ...], due: datetime | None
) -> None:
    """A summary has the earliest pending deadline; paused and passed ones do not count."""
    summary = projected(OPENED, Scheduled(at=AT, timers=(RESPONSE, CLAIM)), event)

    assert (timers, due) == (summary.timers, summary.due)


def test_a_share_can_end() -> None:
    """W5: a person whose share has ended is no longer listed, and the others stay."""
    ben = Shared(at=LATER, by="customer", with_person="ben")
    carla = Shared(at=LATER, by="customer", with_person="carla")
    ended = Unshared(at=LATER, by="customer", with_person="ben")

    assert ("ben", "carla") == projected(OPENED, ben, carla).shared_with
    assert ("carla",) == projected(OPENED, ben, carla, ended).shared_with


def test_each_party_that_closes_is_listed_once() -> None:
    """K8: a ticket is closed from the first closing on, and lists each party that closed it."""
    summary = projected(
        OPENED,
        Closed(at=AT, by="vendor"),
        Closed(at=LATER, by="customer"),
        Closed(at=LATER, by="vendor"),
    )

    assert ("closed", AT, ("vendor", "customer")) == (
        summary.status,
        summary.closed_at,
        summary.closed_by,
    )


def test_a_closed_ticket_waits_for_nobody() -> None:
    """A reply to a closed ticket leaves it waiting for nobody; a reopening does not."""
    closed = (OPENED, Closed(at=LATER, by="vendor"))
    replied = Replied(at=LATER, by="customer")
    reopened = Reopened(at=LATER, by="customer")
    summaries = (
        projected(*closed),
        projected(*closed, replied),
        projected(*closed, replied, reopened),
    )

    assert [(None, "closed"), (None, "closed"), ("vendor", "open")] == [
        (summary.waiting_for, summary.status) for summary in summaries
    ]


def test_a_ticket_that_is_no_duplicate_waits_for_its_handler() -> None:
    """O4: taking back the mark of a duplicate makes the ticket wait for its handler again."""
    marked = Closed(at=LATER, by="support", kind="duplicate", duplicate_of="6")
    summary = projected(OPENED, marked, DuplicateUnmarked(at=LATER, by="support"))

    assert ("open", "vendor", None, ()) == (
        summary.status,
        summary.waiting_for,
        summary.closed_at,
        summary.closed_by,
    )


def test_an_event_delivered_twice_changes_nothing() -> None:
    """A summary ignores an event that is delivered twice."""
    summary = projected(OPENED, Replied(at=LATER, by="vendor"))

    assert summary == project(summary, Recorded("00123456789", 2, Replied(at=LATER, by="vendor")))


def test_a_gap_is_refused() -> None:
    """A missing event is an error that names the latest event of the summary."""
    with pytest.raises(HistoryError, match="event 1 is followed by event 3") as caught:
        project(projected(OPENED), Recorded("00123456789", 3, Replied(at=LATER, by="vendor")))

    assert ("gap", "00123456789", 3) == (
        caught.value.problem,
        caught.value.ticket,
        caught.value.seq,
    )


def test_an_event_of_another_ticket_is_refused() -> None:
    """A summary takes events of its own ticket only, whatever their sequence numbers."""
    summary = project(None, Recorded("7", 1, OPENED))
    for seq in (1, 2):
        with pytest.raises(
            HistoryError, match="ticket 8: cannot add the event to the summary"
        ) as caught:
            project(summary, Recorded("8", seq, Replied(at=LATER, by="vendor")))

        assert "mixed" == caught.value.problem


def test_the_first_event_must_be_an_opening_with_sequence_number_1() -> None:
    """A summary refuses a first event other than an opening with sequence number 1."""
    with pytest.raises(HistoryError, match="first event must be opened, found Replied") as caught:
        project(None, Recorded("7", 4, Replied(at=LATER, by="vendor")))

    assert ("not-opened", "7", 4) == (caught.value.problem, caught.value.ticket, caught.value.seq)
    opened = Opened(at=LATER, by="customer", type="request", zone="UTC")
    with pytest.raises(HistoryError, match="must have sequence number 1, found 2") as caught:
        project(None, Recorded("7", 2, opened))

    assert ("not-opened", "7", 2) == (caught.value.problem, caught.value.ticket, caught.value.seq)
