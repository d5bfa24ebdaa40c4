"""ClickBank's rules on technical support: turning it into a refund, and silence."""

import pytest

from support.builders import BOISE, LA, refund_request, support_ticket

MST, PST = BOISE, LA


class TestTurningSupportIntoARefund:
    """C12: possible at any time, with a new count; the party that sets the type is the
    requester."""

    @pytest.mark.parametrize(
        ("by", "due"),
        [
            ("customer", "2026-01-15 16:00"),
            ("support", "2026-01-15 16:00"),
            ("vendor", "2026-01-14 16:05"),
        ],
    )
    def test_the_party_that_sets_the_type_is_the_requester(self, by: str, due: str) -> None:
        """C12: the change starts 24 new hours, or the vendor's 5 minutes."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-14 16:00", by, type="refund")

        assert due == story.due("refund")

    def test_a_second_request_starts_24_new_hours(self) -> None:
        """C12: the hours of the first request are not counted again."""
        story = refund_request("2026-01-12 10:00")
        story.do("change-type", "2026-01-13 09:00", "customer", type="technical")
        story.do("change-type", "2026-01-13 09:30", "customer", type="refund")

        assert "2026-01-14 09:30" == story.due("refund")

    def test_the_vendor_may_undo_the_vendors_own_change(self) -> None:
        """C12, C7: the vendor is the requester now, so no consent is needed."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-13 10:00", "vendor", type="refund")
        story.do("change-type", "2026-01-13 10:04", "vendor", type="technical")

        assert None is story.due("refund")

    def test_a_closed_ticket_cannot_be_changed(self) -> None:
        """C12: a ticket that closed after a silence stays closed."""
        story = support_ticket("2026-01-05 10:00").until("2026-01-12 00:00")

        assert (
            "ticket-closed"
            == story.refused("change-type", "2026-01-12 00:00", "customer", type="refund")[0]
        )


class TestVendorSilent:
    """C15: warned after 48 hours and 2 days later, closed 2 days after that, never at a weekend;
    counted from the latest activity of either party."""

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
            "clocks forward: hours elapse, days keep the local time",
            "clocks back: hours elapse, days keep the local time",
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

    def test_another_message_of_the_customer_restarts_the_count(self) -> None:
        """C15, C17: it is counted from the latest activity of a party; a warning is not
        activity."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-07 12:00", "customer")
        assert ["warned 2026-01-07 10:00"] == story.dated_events("warned")

        assert "2026-01-09 12:00" == story.due("vendor-silent-first")
        assert "2026-01-13 12:00" == story.due("vendor-silent-close")

    def test_an_answer_ends_the_vendors_silence(self) -> None:
        """C15, C16: from then on the ticket waits for the customer."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-06 10:00", "vendor")

        assert {"customer-silent", "customer-silent-close"} == set(story.pending())


class TestCustomerSilent:
    """C16: warned after 7 working days, closed after 14, at the same local time."""

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
        """C16: working days are Monday to Friday, holidays included."""
        story = support_ticket(f"{answered[:10]} 09:00", zone).do("reply", answered, "vendor")
        story.until("2026-12-31 00:00")

        assert [f"warned {warned}"] == story.dated_events("warned")[-1:]
        assert [f"closed {closed}"] == story.dated_events("closed")

    def test_a_vendors_own_support_ticket_waits_for_the_customer(self) -> None:
        """C16: a ticket that the vendor opened waits for the customer's answer."""
        story = support_ticket("2026-01-07 10:00", by="vendor")

        assert ("customer", "2026-01-16 10:00") == (
            story.ticket.waiting_for,
            story.due("customer-silent"),
        )

    def test_a_reply_by_support_is_not_the_vendors_answer(self) -> None:
        """C16: it is counted from the vendor's latest answer, whatever others did since."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-05 12:00", "vendor")
        story.do("reply", "2026-01-06 12:00", "support")
        assert "2026-01-14 12:00" == story.due("customer-silent")

        story.do("reply", "2026-01-07 12:00", "vendor").until("2026-12-31 00:00")
        assert ["warned 2026-01-16 12:00"] == story.dated_events("warned")
        assert ["closed 2026-01-27 12:00"] == story.dated_events("closed")

    def test_turning_a_refund_into_support_is_an_answer(self) -> None:
        """C16, C10: after the vendor's change of type, the ticket waits for the customer."""
        story = refund_request("2026-01-07 09:00")
        story.do("change-type", "2026-01-07 10:00", "vendor", type="technical", consent=True)

        assert "2026-01-16 10:00" == story.due("customer-silent")


class TestSystemEventsAreNoActivity:
    """C17: warnings and other events of the system restart nothing."""

    def test_the_second_warning_and_the_closing_are_counted_from_the_opening(self) -> None:
        """C17: events of the system in between leave the deadlines unchanged."""
        story = support_ticket("2026-01-05 10:00")
        promised = story.pending()
        story.until("2026-01-09 10:00")

        assert {"vendor-silent-close": promised["vendor-silent-close"]} == story.pending()
        assert story.instant("2026-01-05 10:00") == story.ticket.active_at

    def test_rescheduling_restarts_nothing(self) -> None:
        """C17: rescheduling by the system computes the same deadlines."""
        story = support_ticket("2026-01-05 10:00")
        promised = story.pending()

        assert promised == story.do("reschedule", "2026-01-06 10:00", "system").pending()
