"""The events that timers cause when they fire."""

import pytest

from support.policies.permissive_policy import T0, at
from support.policies.small_policies import names, opened, policy_of, timer_text
from ticketcore import commands as c
from ticketcore.decider import advance, advance_ticket, decide_and_apply
from ticketcore.errors import UnknownTimerError
from ticketcore.events import (
    Acknowledged,
    Cancelled,
    Closed,
    DisputeResolved,
    EndedTimer,
    Escalated,
    Event,
    Money,
    Order,
    Refunded,
    Scheduled,
)
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold

_TIMER = '[[timer]]\nname = "{0}"\nfrom = "opened"\nafter = "24 hours"\neffect = "{0}"\n'
CONFIRMED = "[refunds]\nrequires_confirmation = true\npartial = true\n"
ORDER = Order(number="O-1", sold_at=T0, amount=Money(10_000, "EUR"))
INVOICE = Money(900, "EUR")
SUBSCRIPTION = Order(
    number="O-1",
    sold_at=T0,
    amount=Money(10_000, "EUR"),
    billing="recurring",
    invoice_amount=INVOICE,
)


def _policy(*effects: str, more: str = "") -> Policy:
    return policy_of(more + "".join(_TIMER.format(effect) for effect in effects))


def _ticket(policy: Policy, order: Order | None, *commands: c.Command) -> Ticket:
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer", order=order), policy)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


def _fired(ticket: Ticket, policy: Policy) -> list[Event]:
    events = advance(ticket, policy, at(24))
    return [event for event in events if not isinstance(event, Scheduled)]


@pytest.mark.parametrize("effect", ["close", "refund", "cancel"])
def test_a_timer_closes_for_good_if_the_closing_by_the_system_is_final(effect: str) -> None:
    """K8: `final_by` holds for the system too, whatever the timer carries out."""
    final = {}
    for parties in ("support", "system"):
        policy = _policy(effect, more=f'[closing]\nfinal_by = "{parties}"\n')
        order = None if effect == "close" else SUBSCRIPTION
        (closed,) = (e for e in _fired(_ticket(policy, order), policy) if isinstance(e, Closed))
        final[parties] = closed.final

    assert {"support": False, "system": True} == final


def test_a_refund_that_has_to_be_confirmed_has_a_reference() -> None:
    """The reference is the timer's name and a number, so that no two refunds share one."""
    policy = _policy("refund", more=CONFIRMED)
    part = c.Refund(at=at(1), by="vendor", reference="R", amount=Money(1, "EUR"))
    refunded, _ = _fired(_ticket(policy, ORDER, part), policy)

    assert (
        Refunded(
            at=at(24),
            amount=Money(9_999, "EUR"),
            reference="refund-2",
            awaits_confirmation=True,
            timer="refund",
            derived=True,
        )
        == refunded
    )


def test_a_refund_pays_the_latest_invoice_and_ends_the_subscription() -> None:
    """C8: a refund timer pays the latest invoice, ends the subscription and closes the ticket."""
    policy = _policy("refund")

    assert [
        Refunded(at=at(24), amount=INVOICE, timer="refund", derived=True),
        Cancelled(at=at(24), subscription=True, timer="refund", derived=True),
        Closed(at=at(24), by="system", timer="refund", derived=True),
    ] == _fired(_ticket(policy, SUBSCRIPTION), policy)


@pytest.mark.parametrize(("outcome", "left"), [("lost", []), ("won", [ORDER.amount])])
def test_a_customer_who_was_reimbursed_is_not_refunded(outcome: str, left: list[Money]) -> None:
    """A lost dispute has paid the customer already; a dispute that the merchant won has not."""
    policy = _policy("refund")
    ticket = _ticket(
        policy,
        ORDER,
        c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
        c.ResolveDispute(at=at(1), by="support", dispute="D", outcome=outcome),  # type: ignore[arg-type]
    )

    assert left == [
        event.amount for event in _fired(ticket, policy) if isinstance(event, Refunded)
    ]


def test_a_timer_can_escalate_to_support() -> None:
    """A timer can escalate a ticket to support, and the event names the system as the party."""
    policy = _policy("escalate")
    ticket = _ticket(policy, None)

    assert [
        Escalated(at=at(24), by="system", to="support", timer="escalate", derived=True)
    ] == _fired(ticket, policy)


def test_an_escalation_by_a_timer_makes_the_ticket_wait_for_support() -> None:
    """An escalation by a timer makes the ticket wait for support, without activity."""
    policy = policy_of(timer_text("help", "escalate", since="waiting-since"))
    ticket = advance_ticket(opened(policy), policy, at(30))[0]

    assert ("support", "support", T0) == (ticket.handler, ticket.waiting_for, ticket.active_at)


def test_a_timer_without_a_dispute_cannot_lose_one() -> None:
    """A timer without a dispute that should lose one is an error."""
    ticket = opened(policy_of(timer_text("claim", "warn")))
    edited = policy_of(
        timer_text("claim", "lose-dispute", since="dispute-opened")
        + 'when.dispute_kind = "claim"\n'
    )

    with pytest.raises(UnknownTimerError, match="policy base 2026-01-01 has no timer 'claim'"):
        advance(ticket, edited, at(25))


def test_a_timer_can_acknowledge() -> None:
    """A timer can acknowledge a ticket by a derived event that names the timer."""
    policy = _policy("acknowledge")

    assert [Acknowledged(at=at(24), timer="acknowledge", derived=True)] == _fired(
        _ticket(policy, None), policy
    )


def test_a_timer_that_cancels_ends_the_subscription_and_closes() -> None:
    """C9: both events name the timer and are derived; no money is paid."""
    policy = _policy("cancel")

    assert [
        Cancelled(at=at(24), subscription=True, timer="cancel", derived=True),
        Closed(at=at(24), by="system", timer="cancel", derived=True),
    ] == _fired(_ticket(policy, ORDER), policy)


def test_a_subscription_ends_once() -> None:
    """C9: a timer that cancels an ended subscription only closes the ticket."""
    policy = _policy("cancel")
    ended = Cancelled(at=at(1), by="vendor", subscription=True)

    assert [Closed(at=at(24), by="system", timer="cancel", derived=True)] == _fired(
        fold([ended], _ticket(policy, None)), policy
    )


def test_the_effect_of_a_timer_happens_at_its_due_instant() -> None:
    """The effect of a timer happens at its due instant, whenever `advance` is called."""
    policy = _policy("warn", "breach", "acknowledge", "close")
    events = advance(_ticket(policy, None), policy, at(100))

    assert ["Warned", "Acknowledged", "Closed", "Scheduled"] == names(events)
    assert {at(24)} == {event.at for event in events}


def test_a_dispute_without_an_answer_is_lost_at_its_deadline() -> None:
    """A2: a dispute without an answer is lost at its deadline; an answered one waits."""
    text = timer_text("claim", "lose-dispute", since="dispute-opened")
    policy = policy_of(text + 'when.dispute_kind = "claim"\n')
    claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")
    disputed, _ = decide_and_apply(opened(policy), claim, policy)
    answer = c.AnswerDispute(at=at(25), by="vendor", dispute="D")
    answered, _ = decide_and_apply(disputed, answer, policy)

    lost = DisputeResolved(at=at(25), dispute="D", outcome="lost", timer="claim", derived=True)
    ended = EndedTimer("claim", 3, "cancelled", dispute="D")
    assert (lost, Scheduled(at=at(25), ended=(ended,))) == advance(disputed, policy, at(26))
    assert () == advance(answered, policy, at(26))


def test_a_refund_timer_of_a_ticket_without_an_order_only_closes_it() -> None:
    """Without an order there is nothing to pay back, so the ticket only closes."""
    policy = _policy("refund")

    assert ["Closed"] == names(tuple(_fired(_ticket(policy, None), policy)))
