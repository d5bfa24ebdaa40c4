"""Which events can follow each other on a ticket, whatever the policy says."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ticketcore import events as e
from ticketcore.errors import CodecError, HistoryError
from ticketcore.events import Course, Event, impossible_events, repeated_tickets, write_histories

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BY: Any = {"at": AT, "by": "support"}
OPENED = e.Opened(at=AT, by="customer", type="incident", zone="UTC")
REPLIED = e.Replied(**BY)
CLOSED = e.Closed(**BY)
FINAL = e.Closed(**BY, final=True)
REOPENED = e.Reopened(**BY)
EURO = e.Money.parse("1.00 EUR")
REFUNDED = e.Refunded(**BY, amount=EURO, reference="r", awaits_confirmation=True)
PAID = e.Refunded(**BY, amount=EURO, reference="r")
DISPUTE = e.DisputeOpened(**BY, dispute="d", kind="claim")
ANSWERED = e.DisputeAnswered(**BY, dispute="d")
REVIEWED = e.Reviewed(**BY, abuse=False)


def ended(outcome: Any) -> Event:
    """Return the end of the dispute."""
    return e.DisputeResolved(**BY, dispute="d", outcome=outcome)


def scheduled(*names: str) -> Event:
    """Return the recorded list of these timers."""
    timers = tuple(e.Timer(name=name, due=AT, since=AT, fires="at") for name in names)
    return e.Scheduled(at=AT, timers=timers)


def found(*events: Event) -> list[tuple[str, int | None]]:
    """Return the code and the number of each event that cannot have happened."""
    return [(error.problem, error.seq) for error in impossible_events("1", (OPENED, *events))]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((OPENED,), [("opened-twice", 2)]),
        ((CLOSED, OPENED), [("opened-twice", 3)]),
        ((CLOSED, CLOSED), [("closed-twice", 3)]),
        ((CLOSED, e.Closed(at=AT, by="system")), [("closed-twice", 3)]),
        ((CLOSED, REPLIED), [("after-closing", 3)]),
        ((CLOSED, e.Assigned(**BY, assignee="x"), REOPENED, REPLIED), [("after-closing", 3)]),
        ((FINAL, REPLIED, CLOSED), [("after-final", 3), ("after-final", 4)]),
        ((FINAL, REOPENED, REPLIED), [("after-final", 3)]),
        (
            (e.Closed(**BY, kind="withdrawn"), e.Closed(at=AT, by="customer")),
            [("closed-twice", 3)],
        ),
        ((CLOSED, REFUNDED), [("after-closing", 3)]),
        ((CLOSED, e.Snoozed(**BY, until=AT)), [("after-closing", 3)]),
        ((CLOSED, e.DeadlineSet(**BY, timer="t", due=AT)), [("after-closing", 3)]),
        ((REOPENED,), [("not-closed", 2)]),
        ((CLOSED, e.DuplicateUnmarked(**BY)), [("not-closed", 3)]),
        ((REFUNDED, REFUNDED), [("begun-twice", 3)]),
        ((DISPUTE, DISPUTE), [("begun-twice", 3)]),
        ((e.PauseStarted(at=AT, pause="p"),) * 2, [("begun-twice", 3)]),
        ((e.RefundConfirmed(**BY, reference="r"),), [("without-cause", 2)]),
        ((REFUNDED, *(e.RefundConfirmed(**BY, reference="r"),) * 2), [("without-cause", 4)]),
        ((scheduled(), PAID, e.RefundFailed(**BY, reference="r")), [("without-cause", 4)]),
        ((ANSWERED, DISPUTE), [("without-cause", 2)]),
        ((DISPUTE, ended("won"), ANSWERED), [("without-cause", 4)]),
        ((DISPUTE, ended("superseded"), ended("won")), [("without-cause", 4)]),
        ((DISPUTE, ended("won"), ended("superseded")), [("without-cause", 4)]),
        ((e.DisputeCorrected(**BY, dispute="d"),), [("without-cause", 2)]),
        ((e.PauseEnded(at=AT, pause="p"),), [("without-cause", 2)]),
        ((e.ReviewRequested(**BY),), [("without-cause", 2)]),
        ((scheduled(), e.DeadlineSet(**BY, timer="t", due=AT)), [("without-cause", 3)]),
        ((e.DeadlineSet(**BY, timer="t", due=AT),), []),
        ((scheduled(), e.DeadlineSet(**BY, timer="deadline", due=AT)), []),
        (
            (scheduled("t"), scheduled(), e.DeadlineSet(**BY, timer="t", due=AT)),
            [],
        ),
        ((CLOSED, REVIEWED), [("without-cause", 3)]),
        ((CLOSED, e.ReviewRequested(**BY), REVIEWED, REVIEWED), [("without-cause", 5)]),
        (
            (e.Closed(**BY, kind="duplicate"), *(e.DuplicateUnmarked(**BY),) * 2),
            [("not-closed", 4)],
        ),
        ((e.Unknown(at=AT, name="acme.printed", schema=1), REOPENED), [("not-closed", 3)]),
        ((e.Unsnoozed(**BY),), [("without-cause", 2)]),
        ((CLOSED, e.Warned(at=AT, timer="late")), [("without-cause", 3)]),
        (
            (scheduled("late"), scheduled(), e.Breached(at=AT, timer="late")),
            [("without-cause", 4)],
        ),
        ((CLOSED, e.Closed(at=AT, by="system", timer="late")), [("without-cause", 3)]),
    ],
)
def test_impossible_events_are_found(
    events: tuple[Event, ...], expected: list[tuple[str, int]]
) -> None:
    """Each event that cannot have happened is reported with a code and its number."""
    assert expected == found(*events)


PAUSED = e.PauseStarted(at=AT, pause="p")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((OPENED,), "the ticket is opened again"),
        ((FINAL, REPLIED), "replied follows after the ticket was closed for good"),
        ((CLOSED, CLOSED), "the ticket is already closed"),
        ((CLOSED, REPLIED), "replied follows after the closing, without reopened"),
        ((REOPENED,), "reopened follows on an open ticket"),
        (
            (e.DuplicateUnmarked(**BY),),
            "duplicate-unmarked follows, but the ticket is not a duplicate",
        ),
        ((REFUNDED, REFUNDED), 'the refund "r" is made again'),
        ((DISPUTE, DISPUTE), 'the dispute "d" is opened again'),
        ((PAUSED, PAUSED), 'the pause "p" begins again'),
        (
            (e.RefundConfirmed(**BY, reference="r"),),
            'refund-confirmed follows, but no refund "r" is pending',
        ),
        ((ANSWERED,), 'dispute-answered follows, but no dispute "d" is running'),
        ((ended("won"),), 'dispute-resolved follows, but no dispute "d" can end'),
        ((e.PauseEnded(at=AT, pause="p"),), 'pause-ended follows, but no pause "p" has begun'),
        (
            (e.ReviewRequested(**BY),),
            "review-requested follows, but the ticket was neither closed nor changed",
        ),
        ((REVIEWED,), "reviewed follows, but no review was requested"),
        ((e.Unsnoozed(**BY),), "unsnoozed follows, but the ticket is not snoozed"),
        (
            (CLOSED, e.Warned(at=AT, timer="late")),
            'warned follows, but the timer "late" is not pending',
        ),
    ],
)
def test_a_problem_of_a_history_says_what_had_to_come_before(
    events: tuple[Event, ...], expected: str
) -> None:
    """The message gives ticket, event and number, and what the event contradicts."""
    *_, error = impossible_events("7", (OPENED, *events))

    assert f"ticket 7: event {len(events) + 1}: {expected}" == str(error)


def test_a_course_tells_whether_the_ticket_is_closed() -> None:
    """A ticket is closed from its closing to its reopening."""
    course = Course()
    closed = []
    for event in (OPENED, CLOSED, REOPENED):
        course.add(event)
        closed.append(course.is_closed)

    assert [False, True, False] == closed


@pytest.mark.parametrize(
    "events",
    [
        (REPLIED, CLOSED, REOPENED, REPLIED, CLOSED),
        (CLOSED, e.Closed(at=AT, by="customer")),  # K8: both close it
        (e.Closed(**BY, kind="duplicate"), e.DuplicateUnmarked(**BY), REPLIED),
        (CLOSED, e.Replied(**BY, automatic=True)),
        (CLOSED, e.Replied(**BY, text=" ")),
        (CLOSED, scheduled("late"), e.Escalated(at=AT, by="system", timer="late")),
        (scheduled("late"), FINAL, e.Warned(at=AT, timer="late")),
        (FINAL, e.PauseStarted(at=AT, pause="p"), e.PauseEnded(at=AT, pause="p")),
        (e.Warned(at=AT, timer="late"),),  # other systems record no timers
        (REFUNDED, CLOSED, e.RefundFailed(**BY, reference="r")),
        (PAID, e.RefundFailed(**BY, reference="r")),  # nor whether a refund awaits confirmation
        (e.Refunded(**BY, amount=EURO), e.Refunded(**BY, amount=EURO)),
        (DISPUTE, ANSWERED, ANSWERED, ended("lost"), ended("won")),
        (e.Snoozed(**BY, until=AT), e.Unsnoozed(**BY)),
        (e.TypeChanged(**BY, type="x"), *(e.ReviewRequested(**BY), REVIEWED) * 2),
        (e.PauseStarted(at=AT, pause="p"), e.PauseEnded(at=AT, pause="p")) * 2,
        (e.Unknown(at=AT, name="from-the-future", schema=1), REOPENED),
        (CLOSED, e.Shared(**BY, with_person="x"), e.ReviewRequested(**BY)),
        (REFUNDED, FINAL, e.Scheduled(at=AT), e.RefundConfirmed(**BY, reference="r")),
        (FINAL, e.DisputeOpened(**BY, dispute="d", kind="claim")),
        (FINAL, e.Unknown(at=AT, name="acme.printed", schema=1)),
    ],
)
def test_possible_histories_have_no_problem(events: tuple[Event, ...]) -> None:
    """A ticket can be closed and reopened in turn; disputes and refunds go on after its end."""
    assert [] == found(*events)


def test_the_zone_must_exist() -> None:
    """An opening in an unknown zone is an error that names the zone."""
    opened = e.Opened(at=AT, by="customer", type="incident", zone="Nowhere/Zone")
    (error,) = impossible_events("7", [opened])

    assert "unknown-zone" == error.problem
    assert str(error).startswith('ticket 7: event 1: unknown zone "Nowhere/Zone": ')


def test_a_number_that_occurs_again_is_found() -> None:
    """A number that occurs again is reported at each later line."""
    errors = repeated_tickets([("1", 1), ("2", 3), ("1", 5), ("1", 9)])

    assert [
        (5, "this number occurs before, at line 1"),
        (9, "this number occurs before, at line 1"),
    ] == [(error.line, error.message) for error in errors]


@pytest.mark.parametrize(
    ("tickets", "message"),
    [
        ([("T1", [REPLIED])], "ticket T1: begins with 'replied', not with an opening"),
        ([("T1", [])], "ticket T1: has no events"),
        ([("T1", [OPENED, CLOSED, REPLIED])], "ticket T1: event 3: replied follows after the cl"),
        (
            [("T1", [OPENED, e.Replied(at=AT - timedelta(days=1), by="support")])],
            "ticket T1: event 2 is dated before event 1",
        ),
        ([("T1", [OPENED]), ("T1", [OPENED])], "line 2: ticket T1: this number occurs before"),
    ],
)
def test_a_writer_refuses_them(tickets: list[tuple[str, list[Event]]], message: str) -> None:
    """A writer refuses impossible events, and the error names the ticket and the event."""
    with pytest.raises(HistoryError) as caught:
        write_histories(io.BytesIO(), tickets)

    assert str(caught.value).startswith(message)


def test_an_event_that_cannot_be_written_is_named() -> None:
    """An event that could not be read again is refused with ticket and number."""
    unknown = e.Unknown(at=AT, name="acme.printed", schema=1, body="[]")
    with pytest.raises(CodecError) as caught:
        write_histories(io.BytesIO(), [("T1", [OPENED, unknown])])

    assert ("T1", 2) == (caught.value.ticket, caught.value.seq)
