"""Amazon Pay's rules on advice, refunds and evidence, under the preset as it is shipped."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support.builders import MADRID, MONDAY, LocalStory, enquiry, euros, order
from ticketcore.decider import advise, check_profile
from ticketcore.events import Money, Shipment
from ticketcore.policies import parse_policy

SHIPPED = Shipment(number="1Z999", shipped_at=datetime(2026, 1, 5, 12, tzinfo=UTC))


class TestAdvice:
    """A3: strictly below an amount, by currency, simply refund; else ask for what is missing."""

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
    def test_strictly_below_the_currencys_amount(self, amount: Money, do: str) -> None:
        """A3: at the amount itself, and in a currency without one, nothing is simply refunded."""
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
    def test_more_information_is_asked_for(
        self, facts: dict[str, Any], missing: tuple[str, ...]
    ) -> None:
        """A3: what is not known is named."""
        story = enquiry(**facts)
        advised = advise(story.ticket, story.policy)

        assert ("ask", missing) == (advised.action, advised.missing)

    @pytest.mark.parametrize(("text", "do"), [("it leaks", "answer"), ("", "ask"), (None, "ask")])
    def test_a_policy_may_ask_for_words(self, text: str | None, do: str) -> None:
        """A3: what is asked for is the policy's choice, for example a description."""
        advice = '[advice]\nask_when_missing = "text"\n'
        policy = parse_policy(f'extends = "amazon-pay"\nname = "words"\n{advice}')
        story = LocalStory(policy, MADRID).open(MONDAY, text=text)

        assert do == advise(story.ticket, policy).action

    def test_what_is_left_of_the_order_counts(self) -> None:
        """A3: after a part was paid back, the rest may be below the amount."""
        story = enquiry().do(
            "refund", "2026-01-12 10:00", "vendor", reference="r", amount=euros(3000)
        )

        assert "refund" == advise(story.ticket, story.policy).action

    def test_the_merchant_asks(self) -> None:
        """A3: the question passes the turn to the customer."""
        story = enquiry().do("request-info", "2026-01-12 10:00", "vendor", text="Which parcel?")

        assert ("customer", "pending") == (story.ticket.waiting_for, story.ticket.status)


class TestRefundCaps:
    """A4: at most 10 refunds; in total what was captured plus the smaller of 15 % and 75."""

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
            "both alike",
            "75 from there on",
            "75 dollars",
            "75 pounds",
            "no surplus elsewhere",
        ],
    )
    def test_the_most_in_total(self, captured: Money, most: int) -> None:
        """A4: the last minor unit is granted, one more is refused."""
        story = enquiry(order=order(amount=captured))
        at = "2026-01-12 10:00"
        cap, above = Money(most, captured.currency), Money(most + 1, captured.currency)

        assert ("cap-exceeded", "A4") == story.refused(
            "refund", at, "vendor", reference="r1", amount=above
        )
        assert most == story.do("refund", at, "vendor", reference="r1", amount=cap).ticket.refunded

    def test_several_refunds_share_the_cap(self) -> None:
        """A4: in total, not each."""
        story = enquiry().do(
            "refund", "2026-01-12 10:00", "vendor", reference="r1", amount=euros(4900)
        )

        assert ("cap-exceeded", "A4") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r2", amount=euros(736)
        )

    def test_ten_refunds_and_no_eleventh(self) -> None:
        """A4: however small they are."""
        story = enquiry()
        for n in range(10):
            at = f"2026-01-12 10:0{n}"
            story.do("refund", at, "vendor", reference=f"r{n}", amount=euros(100))

        assert ("too-many-refunds", "A4") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r10", amount=euros(100)
        )

    def test_a_refund_that_failed_counts_for_nothing(self) -> None:
        """A4: neither towards the 10 nor towards the total."""
        story = enquiry()
        for n in range(10):
            at = f"2026-01-12 10:0{n}"
            story.do("refund", at, "vendor", reference=f"r{n}", amount=euros(490))
        story.do("fail-refund", "2026-01-12 11:00", "support", reference="r0", reason="declined")
        story.do("refund", "2026-01-12 12:00", "vendor", reference="r10", amount=euros(490))

        assert 4900 == story.ticket.refunded

    def test_the_provider_confirms(self) -> None:
        """A4: once carried out, it cannot fail any more; what nobody asked for is unknown."""
        story = enquiry().do("refund", "2026-01-12 10:00", "vendor", reference="r1")
        assert ["pending"] == [record.state for record in story.ticket.refunds]

        story.do("confirm-refund", "2026-01-12 11:00", "system", reference="r1")
        at = "2026-01-12 12:00"
        assert "refund-settled" == story.refused("fail-refund", at, "system", reference="r1")[0]
        assert "unknown-refund" == story.refused("confirm-refund", at, "system", reference="r9")[0]

    def test_a_refund_sent_twice_pays_once(self) -> None:
        """A4: one reference is one refund, and stands for no other amount."""
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
    """A5: order details, shipment number and date included, are kept with the ticket."""

    def test_they_are_there_when_a_dispute_comes(self) -> None:
        """A5: as they were when the ticket was opened."""
        story = enquiry(order=order(amount=euros(4900), shipments=(SHIPPED,)))
        story.do("open-dispute", "2026-02-20 10:00", "support", dispute="D1", kind="chargeback")

        bought = story.ticket.opened.order
        assert bought is not None
        assert ("MZ8X2K", (SHIPPED,)) == (bought.number, bought.shipments)


class TestChecklist:
    """A6: contact data, notification preferences, dispute process, refund policy, findable
    contact: a check of the profile lists what is missing."""

    ITEMS = ("contact", "notifications", "dispute_process", "refund_policy", "findable_contact")

    def test_a_full_profile_lacks_nothing(self) -> None:
        """A6: all five are there."""
        policy = enquiry().policy

        assert () == check_profile(dict.fromkeys(self.ITEMS, True), policy)

    @pytest.mark.parametrize("lacking", ITEMS)
    def test_what_is_missing_is_named(self, lacking: str) -> None:
        """A6: said to be missing, or not said at all, in words."""
        policy = enquiry().policy
        full = dict.fromkeys(self.ITEMS, True)
        unsaid = {item: there for item, there in full.items() if item != lacking}

        assert (policy.profile.items[lacking],) == check_profile({**full, lacking: False}, policy)
        assert (policy.profile.items[lacking],) == check_profile(unsaid, policy)
