"""Amazon Pay's rules, each through the decider under the preset as it is shipped."""

from datetime import UTC, datetime
from typing import Any

import pytest

from stories import Story, order
from ticketcore.decide import advise, check_profile
from ticketcore.events import Money, Shipment

MADRID = "Europe/Madrid"
MONDAY = "2026-01-12 09:00"
SHIPPED = Shipment(number="1Z999", shipped_at=datetime(2026, 1, 5, 12, tzinfo=UTC))


def asked(at: str = MONDAY, zone: str = MADRID, **facts: Any) -> Story:
    """A question about an order of 49.00 EUR."""
    return Story("amazon-pay", zone).open(at, **{"order": order(amount=euros(4900)), **facts})


def euros(cents: int) -> Money:
    """An amount in euros."""
    return Money(cents, "EUR")


def disputed(kind: str, at: str = "2026-01-13 10:00", zone: str = MADRID, **facts: Any) -> Story:
    """A ticket about whose order a dispute was opened."""
    story = asked(f"{at[:10]} 09:00", zone)
    return story.do("open-dispute", at, "support", dispute="D1", kind=kind, **facts)


class TestTimeToAnswer:
    """A1: 7 calendar days for a claim, 11 for a chargeback, unless the notice has a deadline."""

    @pytest.mark.parametrize(
        ("kind", "at", "due"),
        [
            ("claim", "2026-01-13 10:00", "2026-01-20 10:00"),
            ("chargeback", "2026-01-13 10:00", "2026-01-24 10:00"),
            ("claim", "2026-03-27 10:00", "2026-04-03 10:00"),
            ("chargeback", "2026-10-20 10:00", "2026-10-31 10:00"),
            ("claim", "2026-12-23 10:00", "2026-12-30 10:00"),
        ],
        ids=["claim", "chargeback", "clocks forward", "clocks back", "holidays count"],
    )
    def test_calendar_days_at_the_same_local_time(self, kind: str, at: str, due: str) -> None:
        """A1: weekends, holidays and a clock change or not."""
        assert due == disputed(kind, at).due(kind)

    @pytest.mark.parametrize("kind", ["claim", "chargeback"])
    @pytest.mark.parametrize("deadline", ["2026-01-15 18:00", "2026-03-01 18:00"])
    def test_the_notices_own_deadline_counts(self, kind: str, deadline: str) -> None:
        """A1: be it earlier or later than the days."""
        instant = Story("amazon-pay", MADRID).instant(deadline)

        assert deadline == disputed(kind, deadline=instant).due(kind)

    def test_several_disputes_have_their_own_times(self) -> None:
        """A1: two claims on one order, each with its own clock."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="claim")
        story.do("answer-dispute", "2026-01-16 10:00", "vendor", dispute="D1")

        dues = {timer.dispute: story.local(timer.due) for timer in story.ticket.timers}
        assert {"D2": "2026-01-22 10:00"} == dues

    def test_another_kind_is_refused(self) -> None:
        """A1: claims and chargebacks are what there is."""
        assert (
            "unknown-dispute-kind"
            == asked().refused("open-dispute", MONDAY, "support", dispute="D1", kind="complaint")[
                0
            ]
        )

    def test_a_dispute_outlives_its_ticket(self) -> None:
        """A1, A2: closing the ticket answers no dispute, nor does one need an open ticket."""
        story = disputed("claim").do("close", "2026-01-14 10:00", "vendor")
        story.do("open-dispute", "2026-01-15 10:00", "customer", dispute="D2", kind="claim")
        story.until("2026-02-28 00:00")

        assert ["dispute-resolved 2026-01-20 10:00", "dispute-resolved 2026-01-22 10:00"] == (
            story.told("dispute-resolved")
        )


class TestSilence:
    """A2: silence until the deadline decides for the buyer; a chargeback ends a claim."""

    @pytest.mark.parametrize(
        ("kind", "due"), [("claim", "2026-01-20 10:00"), ("chargeback", "2026-01-24 10:00")]
    )
    def test_it_decides_for_the_buyer(self, kind: str, due: str) -> None:
        """A2: as of the deadline, by the timer."""
        story = disputed(kind).until("2026-02-28 00:00")

        assert [f"dispute-resolved {due}"] == story.told("dispute-resolved")
        assert ["customer"] == [dispute.outcome for dispute in story.ticket.disputes]

    def test_an_answer_at_the_deadline_is_in_time(self) -> None:
        """A2: then the platform decides, when it likes."""
        story = disputed("claim").do("answer-dispute", "2026-01-20 10:00", "vendor", dispute="D1")
        story.until("2026-02-28 00:00")
        assert ([], {}) == (story.told("dispute-resolved"), story.pending())

        story.do("resolve-dispute", "2026-03-01 10:00", "support", dispute="D1", outcome="vendor")
        assert "vendor" == story.ticket.disputes[0].outcome

    def test_a_microsecond_later_it_is_decided(self) -> None:
        """A2: the answer finds a dispute that is over."""
        assert ("dispute-settled", "A2") == disputed("claim").refused(
            "answer-dispute", "2026-01-20 10:00:00.000001", "vendor", dispute="D1"
        )

    def test_answering_the_customer_is_not_answering_the_dispute(self) -> None:
        """A2: the platform waits for an answer to the claim."""
        story = disputed("claim").do("reply", "2026-01-14 10:00", "vendor")

        assert "2026-01-20 10:00" == story.due("claim")

    def test_a_chargeback_ends_a_claim(self) -> None:
        """A2: it is superseded, its clock ends, and the chargeback has its own."""
        story = disputed("claim")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        assert ["superseded", None] == [dispute.outcome for dispute in story.ticket.disputes]
        assert {"chargeback": "2026-01-26 10:00"} == story.pending()

    def test_an_answered_claim_is_ended_too(self) -> None:
        """A2: whatever was said to the one, the bank decides now."""
        story = disputed("claim").do("answer-dispute", "2026-01-14 10:00", "vendor", dispute="D1")
        story.do("open-dispute", "2026-01-15 10:00", "support", dispute="D2", kind="chargeback")

        assert "superseded" == story.ticket.disputes[0].outcome
        assert ("dispute-settled", "A2") == story.refused(
            "resolve-dispute", "2026-01-16 10:00", "support", dispute="D1", outcome="vendor"
        )

    def test_no_claim_beside_a_chargeback(self) -> None:
        """A2: while the chargeback runs, a claim is refused; a decided one is in nobody's way."""
        story = disputed("chargeback")
        claim = {"dispute": "D2", "kind": "claim"}
        assert ("superseded", "A2") == story.refused(
            "open-dispute", "2026-01-14 10:00", "customer", **claim
        )

        story.do("resolve-dispute", "2026-01-15 10:00", "support", dispute="D1", outcome="vendor")
        story.do("open-dispute", "2026-01-16 10:00", "customer", **claim)
        assert "2026-01-23 10:00" == story.due("claim")

    def test_who_lost_the_dispute_pays_no_second_time(self) -> None:
        """A2, A4: the buyer has the money already."""
        story = disputed("chargeback").until("2026-01-25 00:00")

        assert ("already-reimbursed", "A2") == story.refused(
            "refund", "2026-01-25 10:00", "vendor", reference="r1"
        )

    def test_each_party_does_its_part(self) -> None:
        """A1, A2: buyers open, merchants answer, the platform decides."""
        story = disputed("claim")
        at = "2026-01-14 10:00"

        assert "not-permitted" == story.refused("answer-dispute", at, "customer", dispute="D1")[0]
        assert (
            "not-permitted"
            == story.refused("resolve-dispute", at, "vendor", dispute="D1", outcome="vendor")[0]
        )
        assert (
            "not-permitted"
            == story.refused("open-dispute", at, "vendor", dispute="D2", kind="claim")[0]
        )
        assert "unknown-dispute" == story.refused("answer-dispute", at, "vendor", dispute="D9")[0]


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
        story = asked(order=bought, reason="defective")
        advised = advise(story.ticket, story.policy)

        assert (do, "A3") == (advised.do, advised.rule)
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
        story = asked(**facts)
        advised = advise(story.ticket, story.policy)

        assert ("ask", missing) == (advised.do, advised.missing)

    def test_what_is_left_of_the_order_counts(self) -> None:
        """A3: after a part was paid back, the rest may be below the amount."""
        story = asked().do(
            "refund", "2026-01-12 10:00", "vendor", reference="r", amount=euros(3000)
        )

        assert "refund" == advise(story.ticket, story.policy).do

    def test_the_merchant_asks(self) -> None:
        """A3: the question passes the turn to the customer."""
        story = asked().do("request-info", "2026-01-12 10:00", "vendor", text="Which parcel?")

        assert ("customer", "waiting") == (story.ticket.turn, story.ticket.status)


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
        story = asked(order=order(amount=captured))
        at = "2026-01-12 10:00"
        cap, above = Money(most, captured.currency), Money(most + 1, captured.currency)

        assert ("cap-exceeded", "A4") == story.refused(
            "refund", at, "vendor", reference="r1", amount=above
        )
        assert most == story.do("refund", at, "vendor", reference="r1", amount=cap).ticket.refunded

    def test_several_refunds_share_the_cap(self) -> None:
        """A4: in total, not each."""
        story = asked().do(
            "refund", "2026-01-12 10:00", "vendor", reference="r1", amount=euros(4900)
        )

        assert ("cap-exceeded", "A4") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r2", amount=euros(736)
        )

    def test_ten_refunds_and_no_eleventh(self) -> None:
        """A4: however small they are."""
        story = asked()
        for n in range(10):
            at = f"2026-01-12 10:0{n}"
            story.do("refund", at, "vendor", reference=f"r{n}", amount=euros(100))

        assert ("too-many-refunds", "A4") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r10", amount=euros(100)
        )

    def test_a_refund_that_failed_counts_for_nothing(self) -> None:
        """A4: neither towards the 10 nor towards the total."""
        story = asked()
        for n in range(10):
            at = f"2026-01-12 10:0{n}"
            story.do("refund", at, "vendor", reference=f"r{n}", amount=euros(490))
        story.do("fail-refund", "2026-01-12 11:00", "support", reference="r0", reason="declined")
        story.do("refund", "2026-01-12 12:00", "vendor", reference="r10", amount=euros(490))

        assert 4900 == story.ticket.refunded

    def test_the_provider_confirms(self) -> None:
        """A4: once carried out, it cannot fail any more; what nobody asked for is unknown."""
        story = asked().do("refund", "2026-01-12 10:00", "vendor", reference="r1")
        assert ["pending"] == [repayment.state for repayment in story.ticket.repayments]

        story.do("confirm-refund", "2026-01-12 11:00", "system", reference="r1")
        at = "2026-01-12 12:00"
        assert "refund-settled" == story.refused("fail-refund", at, "system", reference="r1")[0]
        assert "unknown-refund" == story.refused("confirm-refund", at, "system", reference="r9")[0]

    def test_a_refund_sent_twice_pays_once(self) -> None:
        """A4: one reference is one refund, and stands for no other amount."""
        story = asked()
        for hour in (10, 11):
            story.do(
                "refund", f"2026-01-12 {hour}:00", "vendor", reference="r1", amount=euros(900)
            )
        assert 900 == story.ticket.refunded

        assert (
            "reference-used"
            == story.refused(
                "refund", "2026-01-12 12:00", "vendor", reference="r1", amount=euros(901)
            )[0]
        )


class TestEvidence:
    """A5: order details, shipment number and date included, are kept with the ticket."""

    def test_they_are_there_when_a_dispute_comes(self) -> None:
        """A5: as they were when the ticket was opened."""
        story = asked(order=order(amount=euros(4900), shipments=(SHIPPED,)))
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
        policy = asked().policy

        assert () == check_profile(dict.fromkeys(self.ITEMS, True), policy)

    @pytest.mark.parametrize("lacking", ITEMS)
    def test_what_is_missing_is_named(self, lacking: str) -> None:
        """A6: said to be missing, or not said at all, in words."""
        policy = asked().policy
        full = dict.fromkeys(self.ITEMS, True)
        unsaid = {item: there for item, there in full.items() if item != lacking}

        assert (policy.profile[lacking],) == check_profile({**full, lacking: False}, policy)
        assert (policy.profile[lacking],) == check_profile(unsaid, policy)
