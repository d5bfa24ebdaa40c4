"""ClickBank: types, refunds and cancellations under the preset."""

from datetime import timedelta

import pytest

from support.builders import BOISE, FRIDAY, LA, LocalStory, order, refund_request, subscription
from ticketcore.commands import load_stored_command
from ticketcore.events import Money


class TestTypes:
    """C1: there are three types; customer, vendor or support open a ticket."""

    @pytest.mark.parametrize("kind", ["refund", "cancellation", "technical"])
    @pytest.mark.parametrize("by", ["customer", "vendor", "support"])
    def test_each_party_opens_each_type(self, by: str, kind: str) -> None:
        """C1: each of the three parties can open a ticket of each of the three types."""
        bought = subscription("2026-01-02")
        story = LocalStory("clickbank", BOISE).open(FRIDAY, by, type=kind, order=bought)

        assert (kind, by) == (story.ticket.type, story.ticket.opened.by)

    def test_another_type_is_refused(self) -> None:
        """C1: a type that the policy does not list is refused."""
        story = LocalStory("clickbank", BOISE)

        assert ("unknown-type", "C1") == story.refused(
            "open", FRIDAY, "customer", zone=BOISE, type="complaint"
        )

    def test_the_system_cannot_open_a_ticket(self) -> None:
        """C1: only customer, vendor and support open tickets."""
        story = LocalStory("clickbank", BOISE)

        assert "not-permitted" == story.refused("open", FRIDAY, "system", zone=BOISE)[0]


class TestRefundTimer:
    """C5: a refund is due after 24 hours, counted from Monday to Friday in the vendor's zone."""

    @pytest.mark.parametrize(
        ("at", "due", "zone"),
        [
            ("2026-01-13 10:00", "2026-01-14 10:00", BOISE),
            ("2026-01-09 15:00", "2026-01-12 15:00", BOISE),
            ("2026-01-09 00:01", "2026-01-12 00:01", BOISE),
            ("2026-01-10 00:00", "2026-01-13 00:00", BOISE),
            ("2026-01-11 23:59", "2026-01-13 00:00", BOISE),
            ("2026-01-12 00:00", "2026-01-13 00:00", BOISE),
            ("2026-03-06 15:00", "2026-03-09 15:00", LA),
            ("2026-10-30 15:00", "2026-11-02 15:00", LA),
            ("2026-03-27 15:00", "2026-03-30 15:00", "Europe/Rome"),
            ("2026-10-23 15:00", "2026-10-26 15:00", "Europe/Rome"),
            ("2026-03-26 12:00", "2026-03-27 13:00", "Asia/Jerusalem"),
            ("2026-10-29 12:00", "2026-10-30 11:00", "Africa/Cairo"),
        ],
        ids=[
            "midweek",
            "friday afternoon",
            "a minute into friday",
            "saturday midnight",
            "sunday night",
            "monday midnight",
            "clocks forward at the weekend",
            "clocks back at the weekend",
            "clocks forward in Rome",
            "clocks back in Rome",
            "clocks forward on a friday",
            "clocks back on a thursday night",
        ],
    )
    def test_weekends_do_not_count(self, at: str, due: str, zone: str) -> None:
        """C5: the refund is due when 24 hours of Monday to Friday have passed."""
        assert due == refund_request(at, zone=zone).due("refund")

    @pytest.mark.parametrize("by", ["customer", "support"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_request_through_support_takes_24_hours_too(self, by: str, kind: str) -> None:
        """C5, C1: a request that support makes for the customer has the same deadline."""
        assert "2026-01-12 15:00" == refund_request(FRIDAY, by, kind=kind).due(kind)


class TestWeekends:
    """C6: weekends follow the vendor's zone, and no ticket expires on one."""

    @pytest.mark.parametrize("by", ["customer", "vendor"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_deadline_at_the_end_of_friday_moves_to_monday(self, by: str, kind: str) -> None:
        """C6: if the time ends exactly with Friday, the deadline is Monday 00:00."""
        at = "2026-01-09 00:00" if by == "customer" else "2026-01-09 23:55"

        assert "2026-01-12 00:00" == refund_request(at, by, kind=kind).due(kind)

    def test_weekends_follow_the_vendors_zone(self) -> None:
        """C6: for a vendor in Honolulu, Friday afternoon there is not yet the weekend."""
        story = refund_request("2026-01-09 13:00", zone="Pacific/Honolulu")

        assert "2026-01-12 13:00" == story.due("refund")

    def test_holidays_are_working_days(self) -> None:
        """C6: holidays such as Christmas Day count, since they are not weekends."""
        assert "2026-12-25 15:00" == refund_request("2026-12-24 15:00").due("refund")

    def test_nothing_expires_on_a_weekend(self) -> None:
        """C6: a refund is never due between Friday 24:00 and Monday 00:00."""
        friday = LocalStory("clickbank", BOISE).instant("2026-01-09 00:00")
        for hour in range(72):
            at = f"{friday + timedelta(hours=hour):%Y-%m-%d %H:%M}"
            due = refund_request(at).due("refund")
            assert due is not None
            assert not "2026-01-10" <= due < "2026-01-12"


class TestVendorsOwnRequest:
    """C7: a request by the vendor is due after 5 minutes, which do not count at weekends."""

    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    @pytest.mark.parametrize(
        ("at", "due"),
        [
            ("2026-01-13 10:00", "2026-01-13 10:05"),
            ("2026-01-09 23:57", "2026-01-12 00:02"),
            ("2026-01-10 12:00", "2026-01-12 00:05"),
        ],
        ids=["midweek", "three minutes before the weekend", "saturday"],
    )
    def test_5_minutes_of_monday_to_friday(self, at: str, due: str, kind: str) -> None:
        """C7: the request is due after 5 minutes, counted from Monday to Friday."""
        assert due == refund_request(at, "vendor", kind=kind).due(kind)

    def test_the_vendor_may_close_within_the_5_minutes(self) -> None:
        """C7: a vendor who asked by mistake closes the ticket without consent."""
        story = refund_request("2026-01-13 10:00", "vendor").do(
            "close", "2026-01-13 10:04:59", "vendor"
        )

        assert ("closed", 0, {}) == (story.ticket.status, story.ticket.refunded, story.pending())

    def test_the_vendor_may_not_close_at_the_fifth_minute(self) -> None:
        """C7: a closing at the due instant of the timer is refused."""
        story = refund_request("2026-01-13 10:00", "vendor")

        assert "ticket-closed" == story.refused("close", "2026-01-13 10:05", "vendor")[0]


class TestRefund:
    """C8: the order is refunded and the ticket closes.

    For a subscription, the latest invoice is refunded, and the subscription ends.
    """

    def test_the_order_is_refunded_and_the_ticket_closes(self) -> None:
        """C8: the system refunds the whole order at the due instant, and closes the ticket."""
        story = refund_request(FRIDAY).until("2026-01-20 00:00")

        assert ["opened", "scheduled", "refunded", "closed", "scheduled"] == story.event_names()
        assert ["refunded 2026-01-12 15:00", "closed 2026-01-12 15:00"] == story.dated_events(
            "refunded", "closed"
        )
        assert (4900, ("system",)) == (story.ticket.refunded, story.ticket.closed_by)

    def test_a_free_order_is_not_refunded(self) -> None:
        """C8: for an order of 0.00 no money moves, but the ticket closes."""
        free = order(amount=Money(0, "USD"))
        story = LocalStory("clickbank", BOISE).open(FRIDAY, type="refund", order=free)

        story.until("2026-01-20 00:00")

        assert ["opened", "scheduled", "closed", "scheduled"] == story.event_names()

    def test_of_a_subscription_the_latest_invoice_is_refunded(self) -> None:
        """C8: the refund is the amount of the latest invoice, and the subscription ends."""
        bought = subscription("2025-06-01T12:00:00+00:00", "2026-01-01T12:00:00+00:00")
        story = LocalStory("clickbank", BOISE).open(FRIDAY, type="refund", order=bought)
        story.until("2026-01-20 00:00")

        effects = ["refunded", "cancelled", "closed"]
        assert ["opened", "scheduled", *effects, "scheduled"] == story.event_names()
        assert (1900, True) == (story.ticket.refunded, story.ticket.subscription_ended)


class TestCancellation:
    """C9: the subscription ends and no money moves. Only a recurring product can be cancelled."""

    def test_the_subscription_ends_without_money(self) -> None:
        """C9: after 24 hours the subscription ends, and nothing is refunded."""
        story = refund_request(FRIDAY, kind="cancellation").until("2026-01-20 00:00")

        assert ["cancelled 2026-01-12 15:00", "closed 2026-01-12 15:00"] == story.dated_events(
            "cancelled", "closed", "refunded"
        )
        assert (True, 0) == (story.ticket.subscription_ended, story.ticket.refunded)

    def test_a_one_time_product_cannot_be_cancelled(self) -> None:
        """C9: the request is refused at the opening, and also as a change of type."""
        story = LocalStory("clickbank", BOISE)
        wish = {"type": "cancellation", "order": order(), "zone": BOISE}
        assert ("billing-mismatch", "C9") == story.refused("open", FRIDAY, "customer", **wish)

        story.open(FRIDAY, type="technical", order=order())
        assert ("billing-mismatch", "C9") == story.refused(
            "change-type", "2026-01-09 16:00", "customer", type="cancellation"
        )

    def test_an_order_is_required(self) -> None:
        """C9, C8: a refund or cancellation without an order is refused."""
        story = LocalStory("clickbank", BOISE)

        assert ("order-required", "C1") == story.refused(
            "open", FRIDAY, "customer", zone=BOISE, type="refund"
        )


class TestJsonCommands:
    """C19: other systems open and close tickets by commands in JSON."""

    def test_a_ticket_is_opened_and_closed_by_json(self) -> None:
        """C19: a command that was read from JSON is decided like any other."""
        opening = load_stored_command(
            '{"command":"open","at":"2026-01-13T17:00:00.000000Z","by":"vendor","type":"refund",'
            '"zone":"America/Boise","order":{"number":"MZ8X2K","sold_at":'
            '"2026-01-02T16:00:00.000000Z","amount":{"currency":"USD","minor":4900}}}'
        )
        closing = load_stored_command(
            '{"command":"close","at":"2026-01-13T17:04:00.000000Z","by":"vendor"}'
        )
        story = LocalStory("clickbank", BOISE)
        for command in (opening, closing):
            story.give(command)

        assert ["opened", "scheduled", "closed", "scheduled"] == story.event_names()
