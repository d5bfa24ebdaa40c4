"""ClickBank: technical support, its change into a refund, and silence."""

from datetime import timedelta

import pytest

from support.builders import BOISE, LA, refund_request, support_ticket

MST, PST = BOISE, LA


class TestChangeToARefund:
    """C12: support becomes a refund at any time; the party that sets the type is the requester."""

    @pytest.mark.parametrize(
        ("by", "due"),
        [
            ("customer", "2026-01-15 16:00"),
            ("support", "2026-01-15 16:00"),
            ("vendor", "2026-01-14 16:05"),
        ],
    )
    def test_the_party_that_sets_the_type_is_the_requester(self, by: str, due: str) -> None:
        """C12: the refund is due 24 hours after the change, or 5 minutes if the vendor made it."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-14 16:00", by, type="refund")

        assert due == story.due("refund")

    def test_a_second_request_starts_from_zero(self) -> None:
        """C12: time that passed before the second request does not count."""
        story = refund_request("2026-01-12 10:00")
        story.do("change-type", "2026-01-13 09:00", "customer", type="technical")
        story.do("change-type", "2026-01-13 09:30", "customer", type="refund")

        assert "2026-01-14 09:30" == story.due("refund")

    def test_the_vendor_may_take_back_their_own_request(self) -> None:
        """C12, C7: the vendor is the requester, so no consent is required."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-13 10:00", "vendor", type="refund")
        story.do("change-type", "2026-01-13 10:04", "vendor", type="technical")

        assert None is story.due("refund")

    def test_the_type_of_a_closed_ticket_cannot_be_changed(self) -> None:
        """C12: a ticket that closed because of silence does not become a refund."""
        story = support_ticket("2026-01-05 10:00").until("2026-01-12 00:00")

        assert (
            "ticket-closed"
            == story.refused("change-type", "2026-01-12 00:00", "customer", type="refund")[0]
        )


class TestVendorSilent:
    """C15: a silent vendor is warned twice, and the ticket closes after 6 days.

    All deadlines count from the last activity of customer or vendor. The closing never happens at
    a weekend.
    """

    @pytest.mark.parametrize(
        ("zone", "at", "first", "second", "closed"),
        [
            (
                MST,
                "2026-01-05 10:00",
                "2026-01-07 10:00",
                "2026-01-09 10:00",
                "2026-01-12 00:00",
            ),
            (
                MST,
                "2026-01-04 00:00",
                "2026-01-06 00:00",
                "2026-01-08 00:00",
                "2026-01-12 00:00",
            ),
            (
                MST,
                "2026-01-08 10:00",
                "2026-01-10 10:00",
                "2026-01-12 10:00",
                "2026-01-14 10:00",
            ),
            (
                LA,
                "2026-03-06 10:00",
                "2026-03-08 11:00",
                "2026-03-10 10:00",
                "2026-03-12 10:00",
            ),
            (
                LA,
                "2026-10-30 10:00",
                "2026-11-01 09:00",
                "2026-11-03 10:00",
                "2026-11-05 10:00",
            ),
        ],
        ids=[
            "the sixth day is a sunday",
            "the sixth day begins a saturday",
            "a warning at a weekend",
            "clocks forward",
            "clocks back",
        ],
    )
    def test_two_warnings_and_a_closing(
        self, zone: str, at: str, first: str, second: str, closed: str
    ) -> None:
        """C15: 48 hours elapse, 4 and 6 days keep the local time, a closing moves to Monday."""
        story = support_ticket(at, zone).until("2026-12-31 00:00")

        assert [f"warned {first}", f"warned {second}"] == story.dated_events("warned")
        assert [f"closed {closed}"] == story.dated_events("closed")
        assert 0 == story.ticket.refunded

    def test_a_reply_of_the_customer_restarts_the_deadlines(self) -> None:
        """C15, C17: deadlines count from the last activity; a warning is not activity."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-07 12:00", "customer")
        assert ["warned 2026-01-07 10:00"] == story.dated_events("warned")

        assert "2026-01-09 12:00" == story.due("vendor-silent-first")
        assert "2026-01-13 12:00" == story.due("vendor-silent-close")

    def test_an_answer_of_the_vendor_ends_the_timers(self) -> None:
        """C15, C16: after the answer the ticket waits for the customer, with other timers."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-06 10:00", "vendor")

        assert {"customer-silent", "customer-silent-close"} == set(story.pending())

    @pytest.mark.parametrize("reviewed", ["2026-01-05 14:00", "2026-02-02 14:00"])
    def test_a_reopening_after_a_review_gives_the_vendor_the_whole_time(
        self, reviewed: str
    ) -> None:
        """C13, C15: a support ticket that a review reopened is not closed for its closed time."""
        story = support_ticket("2026-01-05 10:00").do("close", "2026-01-05 11:00", "vendor")
        story.do("request-review", "2026-01-05 12:00", "customer")
        story.do("review", reviewed, "support", abuse=True)
        since = story.instant(reviewed)

        assert {
            f"vendor-silent-{name}": story.local(since + timedelta(days=days))
            for name, days in [("first", 2), ("second", 4)]
        } == {timer: due for timer, due in story.pending().items() if "close" not in timer}
        assert story.ticket.closed_at is None

    def test_a_request_for_a_review_restarts_the_deadlines(self) -> None:
        """C15: the request of the customer for a review is something that a party did."""
        story = refund_request("2026-01-05 10:00")
        story.do("change-type", "2026-01-05 11:00", "customer", type="technical")
        story.do("request-review", "2026-01-06 12:00", "customer")

        assert "2026-01-08 12:00" == story.due("vendor-silent-first")


class TestCustomerSilent:
    """C16: a silent customer is warned after 7 working days; the ticket closes after 14."""

    @pytest.mark.parametrize(
        ("zone", "answered", "warned", "closed"),
        [
            (BOISE, "2026-01-07 10:00", "2026-01-16 10:00", "2026-01-27 10:00"),
            (BOISE, "2026-01-10 10:00", "2026-01-20 10:00", "2026-01-29 10:00"),
            (LA, "2026-03-04 10:00", "2026-03-13 10:00", "2026-03-24 10:00"),
            (LA, "2026-10-28 10:00", "2026-11-06 10:00", "2026-11-17 10:00"),
        ],
        ids=["midweek", "answered on a saturday", "clocks forward", "clocks back"],
    )
    def test_a_warning_and_a_closing(
        self, zone: str, answered: str, warned: str, closed: str
    ) -> None:
        """C16: working days are Monday to Friday, holidays included, at the same local time."""
        story = support_ticket(f"{answered[:10]} 09:00", zone).do("reply", answered, "vendor")
        story.until("2026-12-31 00:00")

        assert [f"warned {warned}"] == story.dated_events("warned")[-1:]
        assert [f"closed {closed}"] == story.dated_events("closed")

    def test_a_ticket_opened_by_the_vendor_waits_for_the_customer(self) -> None:
        """C16: the opening is the vendor's activity, so the customer must answer."""
        story = support_ticket("2026-01-07 10:00", by="vendor")

        assert ("customer", "2026-01-16 10:00") == (
            story.ticket.waiting_for,
            story.due("customer-silent"),
        )

    def test_a_reply_of_support_does_not_restart_the_deadlines(self) -> None:
        """C16: deadlines count from the vendor's last reply; replies of support do not matter."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-05 12:00", "vendor")
        story.do("reply", "2026-01-06 12:00", "support")
        assert "2026-01-14 12:00" == story.due("customer-silent")

        story.do("reply", "2026-01-07 12:00", "vendor").until("2026-12-31 00:00")
        assert ["warned 2026-01-16 12:00"] == story.dated_events("warned")
        assert ["closed 2026-01-27 12:00"] == story.dated_events("closed")

    def test_a_change_of_type_by_the_vendor_is_an_answer(self) -> None:
        """C16, C10: after the vendor changed the type, the ticket waits for the customer."""
        story = refund_request("2026-01-07 09:00")
        story.do("change-type", "2026-01-07 10:00", "vendor", type="technical", consent=True)

        assert "2026-01-16 10:00" == story.due("customer-silent")


class TestSystemEvents:
    """C17: warnings and other events of the system are not activity."""

    def test_warnings_do_not_restart_the_deadlines(self) -> None:
        """C17: after two warnings the closing still counts from the opening."""
        story = support_ticket("2026-01-05 10:00")
        recorded = story.pending()
        story.until("2026-01-09 10:00")

        assert {"vendor-silent-close": recorded["vendor-silent-close"]} == story.pending()
        assert story.instant("2026-01-05 10:00") == story.ticket.active_at

    def test_rescheduling_by_the_system_changes_no_deadline(self) -> None:
        """C17: a `reschedule` by the system computes the deadlines that were recorded."""
        story = support_ticket("2026-01-05 10:00")
        recorded = story.pending()

        assert recorded == story.do("reschedule", "2026-01-06 10:00", "system").pending()
