"""Amazon Pay: advice, refunds, evidence and the checklist under the preset."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from support.builders import MADRID, MONDAY, LocalStory, enquiry, euros, order
from ticketcore.decider import advise, check_profile
from ticketcore.events import Money, Shipment
from ticketcore.policies import parse_policy

SHIPPED = Shipment(number="1Z999", shipped_at=datetime(2026, 1, 5, 12, tzinfo=UTC))


class TestAdvice:
    """A3: the advice is to refund below an amount, or to ask for missing information."""

    @pytest.mark.parametrize(
        ("amount", "do"),
        [
            (Money(1999, "USD"), "refund"),
            (Money(2000, "USD"), "answer"),
            (Money(1999, "EUR"), "refund"),
            (Money(2000, "EUR"), "answer"),
            (Money(1499, "GBP"), "refund"),
            (Money(1500, "GBP"), "answer"),
            (Money(1, "JPY"), "answer"),
        ],
    )
    def test_a_refund_is_advised_below_the_amount(self, amount: Money, do: str) -> None:
        """A3: no refund is advised at the amount itself, or in a currency without an amount."""
        bought = order(amount=amount, shipments=(SHIPPED,))
        story = enquiry(order=bought, reason="defective")
        advised = advise(story.ticket, story.policy)

        assert (do, "A3") == (advised.action, advised.rule)
        assert advised.reason

    @pytest.mark.parametrize(
        ("facts", "missing"),
        [
            ({"order": None}, ("order", "reason", "shipment")),
            ({}, ("reason", "shipment")),
            ({"reason": "defective"}, ("shipment",)),
        ],
    )
    def test_missing_facts_are_asked_for(
        self, facts: dict[str, Any], missing: tuple[str, ...]
    ) -> None:
        """A3: the advice names the missing facts."""
        story = enquiry(**facts)
        advised = advise(story.ticket, story.policy)

        assert ("ask", missing) == (advised.action, advised.missing)

    @pytest.mark.parametrize(("text", "do"), [("it leaks", "answer"), ("", "ask"), (None, "ask")])
    def test_a_policy_can_ask_for_a_description(self, text: str | None, do: str) -> None:
        """A3: a policy can list a text among the facts to ask for."""
        advice = '[advice]\nask_when_missing = "text"\n'
        policy = parse_policy(f'extends = "amazon-pay"\nname = "words"\n{advice}')
        story = LocalStory(policy, MADRID).open(MONDAY, text=text)

        assert do == advise(story.ticket, policy).action

    def test_earlier_refunds_are_subtracted(self) -> None:
        """A3: after a partial refund the rest of the order can be below the amount."""
        story = enquiry().do(
            "refund", "2026-01-12 10:00", "vendor", reference="r", amount=euros(3000)
        )

        assert "refund" == advise(story.ticket, story.policy).action

    def test_a_request_for_information_waits_for_the_customer(self) -> None:
        """A3: after the question the ticket waits for the customer."""
        story = enquiry().do("request-info", "2026-01-12 10:00", "vendor", text="Which parcel?")

        assert ("customer", "pending") == (story.ticket.waiting_for, story.ticket.status)


class TestRefundCaps:
    """A4: there are at most 10 refunds, up to the payment plus the smaller of 15 % and 75."""

    @pytest.mark.parametrize(
        ("captured", "most"),
        [
            (Money(4900, "EUR"), 5635),
            (Money(3333, "EUR"), 3832),
            (Money(50000, "EUR"), 57500),
            (Money(50001, "EUR"), 57501),
            (Money(100000, "USD"), 107500),
            (Money(100000, "GBP"), 107500),
            (Money(100000, "CHF"), 100000),
        ],
        ids=[
            "15 %",
            "15 %, never rounded up",
            "15 % equals 75",
            "75 instead of more",
            "75 dollars",
            "75 pounds",
            "no surplus elsewhere",
        ],
    )
    def test_the_limit_of_all_refunds(self, captured: Money, most: int) -> None:
        """A4: a refund of the whole limit is allowed, and one minor unit more is refused."""
        story = enquiry(order=order(amount=captured))
        at = "2026-01-12 10:00"
        cap, above = Money(most, captured.currency), Money(most + 1, captured.currency)

        assert ("cap-exceeded", "A4") == story.refused(
            "refund", at, "vendor", reference="r1", amount=above
        )
        assert most == story.do("refund", at, "vendor", reference="r1", amount=cap).ticket.refunded

    def test_several_refunds_share_the_limit(self) -> None:
        """A4: several refunds share one limit for their sum."""
        story = enquiry().do(
            "refund", "2026-01-12 10:00", "vendor", reference="r1", amount=euros(4900)
        )

        assert ("cap-exceeded", "A4") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r2", amount=euros(736)
        )

    def test_an_eleventh_refund_is_refused(self) -> None:
        """A4: an eleventh refund is refused, however small the ten before were."""
        story = enquiry()
        for n in range(10):
            at = f"2026-01-12 10:0{n}"
            story.do("refund", at, "vendor", reference=f"r{n}", amount=euros(100))

        assert ("too-many-refunds", "A4") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r10", amount=euros(100)
        )

    def test_a_failed_refund_does_not_count(self) -> None:
        """A4: a failed refund counts neither towards the 10 nor towards the sum."""
        story = enquiry()
        for n in range(10):
            at = f"2026-01-12 10:0{n}"
            story.do("refund", at, "vendor", reference=f"r{n}", amount=euros(490))
        story.do("fail-refund", "2026-01-12 11:00", "support", reference="r0", reason="declined")
        story.do("refund", "2026-01-12 12:00", "vendor", reference="r10", amount=euros(490))

        assert 4900 == story.ticket.refunded

    def test_a_confirmed_refund_cannot_fail(self) -> None:
        """A4: a failure after the confirmation, or for an unknown reference, is refused."""
        story = enquiry().do("refund", "2026-01-12 10:00", "vendor", reference="r1")
        assert ["pending"] == [record.state for record in story.ticket.refunds]

        story.do("confirm-refund", "2026-01-12 11:00", "system", reference="r1")
        at = "2026-01-12 12:00"
        assert "refund-settled" == story.refused("fail-refund", at, "system", reference="r1")[0]
        assert "unknown-refund" == story.refused("confirm-refund", at, "system", reference="r9")[0]

    def test_a_refund_sent_twice_pays_once(self) -> None:
        """A4: two refunds with one reference are one; another amount with it is refused."""
        story = enquiry()
        for hour in (10, 11):
            story.do(
                "refund", f"2026-01-12 {hour}:00", "vendor", reference="r1", amount=euros(900)
            )
        assert 900 == story.ticket.refunded

        assert (
            "reference-conflict"
            == story.refused(
                "refund", "2026-01-12 12:00", "vendor", reference="r1", amount=euros(901)
            )[0]
        )


class TestEvidence:
    """A5: order and shipment are kept as evidence."""

    LATER = Shipment(number="1Z100", shipped_at=datetime(2026, 1, 13, 9, tzinfo=UTC))

    def test_a_shipment_is_added_after_the_opening(self) -> None:
        """A5: a parcel that is sent after the question is kept with the ticket, once."""
        story = enquiry(order=order(amount=euros(4900), shipments=(SHIPPED,)))
        for hour in (10, 11):
            story.do("add-shipment", f"2026-01-13 {hour}:00", "vendor", shipment=self.LATER)

        bought = story.ticket.order
        assert bought is not None
        assert (SHIPPED, self.LATER) == bought.shipments
        assert 1 == len(story.dated_events("shipment-added"))

    def test_a_shipment_needs_an_order(self) -> None:
        """A5: a ticket without an order has no shipments."""
        refused = enquiry(order=None).refused(
            "add-shipment", "2026-01-13 10:00", "vendor", shipment=self.LATER
        )

        assert "order-required" == refused[0]

    def test_a_wrong_order_is_corrected(self) -> None:
        """A5: a corrected order replaces the ticket's, and the opening keeps the reported one."""
        story = enquiry()
        right = order(amount=euros(5900))
        story.do("correct-order", "2026-01-13 10:00", "vendor", order=right)
        story.do("correct-order", "2026-01-13 11:00", "vendor", order=right)

        assert (right, order(amount=euros(4900))) == (
            story.ticket.order,
            story.ticket.opened.order,
        )
        assert 1 == len(story.dated_events("order-corrected"))

    def test_an_order_is_added_to_a_ticket_without_one(self) -> None:
        """A5: an order that becomes known later can be refunded."""
        story = enquiry(order=None)
        story.do("correct-order", "2026-01-13 10:00", "support", order=order(amount=euros(4900)))
        story.do("refund", "2026-01-13 11:00", "vendor", reference="r1")

        assert 4900 == story.ticket.refunded

    def test_a_refunded_order_keeps_its_number(self) -> None:
        """A5, A4: the number of an order whose money has moved cannot change."""
        story = enquiry().do("refund", "2026-01-12 10:00", "vendor", reference="r1")
        other = attrs.evolve(order(amount=euros(4900)), number="MZ0000")

        assert (
            "order-fixed"
            == story.refused("correct-order", "2026-01-13 10:00", "vendor", order=other)[0]
        )

    @pytest.mark.parametrize(
        ("do", "fields"),
        [("correct-order", {"order": order()}), ("add-shipment", {"shipment": LATER})],
    )
    def test_the_customer_does_not_correct_orders(self, do: str, fields: dict[str, Any]) -> None:
        """A5: order details are evidence against the customer, so the customer gives none."""
        assert ("not-permitted", "A5") == enquiry().refused(do, MONDAY, "customer", **fields)

    def test_a_disputed_ticket_has_its_order_and_shipment(self) -> None:
        """A5: a ticket keeps order and shipment as they were at the opening."""
        story = enquiry(order=order(amount=euros(4900), shipments=(SHIPPED,)))
        story.do("open-dispute", "2026-02-20 10:00", "support", dispute="D1", kind="chargeback")

        bought = story.ticket.opened.order
        assert bought is not None
        assert ("MZ8X2K", (SHIPPED,)) == (bought.number, bought.shipments)


class TestChecklist:
    """A6: a checklist shows the gaps in a vendor's profile.

    Its items are contact data, notification preferences, the dispute process, messages that are
    read regularly, the refund policy, a contact that customers can find, order details and the
    decision model.
    """

    ITEMS = (
        "contact",
        "notifications",
        "dispute_process",
        "messages",
        "refund_policy",
        "findable_contact",
        "order_details",
        "decision_model",
    )

    def test_a_complete_profile_has_no_gaps(self) -> None:
        """A6: a profile with all eight items passes."""
        policy = enquiry().policy

        assert () == check_profile(dict.fromkeys(self.ITEMS, True), policy)

    @pytest.mark.parametrize("lacking", ITEMS)
    def test_a_missing_item_is_named(self, lacking: str) -> None:
        """A6: an item that is False, or absent, is listed in words."""
        policy = enquiry().policy
        full = dict.fromkeys(self.ITEMS, True)
        absent = {item: value for item, value in full.items() if item != lacking}

        assert (policy.profile.items[lacking],) == check_profile({**full, lacking: False}, policy)
        assert (policy.profile.items[lacking],) == check_profile(absent, policy)
