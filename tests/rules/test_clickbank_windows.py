"""What may be asked for at ClickBank, how long, and under which version."""

from datetime import timedelta

import pytest

from support.builders import (
    BOISE,
    FRIDAY,
    LA,
    LocalStory,
    order,
    refund_request,
    subscription,
    support_ticket,
)
from ticketcore.commands import Command, Open
from ticketcore.decider import available_commands
from ticketcore.errors import UnknownPolicyError
from ticketcore.events import Money, Order, Party
from ticketcore.policies import PolicyVersions, load_policy

LATE = "window-passed"
JUST_AFTER = timedelta(microseconds=1)


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
        story = LocalStory("clickbank", BOISE)
        end = story.instant(last)
        wish = {"zone": BOISE, "type": "refund", "order": order(sold)}
        late = story.local(end + JUST_AFTER)

        assert ("window-passed", "C14") == story.refused("open", late, by, **wish)
        assert "refund" == story.open(last, by, type="refund", order=order(sold)).ticket.type

    def test_of_a_subscription_the_latest_invoice_counts(self) -> None:
        """C14: a year after the sale, but 60 days from the invoice."""
        bought = subscription("2025-01-02T09:00:00-07:00", self.SOLD)
        story = LocalStory("clickbank", BOISE)

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
        story = LocalStory("clickbank", BOISE)
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
        story = LocalStory("clickbank", BOISE)
        bought = subscription("2024-01-02T09:00:00-07:00")
        story.open(FRIDAY, type="cancellation", order=bought)

        assert "2026-01-12 15:00" == story.due("cancellation")


class TestReceiptPage:
    """C20: what may be done now, and why the rest is refused, as a pure function."""

    @pytest.mark.parametrize(
        ("bought", "at", "expected"),
        [
            (order(), "2026-01-09 15:00", {"cancellation": "billing-mismatch"}),
            (order(), "2026-03-10 15:00", {"refund": LATE, "cancellation": "billing-mismatch"}),
            (subscription("2026-01-02"), "2026-01-09 15:00", {}),
            (subscription("2025-01-02"), "2026-01-09 15:00", {"refund": LATE}),
        ],
        ids=["one-time", "one-time, too late", "recurring", "recurring, too late"],
    )
    def test_it_offers_what_the_order_and_the_windows_allow(
        self, bought: Order, at: str, expected: dict[str, str]
    ) -> None:
        """C20: refund, cancellation of what recurs, support; what is refused says why."""
        story = LocalStory("clickbank", BOISE)
        opening = Open(at=story.instant(at), by="customer", zone=BOISE, order=bought)
        offered = available_commands(
            None, "customer", story.policy, story.instant(at), opening=opening
        )

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
        story = LocalStory("clickbank-24-7", zone).open(at, by, type="refund", order=order(at))

        assert due == story.due("refund")

    def test_silent_tickets_are_still_not_closed_at_weekends(self) -> None:
        """C21, C15: it was the refunds' weekend that was dropped."""
        story = LocalStory("clickbank-24-7", BOISE).open("2026-01-05 10:00", type="technical")

        assert "2026-01-12 00:00" == story.due("vendor-silent-close")

    def test_a_book_picks_by_the_opening_date_and_tickets_keep_it(self) -> None:
        """C21: the vendor's date decides, and an open ticket stays with its version."""
        book = PolicyVersions.of(load_policy("clickbank-24-7"), load_policy("clickbank"))
        story = LocalStory("clickbank", BOISE)
        eve, later = story.instant("2018-12-31 23:59"), story.instant("2019-01-01 00:00")

        assert "clickbank" == book.at(eve, BOISE).name
        assert "clickbank-24-7" == book.at(later, BOISE).name
        story.open("2018-12-31 23:59", type="technical")
        assert "clickbank" == book.of_ticket(story.ticket).name

    def test_before_the_first_version_there_is_none(self) -> None:
        """C21: a date that no version covers is an error, not a guess."""
        book = PolicyVersions.of(load_policy("clickbank-24-7"))

        with pytest.raises(UnknownPolicyError):
            book.at(LocalStory("clickbank", BOISE).instant("2018-12-31 12:00"), BOISE)

    def test_the_seeds_text_stays_what_it_was(self) -> None:
        """C21: `clickbank` has the weekend rule, whatever came later."""
        assert "2026-01-12 15:00" == refund_request(FRIDAY).due("refund")

    def test_money_is_the_orders(self) -> None:
        """C21, C8: what is refunded does not depend on the version."""
        story = LocalStory("clickbank-24-7", BOISE).open(FRIDAY, type="refund", order=order())

        assert 4900 == story.until("2026-01-10 15:00").ticket.refunded
        assert Money(4900, "USD") == story.ticket.refunds[0].amount
