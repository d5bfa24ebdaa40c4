"""Tests of owed answers: in time, late, or not counted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import order
from support.policies.timed_desk import TIMED_DESK
from ticketcore import commands as c
from ticketcore.calendar import Span
from ticketcore.decider import decide
from ticketcore.errors import CalendarError, HistoryError, NaiveDatetimeError
from ticketcore.events import (
    Attachment,
    Breached,
    Closed,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    NoteAdded,
    Opened,
    Reopened,
    Replied,
    Scheduled,
    Timer,
    TypeChanged,
)
from ticketcore.metrics import Answer, AnswerOutcome, AnswerTarget, answers
from ticketcore.metrics._answers import _FOLDED_LATER
from ticketcore.policies import load_policy
from ticketcore.ticket import evolve, fold

KAUFLAND = load_policy("kaufland")
CLICKBANK = load_policy("clickbank")
MICROSECOND = timedelta(microseconds=1)


def at(day: int, hour: int = 9) -> datetime:
    """Return an instant of January 2026 in UTC. The 12th is a Monday; Berlin is an hour ahead."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


OPENED = Opened(at=at(12), by="customer", type="request", zone="Europe/Berlin", storefront="de")
DUE = at(14)  # K2: 48 hours on working days


def answers_after_opening(*events: Event) -> list[Answer]:
    """Return the answers that the customer was owed on a ticket with these events."""
    return list(answers((OPENED, *events), KAUFLAND))


@pytest.mark.parametrize(
    ("events", "outcome", "in_time"),
    [
        ([Replied(at=DUE, by="vendor")], "answered", True),
        ([Replied(at=DUE + MICROSECOND, by="vendor")], "answered", False),
        ([InfoRequested(at=DUE, by="vendor")], "answered", True),
        ([TypeChanged(at=DUE, by="vendor", type="other")], "answered", True),
        ([TypeChanged(at=DUE, by="vendor", type="other", answers=False)], "pending", None),
        ([Closed(at=DUE, by="vendor")], "answered", True),
        ([Closed(at=DUE + MICROSECOND, by="vendor")], "answered", False),
        ([Closed(at=DUE, by="customer")], "dropped", None),
        ([Closed(at=DUE + MICROSECOND, by="customer")], "dropped", False),
        ([Replied(at=DUE, by="support")], "pending", None),
        ([Replied(at=DUE, by="customer")], "pending", None),
        ([Replied(at=DUE, by="vendor", interim=True)], "pending", None),
        ([Replied(at=DUE + MICROSECOND, by="vendor", interim=True)], "pending", False),
        ([Breached(at=DUE, timer="response")], "pending", False),
    ],
)
def test_an_answer_at_the_instant_it_is_due_is_in_time(
    events: list[Event], outcome: str, in_time: bool | None
) -> None:
    """K2, K9: an answer at the due instant is in time; an interim notice is no answer."""
    (answer,) = answers_after_opening(*events)

    assert (outcome, in_time, DUE) == (answer.outcome, answer.in_time, answer.due)


def test_an_answer_after_the_recorded_deadline_is_late_without_a_breach() -> None:
    """A host that does not advance its tickets records no breach, and the answer is still late."""
    scheduled = Scheduled(at=at(12), timers=(Timer("response", at(12, 10), at(12)),))
    (answer,) = answers_after_opening(scheduled, Replied(at=at(12, 11), by="vendor"))

    assert (at(12, 10), False) == (answer.due, answer.in_time)


def test_a_recorded_breach_stays() -> None:
    """K2: an answer with a recorded breach is late, even if the deadline is moved afterwards."""
    scheduled = Scheduled(at=at(12), timers=(Timer("response", at(13), at(12)),))
    breached = Breached(at=at(13), timer="response")
    moved = Scheduled(at=at(13), timers=(Timer("response", at(20), at(12)),))
    (answer,) = answers_after_opening(scheduled, breached, moved, Replied(at=at(14), by="vendor"))

    assert (at(13), False) == (answer.due, answer.in_time)


def test_the_latest_recorded_deadline_counts() -> None:
    """The deadline that was recorded last counts, and is not computed again."""
    first = Scheduled(at=at(12), timers=(Timer("response", at(13), at(12)),))
    moved = Scheduled(at=at(12, 10), timers=(Timer("response", at(16), at(12)),))
    (answer,) = answers_after_opening(first, moved, Replied(at=at(15), by="vendor"))

    assert (at(16), True) == (answer.due, answer.in_time)


def test_computed_deadlines_equal_recorded_ones() -> None:
    """A history without recorded deadlines gives the same answers as the full history."""
    opening = c.Open(at=at(12), by="customer", storefront="de", order=order())
    events = decide(None, opening, KAUFLAND)
    events += decide(fold(events), c.Reply(at=at(15), by="vendor", text="Yes."), KAUFLAND)
    without_deadlines = [event for event in events if not isinstance(event, Scheduled | Breached)]

    assert list(answers(without_deadlines, KAUFLAND)) == list(answers(events, KAUFLAND))


def test_passing_a_ticket_on_starts_a_new_answer_but_not_a_new_wait() -> None:
    """K6: passing a ticket on starts a new answer but not a new wait."""
    first, second, third = answers_after_opening(
        Escalated(at=at(13), by="vendor"),
        HandedBack(at=at(14), by="support"),
        Replied(at=at(15), by="vendor"),
    )

    assert [("vendor", "passed-on", None), ("support", "passed-on", None)] == [
        (one.by, one.outcome, one.in_time) for one in (first, second)
    ]
    assert ("vendor", at(14), True) == (third.by, third.since, third.in_time)
    assert [True, True, True] == [one.first for one in (first, second, third)]
    assert (timedelta(days=3), timedelta(days=3)) == (third.waited, third.worked)


def test_a_late_first_answer_counts_once() -> None:
    """K11: a late answer that is passed on was the first one, so no later answer is the first."""
    late, second = answers_after_opening(
        Escalated(at=at(20), by="vendor"),
        Replied(at=at(21), by="support"),
    )

    assert [(True, False), (False, None)] == [(a.first, a.in_time) for a in (late, second)]


def test_working_time_leaves_out_the_weekend() -> None:
    """Friday to Monday is a wait of three days, but one day of working time."""
    _, answer = answers_after_opening(
        Replied(at=at(13), by="vendor"),
        Replied(at=at(16), by="customer"),
        Replied(at=at(19), by="vendor"),
    )

    assert (timedelta(days=3), timedelta(days=1)) == (answer.waited, answer.worked)


def test_only_one_answer_is_the_first() -> None:
    """A reopened ticket owes another answer, and the customer's wait starts again."""
    owed = answers_after_opening(
        Replied(at=at(13), by="vendor"),
        Closed(at=at(14), by="customer"),
        Reopened(at=at(15), by="customer"),
        Replied(at=at(16), by="vendor"),
    )

    assert [(True, at(12)), (False, at(15))] == [(one.first, one.since) for one in owed]
    assert [timedelta(days=1)] * 2 == [one.waited for one in owed]


def test_a_pending_answer_is_late_once_until_has_passed_its_deadline() -> None:
    """A pending answer is late once its deadline has passed at *until*."""
    pending = [
        next(answers((OPENED,), KAUFLAND, until=until)).in_time
        for until in (None, DUE, DUE + MICROSECOND)
    ]

    assert [None, None, False] == pending


def test_until_takes_any_zone_but_needs_one() -> None:
    """`until` accepts an instant of any zone, and refuses one without an offset."""
    late = DUE + MICROSECOND
    (pending,) = answers((OPENED,), KAUFLAND, until=late.astimezone(ZoneInfo("Asia/Tokyo")))
    assert pending.in_time is False
    with pytest.raises(NaiveDatetimeError):
        next(answers((OPENED,), KAUFLAND, until=late.replace(tzinfo=None)))


def test_a_target_needs_a_calendar_of_the_policy() -> None:
    """Working time without a calendar and an unknown calendar are errors."""
    with pytest.raises(CalendarError, match='target "24 working hours" needs a calendar'):
        AnswerTarget(span=Span.parse("24 working hours"))
    target = AnswerTarget(span=Span.parse("24 working hours"), calendar="office")
    with pytest.raises(
        CalendarError, match="clickbank has no calendar 'office': it has saving, weekd"
    ):
        next(answers((OPENED,), CLICKBANK, target=target))


def test_a_target_sets_a_deadline_if_the_policy_has_none() -> None:
    """A target sets the deadline of an answer for which the policy has none."""
    events = (OPENED, Replied(at=at(19), by="vendor"))
    target = AnswerTarget(span=Span.parse("24 working hours"), calendar="weekdays")
    (without,) = answers(events, CLICKBANK)
    (by_target,) = answers(events, CLICKBANK, target=target)

    assert (None, None, timedelta(days=7), None) == (
        without.due,
        without.in_time,
        without.waited,
        without.worked,
    )
    assert (at(13), False, timedelta(days=5)) == (
        by_target.due,
        by_target.in_time,
        by_target.worked,
    )


def test_a_target_without_a_calendar_counts_every_hour() -> None:
    """A target without a calendar counts elapsed time."""
    target = AnswerTarget(span=Span.parse("24 hours"))
    (answer,) = answers((OPENED, Replied(at=at(19), by="vendor")), CLICKBANK, target=target)

    assert (timedelta(days=7), timedelta(days=7)) == (answer.waited, answer.worked)


def test_a_withdrawn_deadline_does_not_count() -> None:
    """If the last recorded plan has no deadline, it is computed from the policy."""
    scheduled = Scheduled(at=at(12), timers=(Timer("response", at(12, 10), at(12)),))
    (answer,) = answers_after_opening(
        scheduled, Scheduled(at=at(12)), Replied(at=at(13), by="vendor")
    )

    assert (DUE, True) == (answer.due, answer.in_time)


DECIDED = attrs.evolve(OPENED, policy="kaufland", policy_version=KAUFLAND.version)
PHOTO = Attachment(name="a.png", media_type="image/png", size=1, digest="sha256:0", location="a")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([Replied(at=at(13), by="vendor")], [("answered", True)]),
        ([Replied(at=at(13), by="vendor", text=" ")], [("pending", None)]),
        ([Replied(at=at(13), by="vendor", attachments=(PHOTO,))], [("answered", True)]),
        (
            [
                Replied(at=at(13), by="vendor", text=""),
                Replied(at=at(13, 10), by="customer", text="Hello?"),
                Replied(at=DUE, by="vendor", text="It is on its way."),
            ],
            [("answered", True)],
        ),
        (
            [
                Replied(at=at(13), by="vendor", text=""),
                Replied(at=DUE, by="vendor", interim=True, text="Soon."),
                Replied(at=DUE + MICROSECOND, by="vendor", text="Here."),
            ],
            [("answered", False)],
        ),
        (
            [Replied(at=at(13), by="vendor", text=""), InfoRequested(at=DUE, by="vendor")],
            [("answered", True)],
        ),
        (
            [Replied(at=at(13), by="vendor", text=""), Closed(at=DUE, by="customer")],
            [("dropped", None)],
        ),
        (
            [
                Replied(at=at(13), by="vendor", text=""),
                Scheduled(at=at(13)),
                Closed(at=DUE + MICROSECOND, by="vendor"),
            ],
            [("answered", False)],
        ),
        (
            [Replied(at=at(13), by="vendor", text=""), Escalated(at=DUE, by="vendor")],
            [("passed-on", None), ("pending", None)],
        ),
        (
            [
                Replied(at=at(13), by="vendor", text=""),
                TypeChanged(at=DUE, by="vendor", type="other", answers=False),
            ],
            [("pending", None)],
        ),
    ],
)
def test_an_empty_message_is_no_answer(
    events: list[Event], expected: list[tuple[AnswerOutcome, bool | None]]
) -> None:
    """K11: an empty message is no answer, and the deadline stays (K2)."""
    owed = answers((DECIDED, *events), KAUFLAND)

    assert expected == [(answer.outcome, answer.in_time) for answer in owed]


def test_the_wait_for_an_answer_goes_on_after_an_empty_message() -> None:
    """K11: after an empty message the customer still waits for an answer."""
    events = (
        DECIDED,
        Replied(at=at(13), by="vendor", text=""),
        Replied(at=DUE, by="vendor", text="It is on its way."),
    )
    (answer,) = answers(events, KAUFLAND)

    assert timedelta(days=2) == answer.waited


def test_a_message_whose_text_was_not_recorded_counts() -> None:
    """A message whose text was not recorded counts as an answer."""
    imported, decided = (
        next(answers((opened, Replied(at=at(13), by="vendor")), KAUFLAND))
        for opened in (OPENED, DECIDED)
    )

    assert ("answered", "answered") == (imported.outcome, decided.outcome)


def test_a_paused_deadline_does_not_pass() -> None:
    """A deadline that is paused while the supplier is awaited does not pass."""
    paused = Timer("response", DUE, at(12), paused=at(14, 7))
    events = (
        Scheduled(at=at(12), timers=(Timer("response", DUE, at(12)),)),
        Scheduled(at=at(14, 7), timers=(paused,)),
        Replied(at=at(15), by="vendor"),
    )
    (answer,) = answers_after_opening(*events)

    assert ("answered", True, DUE) == (answer.outcome, answer.in_time, answer.due)


@pytest.mark.parametrize(
    ("breached", "in_time"), [("solution", True), ("reply", False), ("unknown", False)]
)
def test_only_the_breach_of_a_timer_for_answers_makes_an_answer_late(
    breached: str, in_time: bool
) -> None:
    """Only the breach of a timer for answers makes an answer late, not that of a solution."""
    opening = attrs.evolve(OPENED, default_handler="support", waiting_for="support")
    events = (
        opening,
        Scheduled(at=at(12), timers=(Timer("reply", at(13), at(12)),)),
        Breached(at=at(12, 10), timer=breached),
        Replied(at=at(12, 11), by="support"),
    )
    (answer,) = answers(events, TIMED_DESK)

    assert in_time is answer.in_time


def test_a_count_that_began_before_the_wait_makes_no_answer_late() -> None:
    """A deadline whose count began before the wait makes no answer late."""
    opening = attrs.evolve(OPENED, default_handler="support", waiting_for="support")
    before = Timer("reply", at(14), at(11))
    events = (
        opening,
        Scheduled(at=at(12), timers=(before,)),
        Breached(at=at(12, 10), timer="reply"),
        Replied(at=at(12, 11), by="support"),
    )
    (answer,) = answers(events, TIMED_DESK)

    assert (at(12, 13), True) == (answer.due, answer.in_time)


@given(data=st.data())
def test_events_that_are_folded_later_change_no_answer(data: st.DataObject) -> None:
    """They change neither who owes an answer, nor a timer, but for a new list of timers."""
    kind: type[Event] = data.draw(st.sampled_from(sorted(_FOLDED_LATER, key=str)))
    event = data.draw(st.from_type(kind))
    ticket = fold((OPENED, Scheduled(at=at(12), timers=(Timer("response", DUE, at(12)),))))
    after = evolve(ticket, event)

    assert (ticket.waiting_for, ticket.waiting_since) == (after.waiting_for, after.waiting_since)
    assert (event.timers if isinstance(event, Scheduled) else ticket.timers) == after.timers


def test_such_events_between_others_leave_the_answers_as_they_are() -> None:
    """Events that are folded later count at the end, and before the event that follows."""
    noted = NoteAdded(at=at(13), by="vendor", text="x")
    scheduled = Scheduled(at=at(13), timers=(Timer("response", at(16), at(12)),))
    replied = Replied(at=at(15), by="vendor")
    [answer] = answers_after_opening(scheduled, noted, replied)

    assert (at(16), at(15), True) == (answer.due, answer.ended_at, answer.in_time)
    [pending] = answers_after_opening(noted)
    assert (DUE, "pending", None) == (pending.due, pending.outcome, pending.in_time)
    [late] = answers_after_opening(attrs.evolve(noted, at=at(20)))
    assert ("pending", False) == (late.outcome, late.in_time)


def test_a_list_of_timers_after_a_breach_moves_no_deadline() -> None:
    """A breach is never undone, and later deadlines are not those of this answer."""
    breached = Breached(at=DUE, timer="response")
    later = Scheduled(at=DUE, timers=(Timer("response", at(30), at(12)),))
    scheduled = Scheduled(at=at(12), timers=(Timer("response", DUE, at(12)),))
    [answer] = answers_after_opening(scheduled, breached, later)

    assert (DUE, False) == (answer.due, answer.in_time)


def test_a_history_begins_with_its_opening() -> None:
    """Events before the opening are an error, also those that change no answer."""
    with pytest.raises(HistoryError):
        list(answers((NoteAdded(at=at(12), by="vendor", text="x"), OPENED), KAUFLAND))
