"""The changes that each event makes to a ticket."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from support.opened_ticket import T0, after, at
from ticketcore.events import (
    EVENTS,
    Acknowledged,
    Assigned,
    Breached,
    Cancelled,
    Classified,
    Closed,
    DeadlineSet,
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    EndedTimer,
    Escalated,
    Event,
    FieldSet,
    HandedBack,
    InfoRequested,
    Money,
    NoteAdded,
    Order,
    OrderCorrected,
    Party,
    PauseEnded,
    PauseStarted,
    PolicyChanged,
    Refunded,
    RefundFailed,
    Reopened,
    Replied,
    Rescheduled,
    Reviewed,
    ReviewRequested,
    Scheduled,
    Shared,
    Shipment,
    ShipmentAdded,
    Snoozed,
    Tagged,
    Timer,
    TypeChanged,
    Unshared,
    Unsnoozed,
    Warned,
)
from ticketcore.ticket import Dispute, EndedCycle, FiredLevel, Pause, evolve

SCHEDULED = Scheduled(at=T0, timers=(Timer("late", T0 + timedelta(hours=9), T0),))


@pytest.mark.parametrize("party", ["customer", "vendor", "support"])
@pytest.mark.parametrize("event", [Replied, HandedBack])
def test_an_action_is_activity_of_its_party_only(party: Party, event: type[Replied]) -> None:
    """C17: the ticket's last activity and the party's own are now; the others' stay."""
    before = after(*(Replied(at=at(1), by=one) for one in ("customer", "vendor", "support")))
    ticket = evolve(before, event(at=at(2), by=party))

    expected = {"customer": at(1), "vendor": at(1), "support": at(1), party: at(2)}
    assert list(expected.values()) == [
        ticket.customer_active_at,
        ticket.vendor_active_at,
        ticket.support_active_at,
    ]
    assert at(2) == ticket.active_at


def test_a_reply_by_the_system_is_not_activity() -> None:
    """A reply by the system is not activity, since only parties act (C17)."""
    ticket = after(Replied(at=at(1), by="system"))

    assert T0 == ticket.active_at


def test_timers_that_fire_are_not_activity() -> None:
    """C17: warnings and other events of timers are not activity."""
    timers = (Timer("first", at(5), T0), Timer("second", at(9), T0))
    ticket = after(
        Scheduled(at=T0, timers=timers),
        Warned(at=at(5), timer="first"),
        Breached(at=at(9), timer="second"),
        Escalated(at=at(9), by="system", timer="third"),
    )

    assert T0 == ticket.active_at
    assert () == ticket.pending_timers
    assert ["first", "second"] == [timer.name for timer in ticket.timers]


def test_the_last_message_is_kept() -> None:
    """The last message of any party is kept, even an interim notice."""
    messages: list[Event] = [
        Replied(at=at(1), by="vendor", text="we look into it", interim=True),
        InfoRequested(at=at(2), by="vendor", text="which one?"),
        Replied(at=at(3), by="customer", text="the blue one"),
    ]

    assert None is after().last_message
    assert messages == [after(*messages[:count]).last_message for count in (1, 2, 3)]


def test_the_last_note_is_kept() -> None:
    """A second note replaces the first; a note is not a message."""
    notes: list[Event] = [
        NoteAdded(at=at(1), by="support", text="rings often"),
        NoteAdded(at=at(2), by="support", text="was a joke"),
    ]

    assert None is after().last_note
    assert notes == [after(*notes[:count]).last_note for count in (1, 2)]
    assert None is after(*notes).last_message


def test_an_answer_makes_the_ticket_wait_for_the_other_side() -> None:
    """An answer makes the ticket wait for the other side; a second one changes nothing."""
    answered = Replied(at=at(1), by="vendor", text="try this")
    assert ("customer", at(1)) == (after(answered).waiting_for, after(answered).waiting_since)

    ticket = after(
        answered,
        Replied(at=at(2), by="customer", text="no"),
        Replied(at=at(3), by="customer", text="really not"),
    )

    assert ("vendor", at(2), at(3)) == (ticket.waiting_for, ticket.waiting_since, ticket.active_at)
    assert ticket.answered


def test_an_interim_notice_is_activity_but_not_an_answer() -> None:
    """K9: an interim notice is activity, but the ticket waits for the same party."""
    ticket = after(Replied(at=at(1), by="vendor", text="we look into it", interim=True))

    assert ("vendor", T0, at(1)) == (ticket.waiting_for, ticket.waiting_since, ticket.active_at)
    assert not ticket.answered


def test_an_automatic_message_is_neither_an_answer_nor_activity() -> None:
    """An automatic message is neither an answer nor activity."""
    before = after()
    ticket = after(Replied(at=at(1), by="vendor", text="out of office", automatic=True))

    assert ("vendor", T0, before.active_at) == (
        ticket.waiting_for,
        ticket.waiting_since,
        ticket.active_at,
    )
    assert (None, False) == (ticket.vendor_active_at, ticket.answered)


def test_a_reply_of_a_third_party_leaves_the_waiting_party() -> None:
    """Support replies to a ticket that the vendor handles: it still waits for the vendor."""
    ticket = after(Replied(at=at(1), by="support", text="hello"))

    assert ("vendor", T0) == (ticket.waiting_for, ticket.waiting_since)


@pytest.mark.parametrize(
    ("event", "answered"),
    [
        (Replied(at=at(1), by="vendor"), True),
        (Replied(at=at(1), by="customer"), False),
        (InfoRequested(at=at(1), by="vendor"), True),
    ],
)
def test_replies_and_questions_to_the_customer_answer_them(event: Event, answered: bool) -> None:
    """Replies and questions to the customer answer the customer; their own reply does not."""
    assert answered is after(event).answered


def test_a_solution_lasts_until_the_next_message() -> None:
    """A solution lasts until the customer's reply or a further question."""
    solved = after(Replied(at=at(1), by="vendor", solution=True))

    assert solved.solved
    assert not evolve(solved, Replied(at=at(2), by="customer")).solved
    assert evolve(solved, InfoRequested(at=at(2), by="vendor")).solved is False


@pytest.mark.parametrize(
    "event",
    [
        TypeChanged(at=at(2), by="customer", type="refund"),
        Escalated(at=at(2), by="customer"),
        Reopened(at=at(2), by="customer"),
        Replied(at=at(2), by="customer"),
    ],
)
def test_a_change_of_the_ticket_ends_a_solution(event: Event) -> None:
    """A change of type, an escalation, a reopening and a reply each end a solution."""
    solved = Replied(at=at(1), by="vendor", solution=True)

    assert True is after(solved).solved
    assert False is after(solved, event).solved


@pytest.mark.parametrize(
    ("by", "waiting_for"), [("vendor", "customer"), ("customer", "vendor"), ("support", "vendor")]
)
def test_a_changed_type_makes_the_ticket_wait_for_the_other_side(
    by: Party, waiting_for: Party
) -> None:
    """A change by a third party leaves the waiting party as it was."""
    answered = Replied(at=at(1), by="vendor")
    before = (answered,) if by == "customer" else ()
    ticket = after(*before, TypeChanged(at=at(2), by=by, type="refund"))
    moved = by != "support"

    assert (waiting_for, at(2) if moved else T0) == (ticket.waiting_for, ticket.waiting_since)


def test_a_changed_type_has_a_new_requester() -> None:
    """C12: the party that sets the type is its requester; the previous type is kept."""
    ticket = after(TypeChanged(at=at(1), by="vendor", type="refund"))

    assert ("refund", at(1), "vendor") == (ticket.type, ticket.type_set_at, ticket.type_set_by)
    assert ("technical", "customer") == (ticket.previous_type, ticket.waiting_for)


def test_the_last_type_of_each_party_is_kept() -> None:
    """The last type that each party set is kept, in their order."""
    ticket = after(
        TypeChanged(at=at(1), by="vendor", type="refund"),
        TypeChanged(at=at(2), by="customer", type="cancel"),
        TypeChanged(at=at(3), by="vendor", type="technical"),
    )

    assert (("cancel", "customer"), ("technical", "vendor")) == ticket.types_set


def test_an_escalated_ticket_waits_for_support_until_it_is_handed_back() -> None:
    """K6: an escalated ticket waits for support until it is handed back."""
    escalated = after(Escalated(at=at(1), by="vendor", reason="account"))
    back = evolve(escalated, HandedBack(at=at(2), by="support"))

    assert ("support", "support", at(1), "pending") == (
        escalated.handler,
        escalated.waiting_for,
        escalated.waiting_since,
        escalated.status,
    )
    assert ("vendor", "vendor", at(2), "open") == (
        back.handler,
        back.waiting_for,
        back.waiting_since,
        back.status,
    )


def test_acknowledging_assigning_and_sharing_are_recorded() -> None:
    """Acknowledging, assigning and sharing are recorded on the ticket."""
    ticket = after(
        Acknowledged(at=at(1), by="support"),
        Assigned(at=at(2), assignee="payroll"),
        Shared(at=at(3), by="customer", with_person="ann"),
        Shared(at=at(3), by="customer", with_person="bob"),
        Shared(at=at(3), by="customer", with_person="cid"),
        Shared(at=at(3), by="vendor", with_person="bob"),
        Unshared(at=at(4), by="customer", with_person="ann"),
    )

    assert (True, "payroll", ("cid", "bob")) == (
        ticket.acknowledged,
        ticket.assigned_to,
        ticket.shared_with,
    )


def test_a_question_makes_the_ticket_wait_for_the_customer() -> None:
    """A question makes the ticket wait for the customer from then on."""
    ticket = after(InfoRequested(at=at(5), by="vendor", text="which one?"))

    assert ("customer", at(5), "pending") == (
        ticket.waiting_for,
        ticket.waiting_since,
        ticket.status,
    )


def test_of_several_timers_of_one_name_the_first_that_has_not_passed_fires() -> None:
    """A firing passes the first timer of its name and dispute that has not passed."""
    names = (("warn", None), ("reply", "D-1"), ("reply", "D-2"), ("close", None))
    timers = tuple(Timer(name, at(5), T0, dispute) for name, dispute in names)
    scheduled = Scheduled(at=T0, timers=timers)
    ticket = after(scheduled, *(Warned(at=at(5), timer=name) for name, _ in names[:3]))

    passed = [(timer.name, timer.dispute) for timer in ticket.timers if timer.passed]
    assert [("reply", "D-1"), ("reply", "D-2"), ("warn", None)] == passed
    assert (timers[3],) == ticket.pending_timers


def test_timers_that_ended_are_kept_with_their_last_cycle() -> None:
    """An end that names no timer of the list changes nothing."""
    warn = Timer("warn", at(5), T0, cycle=2)
    again = Timer("warn", at(9), at(6), cycle=4)
    met = EndedTimer("warn", 2, "met", "replied")
    cancelled = EndedTimer("warn", 4, "cancelled")
    unknown = EndedTimer("other", 4, "cancelled")
    first = (Scheduled(at=T0, timers=(warn,)), Scheduled(at=at(6), timers=(again,), ended=(met,)))
    last = Scheduled(at=at(7), ended=(cancelled, unknown))

    assert (EndedCycle(warn, at(6), "met", "replied"),) == after(*first).ended_timers
    assert (EndedCycle(again, at(7), "cancelled", None),) == after(*first, last).ended_timers


def test_levels_are_counted_in_the_present_cycle() -> None:
    """A level of a new cycle replaces those of the old cycle; levels of other timers stay."""

    def timers(cycle: int) -> tuple[Timer, ...]:
        return (Timer("a", at(9), T0, cycle=cycle), Timer("b", at(9), T0, cycle=2))

    def warned(timer: str, level: str, hour: float = 1) -> Warned:
        return Warned(at=at(hour), timer=timer, level=level)

    twice = (
        *(warned("a", "x"), warned("b", "x"), warned("a", "y"), warned("a", "x", 2)),
        warned("b", "y", 2),
    )
    ticket = after(Scheduled(at=T0, timers=timers(2)), *twice)
    later = after(
        Scheduled(at=T0, timers=timers(2)),
        *twice,
        Scheduled(at=at(1), timers=timers(9)),
        warned("a", "y"),
    )

    first, last = FiredLevel("b", 2, "x", 1, at(1)), FiredLevel("b", 2, "y", 1, at(2))
    assert (
        first,
        FiredLevel("a", 2, "y", 1, at(1)),
        FiredLevel("a", 2, "x", 2, at(2)),
        last,
    ) == ticket.levels
    assert (first, last, FiredLevel("a", 9, "y", 1, at(1))) == later.levels
    assert timers(9) == later.pending_timers


CENT = Money(1, "EUR")
PAID: list[Event] = [
    Refunded(at=at(1), reference="R", amount=CENT),
    DisputeOpened(at=at(1), by="customer", dispute="D", kind="claim", amount=CENT),
]
MOVING: list[Event] = [
    Refunded(at=at(2), reference="Q", amount=CENT),
    RefundFailed(at=at(2), by="system", reference="R"),
    Cancelled(at=at(2), subscription=True),
    Closed(at=at(2), by="system", timer="a"),
    OrderCorrected(at=at(2), by="support", order=Order(number="O-1", sold_at=T0, amount=CENT)),
    Reviewed(at=at(2), by="support", abuse=True),
    DisputeOpened(at=at(2), by="customer", dispute="E", kind="claim"),
    DisputeCorrected(at=at(2), by="support", dispute="D", amount=CENT),
    DisputeResolved(at=at(2), dispute="D", outcome="won"),
]


@pytest.mark.parametrize("event", MOVING, ids=lambda event: event.NAME)
def test_an_event_that_moves_money_is_the_last_one_of_the_order(event: Event) -> None:
    """A4: an event that changes what the order can pay sets the instant of its last one."""
    assert at(1) == after(*PAID).money_at
    assert at(2) == after(*PAID, event).money_at


@pytest.mark.parametrize(
    "event",
    [
        Replied(at=at(2), by="vendor"),
        Closed(at=at(2), by="vendor"),
        Reviewed(at=at(2), by="support", abuse=False),
        DisputeAnswered(at=at(2), by="vendor", dispute="D"),
        Classified(at=at(2), by="vendor", reason="late"),
    ],
    ids=lambda event: event.NAME,
)
def test_other_events_move_no_money(event: Event) -> None:
    """A reply, an answer to a dispute and the like leave the instant of the last payment."""
    assert at(1) == after(*PAID, event).money_at


def test_a_dispute_is_corrected_in_deadline_and_amount() -> None:
    """A1, A2: a corrected dispute has the deadline and the amount of the correction."""
    corrected = DisputeCorrected(
        at=at(2), by="support", dispute="D", deadline=at(9), amount=Money(7, "EUR")
    )
    (dispute,) = after(*PAID, corrected).disputes

    assert (at(9), Money(7, "EUR")) == (dispute.deadline, dispute.amount)


def test_a_classification_replaces_category_sub_category_and_reason() -> None:
    """A classification replaces all three; one without a reason takes the reason away."""
    first = Classified(
        at=at(1), by="vendor", category="billing", subcategory="invoice", reason="late"
    )
    ticket = after(first)

    assert ("billing", "invoice", "late") == (ticket.category, ticket.subcategory, ticket.reason)
    assert None is after(first, Classified(at=at(2), by="vendor", category="billing")).reason


FIRED: list[Event] = [
    Acknowledged(at=at(1), by="system", timer="a"),
    Assigned(at=at(1), assignee="night-shift", timer="a"),
    Breached(at=at(1), timer="a"),
    Closed(at=at(1), by="system", timer="a"),
    DisputeResolved(at=at(1), dispute="D", outcome="lost", timer="a"),
    Escalated(at=at(1), by="system", timer="a"),
    FieldSet(at=at(1), field="priority", kind="text", value="high", timer="a"),
    Tagged(at=at(1), tag="late", timer="a"),
    TypeChanged(at=at(1), by="system", type="other", timer="a"),
    Unsnoozed(at=at(1), timer="a"),
    Warned(at=at(1), timer="a"),
]
TWO_TIMERS = Scheduled(
    at=T0, timers=(Timer("a", at(1), T0, cycle=2), Timer("b", at(9), T0, cycle=2))
)


@pytest.mark.parametrize("event", FIRED, ids=lambda event: event.NAME)
def test_a_timer_has_passed_after_any_event_that_it_causes(event: Event) -> None:
    """A timer that acted stays in the list, marked as passed; the other timers do not change."""
    ticket = after(TWO_TIMERS, event)

    assert {("a", True), ("b", False)} == {(each.name, each.passed) for each in ticket.timers}


def test_a_level_of_a_timer_that_is_not_pending_changes_nothing() -> None:
    """A level that fires without its timer, such as in an imported history, is not counted."""
    assert () == after(TWO_TIMERS, Warned(at=at(1), timer="none", level="x")).levels


LEVELED = [event for event in FIRED if hasattr(event, "level")]


@pytest.mark.parametrize("event", LEVELED, ids=lambda event: event.NAME)
def test_a_level_has_fired_after_any_event_that_it_causes(event: Any) -> None:
    """An event of a level counts the level with its instant, and its timer has not passed."""
    ticket = after(TWO_TIMERS, attrs.evolve(event, level="x"))

    assert (FiredLevel("a", 2, "x", 1, at(1)),) == ticket.levels
    assert [False, False] == [timer.passed for timer in ticket.timers]


def test_every_event_with_a_level_is_listed_above() -> None:
    """The table above has every kind of event that a level can cause."""
    kinds = [kind for kind in EVENTS.values() if "level" in attrs.fields_dict(kind)]

    assert {*kinds} == {type(event) for event in LEVELED}


def test_a_field_that_was_never_set_can_be_cleared() -> None:
    """A history may clear a field that has no value, such as one of another system."""
    ticket = after(FieldSet(at=at(1), field="priority", kind="text", value=None))

    assert {} == ticket.fields


def test_several_events_of_one_level_count_as_one_firing() -> None:
    """A level that adds two tags at one instant has fired once."""
    timer = Timer("a", at(9), T0, cycle=2)
    ticket = after(
        Scheduled(at=T0, timers=(timer,)),
        *(Tagged(at=at(1), tag=tag, timer="a", level="x") for tag in ("late", "vip")),
    )
    assert (FiredLevel("a", 2, "x", 1, at(1)),) == ticket.levels


def test_repetitions_that_were_overtaken_count_with_the_one_that_acts() -> None:
    """A repetition before which two were overtaken has the third number after the last one."""
    timer = Timer("a", at(9), T0, cycle=2, overtaken=2)
    warned = Warned(at=at(1), timer="a", level="x")
    first = after(Scheduled(at=T0, timers=(timer,)), warned)
    second = evolve(first, attrs.evolve(warned, at=at(2)))

    assert (FiredLevel("a", 2, "x", 3, at(1)),) == first.levels
    assert (FiredLevel("a", 2, "x", 6, at(2)),) == second.levels


def test_a_pause_stops_the_timers_that_it_names() -> None:
    """A paused timer does not act, so it comes last; a pause of no length leaves no trace."""
    timers = tuple(Timer(name, at(5), T0, cycle=2) for name in ("b", "a", "c"))
    scheduled = Scheduled(at=T0, timers=timers)
    started = PauseStarted(at=at(1), pause="p", timers=("b", "a"))
    other = PauseStarted(at=at(1), pause="q")
    ticket = after(scheduled, started, other)
    ended = evolve(
        evolve(ticket, PauseEnded(at=at(1), pause="q")), PauseEnded(at=at(3), pause="p")
    )

    assert [("c", None), ("a", at(1)), ("b", at(1))] == [(t.name, t.paused) for t in ticket.timers]
    assert (("p", at(1)), ("q", at(1))) == ticket.pausing
    assert ((), (Pause("p", at(1), at(3)),)) == (ended.pausing, ended.pauses)


def test_a_deadline_set_by_hand_corrects_a_timer_that_has_ended() -> None:
    """A deadline set by hand corrects a timer that has ended, and leaves other timers."""
    timers = tuple(Timer(name, at(5), T0, cycle=2) for name in ("a", "b"))
    ends = tuple(EndedTimer(name, 2, "met", "closed") for name in ("a", "b"))
    ended = (Scheduled(at=T0, timers=timers), Scheduled(at=at(1), ended=ends))
    ticket = after(*ended, DeadlineSet(at=at(2), by="support", timer="a", due=at(3)))

    found = [(each.timer.name, each.timer.due, each.timer.by_hand) for each in ticket.ended_timers]
    assert [("a", at(3), True), ("b", at(5), False)] == found
    assert [at(2), None] == [each.timer.pauses_until for each in ticket.ended_timers]


def test_a_snooze_ends_before_its_instant() -> None:
    """A message of the customer ends a snooze; so does the start of a wait for somebody else.

    An internal note, an automatic reply and a closing do not, unless it marks a duplicate.
    """
    snoozed = Snoozed(at=at(1), by="vendor", until=at(9))
    timer = Timer("snooze", at(9), at(1), cycle=3)
    scheduled = Scheduled(at=at(1), timers=(timer,))

    for other in (
        NoteAdded(at=at(2), by="vendor", text="later"),
        Replied(at=at(2), by="customer", automatic=True),
        Closed(at=at(2), by="vendor", kind="closed"),
    ):
        assert at(9) == after(snoozed, other).snoozed_until
    for event in (
        Replied(at=at(2), by="customer"),
        Closed(at=at(2), by="vendor", kind="duplicate", duplicate_of="2"),
        Replied(at=at(2), by="vendor"),
        Escalated(at=at(2), by="customer"),
        Reopened(at=at(2), by="customer"),
        Unsnoozed(at=at(2), by="vendor"),
        Unsnoozed(at=at(9), timer="snooze"),
    ):
        assert None is after(snoozed, scheduled, event).snoozed_until
    assert () == after(snoozed, scheduled, Unsnoozed(at=at(9), timer="snooze")).pending_timers


@pytest.mark.parametrize(
    "event",
    [
        Escalated(at=at(9), by="system", to="support", timer="late"),
        Acknowledged(at=at(9), by="system", timer="late"),
        Closed(at=at(9), by="system", timer="late"),
    ],
)
def test_a_timer_with_an_effect_has_passed(event: Event) -> None:
    """A timer with an effect has passed, and is listed until a `Scheduled` ends it."""
    ticket = after(SCHEDULED, event)

    assert [("late", True)] == [(timer.name, timer.passed) for timer in ticket.timers]
    assert () == ticket.pending_timers


def test_cancellations_add_up() -> None:
    """Cancelled units add up, and an ended subscription stays ended."""
    ticket = after(
        Cancelled(at=at(1), by="vendor", units=("u1",)),
        Cancelled(at=at(2), by="vendor", units=("u2",)),
        Cancelled(at=at(3), subscription=True),
    )

    assert (("u1", "u2"), True) == (ticket.cancelled_units, ticket.subscription_ended)


def test_the_parties_that_closed_are_kept_until_a_reopening() -> None:
    """K8: each party is listed once, in the order of their closings."""
    closed = after(
        Closed(at=at(1), by="vendor"),
        Closed(at=at(2), by="customer"),
        Closed(at=at(3), by="vendor"),
    )
    reopened = evolve(closed, Reopened(at=at(4), by="customer"))

    assert at(4) == reopened.reopened_at

    assert ("closed", at(1), ("vendor", "customer")) == (
        closed.status,
        closed.closed_at,
        closed.closed_by,
    )
    assert ("open", None, (), 1) == (
        reopened.status,
        reopened.closed_at,
        reopened.closed_by,
        reopened.reopenings,
    )
    assert ("customer", at(4)) == (
        evolve(closed, Reopened(at=at(4), by="vendor")).waiting_for,
        reopened.waiting_since,
    )


def test_a_closing_by_a_timer_names_the_timer_until_a_reopening() -> None:
    """A closing by a timer keeps the name of that timer until a reopening."""
    closed = after(Closed(at=at(9), by="system", timer="late"))
    reopened = evolve(closed, Reopened(at=at(10), by="customer"))

    assert ("late", None) == (closed.closing_timer, reopened.closing_timer)


def test_a_closed_ticket_waits_for_nobody() -> None:
    """A reply to a closed ticket changes the last message, and starts no wait."""
    closed = after(Closed(at=at(1), by="vendor"))
    replied = evolve(closed, Replied(at=at(2), by="customer"))
    escalated = evolve(closed, Escalated(at=at(2), by="customer"))
    reopened = evolve(replied, Reopened(at=at(3), by="customer"))

    assert [(None, None)] * 3 == [
        (ticket.waiting_for, ticket.waiting_since) for ticket in (closed, replied, escalated)
    ]
    assert ("vendor", at(3)) == (reopened.waiting_for, reopened.waiting_since)


def test_each_reopening_is_counted() -> None:
    """A ticket counts its reopenings."""
    twice = [
        event
        for hour in (1, 2)
        for event in (Closed(at=at(hour), by="vendor"), Reopened(at=at(hour), by="customer"))
    ]

    assert 2 == after(*twice).reopenings


def test_a_closing_leaves_the_timers_to_the_schedule_after_it() -> None:
    """O4: the fold knows no rule; `Scheduled` says which timers end with a closing."""
    claim = Timer("claim", at(9), at(1), "c-1")
    ticket = after(
        DisputeOpened(at=at(1), by="customer", dispute="c-1", kind="claim"),
        Scheduled(at=at(1), timers=(Timer("close", at(5), T0), claim)),
        Closed(at=at(2), by="support", kind="duplicate", duplicate_of="42", final=True),
    )

    assert ("close", "claim") == tuple(timer.name for timer in ticket.timers)
    assert ("duplicate", "42", True) == (ticket.closed_kind, ticket.duplicate_of, ticket.final)


def test_a_dispute_keeps_its_answer_and_outcome() -> None:
    """A dispute keeps its answer and its outcome, and other disputes are unchanged (A1, A2)."""
    answer = DisputeAnswered(at=at(2), by="vendor", dispute="c-1")
    ticket = after(
        DisputeOpened(at=at(1), by="customer", dispute="c-1", kind="claim", deadline=at(8)),
        DisputeOpened(at=at(1), by="customer", dispute="c-2", kind="claim"),
        answer,
        DisputeResolved(at=at(3), by="support", dispute="c-1", outcome="won"),
    )

    first = Dispute(
        id="c-1", kind="claim", opened_at=at(1), deadline=at(8), answer=answer, outcome="won"
    )
    second = Dispute(id="c-2", kind="claim", opened_at=at(1), deadline=None)
    assert (first, second) == ticket.disputes
    assert [True, False] == [dispute.answered for dispute in ticket.disputes]


def test_a_review_that_finds_abuse_removes_the_grace_period() -> None:
    """C13: a review that finds abuse removes the grace period; another one keeps it."""
    requested = after(ReviewRequested(at=at(1), by="customer"))
    cleared = evolve(requested, Reviewed(at=at(2), by="support", abuse=False))
    abused = evolve(requested, Reviewed(at=at(2), by="support", abuse=True))

    assert ("requested", "cleared", "abuse") == (requested.review, cleared.review, abused.review)
    assert (True, False) == (cleared.has_grace_period, abused.has_grace_period)


def test_a_changed_policy_is_recorded_on_the_ticket() -> None:
    """The ticket has name, version and digest of the policy that it follows now."""
    changed = PolicyChanged(
        at=at(1), by="support", policy="p", policy_version="2026-01-01", policy_digest="a1"
    )
    ticket = after(changed)

    assert ("p", "2026-01-01") == (ticket.policy, ticket.policy_version)
    assert "a1" == ticket.policy_digest


def test_rescheduling_changes_only_version_and_instant() -> None:
    """Rescheduling changes only the version and the instant of the ticket."""
    assert attrs.evolve(after(), version=2, at=at(1)) == after(Rescheduled(at=at(1), by="support"))


def test_a_shipment_of_a_ticket_without_an_order_changes_nothing() -> None:
    """A shipment of a ticket without an order changes nothing."""
    shipped = ShipmentAdded(
        at=at(1), by="vendor", shipment=Shipment(number="S-1", shipped_at=at(0))
    )

    ticket = after(shipped)

    assert (None, 2) == (ticket.order, ticket.version)
