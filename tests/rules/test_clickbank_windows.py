"""ClickBank: windows for refunds, available commands, and policy versions."""

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
    """C14: the customer may ask for a refund for 60 days, the vendor for 90.

    These are calendar days at the same local time. The last instant is included, and the window
    is checked when the refund is requested.
    """

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
            "vendor, clocks forward",
            "customer, clocks back",
            "vendor, clocks back",
            "the clocks skip the last instant",
        ],
    )
    def test_the_last_instant_is_included(self, by: Party, last: str, sold: str) -> None:
        """C14: a request is allowed at the last instant, and refused a microsecond later."""
        story = LocalStory("clickbank", BOISE)
        end = story.instant(last)
        wish = {"zone": BOISE, "type": "refund", "order": order(sold)}
        late = story.local(end + JUST_AFTER)

        assert ("window-passed", "C14") == story.refused("open", late, by, **wish)
        assert "refund" == story.open(last, by, type="refund", order=order(sold)).ticket.type

    def test_for_a_subscription_the_window_counts_from_the_latest_invoice(self) -> None:
        """C14: the window is open a year after the sale if the latest invoice is recent."""
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

    def test_the_window_is_checked_at_the_request(self) -> None:
        """C14: a refund that was requested at the last instant is paid a day later."""
        story = LocalStory("clickbank", BOISE)
        story.open("2026-03-03 09:00", type="refund", order=order(self.SOLD))

        assert 4900 == story.until("2026-03-04 09:00").ticket.refunded

    def test_a_change_to_a_refund_is_a_request(self) -> None:
        """C14, C12: a support ticket does not keep the window open."""
        story = support_ticket("2026-03-02 09:00", order=order(self.SOLD))

        assert ("window-passed", "C14") == story.refused(
            "change-type", "2026-03-03 09:00:01", "customer", type="refund"
        )
        story.do("change-type", "2026-03-03 09:00:01", "vendor", type="refund")
        assert "2026-03-03 09:05:01" == story.due("refund")

    def test_a_subscription_can_be_cancelled_at_any_age(self) -> None:
        """C14, C9: a subscription can be cancelled at any age."""
        story = LocalStory("clickbank", BOISE)
        bought = subscription("2024-01-02T09:00:00-07:00")
        story.open(FRIDAY, type="cancellation", order=bought)

        assert "2026-01-12 15:00" == story.due("cancellation")


class TestAvailableOpenings:
    """C20: a party sees which tickets it can open now, and why others would be refused."""

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
    def test_openings_depend_on_the_order_and_the_windows(
        self, bought: Order, at: str, expected: dict[str, str]
    ) -> None:
        """C20: each type is listed, with its refusal if it has one."""
        story = LocalStory("clickbank", BOISE)
        opening = Open(at=story.instant(at), by="customer", zone=BOISE, order=bought)
        available = available_commands(
            None, "customer", story.policy, story.instant(at), opening=opening
        )

        types = [type_of(each.command) for each in available]
        assert ["refund", "cancellation", "technical"] == types
        assert expected == {
            type_of(each.command): each.refusal.code for each in available if each.refusal
        }


def type_of(command: Command) -> str | None:
    """Return the type that an opening asks for."""
    assert isinstance(command, Open)
    return command.type


class TestRoundTheClock:
    """C21: a later version refunds round the clock, for tickets opened from then on."""

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
    def test_weekends_count_for_refunds(self, zone: str, by: str, at: str, due: str) -> None:
        """C21: under the later version, weekends count for refunds."""
        story = LocalStory("clickbank-24-7", zone).open(at, by, type="refund", order=order(at))

        assert due == story.due("refund")

    def test_silent_tickets_are_not_closed_at_weekends(self) -> None:
        """C21, C15: the later version changes the weekend rule for refunds only."""
        story = LocalStory("clickbank-24-7", BOISE).open("2026-01-05 10:00", type="technical")

        assert "2026-01-12 00:00" == story.due("vendor-silent-close")

    def test_the_opening_date_selects_the_version_for_good(self) -> None:
        """C21: the date in the vendor's zone selects the version, and the ticket keeps it."""
        versions = PolicyVersions.of(load_policy("clickbank-24-7"), load_policy("clickbank"))
        story = LocalStory("clickbank", BOISE)
        eve, later = story.instant("2018-12-31 23:59"), story.instant("2019-01-01 00:00")

        assert "clickbank" == versions.at(eve, BOISE).name
        assert "clickbank-24-7" == versions.at(later, BOISE).name
        story.open("2018-12-31 23:59", type="technical")
        assert "clickbank" == versions.of_ticket(story.ticket).name

    def test_before_the_first_version_there_is_none(self) -> None:
        """C21: an opening before the first version raises UnknownPolicyError."""
        versions = PolicyVersions.of(load_policy("clickbank-24-7"))

        with pytest.raises(UnknownPolicyError):
            versions.at(LocalStory("clickbank", BOISE).instant("2018-12-31 12:00"), BOISE)

    def test_the_first_version_keeps_the_weekend_rule(self) -> None:
        """C21: under the first version, weekends do not count."""
        assert "2026-01-12 15:00" == refund_request(FRIDAY).due("refund")

    def test_the_version_does_not_change_the_amount(self) -> None:
        """C21, C8: under each version the amount of the order is refunded."""
        story = LocalStory("clickbank-24-7", BOISE).open(FRIDAY, type="refund", order=order())

        assert 4900 == story.until("2026-01-10 15:00").ticket.refunded
        assert Money(4900, "USD") == story.ticket.refunds[0].amount
