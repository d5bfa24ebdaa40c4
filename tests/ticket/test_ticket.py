"""The derived properties of a ticket."""

import attrs

from support.opened_ticket import OPENED, T0, after, at
from ticketcore.events import (
    Money,
    Order,
    Party,
    RefundConfirmed,
    Refunded,
    RefundFailed,
    Replied,
    Scheduled,
    Timer,
)
from ticketcore.ticket import evolve, fold


def test_the_billing_is_that_of_the_order() -> None:
    """The billing mode of a ticket is that of its order; without an order it has none."""
    order = Order(number="A-1", sold_at=T0, amount=Money(1, "USD"), billing="recurring")

    assert "recurring" == fold([attrs.evolve(OPENED, order=order)]).billing
    assert None is fold([OPENED]).billing


def test_a_ticket_is_open_while_it_waits_for_its_default_handler() -> None:
    """K1: a ticket that waits for another party is pending."""
    at_support = attrs.evolve(OPENED, default_handler="support", waiting_for="support")

    assert "open" == fold([at_support]).status
    assert "pending" == fold([attrs.evolve(at_support, waiting_for="vendor")]).status


def test_the_next_timer_is_the_first_that_will_act() -> None:
    """The next timer is the first of the list; there is none if it has passed or is paused."""
    first, second = Timer("a", at(2), T0), Timer("b", at(5), T0)
    listed = [
        (first, second),
        (attrs.evolve(second, paused=at(1)),),
        (attrs.evolve(first, passed=True),),
        (),
    ]

    assert ["a", None, None, None] == [
        timer and timer.name
        for timer in (after(Scheduled(at=T0, timers=each)).next_timer for each in listed)
    ]


def test_the_last_action_of_several_parties() -> None:
    """The last action of several parties is the latest one, or the opening."""
    ticket = after(Replied(at=at(1), by="customer"), Replied(at=at(2), by="vendor"))
    parties: list[list[Party]] = [["customer"], ["vendor", "customer"], ["support"], []]

    assert [at(1), at(2), T0, T0] == [ticket.last_active(several) for several in parties]


def test_the_refunded_amount_leaves_out_failed_refunds() -> None:
    """The refunded amount counts refunds that await confirmation, but no failed ones."""
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
