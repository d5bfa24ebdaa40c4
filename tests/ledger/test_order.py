"""The money of an order: units, disputes and references over several tickets."""

from typing import Any

import attrs
import pytest

from support.orders.hosts import (
    MONDAY,
    NUMBERS,
    ONE,
    THREE,
    TICK,
    TWO,
    OrderHost,
    dispute,
    dollars,
    hours,
    order_of,
    priced_units,
    refund,
    resolve,
)
from ticketcore import commands as c
from ticketcore.decider import decide_and_apply, refundable
from ticketcore.errors import OrderNotAdvancedError
from ticketcore.events import Cancelled, Money, Order, Refunded, Unit
from ticketcore.ledger import COMMAND, OrderState


def kaufland(*prices: int | None, units: tuple[str, ...] = ()) -> OrderHost:
    """Return an order with units of these prices, and two tickets; *units* are the first one's."""
    order = order_of(units=priced_units(*prices))
    host = OrderHost(dict.fromkeys((ONE, TWO), "kaufland"))
    facts: dict[str, Any] = {"order": order, "reason": "other"}
    return host.open(ONE, 0, units=units, **facts).open(TWO, 0, **facts)


def amazon() -> OrderHost:
    """Return an order of 100.00 USD under amazon-pay, with two tickets."""
    return OrderHost(dict.fromkeys((ONE, TWO), "amazon-pay")).open(ONE, 0).open(TWO, 0)


def subscription(amount: int = 30, **facts: Any) -> Order:
    """Return a subscription whose latest invoice has this amount."""
    return order_of(100, billing="recurring", invoice_amount=dollars(amount), **facts)


class TestUnits:
    """K5: a unit is refunded once, on any ticket of the order, for its price at most."""

    def test_a_unit_is_refunded_once(self) -> None:
        """A unit that one ticket has refunded cannot be refunded by another (K5)."""
        host = kaufland(40, 60).send(ONE, refund(1, units=("u1",)))

        refusal = host.refused(TWO, refund(2, 10, "Q", units=("u1",)))
        host.send(TWO, refund(3, reference="Q"))
        all_paid = host.refused(ONE, refund(4, reference="P"))

        assert 'unit-refunded: the unit "u1" was refunded before (K5)' == str(refusal)
        assert (["40.00 USD"], ["60.00 USD"]) == (host.paid(ONE), host.paid(TWO))
        assert "unit-refunded: all units of the ticket were refunded before (K5)" == str(all_paid)

    def test_a_part_of_a_unit_counts_as_its_refund(self) -> None:
        """After a refund of a part of a unit, the rest of the unit is not paid later."""
        host = kaufland(40, 60).send(ONE, refund(1, 10, units=("u1",)))

        assert "unit-refunded" == host.refused(TWO, refund(2, 30, "Q", units=("u1",))).code

    def test_units_are_refunded_for_their_prices_at_most(self) -> None:
        """A unit is refunded for its price at most, even if the order has money left."""
        refusal = kaufland(40, 60).refused(ONE, refund(1, 41, units=("u1",)))

        assert (
            "cap-exceeded: 41.00 USD is more than 40.00 USD, the price of the units (K5)"
            == str(refusal)
        )

    def test_a_unit_without_a_price_needs_an_amount(self) -> None:
        """A unit without a price is refunded only with an amount."""
        host = kaufland(40, None)

        refusal = host.refused(ONE, refund(1, units=("u2",)))
        host.send(ONE, refund(1, 30, units=("u2",)))

        assert 'amount-required: a unit has no price: give an "amount" (K5)' == str(refusal)
        assert ["30.00 USD"] == host.paid(ONE)

    def test_an_amount_for_several_units_names_them(self) -> None:
        """An amount for several units must name them, and a ticket about one unit need not."""
        assert ("units-required: name the units that the amount is for: u1, u2 (K5)") == str(
            kaufland(40, 60).refused(ONE, refund(1, 30))
        )
        host = kaufland(40, 60, units=("u2",)).send(ONE, refund(1, 30))

        assert [("u2",)] == [e.units for _, e in host.recorded if isinstance(e, Refunded)]

    def test_a_unit_is_cancelled_once(self) -> None:
        """A second ticket can cancel only units that are not cancelled yet."""
        host = kaufland(40, 60)
        cancel = c.Cancel(at=hours(1), by="vendor", units=("u1",))
        host.send(ONE, cancel).send(TWO, cancel)
        host.send(TWO, attrs.evolve(cancel, units=("u1", "u2")))

        assert [(ONE, ("u1",)), (TWO, ("u2",))] == [
            (number, event.units)
            for number, event in host.recorded
            if isinstance(event, Cancelled)
        ]

    def test_a_request_for_a_unit_without_a_price_is_refused(self) -> None:
        """A request for a unit without a price is refused."""
        host = OrderHost({ONE: "clickbank"})
        order = order_of(units=priced_units(40, None))
        request = c.Open(
            at=hours(0),
            by="customer",
            number=ONE,
            type="refund",
            order=order,
            units=("u2",),
            zone="UTC",
        )

        refusal = host.refused(ONE, request)
        assert 'a ticket of type refund requires the "amount" of each unit' == refusal.reason
        assert ["100.00 USD"] == host.send(ONE, attrs.evolve(request, units=())).advance_all(
            hours(24)
        ).paid(ONE)

    def test_a_ticket_about_some_units_asks_for_their_prices(self) -> None:
        """A refund without names pays for the unpaid units of its ticket."""
        order = order_of(units=priced_units(40, 60))
        host = OrderHost(dict.fromkeys((ONE, TWO), "amazon-pay"))
        host.open(ONE, 0, order=order, units=("u1",)).send(ONE, refund(1))
        host.open(TWO, 1, order=order_of(units=priced_units(40, None)), units=("u2",))

        assert ["40.00 USD"] == host.paid(ONE)
        assert "amount-required" == host.refused(TWO, refund(2, reference="Q")).code

    def test_a_unit_is_priced_in_the_currency_of_the_order(self) -> None:
        """A refund of a unit whose price is in another currency than the order is refused."""
        host = kaufland(40, 60)
        units = (Unit(id="u1", amount=Money(100, "EUR")), *priced_units(40, 60)[1:])
        ticket = attrs.evolve(host.tickets[ONE], order=order_of(units=units))
        host.tickets = {ONE: ticket}

        assert "currency-differs: the order was paid in USD, not EUR" == str(
            host.refused(ONE, refund(1, units=("u1",)))
        )
        assert dollars(60) == refundable(ticket, host.policies[ONE])


class TestDisputes:
    """A2: a dispute holds its amount while it runs, and keeps it if it is lost."""

    def test_a_part_leaves_the_rest(self) -> None:
        """A claim of 10.00 leaves 105.00 of a cap of 115.00; if it is won, all of it."""
        host = amazon().send(ONE, dispute(1, amount=10))
        beside = host.refused(TWO, refund(2, 106))
        host.send(ONE, resolve(3, "claim", "lost"))
        lost = host.refused(TWO, refund(4, 106))
        host.send(ONE, resolve(5, "claim", "won")).send(TWO, refund(6, 115))

        message = (
            "cap-exceeded: 106.00 USD is more than 105.00 USD, "
            "which is all that can still be refunded (A4)"
        )
        assert [message, message] == [str(beside), str(lost)]
        assert ["115.00 USD"] == host.paid(TWO)

    def test_a_lost_dispute_about_all_reimburses_the_customer(self) -> None:
        """After a lost dispute about the whole order, nothing is refunded."""
        host = amazon().send(ONE, dispute(1), resolve(2, "claim", "lost"))

        assert (
            "already-reimbursed: the customer has the money already: a dispute was decided for "
            "them (A2)"
        ) == str(host.refused(TWO, refund(3, 5)))

    def test_a_refund_can_settle_a_dispute(self) -> None:
        """A refund can settle a dispute, from the amount that the dispute holds.

        If the dispute is lost all the same, only the rest of that amount counts.
        """
        host = amazon().send(ONE, dispute(1))

        assert (
            "dispute-running: running disputes hold all that is left: "
            "name the dispute that the refund settles (A2)"
        ) == str(host.refused(TWO, refund(2, 60)))
        host.send(TWO, refund(2, 60, dispute="claim"))
        host.send(ONE, resolve(3, "claim", "lost"))
        assert (
            "cap-exceeded: 16.00 USD is more than 15.00 USD, "
            "which is all that can still be refunded (A4)"
        ) == str(host.refused(TWO, refund(4, 16, "Q")))

    def test_a_refund_without_an_amount_pays_what_the_dispute_holds(self) -> None:
        """A refund without an amount pays what its dispute holds; the rest of the order stays."""
        host = amazon().send(ONE, dispute(1, amount=10)).send(TWO, refund(2, dispute="claim"))

        assert ["10.00 USD"] == host.paid(TWO)
        assert dollars(90) == refundable(host.tickets[ONE], host.policies[ONE], host.ledger)

    def test_a_refund_that_settles_a_dispute_pays_the_rest_that_it_holds(self) -> None:
        """A refund that settles a dispute pays what is left, 10.00 of 100.00 USD."""
        host = amazon().send(TWO, refund(1, 90, "Q")).send(ONE, dispute(2, amount=10))
        host.send(TWO, refund(3, dispute="claim"))

        assert ["90.00 USD", "10.00 USD"] == host.paid(TWO)

    def test_a_refund_settles_a_running_dispute_of_the_order(self) -> None:
        """A refund that settles an unknown or ended dispute is refused."""
        host = amazon().send(ONE, dispute(1, amount=10), resolve(2, "claim", "won"))

        assert ["unknown-dispute", "dispute-settled"] == [
            host.refused(TWO, refund(3, dispute=name)).code for name in ("other", "claim")
        ]

    def test_a_refund_timer_pays_what_disputes_leave(self) -> None:
        """A refund timer pays what disputes leave, and closes its ticket."""
        host = OrderHost({ONE: "amazon-pay", TWO: "clickbank"}).open(ONE, 0)
        host.open(TWO, 0, type="refund").send(ONE, dispute(1, amount=70)).advance_all(hours(24))

        assert ["30.00 USD"] == host.paid(TWO)
        assert "closed" == host.tickets[TWO].status

    def test_an_id_is_used_once_in_the_order(self) -> None:
        """An id of a dispute is used once in an order, and the refusal names the other ticket."""
        host = amazon().send(ONE, dispute(1, amount=10))

        assert (
            f'dispute-conflict: the id "claim" belongs to another dispute in ticket {ONE}: '
            "use a new one (A2)"
        ) == str(host.refused(TWO, dispute(2, amount=20)))

    def test_a_notice_to_the_wrong_ticket_names_the_right_one(self) -> None:
        """A notice about a dispute of another ticket is refused with the number of that ticket."""
        host = amazon().send(ONE, dispute(1))

        assert (
            'unknown-dispute: this ticket has no dispute "claim"; '
            f"ticket {ONE} of the order has it"
        ) == str(host.refused(TWO, resolve(2, "claim", "won")))

    def test_a_claim_beside_a_chargeback_is_refused(self) -> None:
        """A claim is refused while a chargeback runs on another ticket of the order."""
        host = amazon().send(ONE, dispute(1, "chargeback"))

        assert (
            "dispute-superseded: the running chargeback chargeback supersedes a claim (A2)"
        ) == str(host.refused(TWO, dispute(2)))

    def test_a_dispute_has_the_currency_of_the_order(self) -> None:
        """A dispute in another currency than the order's is refused."""
        command = attrs.evolve(dispute(1), amount=Money(100, "EUR"))

        assert "currency-differs: the order was paid in USD, not EUR" == str(
            amazon().refused(ONE, command)
        )

    def test_a_dispute_without_an_amount_is_about_the_invoice(self) -> None:
        """A dispute without an amount is about the latest invoice, or all that was captured."""
        amounts = []
        for order in (subscription(), order_of(), None):
            host = OrderHost({ONE: "amazon-pay"}).open(ONE, 0, order=order)
            command, policy = dispute(1), host.policies[ONE]
            ticket, _ = decide_and_apply(host.tickets[ONE], command, policy)
            amounts.append(ticket.disputes[0].amount)

        assert [dollars(30), dollars(100), None] == amounts

    def test_a_dispute_of_unknown_amount_holds_all(self) -> None:
        """A dispute of unknown amount holds all money of an order that is added later."""
        host = OrderHost({ONE: "amazon-pay"}).open(ONE, 0, order=None)
        correction = c.CorrectOrder(at=hours(2), by="support", order=order_of())
        ticket, policy = host.tickets[ONE], host.policies[ONE]
        for command in (dispute(1), correction):
            ticket, _ = decide_and_apply(ticket, command, policy)

        assert dollars(0) == refundable(ticket, policy)

    def test_a_dispute_can_be_lost_as_it_opens(self) -> None:
        """A chargeback whose deadline has passed is lost at its opening."""
        host = OrderHost({ONE: "amazon-pay", TWO: "lost-at-once"}).open(ONE, 0).open(TWO, 0)
        host.send(ONE, dispute(1))

        host.send(TWO, dispute(2, "chargeback", deadline=hours(1)))

        assert ["lost"] == [each.outcome for each in host.tickets[TWO].disputes]
        host.advance(ONE, hours(3))
        assert ["superseded"] == [each.outcome for each in host.tickets[ONE].disputes]


class TestReferences:
    """A reference names one refund of the order, and one only."""

    def test_a_reference_is_used_once_in_the_order(self) -> None:
        """A reference is used once in the order, and the refusal names the ticket that has it."""
        host = amazon().send(ONE, refund(1, 10))

        assert (
            f'reference-conflict: the reference "R" belongs to another refund in ticket {ONE}: '
            "use a new one"
        ) == str(host.refused(TWO, refund(2, 10)))

    def test_a_timer_leaves_out_references_that_are_used(self) -> None:
        """A refund timer leaves out references that a person has used."""
        host = OrderHost(dict.fromkeys((ONE, TWO), "clickbank-confirmed"))
        host.open(ONE, 0, type="refund").open(TWO, 0, type="technical")
        host.send(TWO, refund(1, 10, f"{ONE}-refund-1")).advance_all(hours(24))

        assert [f"{ONE}-refund-1", f"{ONE}-refund-2"] == [
            event.reference for _, event in host.recorded if isinstance(event, Refunded)
        ]

    @pytest.mark.parametrize("report", [c.ConfirmRefund, c.FailRefund])
    def test_a_notice_to_the_wrong_ticket_names_the_right_one(
        self, report: type[c.ConfirmRefund] | type[c.FailRefund]
    ) -> None:
        """A provider's notice to the wrong ticket is refused with the number of the right one."""
        host = amazon().send(ONE, refund(1, 10))

        assert (
            f'unknown-refund: this ticket has no refund "R"; ticket {ONE} of the order has it'
        ) == str(host.refused(TWO, report(at=hours(2), by="support", reference="R")))


class TestSubscriptions:
    """C8, C9: a subscription ends once, and an invoice is paid back once."""

    def test_a_subscription_ends_once(self) -> None:
        """A subscription that one ticket ended is not ended again by another (C9)."""
        host = OrderHost(dict.fromkeys((ONE, TWO), "clickbank"))
        host.open(ONE, 0, type="cancellation", order=subscription())
        host.open(TWO, 0, type="cancellation", order=subscription()).advance_all(hours(24))

        assert [ONE] == [number for number, e in host.recorded if isinstance(e, Cancelled)]
        assert "closed" == host.tickets[TWO].status

    def test_an_invoice_is_paid_back_once(self) -> None:
        """C8: an invoice is paid back once, even with two tickets about it."""
        order = subscription(invoice_number="I-1")
        host = OrderHost(dict.fromkeys((ONE, TWO), "clickbank"))
        host.open(ONE, 0, type="refund", order=order).open(TWO, 0, type="refund", order=order)
        host.advance_all(hours(24))

        assert (["30.00 USD"], []) == (host.paid(ONE), host.paid(TWO))
        assert ["I-1"] == [e.invoice for _, e in host.recorded if isinstance(e, Refunded)]

    def test_an_invoice_that_was_refunded_on_request_is_not_paid_back_again(self) -> None:
        """C8: an invoice that was refunded on request is not paid back by a timer."""
        order = subscription(invoice_number="I-1")
        host = OrderHost({ONE: "clickbank-confirmed", TWO: "clickbank"})
        host.open(ONE, 0, type="technical", order=order).send(ONE, refund(1, 30))
        host.open(TWO, 2, type="refund", order=order).advance_all(hours(48))

        assert (["30.00 USD"], []) == (host.paid(ONE), host.paid(TWO))

    def test_an_invoice_without_a_number_is_named_by_its_instant(self) -> None:
        """Two invoices without a number are distinguished by their instants."""
        host = OrderHost(dict.fromkeys((ONE, TWO), "clickbank"))
        for number, days in ((ONE, 40), (TWO, 10)):
            invoiced_at = MONDAY - 24 * days * (hours(1) - hours(0))
            host.open(number, 0, type="refund", order=subscription(invoiced_at=invoiced_at))
        host.advance_all(hours(24))

        assert (["30.00 USD"], ["30.00 USD"]) == (host.paid(ONE), host.paid(TWO))


class TestCorrections:
    """A5: corrected facts count from their correction on."""

    def test_corrected_facts_are_the_newest(self) -> None:
        """Corrected facts of the order count, even if another ticket was opened later."""
        host = amazon()
        correction = c.CorrectOrder(at=hours(1), by="support", order=order_of(60))
        host.send(ONE, correction)

        assert dollars(60) == refundable(host.tickets[TWO], host.policies[TWO], host.ledger)

    def test_a_correction_counts_for_a_command_of_the_same_instant(self) -> None:
        """A correction on one ticket counts for a refund on another one at the same instant."""
        correction = c.CorrectOrder(at=hours(3), by="support", order=order_of(60))
        host = amazon().send(TWO, correction)

        assert "cap-exceeded" == host.refused(ONE, refund(3, 80)).code

    def test_of_two_corrections_at_one_instant_the_higher_number_counts(self) -> None:
        """Of two corrections at one instant, the one on the ticket with the higher number counts
        for both tickets."""
        host = amazon()
        for number, amount in ((TWO, 70), (ONE, 60)):
            host.send(number, c.CorrectOrder(at=hours(1), by="support", order=order_of(amount)))

        assert [dollars(70)] * 2 == [
            refundable(host.tickets[number], host.policies[number], host.ledger)
            for number in (ONE, TWO)
        ]

    def test_facts_of_a_ticket_that_joins_the_order_do_not_reach_back(self) -> None:
        """A ticket that joins the order does not change refunds that were due before."""
        host = OrderHost({ONE: "clickbank", TWO: "amazon-pay"}).open(ONE, 0, type="refund")
        other = OrderHost({TWO: "amazon-pay"}).open(TWO, 0, order=None)
        correction = c.CorrectOrder(at=hours(25), by="support", order=order_of(60))
        policy = host.policies[TWO]
        host.tickets[TWO], _ = decide_and_apply(other.tickets[TWO], correction, policy)

        host.advance(ONE, hours(26))

        assert ["100.00 USD"] == host.paid(ONE)

    def test_the_number_of_an_order_with_money_moved_is_fixed(self) -> None:
        """The number of an order cannot change once money has moved."""
        host = amazon().send(ONE, refund(1, 10))
        moved = attrs.evolve(order_of(), number="O-2")

        assert (
            "order-fixed: the order has refunds, cancellations or disputes: "
            "its number cannot change"
        ) == str(host.refused(TWO, c.CorrectOrder(at=hours(2), by="support", order=moved)))


class TestRestOfAUnit:
    """K5: under `per_unit`, a timer does not pay the rest of a unit that was refunded in part.

    The order of 100.00 has units of 40.00 and 60.00; 10.00 of the first one were refunded.
    """

    @staticmethod
    def paid_by_timer(
        policy: str, *prices: int | None, units: tuple[str, ...] = ()
    ) -> tuple[list[str], list[tuple[str, ...]]]:
        """Return the amounts of a ticket's refunds after its timer, and their units."""
        host = OrderHost({ONE: policy})
        host.open(ONE, 0, type="refund", order=order_of(units=priced_units(*prices)), units=units)
        host.send(ONE, refund(1, 10, units=("u1",))).advance(ONE, hours(25))
        made = [event.units for event in host.events[ONE] if isinstance(event, Refunded)]
        return host.paid(ONE), made

    def test_a_timer_pays_the_other_units(self) -> None:
        """Under `per_unit`, a timer pays 60.00 for the second unit, and no rest of the first."""
        expected = ["10.00 USD", "60.00 USD"], [("u1",), ("u2",)]
        assert expected == self.paid_by_timer("clickbank-per-unit", 40, 60)

    def test_without_per_unit_a_timer_pays_the_rest_of_the_order(self) -> None:
        """Without `per_unit`, a timer pays the rest of the order, 90.00."""
        expected = ["10.00 USD", "90.00 USD"], [("u1",), ()]
        assert expected == self.paid_by_timer("clickbank-confirmed", 40, 60)

    def test_a_ticket_about_one_unit_gets_nothing_more(self) -> None:
        """A ticket about one unit pays nothing more if the unit was refunded in part."""
        expected = ["10.00 USD"], [("u1",)]
        assert expected == self.paid_by_timer("clickbank-per-unit", 40, 60, units=("u1",))

    def test_the_last_unit_ends_the_timer(self) -> None:
        """A timer that waits for a full refund is met when all units are refunded."""
        host = OrderHost({ONE: "clickbank-per-unit"})
        host.open(ONE, 0, type="refund", order=order_of(units=priced_units(40, 60)))
        host.send(ONE, refund(1, 10, units=("u1",)), refund(2, reference="Q", units=("u2",)))

        assert [("refund", "met", "fully-refunded")] == [
            (each.timer.name, each.outcome, each.cause) for each in host.tickets[ONE].ended_timers
        ]
        assert dollars(0) == refundable(host.tickets[ONE], host.policies[ONE], host.ledger)

    def test_a_review_pays_nothing_for_units_that_are_refunded(self) -> None:
        """C13: a review refunds nothing for units that are refunded already."""
        host = OrderHost({ONE: "clickbank-per-unit"})
        host.open(ONE, 0, type="refund", order=order_of(units=priced_units(40, 60)))
        host.send(ONE, refund(1, 10, units=("u1",)), refund(2, reference="Q", units=("u2",)))
        host.send(
            ONE,
            c.Close(at=hours(3), by="vendor", consent=True),
            c.RequestReview(at=hours(4), by="customer"),
            c.Review(at=hours(5), by="support", abuse=True),
        )

        assert ["10.00 USD", "60.00 USD"] == host.paid(ONE)
        assert "closed" == host.tickets[ONE].status


class TestTurns:
    """At one moment the ticket's number decides; a command waits for all tickets that act then."""

    @pytest.fixture
    def superseded(self) -> OrderHost:
        """Return three tickets: at hour 2, a chargeback on the second ends the third's claim."""
        host = OrderHost(dict.fromkeys(NUMBERS, "amazon-pay"))
        for number in NUMBERS:
            host.open(number, 0)
        return host.send(THREE, dispute(1)).send(TWO, dispute(2, "chargeback"))

    @pytest.mark.parametrize("number", [ONE, TWO])
    def test_a_command_waits_whatever_the_numbers_are(
        self, superseded: OrderHost, number: str
    ) -> None:
        """A command waits for the tickets that act before it, whatever their numbers are."""
        assert THREE == superseded.waits(number, refund(2, 10))

    def test_a_claim_ends_at_the_instant_of_the_chargeback(self, superseded: OrderHost) -> None:
        """The order ends the claim if it is advanced until the instant of the chargeback."""
        assert [] == [number for number, _ in superseded.advanced(hours(2) - TICK).events]
        assert [THREE] == [number for number, _ in superseded.advanced(hours(2)).events]

    def test_of_two_tickets_the_first_number_acts_first(self, superseded: OrderHost) -> None:
        """The ticket with the lower number acts first at one instant."""
        moment = (hours(2), COMMAND)
        one, two, three = (superseded.tickets[number] for number in NUMBERS)

        OrderState.at_turn(one, (two, three), moment, by_number=True)
        with pytest.raises(OrderNotAdvancedError, match=THREE):
            OrderState.at_turn(one, (two, three), moment)


class TestUnitsWithoutAPrice:
    """K5: a unit without a price needs an amount, which a timer cannot give.

    The order of 100.00 has a unit of 40.00, one whose price is unknown, and one of 5.00.
    """

    @staticmethod
    def opened(units: tuple[str, ...] = ()) -> OrderHost:
        """Return a refund ticket and another one, whose facts take back the price of u2."""
        host = OrderHost({ONE: "clickbank-per-unit", TWO: "amazon-pay"})
        priced = order_of(units=priced_units(40, 60, 5))
        host.open(ONE, 0, type="refund", order=priced, units=units)
        host.open(TWO, 0, order=priced, units=units)
        unpriced = order_of(units=priced_units(40, None, 5))
        return host.send(TWO, c.CorrectOrder(at=hours(1), by="support", order=unpriced))

    @pytest.mark.parametrize("units", [(), ("u1", "u2"), ("u2",)])
    def test_a_request_is_refused(self, units: tuple[str, ...]) -> None:
        """Under `per_unit`, a request about a unit without a price is refused."""
        host = OrderHost({ONE: "clickbank-per-unit"})
        order = order_of(units=priced_units(40, None))
        request = c.Open(
            at=hours(0),
            by="customer",
            number=ONE,
            type="refund",
            order=order,
            units=units,
            zone="UTC",
        )

        assert "amount-required" == host.refused(ONE, request).code

    @pytest.mark.parametrize(
        ("units", "amount", "named"),
        [((), "45.00 USD", ("u1", "u3")), (("u1", "u2"), "40.00 USD", ("u1",))],
    )
    def test_a_timer_pays_for_the_other_units(
        self, units: tuple[str, ...], amount: str, named: tuple[str, ...]
    ) -> None:
        """A timer pays for the priced units and names them in its refund."""
        host = self.opened(units).advance_all(hours(25))
        made = [event.units for event in host.events[ONE] if isinstance(event, Refunded)]
        host.send(TWO, refund(26, 30, "Q", units=("u2",)))

        assert ([amount], [named]) == (host.paid(ONE), made)
        assert ["30.00 USD"] == host.paid(TWO)

    def test_a_timer_without_other_units_pays_nothing(self) -> None:
        """A timer without priced units pays nothing and closes its ticket."""
        host = self.opened(("u2",)).advance_all(hours(25))

        assert ([], "closed") == (host.paid(ONE), host.tickets[ONE].status)

    def test_a_refund_on_another_ticket_leaves_the_priced_units(self) -> None:
        """A refund on another ticket leaves the priced units to the timer."""
        host = self.opened().send(TWO, refund(2, 30, "Q", units=("u2",))).advance_all(hours(25))

        assert (["45.00 USD"], ["30.00 USD"]) == (host.paid(ONE), host.paid(TWO))

    def test_a_ticket_is_fully_refunded_with_its_unit_without_a_price(self) -> None:
        """A ticket counts as fully refunded only when its unit without a price is refunded too."""
        host = self.opened(("u1", "u2")).send(ONE, refund(2, units=("u1",)))
        before = [each.outcome for each in host.tickets[ONE].ended_timers]
        host.send(ONE, refund(3, 15, "P", units=("u2",)))

        assert ([], ["met"]) == (
            before,
            [each.outcome for each in host.tickets[ONE].ended_timers],
        )

    def test_a_ticket_about_all_units_is_fully_refunded_with_the_one_without_a_price(self) -> None:
        """A ticket about all units counts as fully refunded only with the one without a price."""
        host = self.opened().send(ONE, refund(2, units=("u1", "u3")))
        before = [each.outcome for each in host.tickets[ONE].ended_timers]
        host.send(ONE, refund(3, 15, "P", units=("u2",)))

        assert ([], ["met"]) == (
            before,
            [each.outcome for each in host.tickets[ONE].ended_timers],
        )

    def test_a_ticket_is_fully_refunded_when_nothing_of_the_order_is_left(self) -> None:
        """A ticket is fully refunded when a dispute holds the rest of the order."""
        host = OrderHost({ONE: "clickbank-per-unit", TWO: "amazon-pay"})
        priced = order_of(units=priced_units(40, 60))
        host.open(ONE, 0, type="refund", order=priced).open(TWO, 0, order=priced)
        unpriced = order_of(units=priced_units(40, None))
        host.send(TWO, c.CorrectOrder(at=hours(1), by="support", order=unpriced))
        host.send(TWO, dispute(1, amount=60)).send(ONE, refund(2, units=("u1",)))

        assert ["met"] == [each.outcome for each in host.tickets[ONE].ended_timers]
