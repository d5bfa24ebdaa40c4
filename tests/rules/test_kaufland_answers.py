"""Kaufland: the time to answer, escalations, closing and interim notices."""

import pytest

from support.builders import MONDAY, PHOTO, STOREFRONT_ZONES, storefront_ticket


class TestResponse:
    """K2: an answer is due after 48 hours on working days of the storefront's country."""

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
        """K2, K12: each storefront has its own zone and the holidays of its country."""
        assert due == storefront_ticket(at, storefront).due("response")

    @pytest.mark.parametrize("storefront", STOREFRONT_ZONES)
    @pytest.mark.parametrize(
        ("at", "due"),
        [("2026-03-27 15:00", "2026-03-31 15:00"), ("2026-10-23 15:00", "2026-10-27 15:00")],
        ids=["clocks forward", "clocks back"],
    )
    def test_a_clock_change_at_a_weekend_does_not_matter(
        self, storefront: str, at: str, due: str
    ) -> None:
        """K2: a skipped or repeated hour on a Sunday does not count.

        In Austria, the Monday after the change in autumn 2026 is a holiday.
        """
        holiday = storefront == "at" and at.startswith("2026-10")

        expected = "2026-10-28 15:00" if holiday else due
        assert expected == storefront_ticket(at, storefront).due("response")

    def test_the_sellers_zone_does_not_matter(self) -> None:
        """K2: for a seller in Lisbon, the German storefront counts in Berlin's zone."""
        story = storefront_ticket("2026-04-02 16:00", zone="Europe/Lisbon")

        assert "2026-04-08 16:00" == story.due("response")

    def test_an_answer_at_the_due_instant_is_in_time(self) -> None:
        """K2: an answer at the exact due instant is in time."""
        story = (
            storefront_ticket().do("reply", "2026-01-14 09:00", "vendor").until("2026-02-01 00:00")
        )

        assert [] == story.dated_events("breached")

    def test_an_answer_a_microsecond_later_is_late(self) -> None:
        """K2: the breach is dated at the due instant, and the late answer counts as an answer."""
        story = storefront_ticket().do("reply", "2026-01-14 09:00:00.000001", "vendor")

        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")
        assert "pending" == story.ticket.status

    def test_a_breach_does_not_close_the_ticket(self) -> None:
        """K2: a late ticket stays open, and a later closing does not remove the breach."""
        story = storefront_ticket().until("2026-12-31 00:00")
        assert ("open", {}) == (story.ticket.status, story.pending())

        story.do("close", "2026-12-31 01:00", "vendor")
        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")

    def test_each_answer_has_its_own_48_hours(self) -> None:
        """K2: the 48 hours count from the instant at which the ticket began to wait again."""
        story = storefront_ticket().do("reply", "2026-01-13 09:00", "vendor")
        story.do("reply", "2026-01-15 10:00", "customer")

        assert "2026-01-19 10:00" == story.due("response")

    def test_a_second_answer_can_be_late_too(self) -> None:
        """K2: each late answer has its own breach."""
        story = storefront_ticket().do("reply", "2026-01-15 09:00", "vendor")
        story.do("reply", "2026-01-15 10:00", "customer").until("2026-02-01 00:00")

        assert ["breached 2026-01-14 09:00", "breached 2026-01-19 10:00"] == story.dated_events(
            "breached"
        )


class TestSupport:
    """K6: support takes a ticket over for a reason, and can hand it back."""

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
    def test_each_reason_escalates(self, reason: str) -> None:
        """K6: an escalation for a listed reason makes the ticket wait for support."""
        story = storefront_ticket().do("escalate", "2026-01-12 10:00", "vendor", reason=reason)

        assert ("support", "pending", {}) == (
            story.ticket.waiting_for,
            story.ticket.status,
            story.pending(),
        )

    def test_an_escalation_requires_a_listed_reason(self) -> None:
        """K6: an escalation without a reason, or with another one, is refused."""
        story = storefront_ticket()

        assert ("reason-required", "K6") == story.refused("escalate", MONDAY, "vendor")
        assert ("unknown-reason", "K6") == story.refused(
            "escalate", MONDAY, "vendor", reason="no-time"
        )

    def test_the_48_hours_start_again_when_support_hands_back(self) -> None:
        """K6, K2: the seller is not late while support has the ticket."""
        story = storefront_ticket().do("escalate", "2026-01-12 10:00", "vendor", reason="account")
        story.do("reply", "2026-01-20 10:00", "customer")
        story.do("hand-back", "2026-01-21 10:00", "support")

        assert [] == story.dated_events("breached")
        assert ("open", "2026-01-23 10:00") == (story.ticket.status, story.due("response"))

    def test_a_late_ticket_can_be_escalated(self) -> None:
        """K6, K2: an escalation after the deadline keeps the breach."""
        story = storefront_ticket().do("escalate", "2026-01-20 10:00", "vendor", reason="account")

        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")

    def test_the_seller_escalates_and_support_hands_back(self) -> None:
        """K6: the customer cannot escalate, and the seller cannot hand back."""
        story = storefront_ticket()
        wish = {"reason": "account"}
        assert "not-permitted" == story.refused("escalate", MONDAY, "customer", **wish)[0]

        story.do("escalate", "2026-01-12 10:00", "vendor", **wish)
        assert "not-permitted" == story.refused("hand-back", "2026-01-12 11:00", "vendor")[0]


class TestClosing:
    """K8: customer and seller close each for itself; a closing by support is final."""

    @pytest.mark.parametrize(
        "parties", [("customer",), ("vendor",), ("customer", "vendor"), ("vendor", "customer")]
    )
    def test_the_ticket_keeps_who_closed_it(self, parties: tuple[str, ...]) -> None:
        """K8: `closed_by` lists the parties in the order of their closings."""
        story = storefront_ticket()
        for hour, by in enumerate(parties, start=10):
            story.do("close", f"2026-01-12 {hour}:00", by)

        assert (parties, "closed", {}) == (
            story.ticket.closed_by,
            story.ticket.status,
            story.pending(),
        )

    def test_a_second_closing_changes_nothing(self) -> None:
        """K8: a second closing by the same party changes nothing."""
        story = storefront_ticket().do("close", "2026-01-12 10:00", "vendor")
        before = story.ticket

        assert before == story.do("close", "2026-01-12 11:00", "vendor").ticket

    @pytest.mark.parametrize("first", [None, "customer", "vendor"])
    def test_a_closing_by_support_is_final(self, first: str | None) -> None:
        """K8: after a closing by support, every command is refused."""
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

    def test_a_reopening_requires_a_text(self) -> None:
        """K8: a reopened ticket waits for the seller, who has 48 hours again."""
        story = storefront_ticket().do("close", "2026-01-12 10:00", "vendor")
        at = "2026-01-19 10:00"

        assert ("text-required", "K8") == story.refused("reopen", at, "customer")
        story.do("reopen", at, "customer", text="broken again")
        assert ((), "open", "2026-01-21 10:00") == (
            story.ticket.closed_by,
            story.ticket.status,
            story.due("response"),
        )


class TestEmptyMessage:
    """K11: an empty message does not count as an answer."""

    @pytest.mark.parametrize("text", [None, "  "])
    def test_it_is_refused(self, text: str | None) -> None:
        """K11, K2: an empty message is refused, so a seller who sends only that is late."""
        story = storefront_ticket()
        assert ("text-required", "K9 K11") == story.refused(
            "reply", "2026-01-13 10:00", "vendor", text=text
        )

        assert ["breached 2026-01-14 09:00"] == story.until("2026-01-15 00:00").dated_events(
            "breached"
        )

    def test_an_attachment_is_an_answer(self) -> None:
        """K14, K2: a photo without a text answers."""
        story = storefront_ticket()
        story.do("reply", "2026-01-13 10:00", "vendor", text=None, attachments=(PHOTO,))

        assert [] == story.until("2026-02-01 00:00").dated_events("breached")


class TestInterimNotice:
    """K9: an interim notice changes neither the waiting party nor the deadline."""

    def test_the_deadline_stays(self) -> None:
        """K9: after a notice and another reply of the customer, the first deadline still holds."""
        story = storefront_ticket().do("reply", "2026-01-13 10:00", "vendor", interim=True)
        story.do("reply", "2026-01-13 15:00", "customer")

        assert ("open", "2026-01-14 09:00") == (story.ticket.status, story.due("response"))

    def test_an_interim_notice_is_not_an_answer(self) -> None:
        """K9, K2: a seller who sent only notices is late."""
        story = storefront_ticket().do("reply", "2026-01-13 10:00", "vendor", interim=True)

        assert ["breached 2026-01-14 09:00"] == story.until("2026-01-15 00:00").dated_events(
            "breached"
        )
        assert not story.ticket.answered

    def test_a_reply_of_the_customer_is_never_interim(self) -> None:
        """K9: a reply that the customer marks as interim is an ordinary reply."""
        story = storefront_ticket().do("reply", "2026-01-13 09:00", "vendor")
        story.do("reply", "2026-01-14 09:00", "customer", interim=True)

        assert ("open", "2026-01-16 09:00") == (story.ticket.status, story.due("response"))
