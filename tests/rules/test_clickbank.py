"""ClickBank's refunds and cancellations, through the decider under the preset as it is shipped."""

from datetime import timedelta

import pytest

from support.builders import BOISE, FRIDAY, LA, LocalStory, order, refund_request, subscription
from ticketcore.commands import load_command
from ticketcore.events import Money


class TestTypes:
    """C1: three types; the customer, the vendor, or support for the customer opens a ticket."""

    @pytest.mark.parametrize("kind", ["refund", "cancellation", "technical"])
    @pytest.mark.parametrize("by", ["customer", "vendor", "support"])
    def test_each_party_opens_each_type(self, by: str, kind: str) -> None:
        """C1: whoever opens it, a ticket of each of the three types can be had."""
        bought = subscription("2026-01-02")
        story = LocalStory("clickbank", BOISE).open(FRIDAY, by, type=kind, order=bought)

        assert (kind, by) == (story.ticket.type, story.ticket.opened.by)

    def test_there_is_no_fourth_type(self) -> None:
        """C1: another type is refused."""
        story = LocalStory("clickbank", BOISE)

        assert ("unknown-type", None) == story.refused(
            "open", FRIDAY, "customer", zone=BOISE, type="complaint"
        )

    def test_the_system_opens_nothing(self) -> None:
        """C1: parties open tickets, timers do not."""
        story = LocalStory("clickbank", BOISE)

        assert "not-permitted" == story.refused("open", FRIDAY, "system", zone=BOISE)[0]


class TestRefundClock:
    """C5: 24 hours counted on Monday to Friday, by the vendor's clock."""

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
            "clocks forward on a friday: 24 hours all the same",
            "clocks back on a thursday night",
        ],
    )
    def test_24_hours_stand_still_at_weekends(self, at: str, due: str, zone: str) -> None:
        """C5: a refund falls due when 24 hours of Monday to Friday have passed."""
        assert due == refund_request(at, zone=zone).due("refund")

    @pytest.mark.parametrize("by", ["customer", "support"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_telephone_call_to_support_gives_the_same_24_hours(self, by: str, kind: str) -> None:
        """C5, C1: what support asks for on the customer's behalf leaves the vendor as long."""
        assert "2026-01-12 15:00" == refund_request(FRIDAY, by, kind=kind).due(kind)


class TestWeekends:
    """C6: Saturday and Sunday are the vendor's; a ticket never expires on one."""

    @pytest.mark.parametrize("by", ["customer", "vendor"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_budget_that_ends_as_the_weekend_begins_is_due_on_monday(
        self, by: str, kind: str
    ) -> None:
        """C6: used up exactly at the end of Friday, it falls due at Monday 00:00."""
        at = "2026-01-09 00:00" if by == "customer" else "2026-01-09 23:55"

        assert "2026-01-12 00:00" == refund_request(at, by, kind=kind).due(kind)

    def test_only_the_vendors_zone_counts(self) -> None:
        """C6: Friday afternoon in Honolulu is not yet a weekend, whatever it is in Tokyo."""
        story = refund_request("2026-01-09 13:00", zone="Pacific/Honolulu")

        assert "2026-01-12 13:00" == story.due("refund")

    def test_holidays_do_not_count(self) -> None:
        """C6: a refund runs through Christmas Day, which is no weekend."""
        assert "2026-12-25 15:00" == refund_request("2026-12-24 15:00").due("refund")

    def test_nothing_expires_on_a_weekend(self) -> None:
        """C6: from Friday 24:00 to Monday 00:00 no refund falls due, at whatever hour it began."""
        friday = LocalStory("clickbank", BOISE).instant("2026-01-09 00:00")
        for hour in range(72):
            at = f"{friday + timedelta(hours=hour):%Y-%m-%d %H:%M}"
            due = refund_request(at).due("refund")
            assert due is not None
            assert not "2026-01-10" <= due < "2026-01-12"


class TestVendorsOwnRequest:
    """C7: asked for by the vendor, 5 minutes by the same stopped clock."""

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
    def test_5_minutes_of_the_stopped_clock(self, at: str, due: str, kind: str) -> None:
        """C7: 5 minutes of Monday to Friday."""
        assert due == refund_request(at, "vendor", kind=kind).due(kind)

    def test_the_vendor_may_close_within_the_5_minutes(self) -> None:
        """C7: it was a mistake, and until the fifth minute he needs nobody's consent."""
        story = refund_request("2026-01-13 10:00", "vendor").do(
            "close", "2026-01-13 10:04:59", "vendor"
        )

        assert ("closed", 0, {}) == (story.ticket.status, story.ticket.refunded, story.pending())

    def test_at_the_fifth_minute_it_is_too_late(self) -> None:
        """C7: a time-out fires at its due instant; the closing finds a closed ticket."""
        story = refund_request("2026-01-13 10:00", "vendor")

        assert "ticket-closed" == story.refused("close", "2026-01-13 10:05", "vendor")[0]


class TestCarryingOutARefund:
    """C8: the order is refunded and the ticket closes; of a subscription the latest invoice only,
    and it is cancelled."""

    def test_the_order_is_refunded_and_the_ticket_closes(self) -> None:
        """C8: all of it, at the due instant, by the system."""
        story = refund_request(FRIDAY).until("2026-01-20 00:00")

        assert ["opened", "scheduled", "refunded", "closed"] == story.event_names()
        assert ["refunded 2026-01-12 15:00", "closed 2026-01-12 15:00"] == story.dated_events(
            "refunded", "closed"
        )
        assert (4900, ("system",)) == (story.ticket.refunded, story.ticket.closed_by)

    def test_what_cost_nothing_pays_nothing(self) -> None:
        """C8: an order of 0.00 is not refunded, and its ticket closes all the same."""
        free = order(amount=Money(0, "USD"))
        story = LocalStory("clickbank", BOISE).open(FRIDAY, type="refund", order=free)

        assert ["opened", "scheduled", "closed"] == story.until("2026-01-20 00:00").event_names()

    def test_of_a_subscription_the_latest_invoice_only(self) -> None:
        """C8: the invoice's amount, not the order's, and the subscription ends."""
        bought = subscription("2025-06-01T12:00:00+00:00", "2026-01-01T12:00:00+00:00")
        story = LocalStory("clickbank", BOISE).open(FRIDAY, type="refund", order=bought)
        story.until("2026-01-20 00:00")

        assert ["opened", "scheduled", "refunded", "cancelled", "closed"] == story.event_names()
        assert (1900, True) == (story.ticket.refunded, story.ticket.subscription_ended)


class TestCancellation:
    """C9: no money moves; the subscription ends. Only what recurs can be cancelled."""

    def test_the_subscription_ends_without_money(self) -> None:
        """C9: after the 24 hours nothing more is billed, and nothing is paid back."""
        story = refund_request(FRIDAY, kind="cancellation").until("2026-01-20 00:00")

        assert ["cancelled 2026-01-12 15:00", "closed 2026-01-12 15:00"] == story.dated_events(
            "cancelled", "closed", "refunded"
        )
        assert (True, 0) == (story.ticket.subscription_ended, story.ticket.refunded)

    def test_another_product_has_nothing_to_cancel(self) -> None:
        """C9: the request is refused, when a ticket is opened and when its type is changed."""
        story = LocalStory("clickbank", BOISE)
        wish = {"type": "cancellation", "order": order(), "zone": BOISE}
        assert ("billing-mismatch", "C9") == story.refused("open", FRIDAY, "customer", **wish)

        story.open(FRIDAY, type="technical", order=order())
        assert ("billing-mismatch", "C9") == story.refused(
            "change-type", "2026-01-09 16:00", "customer", type="cancellation"
        )

    def test_an_order_is_needed(self) -> None:
        """C9, C8: without an order there is nothing to cancel or refund."""
        story = LocalStory("clickbank", BOISE)

        assert ("order-required", "C1") == story.refused(
            "open", FRIDAY, "customer", zone=BOISE, type="refund"
        )


class TestInterface:
    """C19: other parties' systems open and close tickets by JSON commands."""

    def test_a_ticket_is_opened_and_closed_by_json(self) -> None:
        """C19: what was read from JSON is decided like everything else."""
        opening = load_command(
            '{"command":"open","at":"2026-01-13T17:00:00.000000Z","by":"vendor","type":"refund",'
            '"zone":"America/Boise","order":{"number":"MZ8X2K","sold_at":'
            '"2026-01-02T16:00:00.000000Z","amount":{"currency":"USD","minor":4900}}}'
        )
        closing = load_command(
            '{"command":"close","at":"2026-01-13T17:04:00.000000Z","by":"vendor"}'
        )
        story = LocalStory("clickbank", BOISE)
        for command in (opening, closing):
            story.give(command)

        assert ["opened", "scheduled", "closed"] == story.event_names()
