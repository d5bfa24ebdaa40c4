"""Cases in which a wrong ledger pays twice, pays too little, or never ends.

Each case has its number in its docstring. All times count from Monday, 08:00 UTC; a clickbank
refund that a customer requested then is due on Tuesday, 08:00.
"""

from datetime import timedelta

import pytest

from support.orders.hosts import (
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
from ticketcore.decider import decide_and_apply
from ticketcore.errors import OrderNotAdvancedError
from ticketcore.events import Closed, DisputeResolved, EndedTimer, Refunded, Scheduled
from ticketcore.ledger import wakes


def clickbank() -> OrderHost:
    """Return an order under the preset clickbank."""
    return OrderHost(dict.fromkeys((ONE, TWO), "clickbank"))


def confirmed() -> OrderHost:
    """Return an order whose refunds wait for confirmation."""
    return OrderHost(dict.fromkeys((ONE, TWO), "clickbank-confirmed"))


def amazon() -> OrderHost:
    """Return an order under the preset amazon-pay, with two tickets."""
    host = OrderHost(dict.fromkeys((ONE, TWO, THREE), "amazon-pay"))
    return host.open(ONE, 0).open(TWO, 0)


def disputed() -> OrderHost:
    """Return an order with disputes on its first ticket and refunds by timers on its second."""
    host = OrderHost({ONE: "amazon-pay", TWO: "clickbank-confirmed"})
    return host.open(ONE, 0).open(TWO, 4, type="refund")


class TestWhatWaits:
    """A command or timer about money waits until its turn; nothing else waits."""

    def test_a_reply_does_not_wait(self) -> None:
        """Case 1: a ticket with unread content does not stop messages on another one."""
        host = clickbank().open(ONE, 0, type="refund").open(TWO, 0, type="technical")
        host.receive_unread(ONE)

        host.send(TWO, c.Reply(at=hours(30), by="customer", text="…"))

        assert hours(30) == host.tickets[TWO].at

    def test_a_command_precedes_a_timer_that_fires_after_its_instant(self) -> None:
        """Case 2: a refund at the due instant of a claim comes before the claim's timer."""
        host = amazon().send(ONE, dispute(0, amount=10))

        host.send(TWO, refund(168, 30))

        assert () == host.advance(ONE, hours(168))
        events = host.advance(ONE, hours(168) + TICK)
        assert ["dispute-resolved", "scheduled"] == [event.NAME for event in events]

    def test_tickets_with_alternating_timers_do_not_block_each_other(self) -> None:
        """Case 3: `advance` returns the events before the timer that must wait."""
        host = amazon()
        for number, day in ((ONE, 7), (ONE, 9), (TWO, 8)):
            deadline = hours(24 * day)
            host.send(number, dispute(1, dispute=f"D-{day}", amount=10, deadline=deadline))

        first = host.advance(ONE, hours(240))
        with pytest.raises(OrderNotAdvancedError) as waits:
            host.advance(ONE, hours(240))
        second, third = host.advance(TWO, hours(240)), host.advance(ONE, hours(240))

        assert (TWO, hours(192)) == (waits.value.ticket, waits.value.due)
        assert ["D-7", "D-8", "D-9"] == [
            event.dispute
            for event in (*first, *second, *third)
            if isinstance(event, DisputeResolved)
        ]

    def test_the_number_decides_at_one_instant(self) -> None:
        """Case 4: of two refunds that are due at one instant, the first ticket's is paid."""
        host = clickbank().open(ONE, 0, type="refund").open(TWO, 0, type="refund")

        with pytest.raises(OrderNotAdvancedError, match=ONE):
            host.advance(TWO, hours(24))
        host.advance(ONE, hours(24))
        host.advance(TWO, hours(24))

        assert (["100.00 USD"], []) == (host.paid(ONE), host.paid(TWO))

    def test_a_timer_that_a_command_makes_due_belongs_to_the_command(self) -> None:
        """Case 5: C13: a refund without a grace period comes after timers of its instant."""
        host = clickbank()
        host.open(ONE, 0, type="technical", has_grace_period=False)
        host.open(TWO, 0, type="refund")
        change = c.ChangeType(at=hours(24), by="customer", type="refund")

        waits_for = host.waits(ONE, change)
        host.advance(TWO, hours(24))
        host.send(ONE, change)

        assert TWO == waits_for
        assert ([], ["100.00 USD"]) == (host.paid(ONE), host.paid(TWO))

    def test_a_failing_refund_waits(self) -> None:
        """Case 9: a refund that was due before gets nothing from one that fails later."""
        host = confirmed().open(ONE, 0, type="refund").open(TWO, 4, type="refund")
        host.advance(ONE, hours(24))
        failed = c.FailRefund(at=hours(29), by="support", reference=f"{ONE}-refund-1")

        waits_for = host.waits(ONE, failed)
        host.advance(TWO, hours(29))
        host.send(ONE, failed)

        assert TWO == waits_for
        assert (["100.00 USD"], []) == (host.paid(ONE), host.paid(TWO))

    def test_a_dispute_that_is_won_waits(self) -> None:
        """Case 10: a refund that was due before gets nothing from a dispute won later."""
        host = disputed().send(ONE, dispute(5))

        assert TWO == host.waits(ONE, resolve(29, "claim", "won"))

    def test_a_new_dispute_waits(self) -> None:
        """Case 11: a refund that was due before is not cut by a later chargeback."""
        host = disputed()

        waits_for = host.waits(ONE, dispute(29, "chargeback"))
        host.advance(TWO, hours(29))
        host.send(ONE, dispute(29, "chargeback"))

        assert TWO == waits_for
        assert ["100.00 USD"] == host.paid(TWO)

    def test_a_review_that_finds_abuse_waits(self) -> None:
        """C13: a review that finds abuse waits for a ticket whose claim a chargeback ended."""
        host = OrderHost({ONE: "clickbank", TWO: "amazon-pay", THREE: "amazon-pay"})
        host.open(ONE, 0, type="refund").open(TWO, 0).open(THREE, 0)
        host.send(ONE, c.Close(at=hours(1), by="vendor", consent=True))
        host.send(ONE, c.RequestReview(at=hours(1), by="customer"))
        host.send(TWO, refund(2, 60), dispute(3, amount=40))
        host.send(THREE, dispute(4, "chargeback", 10))
        review = c.Review(at=hours(5), by="support", abuse=True)

        waits_for = host.waits(ONE, review)
        host.advance(TWO, hours(5))
        host.send(ONE, review)

        assert TWO == waits_for
        assert ["30.00 USD"] == host.paid(ONE)

    def test_a_review_that_clears_the_vendor_does_not_wait(self) -> None:
        """C13: a review that clears the vendor does not wait, since it moves no money."""
        host = clickbank().open(ONE, 0, type="refund").open(TWO, 0, type="refund")
        host.send(ONE, c.Close(at=hours(1), by="vendor", consent=True))
        host.send(ONE, c.RequestReview(at=hours(1), by="customer"))

        host.send(ONE, c.Review(at=hours(30), by="support", abuse=False))

        assert "cleared" == host.tickets[ONE].review

    def test_a_dispute_that_silence_decides_waits(self) -> None:
        """Case 14: a chargeback that its timer decides waits for the claim that it ended."""
        host = amazon().send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))

        with pytest.raises(OrderNotAdvancedError, match=ONE):
            host.advance(TWO, hours(400))

    @pytest.mark.parametrize("delay", [timedelta(minutes=5), timedelta(0)])
    def test_facts_that_come_after_a_deadline_do_not_change_it(self, delay: timedelta) -> None:
        """Cases 6 and 7: a later opening with another amount does not change a due refund."""
        host = clickbank().open(ONE, 0, type="refund")
        host.open(TWO, 24 + delay / timedelta(hours=1), type="technical", order=order_of(80))

        host.advance(ONE, hours(25))

        assert ["100.00 USD"] == host.paid(ONE)


class TestWhatIsAddedUp:
    """All sums run over all tickets of the order, each ticket once."""

    def test_the_newest_facts_count(self) -> None:
        """Case 8: C8: a ticket that states 120.00 pays the 100.00 that a newer ticket states."""
        host = clickbank().open(ONE, 0, type="refund", order=order_of(120))
        host.open(TWO, 1, type="technical").advance_all(hours(24))

        assert ["100.00 USD"] == host.paid(ONE)

    def test_the_captured_money_is_no_less_than_the_invoices(self) -> None:
        """Case 8: C8: each invoice is paid back although each ticket gives its own as amount."""
        host = clickbank()
        for number, invoice in ((ONE, "I-1"), (TWO, "I-2")):
            order = order_of(
                30, billing="recurring", invoice_number=invoice, invoice_amount=dollars(30)
            )
            host.open(number, 0, type="refund", order=order)
        host.advance_all(hours(24))

        assert (["30.00 USD"], ["30.00 USD"]) == (host.paid(ONE), host.paid(TWO))

    def test_a_running_dispute_holds_its_amount(self) -> None:
        """Case 12: A2: a refund on another ticket is refused while a chargeback holds all."""
        host = amazon().send(ONE, dispute(1, "chargeback"))

        assert "dispute-running" == host.refused(TWO, refund(2, 100)).code

    def test_references_are_unique_in_the_order(self) -> None:
        """Case 17: two tickets' refunds have different references at the payment provider."""
        host = confirmed()
        order = order_of(units=priced_units(40, 60))
        host.open(ONE, 0, type="refund", order=order, units=("u1",))
        host.open(TWO, 0, type="refund", order=order, units=("u2",))
        host.advance_all(hours(24))

        assert [f"{ONE}-refund-1", f"{TWO}-refund-1"] == [
            event.reference for _, event in host.recorded if isinstance(event, Refunded)
        ]

    def test_the_ticket_itself_is_counted_once(self) -> None:
        """Case 18: A4: the ticket's own refunds are counted once against the cap of 115.00."""
        host = amazon().send(ONE, refund(1, 30)).send(ONE, refund(2, 85, "Q"))

        assert ["30.00 USD", "85.00 USD"] == host.paid(ONE)

    def test_a_refund_timer_pays_for_the_units_of_its_ticket(self) -> None:
        """Case 19: K5: a ticket about one unit of an order pays the price of this unit."""
        order = order_of(units=priced_units(40, 60))
        host = clickbank().open(ONE, 0, type="refund", order=order, units=("u1",))
        host.advance(ONE, hours(24))

        assert ["40.00 USD"] == host.paid(ONE)

    def test_a_command_dated_before_another_tickets_money_is_refused(self) -> None:
        """Case 20: a refund that is dated before another ticket's money event is refused."""
        host = amazon().send(ONE, refund(2))
        host.send(ONE, c.FailRefund(at=hours(5), by="support", reference="R"))

        refusal = host.refused(TWO, refund(3, 100, "Q"))

        assert "out-of-order" == refusal.code
        assert ONE in refusal.reason

    def test_a_late_opening_is_refused(self) -> None:
        """Case 20: an opening changes the facts as of its instant, so it may not be late."""
        host = clickbank().open(ONE, 0, type="refund").advance_all(hours(24))
        late = c.Open(
            at=hours(23), by="customer", number=TWO, order=order_of(80), zone="UTC", type="refund"
        )

        assert "out-of-order" == host.refused(TWO, late).code

    def test_a_closing_by_a_timer_dates_the_money(self) -> None:
        """Case 21: a failure is out of order if it is dated before a timer that found nothing
        left."""
        host = confirmed().open(ONE, 0, type="technical").open(TWO, 0, type="refund")
        host.send(ONE, refund(1)).advance(TWO, hours(24))
        late = c.FailRefund(at=hours(23), by="support", reference="R")

        assert isinstance(host.events[TWO][-2], Closed)
        assert "out-of-order" == host.refused(ONE, late).code

    def test_a_rest_below_zero_is_nothing(self) -> None:
        """Case 22: after a full refund and a claim, the refusal names no amount to exceed."""
        host = amazon().send(ONE, refund(1), dispute(2, amount=10))

        assert "nothing-to-refund" == host.refused(ONE, refund(3, reference="Q")).code


class TestSupersededClaims:
    """A2: a chargeback ends the claims on all tickets of the order."""

    def test_the_claim_ends_as_of_the_chargeback(self) -> None:
        """Case 13: the claim's ticket ends it when it is advanced, stamped with the chargeback's
        instant, before the chargeback can be won."""
        host = amazon().send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))

        waits_for = host.waits(TWO, resolve(3, "chargeback", "won"))
        ended, *_ = host.advance(ONE, hours(50))

        assert ONE == waits_for
        assert (
            DisputeResolved(at=hours(2), dispute="claim", outcome="superseded", derived=True)
            == ended
        )

    def test_the_claims_timer_is_cancelled_and_the_others_stay(self) -> None:
        """Case 13: the record of the timers names the claim, and keeps the other timer."""
        host = OrderHost({ONE: "claims-and-updates", TWO: "amazon-pay"}).open(ONE, 0).open(TWO, 0)
        host.send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))
        before = host.tickets[ONE].timers

        resolved, scheduled = host.advance(ONE, hours(50))

        assert (
            Scheduled(
                at=resolved.at,
                timers=tuple(timer for timer in before if timer.name == "update"),
                ended=tuple(
                    EndedTimer(timer.name, timer.cycle, "cancelled", dispute="claim")
                    for timer in before
                    if timer.name == "claim"
                ),
            )
            == scheduled
        )

    def test_a_claim_without_a_deadline_ends_without_timers(self) -> None:
        """Case 13: a claim without a deadline ends without a record of timers."""
        host = OrderHost({ONE: "claims-without-end", TWO: "amazon-pay"}).open(ONE, 0).open(TWO, 0)
        host.send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))

        assert ["dispute-resolved"] == [event.NAME for event in host.advance(ONE, hours(50))]

    def test_a_settled_chargeback_ends_earlier_claims(self) -> None:
        """Case 13: the claim ends although a host without ledgers settled the chargeback first."""
        host = amazon().send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))
        won = resolve(3, "chargeback", "won")
        host.tickets[TWO], _ = decide_and_apply(host.tickets[TWO], won, host.policies[TWO])

        host.advance(ONE, hours(50))

        assert "superseded" == host.tickets[ONE].disputes[0].outcome

    def test_a_chargeback_that_is_lost_as_it_opens_ends_earlier_claims(self) -> None:
        """Case 13: a chargeback that is lost as it opens ends earlier claims at once."""
        host = amazon().send(ONE, dispute(1))
        host.send(TWO, dispute(2, "chargeback", deadline=hours(1)))
        assert "lost" == host.tickets[TWO].disputes[0].outcome

        host.advance(ONE, hours(500))

        assert ("superseded", hours(2)) == (
            host.tickets[ONE].disputes[0].outcome,
            next(e.at for e in host.events[ONE] if isinstance(e, DisputeResolved)),
        )

    def test_a_chargeback_settled_at_the_instant_of_the_claim_does_not_end_it(self) -> None:
        """Case 13: at one instant, only a running chargeback ends a claim."""
        host = amazon().send(TWO, dispute(2, "chargeback"), resolve(2, "chargeback", "won"))
        host.send(ONE, dispute(2)).advance(ONE, hours(50))

        assert host.tickets[ONE].disputes[0].outcome is None

    def test_the_chargeback_records_what_it_supersedes(self) -> None:
        """Case 15: a chargeback records what it supersedes, so a claim ends under any policy."""
        host = OrderHost({ONE: "claims-only", TWO: "amazon-pay"}).open(ONE, 0).open(TWO, 0)
        host.send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))

        host.advance(ONE, hours(2))

        assert "superseded" == host.tickets[ONE].disputes[0].outcome

    def test_the_claims_ticket_wakes_at_the_chargeback(self) -> None:
        """Case 16: the ticket of a claim wakes at the chargeback on the other ticket."""
        host = amazon().send(ONE, dispute(1))
        before = wakes(host.tickets[ONE], host.ledger)
        host.send(TWO, dispute(2, "chargeback"))

        assert hours(169) + TICK == before
        assert hours(2) == wakes(host.tickets[ONE], host.ledger)

    def test_one_chargeback_ends_claims_on_two_tickets(self) -> None:
        """If one chargeback ends claims on two tickets, the lower ticket number goes first."""
        host = amazon().open(THREE, 0)
        for number in (ONE, TWO):
            host.send(number, dispute(1, dispute=number))
        host.send(THREE, dispute(2, "chargeback"))

        with pytest.raises(OrderNotAdvancedError, match=ONE):
            host.advance(TWO, hours(3))
        host.advance_all(hours(3))

        assert ["superseded", "superseded"] == [
            host.tickets[number].disputes[0].outcome for number in (ONE, TWO)
        ]


def test_a_refund_timer_is_met_by_the_facts_of_its_turn() -> None:
    """A later ticket that names a higher amount does not change how the timer ended."""
    host = clickbank().open(ONE, 0, type="refund").open(TWO, 48, order=order_of(120))
    *_, scheduled = host.advance(ONE, hours(72))

    assert isinstance(scheduled, Scheduled)
    assert [("refund", "met", "fully-refunded")] == [
        (ended.name, ended.outcome, ended.cause) for ended in scheduled.ended
    ]


class TestTimersMetByRefunds:
    """C8, K5: the refund of one timer meets another that waits for it."""

    def test_refunds_of_other_tickets_count(self) -> None:
        """A timer counts what other tickets paid: after 40.00 of 100.00 USD, it pays the rest."""
        host = OrderHost({ONE: "paid-in-time", TWO: "clickbank-confirmed"})
        host.open(ONE, 0).open(TWO, 1, type="technical").send(TWO, refund(2, 40))

        assert ("met", "fully-refunded") == self._end_of_money(host)

    def test_facts_that_came_later_do_not_count(self) -> None:
        """A timer ignores facts of the order that are recorded after its instant."""
        host = OrderHost({ONE: "paid-in-time", TWO: "clickbank"})
        host.open(ONE, 0).open(TWO, 24, order=order_of(120))

        assert ("met", "fully-refunded") == self._end_of_money(host)

    def test_a_ticket_about_units_is_owed_their_prices(self) -> None:
        """A timer of a ticket about units pays their prices, not the shipping."""
        host = OrderHost({ONE: "paid-per-unit"})
        host.open(ONE, 0, order=order_of(units=priced_units(30, 50)))

        assert ("met", "fully-refunded") == self._end_of_money(host)

    @staticmethod
    def _end_of_money(host: OrderHost) -> tuple[str, str | None]:
        """Return how the timer "money" of the first ticket ended."""
        host.advance_all(hours(200))
        ended = {e.timer.name: (e.outcome, e.cause) for e in host.tickets[ONE].ended_timers}
        return ended["money"]
