"""ClickBank's technical support: turning it into a refund, and silence."""

import pytest

from support.builders import BOISE, LA, refund_request, support_ticket

MST, PST = BOISE, LA


class TestTurningSupportIntoARefund:
    """C12: at any time, with a fresh budget; whoever sets the type is its requester."""

    @pytest.mark.parametrize(
        ("by", "due"),
        [
            ("customer", "2026-01-15 16:00"),
            ("support", "2026-01-15 16:00"),
            ("vendor", "2026-01-14 16:05"),
        ],
    )
    def test_the_requester_is_who_sets_the_type(self, by: str, due: str) -> None:
        """C12: 24 fresh hours from the change, or the vendor's 5 minutes."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-14 16:00", by, type="refund")

        assert due == story.due("refund")

    def test_a_second_request_gets_another_fresh_24_hours(self) -> None:
        """C12: what passed of the first budget is not counted again."""
        story = refund_request("2026-01-12 10:00")
        story.do("change-type", "2026-01-13 09:00", "customer", type="technical")
        story.do("change-type", "2026-01-13 09:30", "customer", type="refund")

        assert "2026-01-14 09:30" == story.due("refund")

    def test_the_vendor_may_take_back_what_he_set_himself(self) -> None:
        """C12, C7: he is the requester now, so nobody's consent is missing."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-13 10:00", "vendor", type="refund")
        story.do("change-type", "2026-01-13 10:04", "vendor", type="technical")

        assert None is story.due("refund")

    def test_nothing_can_be_changed_once_it_is_closed(self) -> None:
        """C12: a ticket that silence closed is closed."""
        story = support_ticket("2026-01-05 10:00").until("2026-01-12 00:00")

        assert (
            "ticket-closed"
            == story.refused("change-type", "2026-01-12 00:00", "customer", type="refund")[0]
        )


class TestVendorSilent:
    """C15: warned after 48 hours and 2 days later, closed 2 days after that, never at a weekend;
    counted from the last thing either party did."""

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
        """C15: 48 hours elapse, 4 and 6 days keep the local time, a closing rolls to Monday."""
        story = support_ticket(at, zone).until("2026-12-31 00:00")

        assert [f"warned {first}", f"warned {second}"] == story.dated_events("warned")
        assert [f"closed {closed}"] == story.dated_events("closed")
        assert 0 == story.ticket.refunded

    def test_a_further_word_of_the_customer_starts_the_count_anew(self) -> None:
        """C15, C17: counted from what a party did last; a warning is nothing that a party did."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-07 12:00", "customer")
        assert ["warned 2026-01-07 10:00"] == story.dated_events("warned")

        assert "2026-01-09 12:00" == story.due("vendor-silent-first")
        assert "2026-01-13 12:00" == story.due("vendor-silent-close")

    def test_an_answer_ends_the_vendors_silence(self) -> None:
        """C15, C16: from then on it is the customer who is waited for."""
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
        """C16: working days are Monday to Friday; holidays are worked."""
        story = support_ticket(f"{answered[:10]} 09:00", zone).do("reply", answered, "vendor")
        story.until("2026-12-31 00:00")

        assert [f"warned {warned}"] == story.dated_events("warned")[-1:]
        assert [f"closed {closed}"] == story.dated_events("closed")

    def test_a_vendors_own_support_ticket_waits_for_the_customer(self) -> None:
        """C16: who opened it has spoken; the other owes the answer."""
        story = support_ticket("2026-01-07 10:00", by="vendor")

        assert ("customer", "2026-01-16 10:00") == (
            story.ticket.waiting_for,
            story.due("customer-silent"),
        )

    def test_supports_word_is_not_the_vendors_answer(self) -> None:
        """C16: counted from the vendor's last answer, whoever else said something since."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-05 12:00", "vendor")
        story.do("reply", "2026-01-06 12:00", "support")
        assert "2026-01-14 12:00" == story.due("customer-silent")

        story.do("reply", "2026-01-07 12:00", "vendor").until("2026-12-31 00:00")
        assert ["warned 2026-01-16 12:00"] == story.dated_events("warned")
        assert ["closed 2026-01-27 12:00"] == story.dated_events("closed")

    def test_turning_a_refund_into_support_is_the_vendors_word(self) -> None:
        """C16, C10: who changed the ticket last is who is not waited for."""
        story = refund_request("2026-01-07 09:00")
        story.do("change-type", "2026-01-07 10:00", "vendor", type="technical", consent=True)

        assert "2026-01-16 10:00" == story.due("customer-silent")


class TestSystemEventsAreNoActivity:
    """C17: warnings and other events of the system restart nothing."""

    def test_the_second_warning_and_the_closing_are_counted_from_the_opening(self) -> None:
        """C17: whatever the system did between, two days and six days stay what they were."""
        story = support_ticket("2026-01-05 10:00")
        promised = story.pending()
        story.until("2026-01-09 10:00")

        assert {"vendor-silent-close": promised["vendor-silent-close"]} == story.pending()
        assert story.instant("2026-01-05 10:00") == story.ticket.active_at

    def test_working_the_deadlines_out_anew_restarts_nothing(self) -> None:
        """C17: a reschedule by the system finds the instants that were promised."""
        story = support_ticket("2026-01-05 10:00")
        promised = story.pending()

        assert promised == story.do("reschedule", "2026-01-06 10:00", "system").pending()
