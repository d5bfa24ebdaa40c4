"""ClickBank's rules, each through the decider under the preset as it is shipped."""

from datetime import timedelta

import pytest

from stories import Story, order, subscription
from ticketcore.commands import Command, Open, load_command
from ticketcore.decide import options
from ticketcore.errors import UnknownPolicyError
from ticketcore.events import Money, Order, Party
from ticketcore.policies import PolicyBook, load_policy

BOISE = "America/Boise"
LA = "America/Los_Angeles"
MST, PST = BOISE, LA
FRIDAY = "2026-01-09 15:00"
LATE = "window-passed"
JUST_AFTER = timedelta(microseconds=1)


def asked(at: str, by: str = "customer", zone: str = BOISE, kind: str = "refund") -> Story:
    """A refund, or a cancellation of a subscription, asked for at a local time."""
    today = at[:10]
    bought = order(today) if kind == "refund" else subscription(today)
    return Story("clickbank", zone).open(at, by, type=kind, order=bought)


def support_ticket(at: str, zone: str = BOISE, by: str = "customer", **facts: object) -> Story:
    """A request for technical support about an order."""
    return Story("clickbank", zone).open(at, by, type="technical", **{"order": order(), **facts})


class TestTypes:
    """C1: three types; the customer, the vendor, or support for the customer opens a ticket."""

    @pytest.mark.parametrize("kind", ["refund", "cancellation", "technical"])
    @pytest.mark.parametrize("by", ["customer", "vendor", "support"])
    def test_each_party_opens_each_type(self, by: str, kind: str) -> None:
        """C1: whoever opens it, a ticket of each of the three types can be had."""
        bought = subscription("2026-01-02")
        story = Story("clickbank", BOISE).open(FRIDAY, by, type=kind, order=bought)

        assert (kind, by) == (story.ticket.type, story.ticket.opened.by)

    def test_there_is_no_fourth_type(self) -> None:
        """C1: another type is refused."""
        story = Story("clickbank", BOISE)

        assert ("unknown-type", None) == story.refused(
            "open", FRIDAY, "customer", zone=BOISE, type="complaint"
        )

    def test_the_system_opens_nothing(self) -> None:
        """C1: parties open tickets, timers do not."""
        story = Story("clickbank", BOISE)

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
        assert due == asked(at, zone=zone).due("refund")

    @pytest.mark.parametrize("by", ["customer", "support"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_telephone_call_to_support_gives_the_same_24_hours(self, by: str, kind: str) -> None:
        """C5, C1: what support asks for on the customer's behalf leaves the vendor as long."""
        assert "2026-01-12 15:00" == asked(FRIDAY, by, kind=kind).due(kind)


class TestWeekends:
    """C6: Saturday and Sunday are the vendor's; a ticket never expires on one."""

    @pytest.mark.parametrize("by", ["customer", "vendor"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_budget_that_ends_as_the_weekend_begins_is_due_on_monday(
        self, by: str, kind: str
    ) -> None:
        """C6: used up exactly at the end of Friday, it falls due at Monday 00:00."""
        at = "2026-01-09 00:00" if by == "customer" else "2026-01-09 23:55"

        assert "2026-01-12 00:00" == asked(at, by, kind=kind).due(kind)

    def test_only_the_vendors_zone_counts(self) -> None:
        """C6: Friday afternoon in Honolulu is not yet a weekend, whatever it is in Tokyo."""
        story = asked("2026-01-09 13:00", zone="Pacific/Honolulu")

        assert "2026-01-12 13:00" == story.due("refund")

    def test_holidays_do_not_count(self) -> None:
        """C6: a refund runs through Christmas Day, which is no weekend."""
        assert "2026-12-25 15:00" == asked("2026-12-24 15:00").due("refund")

    def test_nothing_expires_on_a_weekend(self) -> None:
        """C6: from Friday 24:00 to Monday 00:00 no refund falls due, at whatever hour it began."""
        friday = Story("clickbank", BOISE).instant("2026-01-09 00:00")
        for hour in range(72):
            at = f"{friday + timedelta(hours=hour):%Y-%m-%d %H:%M}"
            due = asked(at).due("refund")
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
        assert due == asked(at, "vendor", kind=kind).due(kind)

    def test_the_vendor_may_close_within_the_5_minutes(self) -> None:
        """C7: it was a mistake, and until the fifth minute he needs nobody's consent."""
        story = asked("2026-01-13 10:00", "vendor").do("close", "2026-01-13 10:04:59", "vendor")

        assert ("closed", 0, {}) == (story.ticket.status, story.ticket.refunded, story.pending())

    def test_at_the_fifth_minute_it_is_too_late(self) -> None:
        """C7: a time-out fires at its due instant; the closing finds a closed ticket."""
        story = asked("2026-01-13 10:00", "vendor")

        assert "ticket-closed" == story.refused("close", "2026-01-13 10:05", "vendor")[0]


class TestCarryingOutARefund:
    """C8: the order is refunded and the ticket closes; of a subscription the latest invoice only,
    and it is cancelled."""

    def test_the_order_is_refunded_and_the_ticket_closes(self) -> None:
        """C8: all of it, at the due instant, by the system."""
        story = asked(FRIDAY).until("2026-01-20 00:00")

        assert ["opened", "scheduled", "refunded", "closed"] == story.told()
        assert ["refunded 2026-01-12 15:00", "closed 2026-01-12 15:00"] == story.told(
            "refunded", "closed"
        )
        assert (4900, ("system",)) == (story.ticket.refunded, story.ticket.closed_by)

    def test_of_a_subscription_the_latest_invoice_only(self) -> None:
        """C8: the invoice's amount, not the order's, and the subscription ends."""
        bought = subscription("2025-06-01T12:00:00+00:00", "2026-01-01T12:00:00+00:00")
        story = Story("clickbank", BOISE).open(FRIDAY, type="refund", order=bought)
        story.until("2026-01-20 00:00")

        assert ["opened", "scheduled", "refunded", "cancelled", "closed"] == story.told()
        assert (1900, True) == (story.ticket.refunded, story.ticket.subscription_ended)


class TestCancellation:
    """C9: no money moves; the subscription ends. Only what recurs can be cancelled."""

    def test_the_subscription_ends_without_money(self) -> None:
        """C9: after the 24 hours nothing more is billed, and nothing is paid back."""
        story = asked(FRIDAY, kind="cancellation").until("2026-01-20 00:00")

        assert ["cancelled 2026-01-12 15:00", "closed 2026-01-12 15:00"] == story.told(
            "cancelled", "closed", "refunded"
        )
        assert (True, 0) == (story.ticket.subscription_ended, story.ticket.refunded)

    def test_another_product_has_nothing_to_cancel(self) -> None:
        """C9: the request is refused, when a ticket is opened and when its type is changed."""
        story = Story("clickbank", BOISE)
        wish = {"type": "cancellation", "order": order(), "zone": BOISE}
        assert ("not-recurring", "C9") == story.refused("open", FRIDAY, "customer", **wish)

        story.open(FRIDAY, type="technical", order=order())
        assert ("not-recurring", "C9") == story.refused(
            "change-type", "2026-01-09 16:00", "customer", type="cancellation"
        )

    def test_an_order_is_needed(self) -> None:
        """C9, C8: without an order there is nothing to cancel or refund."""
        story = Story("clickbank", BOISE)

        assert ("order-required", "C1") == story.refused(
            "open", FRIDAY, "customer", zone=BOISE, type="refund"
        )


class TestWhatStopsARefund:
    """C10: no reply does; closing the ticket does, and so does changing it to support."""

    def test_no_reply_stops_it(self) -> None:
        """C10: the vendor answers, the customer is content, nobody closes: it is refunded."""
        story = asked("2026-01-12 10:00").do("reply", "2026-01-12 10:30", "vendor")
        story.do("reply", "2026-01-12 11:00", "customer", text="thanks, it works")
        story.do("reply", "2026-01-12 11:30", "support").until("2026-01-13 10:00")

        assert ["refunded 2026-01-13 10:00", "closed 2026-01-13 10:00"] == story.told(
            "refunded", "closed"
        )

    def test_closing_stops_it(self) -> None:
        """C10: a ticket that a party closed moves no money."""
        story = asked("2026-01-12 10:00").do("close", "2026-01-13 09:59", "customer")

        assert (0, {}) == (story.until("2026-03-01 00:00").ticket.refunded, story.pending())

    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_changing_it_to_technical_support_stops_it(self, kind: str) -> None:
        """C10: the support rules go on from there."""
        story = asked("2026-01-12 10:00", kind=kind)
        story.do("change-type", "2026-01-12 12:00", "customer", type="technical")

        expected = {"vendor-silent-first", "vendor-silent-second", "vendor-silent-close"}
        assert expected == set(story.pending())

    def test_a_close_that_comes_too_late_is_refused(self) -> None:
        """C5, C10: refunded as of Monday 15:00, whenever anybody looks; the close is refused."""
        story = asked("2026-01-16 15:00")

        assert "ticket-closed" == story.refused("close", "2026-01-19 16:00", "customer")[0]
        story.until("2026-01-20 09:00")
        assert ["refunded 2026-01-19 15:00"] == story.told("refunded")


class TestConsent:
    """C11: the vendor ends a customer's request only with consent; the customer always may."""

    @pytest.mark.parametrize("by", ["customer", "support"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    @pytest.mark.parametrize("do", ["close", "change-type"])
    def test_the_vendor_needs_the_customers_consent(self, do: str, kind: str, by: str) -> None:
        """C11: closing or changing without consent is refused, with it granted."""
        story = asked("2026-01-12 10:00", by, kind=kind)
        fields = {"type": "technical"} if do == "change-type" else {}

        assert ("consent-required", "C11") == story.refused(
            do, "2026-01-12 11:00", "vendor", **fields
        )
        story.do(do, "2026-01-12 12:00", "vendor", consent=True, **fields)
        assert None is story.due(kind)

    @pytest.mark.parametrize("requested_by", ["customer", "vendor", "support"])
    def test_the_customer_always_may(self, requested_by: str) -> None:
        """C11: whoever asked for the refund, the customer closes it."""
        story = asked("2026-01-12 10:00", requested_by).do("close", "2026-01-12 10:01", "customer")

        assert ("customer",) == story.ticket.closed_by

    def test_a_support_ticket_is_closed_by_either(self) -> None:
        """C11: consent is asked for refunds and cancellations only."""
        story = support_ticket("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor")

        assert ("vendor",) == story.ticket.closed_by


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
        story = asked("2026-01-12 10:00")
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


class TestReview:
    """C13: what was closed or changed can be reviewed; abuse costs the saving window."""

    def test_what_was_neither_closed_nor_changed_is_not_reviewed(self) -> None:
        """C13: there is nothing to review, and nothing to end a review of."""
        story = asked("2026-01-12 10:00")

        assert ("nothing-to-review", "C13") == story.refused(
            "request-review", "2026-01-12 11:00", "customer"
        )
        assert ("no-review-requested", "C13") == story.refused(
            "review", "2026-01-12 11:00", "support", abuse=True
        )

    @pytest.mark.parametrize("do", ["close", "change-type"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_after_abuse_the_request_is_carried_out_at_once(self, kind: str, do: str) -> None:
        """C13: closed or changed against the customer's will, it is carried out on the spot."""
        fields = {"type": "technical"} if do == "change-type" else {}
        story = asked("2026-01-12 10:00", kind=kind)
        story.do(do, "2026-01-12 11:00", "vendor", consent=True, **fields)
        story.do("request-review", "2026-01-14 09:00", "customer")
        story.do("review", "2026-01-15 09:00", "support", abuse=True)

        done = "refunded" if kind == "refund" else "cancelled"
        assert f"{done} 2026-01-15 09:00" == story.told(done)[-1]
        assert (False, "closed", kind) == (
            story.ticket.saving_window,
            story.ticket.status,
            story.ticket.type,
        )

    def test_without_abuse_nothing_changes(self) -> None:
        """C13: the ticket stays as the vendor left it, and he keeps the saving window."""
        story = asked("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor", consent=True)
        story.do("request-review", "2026-01-14 09:00", "customer")
        story.do("review", "2026-01-15 09:00", "support", abuse=False)

        assert (True, "closed", 0) == (
            story.ticket.saving_window,
            story.ticket.status,
            story.ticket.refunded,
        )

    def test_only_the_platform_reviews(self) -> None:
        """C13: neither party judges the other."""
        story = asked("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor", consent=True)
        story.do("request-review", "2026-01-14 09:00", "customer")

        for by in ("customer", "vendor"):
            code, _ = story.refused("review", "2026-01-15 09:00", by, abuse=True)
            assert "not-permitted" == code

    @pytest.mark.parametrize("at", ["2026-01-13 10:00", "2026-01-10 12:00"])
    @pytest.mark.parametrize(
        ("kind", "done"), [("refund", "refunded"), ("cancellation", "cancelled")]
    )
    def test_later_requests_of_that_vendor_are_carried_out_at_once(
        self, kind: str, done: str, at: str
    ) -> None:
        """C13: without a saving window there is nothing to wait for, not even a Monday."""
        bought = subscription("2026-01-02")
        story = Story("clickbank", BOISE)
        story.open(at, type=kind, order=bought, saving_window=False)

        assert [f"{done} {at}", f"closed {at}"] == story.told(done, "closed")


class TestWindows:
    """C14: 60 days for the customer, 90 for the vendor: calendar days at the same local time,
    the last instant included, judged when asked for."""

    SOLD = "2026-01-02T09:00:00-07:00"

    @pytest.mark.parametrize(
        ("by", "last", "sold"),
        [
            ("customer", "2026-03-03 09:00", SOLD),
            ("support", "2026-03-03 09:00", SOLD),
            ("vendor", "2026-04-02 09:00", SOLD),
            ("customer", "2026-11-09 09:00", "2026-09-10T09:00:00-06:00"),
            ("vendor", "2026-12-09 09:00", "2026-09-10T09:00:00-06:00"),
            ("customer", "2026-03-08 03:00", "2026-01-07T02:30:00-07:00"),
        ],
        ids=[
            "customer",
            "support for the customer",
            "vendor, over the clocks' going forward",
            "customer, over their going back",
            "vendor, over their going back",
            "an end that the clocks skip is their change",
        ],
    )
    def test_the_last_instant_is_included(self, by: Party, last: str, sold: str) -> None:
        """C14: granted at the last instant, refused a microsecond later."""
        story = Story("clickbank", BOISE)
        end = story.instant(last)
        wish = {"zone": BOISE, "type": "refund", "order": order(sold)}
        late = story.local(end + JUST_AFTER)

        assert ("window-passed", "C14") == story.refused("open", late, by, **wish)
        assert "refund" == story.open(last, by, type="refund", order=order(sold)).ticket.type

    def test_of_a_subscription_the_latest_invoice_counts(self) -> None:
        """C14: a year after the sale, but 60 days from the invoice."""
        bought = subscription("2025-01-02T09:00:00-07:00", self.SOLD)
        story = Story("clickbank", BOISE)

        assert (
            "window-passed"
            == story.refused(
                "open",
                "2026-03-03 09:00:00.000001",
                "customer",
                zone=BOISE,
                type="refund",
                order=bought,
            )[0]
        )
        story.open("2026-03-03 09:00", type="refund", order=bought)
        assert "refund" == story.ticket.type

    def test_it_is_judged_when_asked_for(self) -> None:
        """C14: asked for at the last instant, it is paid the day after."""
        story = Story("clickbank", BOISE)
        story.open("2026-03-03 09:00", type="refund", order=order(self.SOLD))

        assert 4900 == story.until("2026-03-04 09:00").ticket.refunded

    def test_turning_a_ticket_into_a_refund_is_asking_for_one(self) -> None:
        """C14, C12: a support ticket from within the window does not keep it open."""
        story = support_ticket("2026-03-02 09:00", order=order(self.SOLD))

        assert ("window-passed", "C14") == story.refused(
            "change-type", "2026-03-03 09:00:01", "customer", type="refund"
        )
        story.do("change-type", "2026-03-03 09:00:01", "vendor", type="refund")
        assert "2026-03-03 09:05:01" == story.due("refund")

    def test_a_subscription_can_be_cancelled_at_any_age(self) -> None:
        """C14, C9: the windows are those of refunds."""
        story = Story("clickbank", BOISE)
        bought = subscription("2024-01-02T09:00:00-07:00")
        story.open(FRIDAY, type="cancellation", order=bought)

        assert "2026-01-12 15:00" == story.due("cancellation")


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

        assert [f"warned {first}", f"warned {second}"] == story.told("warned")
        assert [f"closed {closed}"] == story.told("closed")
        assert 0 == story.ticket.refunded

    def test_a_further_word_of_the_customer_starts_the_count_anew(self) -> None:
        """C15, C17: counted from what a party did last; a warning is nothing that a party did."""
        story = support_ticket("2026-01-05 10:00").do("reply", "2026-01-07 12:00", "customer")
        assert ["warned 2026-01-07 10:00"] == story.told("warned")

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

        assert [f"warned {warned}"] == story.told("warned")[-1:]
        assert [f"closed {closed}"] == story.told("closed")

    def test_a_vendors_own_support_ticket_waits_for_the_customer(self) -> None:
        """C16: who opened it has spoken; the other owes the answer."""
        story = support_ticket("2026-01-07 10:00", by="vendor")

        assert ("customer", "2026-01-16 10:00") == (
            story.ticket.turn,
            story.due("customer-silent"),
        )

    def test_turning_a_refund_into_support_is_the_vendors_word(self) -> None:
        """C16, C10: who changed the ticket last is who is not waited for."""
        story = asked("2026-01-07 09:00")
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
        """C17: a replan by the system finds the instants that were promised."""
        story = support_ticket("2026-01-05 10:00")
        promised = story.pending()

        assert promised == story.do("replan", "2026-01-06 10:00", "system").pending()


class TestInterface:
    """C19: other parties' systems open and close tickets by JSON commands."""

    def test_a_ticket_is_opened_and_closed_by_json(self) -> None:
        """C19: what was read from JSON is decided like everything else."""
        opening = load_command(
            '{"do":"open","at":"2026-01-13T17:00:00.000000Z","by":"vendor","type":"refund",'
            '"zone":"America/Boise","order":{"number":"MZ8X2K","sold_at":'
            '"2026-01-02T16:00:00.000000Z","amount":{"currency":"USD","minor":4900}}}'
        )
        closing = load_command('{"do":"close","at":"2026-01-13T17:04:00.000000Z","by":"vendor"}')
        story = Story("clickbank", BOISE)
        for command in (opening, closing):
            story.give(command)

        assert ["opened", "scheduled", "closed"] == story.told()


class TestReceiptPage:
    """C20: what may be done now, and why the rest is refused, as a pure function."""

    @pytest.mark.parametrize(
        ("bought", "at", "expected"),
        [
            (order(), "2026-01-09 15:00", {"cancellation": "not-recurring"}),
            (order(), "2026-03-10 15:00", {"refund": LATE, "cancellation": "not-recurring"}),
            (subscription("2026-01-02"), "2026-01-09 15:00", {}),
            (subscription("2025-01-02"), "2026-01-09 15:00", {"refund": LATE}),
        ],
        ids=["one-time", "one-time, too late", "recurring", "recurring, too late"],
    )
    def test_it_offers_what_the_order_and_the_windows_allow(
        self, bought: Order, at: str, expected: dict[str, str]
    ) -> None:
        """C20: refund, cancellation of what recurs, support; what is refused says why."""
        story = Story("clickbank", BOISE)
        opening = Open(at=story.instant(at), by="customer", zone=BOISE, order=bought)
        offered = options(None, "customer", story.policy, story.instant(at), opening=opening)

        types = [kind_of(option.command) for option in offered]
        assert ["refund", "cancellation", "technical"] == types
        assert expected == {
            kind_of(option.command): option.refusal.code for option in offered if option.refusal
        }


def kind_of(command: Command) -> str | None:
    """The type that an opening asks for."""
    assert isinstance(command, Open)
    return command.type


class TestRoundTheClock:
    """C21: later the weekend rule was dropped, for tickets opened from then on."""

    @pytest.mark.parametrize(
        ("zone", "by", "at", "due"),
        [
            (BOISE, "customer", "2026-01-09 15:00", "2026-01-10 15:00"),
            (BOISE, "customer", "2026-01-10 10:00", "2026-01-11 10:00"),
            (BOISE, "vendor", "2026-01-10 10:00", "2026-01-10 10:05"),
            (LA, "customer", "2026-03-07 15:00", "2026-03-08 16:00"),
            (LA, "customer", "2026-10-31 15:00", "2026-11-01 14:00"),
        ],
    )
    def test_refunds_run_at_weekends_too(self, zone: str, by: str, at: str, due: str) -> None:
        """C21: 24 hours are 24 hours, and 5 minutes 5 minutes."""
        story = Story("clickbank-24-7", zone).open(at, by, type="refund", order=order(at))

        assert due == story.due("refund")

    def test_silent_tickets_are_still_not_closed_at_weekends(self) -> None:
        """C21, C15: it was the refunds' weekend that was dropped."""
        story = Story("clickbank-24-7", BOISE).open("2026-01-05 10:00", type="technical")

        assert "2026-01-12 00:00" == story.due("vendor-silent-close")

    def test_a_book_picks_by_the_opening_date_and_tickets_keep_it(self) -> None:
        """C21: the vendor's date decides, and an open ticket stays with its version."""
        book = PolicyBook.of(load_policy("clickbank-24-7"), load_policy("clickbank"))
        story = Story("clickbank", BOISE)
        eve, later = story.instant("2018-12-31 23:59"), story.instant("2019-01-01 00:00")

        assert "clickbank" == book.at(eve, BOISE).name
        assert "clickbank-24-7" == book.at(later, BOISE).name
        story.open("2018-12-31 23:59", type="technical")
        assert "clickbank" == book.of_ticket(story.ticket).name

    def test_before_the_first_version_there_is_none(self) -> None:
        """C21: a date that no version covers is an error, not a guess."""
        book = PolicyBook.of(load_policy("clickbank-24-7"))

        with pytest.raises(UnknownPolicyError):
            book.at(Story("clickbank", BOISE).instant("2018-12-31 12:00"), BOISE)

    def test_the_seeds_text_stays_what_it_was(self) -> None:
        """C21: `clickbank` has the weekend rule, whatever came later."""
        assert "2026-01-12 15:00" == asked(FRIDAY).due("refund")

    def test_money_is_the_orders(self) -> None:
        """C21, C8: what is refunded does not depend on the version."""
        story = Story("clickbank-24-7", BOISE).open(FRIDAY, type="refund", order=order())

        assert 4900 == story.until("2026-01-10 15:00").ticket.refunded
        assert Money(4900, "USD") == story.ticket.repayments[0].amount
