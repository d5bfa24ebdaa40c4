"""What stops a refund at ClickBank, who may, and what follows abuse."""

import pytest

from support.builders import BOISE, LocalStory, refund_request, subscription, support_ticket
from ticketcore.events import Money


class TestWhatStopsARefund:
    """C10: no reply does; closing the ticket does, and so does changing it to support."""

    def test_no_reply_stops_it(self) -> None:
        """C10: the vendor answers, the customer is content, nobody closes: it is refunded."""
        story = refund_request("2026-01-12 10:00").do("reply", "2026-01-12 10:30", "vendor")
        story.do("reply", "2026-01-12 11:00", "customer", text="thanks, it works")
        story.do("reply", "2026-01-12 11:30", "support").until("2026-01-13 10:00")

        assert ["refunded 2026-01-13 10:00", "closed 2026-01-13 10:00"] == story.dated_events(
            "refunded", "closed"
        )

    def test_closing_stops_it(self) -> None:
        """C10: a ticket that a party closed moves no money."""
        story = refund_request("2026-01-12 10:00")
        story.do("close", "2026-01-13 09:59", "customer")

        assert (0, {}) == (story.until("2026-03-01 00:00").ticket.refunded, story.pending())

    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_changing_it_to_technical_support_stops_it(self, kind: str) -> None:
        """C10: the support rules go on from there."""
        story = refund_request("2026-01-12 10:00", kind=kind)
        story.do("change-type", "2026-01-12 12:00", "customer", type="technical")

        expected = {"vendor-silent-first", "vendor-silent-second", "vendor-silent-close"}
        assert expected == set(story.pending())

    def test_a_close_that_comes_too_late_is_refused(self) -> None:
        """C5, C10: refunded as of Monday 15:00, whenever anybody looks; the close is refused."""
        story = refund_request("2026-01-16 15:00")

        assert "ticket-closed" == story.refused("close", "2026-01-19 16:00", "customer")[0]
        story.until("2026-01-20 09:00")
        assert ["refunded 2026-01-19 15:00"] == story.dated_events("refunded")


class TestConsent:
    """C11: the vendor ends a customer's request only with consent; the customer always may."""

    @pytest.mark.parametrize("by", ["customer", "support"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    @pytest.mark.parametrize("do", ["close", "change-type"])
    def test_the_vendor_needs_the_customers_consent(self, do: str, kind: str, by: str) -> None:
        """C11: closing or changing without consent is refused, with it granted."""
        story = refund_request("2026-01-12 10:00", by, kind=kind)
        fields = {"type": "technical"} if do == "change-type" else {}

        assert ("consent-required", "C11") == story.refused(
            do, "2026-01-12 11:00", "vendor", **fields
        )
        story.do(do, "2026-01-12 12:00", "vendor", consent=True, **fields)
        assert None is story.due(kind)

    @pytest.mark.parametrize("requested_by", ["customer", "vendor", "support"])
    def test_the_customer_always_may(self, requested_by: str) -> None:
        """C11: whoever asked for the refund, the customer closes it."""
        story = refund_request("2026-01-12 10:00", requested_by).do(
            "close", "2026-01-12 10:01", "customer"
        )

        assert ("customer",) == story.ticket.closed_by

    def test_a_support_ticket_is_closed_by_either(self) -> None:
        """C11: consent is asked for refunds and cancellations only."""
        story = support_ticket("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor")

        assert ("vendor",) == story.ticket.closed_by


class TestReview:
    """C13: what was closed or changed can be reviewed; abuse costs the saving window."""

    def test_what_was_neither_closed_nor_changed_is_not_reviewed(self) -> None:
        """C13: there is nothing to review, and nothing to end a review of."""
        story = refund_request("2026-01-12 10:00")

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
        story = refund_request("2026-01-12 10:00", kind=kind)
        story.do(do, "2026-01-12 11:00", "vendor", consent=True, **fields)
        story.do("request-review", "2026-01-14 09:00", "customer")
        story.do("review", "2026-01-15 09:00", "support", abuse=True)

        done = "refunded" if kind == "refund" else "cancelled"
        assert f"{done} 2026-01-15 09:00" == story.dated_events(done)[-1]
        assert (False, "closed", kind) == (
            story.ticket.has_grace_period,
            story.ticket.status,
            story.ticket.type,
        )

    @pytest.mark.parametrize("at_the_end", ["close", None])
    def test_what_the_customer_asked_for_outlives_the_vendors_detours(
        self, at_the_end: str | None
    ) -> None:
        """C13: by which types ever the vendor led the ticket on, its refund is carried out."""
        story = refund_request("2026-01-12 10:00")
        story.do("change-type", "2026-01-12 12:00", "vendor", type="technical", consent=True)
        story.do("change-type", "2026-01-12 12:01", "vendor", type="refund")
        if at_the_end is not None:
            story.do(at_the_end, "2026-01-12 12:03", "vendor")
        else:
            story.do("change-type", "2026-01-12 12:03", "vendor", type="technical")
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["refunded 2026-01-15 10:00"] == story.dated_events("refunded")
        assert ("closed", "refund") == (story.ticket.status, story.ticket.type)

    def test_a_refund_does_not_become_a_cancellation(self) -> None:
        """C13: a cancellation that ran in its place gives the customer no money."""
        story = LocalStory("clickbank", BOISE)
        story.open("2026-01-12 10:00", type="refund", order=subscription("2026-01-02"))
        story.do("change-type", "2026-01-12 12:00", "vendor", type="technical", consent=True)
        story.do("change-type", "2026-01-12 12:01", "vendor", type="cancellation")
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["refunded 2026-01-15 10:00"] == story.dated_events("refunded")
        assert ["cancelled 2026-01-12 12:06"] == story.dated_events("cancelled")

    @pytest.mark.parametrize("do", ["close", "change-type"])
    def test_a_refund_that_the_vendor_offered_and_took_back_is_that_tickets(self, do: str) -> None:
        """C13: whoever asked for it."""
        fields = {"type": "technical"} if do == "change-type" else {}
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-12 12:01", "vendor", type="refund")
        story.do(do, "2026-01-12 12:03", "vendor", **fields)
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["refunded 2026-01-15 10:00"] == story.dated_events("refunded")

    def test_a_refund_that_is_pending_is_carried_out_at_once(self) -> None:
        """C13: the vendor's five minutes end with the saving window, at a weekend too."""
        story = support_ticket("2026-01-16 10:00")
        story.do("change-type", "2026-01-16 23:57", "vendor", type="refund")
        story.do("request-review", "2026-01-17 10:00", "customer")
        story.do("review", "2026-01-17 11:00", "support", abuse=True)

        assert ["refunded 2026-01-17 11:00"] == story.dated_events("refunded")

    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_what_costs_nothing_is_ended_all_the_same(self, kind: str) -> None:
        """C13: a free trial goes on billing later, so its subscription ends at once."""
        free = subscription("2026-01-02", amount=Money(0, "USD"), invoice_amount=None)
        story = LocalStory("clickbank", BOISE)
        story.open("2026-01-12 10:00", type=kind, order=free)
        story.do("close", "2026-01-12 12:03", "vendor", consent=True)
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["cancelled 2026-01-15 10:00", "closed 2026-01-15 10:00"] == story.dated_events(
            "refunded", "cancelled", "closed"
        )[-2:]

    def test_what_the_customer_gave_up_himself_stays_given_up(self) -> None:
        """C13: abuse gives back what the vendor ended, and nothing else."""
        story = refund_request("2026-01-12 10:00")
        story.do("change-type", "2026-01-12 12:00", "customer", type="technical")
        story.do("close", "2026-01-12 13:00", "vendor")
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ("open", "technical") == (story.ticket.status, story.ticket.type)

    def test_what_was_paid_back_is_not_reopened(self) -> None:
        """C13: the vendor loses his window, but the customer has all his money already."""
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-12 11:00", "vendor", type="refund")
        story.do("request-review", "2026-01-13 10:00", "customer")
        story.do("review", "2026-01-13 11:00", "support", abuse=True)

        assert ("reviewed", "closed", 4900) == (
            story.event_names()[-1],
            story.ticket.status,
            story.ticket.refunded,
        )
        assert not story.ticket.has_grace_period

    def test_a_support_ticket_that_was_closed_on_the_customer_lives_again(self) -> None:
        """C13: and its refund, when he asks for it, is carried out at once."""
        story = support_ticket("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor")
        story.do("request-review", "2026-01-13 10:00", "customer")
        story.do("review", "2026-01-13 11:00", "support", abuse=True)
        assert ("open", "technical") == (story.ticket.status, story.ticket.type)

        story.do("change-type", "2026-01-17 12:00", "customer", type="refund")
        assert ["refunded 2026-01-17 12:00"] == story.dated_events("refunded")

    def test_without_abuse_nothing_changes(self) -> None:
        """C13: the ticket stays as the vendor left it, and he keeps the saving window."""
        story = refund_request("2026-01-12 10:00").do(
            "close", "2026-01-12 11:00", "vendor", consent=True
        )
        story.do("request-review", "2026-01-14 09:00", "customer")
        story.do("review", "2026-01-15 09:00", "support", abuse=False)

        assert (True, "closed", 0) == (
            story.ticket.has_grace_period,
            story.ticket.status,
            story.ticket.refunded,
        )

    def test_only_the_platform_reviews(self) -> None:
        """C13: neither party judges the other."""
        story = refund_request("2026-01-12 10:00").do(
            "close", "2026-01-12 11:00", "vendor", consent=True
        )
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
        story = LocalStory("clickbank", BOISE)
        story.open(at, type=kind, order=bought, has_grace_period=False)

        assert [f"{done} {at}", f"closed {at}"] == story.dated_events(done, "closed")
