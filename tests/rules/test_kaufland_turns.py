"""Kaufland's rules on whose turn it is, for how long, and on how a ticket ends."""

import pytest

from support.builders import MONDAY, STOREFRONT_ZONES, storefront_ticket


class TestResponse:
    """K2: 48 hours on Monday to Friday less the national holidays of the storefront's country."""

    @pytest.mark.parametrize(
        ("storefront", "at", "due"),
        [
            ("de", "2026-01-12 09:00", "2026-01-14 09:00"),
            ("de", "2026-01-09 16:00", "2026-01-13 16:00"),
            ("de", "2026-01-10 12:00", "2026-01-14 00:00"),
            ("de", "2026-01-08 00:00", "2026-01-10 00:00"),
            ("de", "2026-10-02 12:00", "2026-10-06 12:00"),
            ("de", "2026-06-03 12:00", "2026-06-05 12:00"),
            ("at", "2026-06-03 12:00", "2026-06-08 12:00"),
            ("at", "2026-10-23 12:00", "2026-10-28 12:00"),
            ("at", "2026-12-07 12:00", "2026-12-10 12:00"),
            ("cz", "2026-04-02 16:00", "2026-04-08 16:00"),
            ("cz", "2026-07-03 12:00", "2026-07-08 12:00"),
            ("cz", "2026-12-23 18:00", "2026-12-29 18:00"),
            ("sk", "2026-04-02 16:00", "2026-04-08 16:00"),
            ("sk", "2026-05-07 12:00", "2026-05-11 12:00"),
            ("sk", "2026-09-14 12:00", "2026-09-16 12:00"),
            ("sk", "2026-11-16 12:00", "2026-11-18 12:00"),
            ("pl", "2026-04-02 16:00", "2026-04-07 16:00"),
            ("pl", "2026-06-03 12:00", "2026-06-08 12:00"),
            ("pl", "2026-11-10 12:00", "2026-11-13 12:00"),
            ("pl", "2026-12-23 18:00", "2026-12-29 18:00"),
            ("fr", "2026-04-02 16:00", "2026-04-07 16:00"),
            ("fr", "2026-05-13 12:00", "2026-05-18 12:00"),
            ("fr", "2026-07-13 12:00", "2026-07-16 12:00"),
            ("fr", "2026-12-25 12:00", "2026-12-30 00:00"),
            ("it", "2026-01-05 09:00", "2026-01-08 09:00"),
            ("it", "2026-06-01 12:00", "2026-06-04 12:00"),
            ("it", "2027-10-01 12:00", "2027-10-06 12:00"),
        ],
    )
    def test_the_storefronts_calendar_counts(self, storefront: str, at: str, due: str) -> None:
        """K2, K12: each storefront goes by its own clock and its own country's holidays."""
        assert due == storefront_ticket(at, storefront).due("response")

    @pytest.mark.parametrize("storefront", STOREFRONT_ZONES)
    @pytest.mark.parametrize(
        ("at", "due"),
        [("2026-03-27 15:00", "2026-03-31 15:00"), ("2026-10-23 15:00", "2026-10-27 15:00")],
        ids=["clocks forward", "clocks back"],
    )
    def test_a_clock_change_at_the_weekend_moves_nothing(
        self, storefront: str, at: str, due: str
    ) -> None:
        """K2: the hour that is missing or doubled on a Sunday does not count. Austria has a
        holiday on the Monday after the autumn's."""
        holiday = storefront == "at" and at.startswith("2026-10")

        expected = "2026-10-28 15:00" if holiday else due
        assert expected == storefront_ticket(at, storefront).due("response")

    def test_the_sellers_seat_and_zone_do_not_count(self) -> None:
        """K2: a seller in Lisbon answers the German storefront by Berlin's clock."""
        story = storefront_ticket("2026-04-02 16:00", zone="Europe/Lisbon")

        assert "2026-04-08 16:00" == story.due("response")

    def test_an_answer_at_the_very_instant_is_in_time(self) -> None:
        """K2: overdue begins after the instant at which it falls due."""
        story = (
            storefront_ticket().do("reply", "2026-01-14 09:00", "vendor").until("2026-02-01 00:00")
        )

        assert [] == story.dated_events("breached")

    def test_a_microsecond_later_is_overdue(self) -> None:
        """K2: recorded as of the due instant, and the late answer is an answer all the same."""
        story = storefront_ticket().do("reply", "2026-01-14 09:00:00.000001", "vendor")

        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")
        assert "pending" == story.ticket.status

    def test_nothing_closes_and_nothing_is_erased(self) -> None:
        """K2: an overdue ticket stays open, for ever, and a later closing leaves the record."""
        story = storefront_ticket().until("2026-12-31 00:00")
        assert ("open", {}) == (story.ticket.status, story.pending())

        story.do("close", "2026-12-31 01:00", "vendor")
        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")

    def test_each_turn_has_its_48_hours(self) -> None:
        """K2: counted anew from the moment the turn became the seller's again."""
        story = storefront_ticket().do("reply", "2026-01-13 09:00", "vendor")
        story.do("reply", "2026-01-15 10:00", "customer")

        assert "2026-01-19 10:00" == story.due("response")

    def test_a_second_turn_can_be_overdue_too(self) -> None:
        """K2: each turn is late by itself."""
        story = storefront_ticket().do("reply", "2026-01-15 09:00", "vendor")
        story.do("reply", "2026-01-15 10:00", "customer").until("2026-02-01 00:00")

        assert ["breached 2026-01-14 09:00", "breached 2026-01-19 10:00"] == story.dated_events(
            "breached"
        )


class TestSupport:
    """K6: support is called in for a reason; the seller's clock stops; it may be handed back."""

    @pytest.mark.parametrize(
        "reason",
        [
            "unable-to-help",
            "not-addressed-to-the-seller",
            "fictitious-supplier-invoice",
            "payment-provider",
            "kaufland-card-or-coupon",
            "account",
        ],
    )
    def test_each_reason_calls_support_in(self, reason: str) -> None:
        """K6: the turn goes to support, and nothing of the seller's is pending."""
        story = storefront_ticket().do("escalate", "2026-01-12 10:00", "vendor", reason=reason)

        assert ("support", "pending", {}) == (
            story.ticket.waiting_for,
            story.ticket.status,
            story.pending(),
        )

    def test_without_one_of_these_reasons_it_is_refused(self) -> None:
        """K6: no reason, and a reason that is not listed."""
        story = storefront_ticket()

        assert ("reason-required", "K6") == story.refused("escalate", MONDAY, "vendor")
        assert ("unknown-reason", "K6") == story.refused(
            "escalate", MONDAY, "vendor", reason="no-time"
        )

    def test_the_sellers_clock_stands_still_until_it_is_handed_back(self) -> None:
        """K6, K2: nothing is overdue meanwhile; afterwards the turn is newly the seller's."""
        story = storefront_ticket().do("escalate", "2026-01-12 10:00", "vendor", reason="account")
        story.do("reply", "2026-01-20 10:00", "customer")
        story.do("hand-back", "2026-01-21 10:00", "support")

        assert [] == story.dated_events("breached")
        assert ("open", "2026-01-23 10:00") == (story.ticket.status, story.due("response"))

    def test_an_overdue_ticket_can_still_be_passed_on(self) -> None:
        """K6, K2: that it was late stays on record."""
        story = storefront_ticket().do("escalate", "2026-01-20 10:00", "vendor", reason="account")

        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")

    def test_only_the_seller_calls_support_in_and_only_support_hands_back(self) -> None:
        """K6: each does its own part."""
        story = storefront_ticket()
        wish = {"reason": "account"}
        assert "not-permitted" == story.refused("escalate", MONDAY, "customer", **wish)[0]

        story.do("escalate", "2026-01-12 10:00", "vendor", **wish)
        assert "not-permitted" == story.refused("hand-back", "2026-01-12 11:00", "vendor")[0]


class TestClosing:
    """K8: by the customer, by the seller, by both, or by support for good."""

    @pytest.mark.parametrize(
        "parties", [("customer",), ("vendor",), ("customer", "vendor"), ("vendor", "customer")]
    )
    def test_who_closed_is_kept(self, parties: tuple[str, ...]) -> None:
        """K8: each for itself, in the order in which they did."""
        story = storefront_ticket()
        for hour, by in enumerate(parties, start=10):
            story.do("close", f"2026-01-12 {hour}:00", by)

        assert (parties, "closed", {}) == (
            story.ticket.closed_by,
            story.ticket.status,
            story.pending(),
        )

    def test_closing_twice_is_nothing(self) -> None:
        """K8: the same party's second closing changes nothing."""
        story = storefront_ticket().do("close", "2026-01-12 10:00", "vendor")
        before = story.ticket

        assert before == story.do("close", "2026-01-12 11:00", "vendor").ticket

    @pytest.mark.parametrize("first", [None, "customer", "vendor"])
    def test_after_supports_closing_nothing_may_follow(self, first: str | None) -> None:
        """K8: no answer, no money, no reopening, and nobody closes it again."""
        story = storefront_ticket()
        if first:
            story.do("close", "2026-01-12 10:00", first)
        story.do("close", "2026-01-12 11:00", "support")
        at = "2026-01-12 12:00"

        for do, by, fields in [
            ("reply", "customer", {}),
            ("reopen", "customer", {"text": "still broken"}),
            ("refund", "vendor", {"reference": "r1"}),
            ("close", "vendor" if first == "customer" else "customer", {}),
            ("reschedule", "support", {}),
        ]:
            assert ("ticket-final", "K8") == story.refused(do, at, by, **fields)

    def test_a_closed_ticket_is_reopened_with_a_comment(self) -> None:
        """K8: it was not settled after all; the turn is the seller's, with fresh 48 hours."""
        story = storefront_ticket().do("close", "2026-01-12 10:00", "vendor")
        at = "2026-01-19 10:00"

        assert ("text-required", "K8") == story.refused("reopen", at, "customer")
        story.do("reopen", at, "customer", text="broken again")
        assert ((), "open", "2026-01-21 10:00") == (
            story.ticket.closed_by,
            story.ticket.status,
            story.due("response"),
        )


class TestInterimNotice:
    """K9: an interim notice from the seller keeps the turn and the clock."""

    def test_the_turn_and_the_deadline_stay(self) -> None:
        """K9: a notice, then the customer again: still due 48 hours after the first word."""
        story = storefront_ticket().do("reply", "2026-01-13 10:00", "vendor", interim=True)
        story.do("reply", "2026-01-13 15:00", "customer")

        assert ("open", "2026-01-14 09:00") == (story.ticket.status, story.due("response"))

    def test_it_is_no_answer(self) -> None:
        """K9, K2: who only sent notices is overdue."""
        story = storefront_ticket().do("reply", "2026-01-13 10:00", "vendor", interim=True)

        assert ["breached 2026-01-14 09:00"] == story.until("2026-01-15 00:00").dated_events(
            "breached"
        )
        assert not story.ticket.answered

    def test_only_the_party_whose_answer_is_awaited_keeps_its_turn_so(self) -> None:
        """K9: a customer's word is a word, whatever it is marked as."""
        story = storefront_ticket().do("reply", "2026-01-13 09:00", "vendor")
        story.do("reply", "2026-01-14 09:00", "customer", interim=True)

        assert ("open", "2026-01-16 09:00") == (story.ticket.status, story.due("response"))
