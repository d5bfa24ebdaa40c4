"""Tickets are rebuilt from their events: for any events, without errors, in linear time."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import get_args

import attrs
import pytest

from ticketcore.errors import HistoryError
from ticketcore.events import (
    Acknowledged,
    Assigned,
    Breached,
    Cancelled,
    Closed,
    DisputeAnswered,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    Money,
    Opened,
    Order,
    Outcome,
    Party,
    PolicyChanged,
    RefundConfirmed,
    Refunded,
    RefundFailed,
    Reopened,
    Replied,
    Reviewed,
    ReviewRequested,
    Scheduled,
    Shared,
    Timer,
    TypeChanged,
    Unknown,
    Unshared,
    Warned,
)
from ticketcore.ticket import Dispute, Ticket, evolve, fold, replay

T0 = datetime(2026, 1, 5, 17, tzinfo=UTC)


def at(hours: float) -> datetime:
    """Return the instant this many hours after the opening."""
    return T0 + timedelta(hours=hours)


OPENED = Opened(at=T0, by="customer", type="technical", zone="Europe/Rome")


def after(*events: Event) -> Ticket:
    """Return the ticket after its opening and these events."""
    return fold((OPENED, *events))


def test_the_billing_is_the_orders() -> None:
    """The billing is the order's, or None without an order."""
    order = Order(number="A-1", sold_at=T0, amount=Money(1, "USD"), billing="recurring")

    assert "recurring" == fold([attrs.evolve(OPENED, order=order)]).billing
    assert None is fold([OPENED]).billing


def test_a_new_ticket_waits_for_its_default_handler() -> None:
    """A ticket that was only opened waits for the default handler since the opening."""
    ticket = after()

    assert (1, T0, "open") == (ticket.version, ticket.at, ticket.status)
    assert ("technical", T0, "customer") == (ticket.type, ticket.type_set_at, ticket.type_set_by)
    assert ("vendor", "vendor", T0) == (ticket.handler, ticket.waiting_for, ticket.waiting_since)
    assert T0 == ticket.active_at


def test_a_ticket_is_open_while_it_waits_for_its_default_handler() -> None:
    """K1: the status is open while the ticket waits for its default handler, whichever party that
    is."""
    at_support = attrs.evolve(OPENED, default_handler="support", waiting_for="support")

    assert "open" == fold([at_support]).status
    assert "pending" == fold([attrs.evolve(at_support, waiting_for="vendor")]).status


def test_the_opening_names_the_policy_and_its_version() -> None:
    """The ticket has the policy and the version of its opening."""
    ticket = fold([attrs.evolve(OPENED, policy="p", policy_version="2026-01-01")])

    assert ("p", "2026-01-01") == (ticket.policy, ticket.policy_version)


@pytest.mark.parametrize(
    ("events", "problem", "found"),
    [
        ([], "empty", "no events"),
        ([Warned(at=T0, timer="r")], "not-opened", "Warned at 2026-01-05 17:00:00+00:00"),
    ],
    ids=["nothing", "warned"],
)
def test_a_history_begins_with_opened(events: list[Event], problem: str, found: str) -> None:
    """A ticket that begins with no event, or with another event, raises HistoryError."""
    with pytest.raises(HistoryError) as caught:
        fold(events)

    told = f"a history must begin with opened, found {found}"
    assert (problem, told) == (caught.value.problem, str(caught.value))


def test_a_second_opening_and_an_unknown_event_change_nothing_but_the_version() -> None:
    """Both count in the version and are otherwise ignored."""
    unknown = Unknown(name="teleported", schema=3, at=at(1), body='{"to":"mars"}')
    later = attrs.evolve(OPENED, at=at(2), type="refund")

    ticket = after(unknown, later)

    assert attrs.evolve(after(), version=3, at=at(2)) == ticket


@pytest.mark.parametrize("party", ["customer", "vendor", "support"])
@pytest.mark.parametrize("event", [Replied, HandedBack])
def test_an_event_of_a_party_is_its_activity(party: Party, event: type[Replied]) -> None:
    """C17: the event moves the activity of the ticket and of this party, not of the others."""
    before = after(*(Replied(at=at(1), by=one) for one in ("customer", "vendor", "support")))
    ticket = evolve(before, event(at=at(2), by=party))

    expected = {"customer": at(1), "vendor": at(1), "support": at(1), party: at(2)}
    assert list(expected.values()) == [
        ticket.customer_active_at,
        ticket.vendor_active_at,
        ticket.support_active_at,
    ]
    assert at(2) == ticket.active_at


def test_the_latest_activity_of_several_parties() -> None:
    """The later activity counts, or the opening if none of them has acted since."""
    ticket = after(Replied(at=at(1), by="customer"), Replied(at=at(2), by="vendor"))
    asked: list[list[Party]] = [["customer"], ["vendor", "customer"], ["support"], []]

    assert [at(1), at(2), T0, T0] == [ticket.last_active(parties) for parties in asked]


def test_the_latest_message_is_kept() -> None:
    """A reply or a question of any party is kept, an interim notice too."""
    said: list[Event] = [
        Replied(at=at(1), by="vendor", text="we look into it", interim=True),
        InfoRequested(at=at(2), by="vendor", text="which one?"),
        Replied(at=at(3), by="customer", text="the blue one"),
    ]

    assert None is after().last_message
    assert said == [after(*said[:count]).last_message for count in (1, 2, 3)]


def test_each_answer_lets_the_ticket_wait_for_the_other_side() -> None:
    """A second message of the same side does not restart the waiting."""
    answered = Replied(at=at(1), by="vendor", text="try this")
    assert ("customer", at(1)) == (after(answered).waiting_for, after(answered).waiting_since)

    ticket = after(
        answered,
        Replied(at=at(2), by="customer", text="no"),
        Replied(at=at(3), by="customer", text="really not"),
    )

    assert ("vendor", at(2), at(3)) == (ticket.waiting_for, ticket.waiting_since, ticket.active_at)
    assert ticket.answered


def test_an_interim_notice_changes_no_waiting() -> None:
    """K9: an interim notice is activity, but no answer."""
    ticket = after(Replied(at=at(1), by="vendor", text="we look into it", interim=True))

    assert ("vendor", T0, at(1)) == (ticket.waiting_for, ticket.waiting_since, ticket.active_at)
    assert not ticket.answered


def test_a_third_party_answers_for_nobody() -> None:
    """A reply by support beside the handling vendor leaves the ticket waiting for the vendor."""
    ticket = after(Replied(at=at(1), by="support", text="hello"))

    assert ("vendor", T0) == (ticket.waiting_for, ticket.waiting_since)


def test_a_solution_lasts_until_the_customer_writes() -> None:
    """A solved ticket is unsolved after the customer's next message, or a request for
    information."""
    solved = after(Replied(at=at(1), by="vendor", solution=True))

    assert solved.solved
    assert not evolve(solved, Replied(at=at(2), by="customer")).solved
    assert not evolve(solved, InfoRequested(at=at(2), by="vendor")).solved


def test_a_change_of_type_keeps_the_previous_type() -> None:
    """C12: the party that sets the type is the requester from that instant on."""
    ticket = after(TypeChanged(at=at(1), by="vendor", type="refund"))

    assert ("refund", at(1), "vendor") == (ticket.type, ticket.type_set_at, ticket.type_set_by)
    assert ("technical", "customer") == (ticket.previous_type, ticket.waiting_for)


def test_the_last_type_that_each_party_set_is_kept() -> None:
    """The types are kept in the order in which the parties set them."""
    ticket = after(
        TypeChanged(at=at(1), by="vendor", type="refund"),
        TypeChanged(at=at(2), by="customer", type="cancel"),
        TypeChanged(at=at(3), by="vendor", type="technical"),
    )

    assert (("cancel", "customer"), ("technical", "vendor")) == ticket.types_set


def test_support_takes_over_and_hands_back() -> None:
    """K6: the ticket waits for support, and after the return for the vendor, from that
    instant on."""
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


def test_work_on_a_ticket_is_recorded() -> None:
    """Acknowledging, assigning, sharing and asking for information set the attributes that
    decisions read."""
    ticket = after(
        Acknowledged(at=at(1), by="support"),
        Assigned(at=at(2), assignee="payroll"),
        Shared(at=at(3), by="customer", with_person="ann"),
        Shared(at=at(3), by="customer", with_person="bob"),
        Shared(at=at(3), by="customer", with_person="cid"),
        Shared(at=at(3), by="vendor", with_person="bob"),
        Unshared(at=at(4), by="customer", with_person="ann"),
        InfoRequested(at=at(5), by="vendor", text="which one?"),
    )

    assert (True, "payroll", ("cid", "bob")) == (
        ticket.acknowledged,
        ticket.assigned_to,
        ticket.shared_with,
    )
    assert ("customer", at(5), "pending") == (
        ticket.waiting_for,
        ticket.waiting_since,
        ticket.status,
    )


def test_events_of_the_system_are_not_activity() -> None:
    """C17: warnings, breaches and other events of the system restart nothing."""
    timers = (Timer("first", at(5), T0), Timer("second", at(9), T0))
    ticket = after(
        Scheduled(at=T0, timers=timers),
        Warned(at=at(5), timer="first"),
        Breached(at=at(9), timer="second"),
        Escalated(at=at(9), by="system", timer="third"),
    )

    assert T0 == ticket.active_at
    assert () == ticket.timers
    assert (("first", T0, None), ("second", T0, None)) == ticket.fired


def test_one_starting_instant_is_kept_per_fired_timer() -> None:
    """The record of fired timers is bounded: a later firing replaces the earlier one."""
    ticket = after(
        Scheduled(at=T0, timers=(Timer("warn", at(5), T0),)),
        Warned(at=at(5), timer="warn"),
        Replied(at=at(6), by="customer"),
        Scheduled(at=at(6), timers=(Timer("warn", at(9), at(6)),)),
        Warned(at=at(9), timer="warn"),
    )

    assert (("warn", at(6), None),) == ticket.fired


def test_a_timer_that_fires_again_keeps_the_record_of_others() -> None:
    """A timer of the same name for another dispute is a timer of its own."""
    names = (("warn", None), ("reply", "D-1"), ("reply", "D-2"), ("close", None))
    first = tuple(Timer(name, at(5), T0, dispute) for name, dispute in names)
    again = Timer("reply", at(9), at(6), "D-1")
    ticket = after(
        Scheduled(at=T0, timers=first),
        *(Warned(at=at(5), timer=name) for name, _ in names),
        Scheduled(at=at(6), timers=(again,)),
        Warned(at=at(9), timer="reply"),
    )

    others = [(name, T0, dispute) for name, dispute in names if dispute != "D-1"]
    assert (*others, ("reply", at(6), "D-1")) == ticket.fired


def test_refunds_count_until_they_fail() -> None:
    """A refund that the provider declined is no longer counted."""
    ticket = after(
        Refunded(at=at(1), by="vendor", amount=Money(300, "EUR"), reference="a"),
        Refunded(
            at=at(2),
            by="vendor",
            amount=Money(500, "EUR"),
            reference="b",
            awaits_confirmation=True,
        ),
        Refunded(
            at=at(3),
            by="vendor",
            amount=Money(700, "EUR"),
            reference="c",
            awaits_confirmation=True,
        ),
        RefundConfirmed(at=at(4), by="support", reference="b"),
    )
    failed = evolve(ticket, RefundFailed(at=at(5), by="support", reference="c"))

    assert ["succeeded", "succeeded", "pending"] == [r.state for r in ticket.refunds]
    assert (1500, 800) == (ticket.refunded, failed.refunded)


def test_cancelled_units_and_an_ended_subscription_stay_so() -> None:
    """Cancellations add up."""
    ticket = after(
        Cancelled(at=at(1), by="vendor", units=("u1",)),
        Cancelled(at=at(2), by="vendor", units=("u2",)),
        Cancelled(at=at(3), subscription=True),
    )

    assert (("u1", "u2"), True) == (ticket.cancelled_units, ticket.subscription_ended)


def test_the_closing_parties_are_kept_until_a_reopening() -> None:
    """K8: by the customer, by the seller, by both; a reopened ticket starts over."""
    closed = after(
        Closed(at=at(1), by="vendor"),
        Closed(at=at(2), by="customer"),
        Closed(at=at(3), by="vendor"),
    )
    reopened = evolve(closed, Reopened(at=at(4), by="customer"))

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


def test_closing_ends_all_timers_except_those_of_disputes() -> None:
    """O4: a closed ticket's timers end, but a claim goes on."""
    claim = Timer("claim", at(9), at(1), "c-1")
    ticket = after(
        DisputeOpened(at=at(1), by="customer", dispute="c-1", kind="claim"),
        Scheduled(at=at(1), timers=(Timer("close", at(5), T0), claim)),
        Closed(at=at(2), by="support", kind="duplicate", duplicate_of="42", final=True),
    )

    assert (claim,) == ticket.timers
    assert ("duplicate", "42", True) == (ticket.closed_kind, ticket.duplicate_of, ticket.final)


def test_a_dispute_is_answered_and_resolved() -> None:
    """A1, A2: a dispute keeps its answer and its outcome, and its timer ends with it."""
    ticket = after(
        DisputeOpened(at=at(1), by="customer", dispute="c-1", kind="claim", deadline=at(8)),
        DisputeOpened(at=at(1), by="customer", dispute="c-2", kind="claim"),
        Scheduled(at=at(1), timers=(Timer("claim", at(8), at(1), "c-1"),)),
        DisputeAnswered(at=at(2), by="vendor", dispute="c-1"),
        DisputeResolved(at=at(3), by="support", dispute="c-1", outcome="won"),
    )

    first = Dispute(
        id="c-1", kind="claim", opened_at=at(1), deadline=at(8), answered=True, outcome="won"
    )
    second = Dispute(id="c-2", kind="claim", opened_at=at(1), deadline=None)
    assert (first, second) == ticket.disputes
    assert () == ticket.timers


def test_a_lost_dispute_reimburses_the_customer() -> None:
    """A2: no other outcome does, and no dispute that is still open."""
    opened = DisputeOpened(at=at(1), by="customer", dispute="c-1", kind="claim")
    resolved = {
        outcome: DisputeResolved(at=at(2), by="support", dispute="c-1", outcome=outcome)
        for outcome in get_args(Outcome)
    }
    reimbursed = [outcome for outcome, end in resolved.items() if after(opened, end).reimbursed]

    assert ["lost"] == reimbursed
    assert not after(opened).reimbursed


def test_abuse_costs_the_grace_period() -> None:
    """C13: a review that finds abuse ends the vendor's grace period; any other review does not."""
    asked = after(ReviewRequested(at=at(1), by="customer"))
    cleared = evolve(asked, Reviewed(at=at(2), by="support", abuse=False))
    abused = evolve(asked, Reviewed(at=at(2), by="support", abuse=True))

    assert ("requested", "cleared", "abuse") == (asked.review, cleared.review, abused.review)
    assert (True, False) == (cleared.has_grace_period, abused.has_grace_period)


def test_a_ticket_can_be_moved_to_another_policy() -> None:
    """The ticket has the new policy and its version."""
    ticket = after(PolicyChanged(at=at(1), by="support", policy="p", policy_version="2026-01-01"))

    assert ("p", "2026-01-01") == (ticket.policy, ticket.policy_version)


def test_a_ticket_cannot_be_changed() -> None:
    """A folded ticket is frozen, and a further fold leaves it as it was."""
    ticket = after()
    evolve(ticket, Closed(at=at(1), by="customer"))

    assert "open" == ticket.status
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        ticket.version = 7  # type: ignore[misc]


def test_a_long_history_folds_like_its_single_steps() -> None:
    """Folding 10,000 replies equals evolving them one by one, and replay shows every step."""
    replies = [
        Replied(at=at(i), by="vendor" if i % 2 else "customer", text=str(i)) for i in range(10_000)
    ]
    history: list[Event] = [OPENED, *replies]

    ticket = fold(history)

    assert 10_001 == ticket.version
    assert reduce(evolve, history[1:], fold(history[:1])) == ticket
    assert (ticket, replies[-1]) == list(replay(history))[-1]
