"""ClickBank: closing and changing a ticket, consent, and reviews."""

import pytest

from support.builders import BOISE, LocalStory, refund_request, subscription, support_ticket
from ticketcore.events import Money


class TestStoppingARefund:
    """C10: no reply stops a refund; closing the ticket or changing it to support does."""

    def test_replies_do_not_stop_a_refund(self) -> None:
        """C10: if the customer is content but nobody closes the ticket, it is refunded."""
        story = refund_request("2026-01-12 10:00").do("reply", "2026-01-12 10:30", "vendor")
        story.do("reply", "2026-01-12 11:00", "customer", text="thanks, it works")
        story.do("reply", "2026-01-12 11:30", "support").until("2026-01-13 10:00")

        assert ["refunded 2026-01-13 10:00", "closed 2026-01-13 10:00"] == story.dated_events(
            "refunded", "closed"
        )

    def test_closing_stops_a_refund(self) -> None:
        """C10: a ticket that a party closed is not refunded."""
        story = refund_request("2026-01-12 10:00")
        story.do("close", "2026-01-13 09:59", "customer")

        assert (0, {}) == (story.until("2026-03-01 00:00").ticket.refunded, story.pending())

    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_a_change_to_technical_support_stops_a_refund(self, kind: str) -> None:
        """C10: a change to technical support stops a refund, and other timers run."""
        story = refund_request("2026-01-12 10:00", kind=kind)
        story.do("change-type", "2026-01-12 12:00", "customer", type="technical")

        expected = {"vendor-silent-first", "vendor-silent-second", "vendor-silent-close"}
        assert expected == set(story.pending())

    def test_a_closing_after_the_deadline_is_refused(self) -> None:
        """C5, C10: the refund is dated at its deadline, however late somebody acts."""
        story = refund_request("2026-01-16 15:00")

        assert "ticket-closed" == story.refused("close", "2026-01-19 16:00", "customer")[0]
        story.until("2026-01-20 09:00")
        assert ["refunded 2026-01-19 15:00"] == story.dated_events("refunded")


class TestConsent:
    """C11: the vendor ends a customer's request only with the customer's consent."""

    @pytest.mark.parametrize("by", ["customer", "support"])
    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    @pytest.mark.parametrize("do", ["close", "change-type"])
    def test_the_vendor_needs_the_customers_consent(self, do: str, kind: str, by: str) -> None:
        """C11: a closing or change without the customer's consent is refused."""
        story = refund_request("2026-01-12 10:00", by, kind=kind)
        fields = {"type": "technical"} if do == "change-type" else {}

        assert ("consent-required", "C11") == story.refused(
            do, "2026-01-12 11:00", "vendor", **fields
        )
        story.do(do, "2026-01-12 12:00", "vendor", consent=True, **fields)
        assert None is story.due(kind)

    @pytest.mark.parametrize("do", ["close", "change-type"])
    def test_the_consent_names_a_message_of_the_customer(self, do: str) -> None:
        """C11: a consent that names a message rests on one that the customer wrote."""
        story = refund_request("2026-01-12 10:00")
        for by, reference in (("customer", "<1>"), ("vendor", "<2>")):
            story.do("reply", "2026-01-12 10:30", by, text="Yes.", reference=reference)
        fields = {"type": "technical"} if do == "change-type" else {}
        given = {**fields, "consent": True}

        for reference in ("<2>", "<3>"):
            code, _ = story.refused(
                do, "2026-01-12 11:00", "vendor", **given, consent_message=reference
            )
            assert "unknown-message" == code
        story.do(do, "2026-01-12 12:00", "vendor", **given, consent_message="<1>")
        assert None is story.due("refund")

    @pytest.mark.parametrize("requested_by", ["customer", "vendor", "support"])
    def test_the_customer_can_always_close(self, requested_by: str) -> None:
        """C11: the customer can close a refund that any party asked for."""
        story = refund_request("2026-01-12 10:00", requested_by).do(
            "close", "2026-01-12 10:01", "customer"
        )

        assert ("customer",) == story.ticket.closed_by

    def test_a_support_ticket_needs_no_consent(self) -> None:
        """C11: a support ticket can be closed without the customer's consent."""
        story = support_ticket("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor")

        assert ("vendor",) == story.ticket.closed_by


class TestReview:
    """C13: support reviews closings and changes. Abuse costs the vendor the grace period."""

    def test_a_ticket_without_closing_or_change_cannot_be_reviewed(self) -> None:
        """C13: without a closing or change, a review can be neither requested nor ended."""
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
        """C13: after abuse the request is carried out at the instant of the review."""
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
    def test_abuse_carries_out_the_request_after_several_changes(
        self, at_the_end: str | None
    ) -> None:
        """C13: the customer's refund is carried out, however often the vendor changed the type."""
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

    def test_a_cancellation_does_not_replace_a_refund(self) -> None:
        """C13: after abuse the customer gets the refund, although a cancellation ran first."""
        story = LocalStory("clickbank", BOISE)
        story.open("2026-01-12 10:00", type="refund", order=subscription("2026-01-02"))
        story.do("change-type", "2026-01-12 12:00", "vendor", type="technical", consent=True)
        story.do("change-type", "2026-01-12 12:01", "vendor", type="cancellation")
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["refunded 2026-01-15 10:00"] == story.dated_events("refunded")
        assert ["cancelled 2026-01-12 12:06"] == story.dated_events("cancelled")

    @pytest.mark.parametrize("do", ["close", "change-type"])
    def test_abuse_carries_out_a_refund_that_the_vendor_took_back(self, do: str) -> None:
        """C13: a refund that the vendor offered and withdrew is carried out too."""
        fields = {"type": "technical"} if do == "change-type" else {}
        story = support_ticket("2026-01-12 10:00")
        story.do("change-type", "2026-01-12 12:01", "vendor", type="refund")
        story.do(do, "2026-01-12 12:03", "vendor", **fields)
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["refunded 2026-01-15 10:00"] == story.dated_events("refunded")

    def test_abuse_carries_out_a_pending_refund(self) -> None:
        """C13: without the grace period the pending refund is due at once, even at a weekend."""
        story = support_ticket("2026-01-16 10:00")
        story.do("change-type", "2026-01-16 23:57", "vendor", type="refund")
        story.do("request-review", "2026-01-17 10:00", "customer")
        story.do("review", "2026-01-17 11:00", "support", abuse=True)

        assert ["refunded 2026-01-17 11:00"] == story.dated_events("refunded")

    @pytest.mark.parametrize("kind", ["refund", "cancellation"])
    def test_abuse_ends_a_free_subscription(self, kind: str) -> None:
        """C13: nothing is refunded for a free trial, but its subscription ends at once."""
        free = subscription("2026-01-02", amount=Money(0, "USD"), invoice_amount=None)
        story = LocalStory("clickbank", BOISE)
        story.open("2026-01-12 10:00", type=kind, order=free)
        story.do("close", "2026-01-12 12:03", "vendor", consent=True)
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ["cancelled 2026-01-15 10:00", "closed 2026-01-15 10:00"] == story.dated_events(
            "refunded", "cancelled", "closed"
        )[-2:]

    def test_abuse_does_not_restore_a_request_that_the_customer_withdrew(self) -> None:
        """C13: only a request that the vendor ended is carried out."""
        story = refund_request("2026-01-12 10:00")
        story.do("change-type", "2026-01-12 12:00", "customer", type="technical")
        story.do("close", "2026-01-12 13:00", "vendor")
        story.do("request-review", "2026-01-14 10:00", "customer")
        story.do("review", "2026-01-15 10:00", "support", abuse=True)

        assert ("open", "technical") == (story.ticket.status, story.ticket.type)

    def test_a_refunded_ticket_is_not_reopened(self) -> None:
        """C13: a finding of abuse does not reopen a ticket that was refunded in full."""
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

    def test_abuse_reopens_a_support_ticket(self) -> None:
        """C13: abuse reopens a support ticket, and a later refund is carried out at once."""
        story = support_ticket("2026-01-12 10:00").do("close", "2026-01-12 11:00", "vendor")
        story.do("request-review", "2026-01-13 10:00", "customer")
        story.do("review", "2026-01-13 11:00", "support", abuse=True)
        assert ("open", "technical") == (story.ticket.status, story.ticket.type)

        story.do("change-type", "2026-01-17 12:00", "customer", type="refund")
        assert ["refunded 2026-01-17 12:00"] == story.dated_events("refunded")

    def test_without_abuse_nothing_changes(self) -> None:
        """C13: without abuse the ticket stays closed, and the vendor keeps the grace period."""
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

    def test_only_support_reviews(self) -> None:
        """C13: neither the customer nor the vendor can end a review."""
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
    def test_without_a_grace_period_requests_are_carried_out_at_once(
        self, kind: str, done: str, at: str
    ) -> None:
        """C13, C6: requests to a vendor without a grace period wait for nothing, not for Monday.

        The weekend is part of the time to save a sale, which this vendor has lost.
        """
        bought = subscription("2026-01-02")
        story = LocalStory("clickbank", BOISE)
        story.open(at, type=kind, order=bought, has_grace_period=False)

        assert [f"{done} {at}", f"closed {at}"] == story.dated_events(done, "closed")
