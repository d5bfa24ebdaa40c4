"""The office: office hours, channels, duplicates and routing under the preset."""

from typing import Any

import pytest

from support.builders import LocalStory

ROME = "Europe/Rome"
FRIDAY = "2026-01-09 10:00"


def asked(at: str = FRIDAY, by: str = "customer", **facts: Any) -> LocalStory:
    """Open a ticket of the office."""
    return LocalStory("office", ROME).open(at, by, **facts)


class TestOfficeHours:
    """O1: a ticket can be opened at any hour; work begins in office hours.

    These are Monday to Friday from 8:30 to 17:30, without Italian holidays.
    """

    @pytest.mark.parametrize(
        ("at", "acknowledged"),
        [
            ("2026-01-09 08:29", "2026-01-09 08:30"),
            ("2026-01-09 08:30", "2026-01-09 08:30"),
            ("2026-01-09 17:29:59.999999", "2026-01-09 17:29:59.999999"),
            ("2026-01-09 17:30", "2026-01-12 08:30"),
            ("2026-01-10 12:00", "2026-01-12 08:30"),
            ("2026-01-05 18:00", "2026-01-07 08:30"),
            ("2026-03-27 18:00", "2026-03-30 08:30"),
            ("2026-10-23 18:00", "2026-10-26 08:30"),
            ("2026-04-03 10:00", "2026-04-03 10:00"),
            ("2026-04-03 18:00", "2026-04-07 08:30"),
            ("2026-04-24 18:00", "2026-04-27 08:30"),
            ("2026-04-30 18:00", "2026-05-04 08:30"),
            ("2026-06-01 18:00", "2026-06-03 08:30"),
            ("2026-08-14 18:00", "2026-08-17 08:30"),
            ("2027-10-01 18:00", "2027-10-05 08:30"),
            ("2026-12-24 18:00", "2026-12-28 08:30"),
            ("2026-12-31 18:00", "2027-01-04 08:30"),
        ],
        ids=[
            "a minute before it opens",
            "as it opens",
            "the last instant",
            "17:30 is closed",
            "saturday",
            "the eve of epiphany",
            "clocks forward",
            "clocks back",
            "good friday is a working day",
            "easter",
            "liberation day is a saturday",
            "labour day",
            "republic day",
            "assumption is a saturday",
            "saint francis, again a holiday",
            "christmas",
            "new year",
        ],
    )
    def test_a_ticket_is_acknowledged_in_office_hours(self, at: str, acknowledged: str) -> None:
        """O1: a ticket is acknowledged at once if the office is open, else when it opens."""
        story = asked(at).until("2027-12-31 00:00")

        assert [f"acknowledged {acknowledged}"] == story.dated_events("acknowledged")
        assert story.ticket.acknowledged

    def test_support_can_acknowledge_outside_office_hours(self) -> None:
        """O1: a ticket that support acknowledged on a Saturday is not acknowledged again."""
        story = asked("2026-01-10 12:00").do(
            "acknowledge", "2026-01-10 13:00", "support", actor="ada"
        )
        story.until("2026-01-20 00:00")

        assert ["acknowledged 2026-01-10 13:00"] == story.dated_events("acknowledged")

    def test_the_policy_gives_the_zone(self) -> None:
        """O1: an opening without a zone is in Europe/Rome."""
        assert ROME == LocalStory("office", ROME).open(FRIDAY, zone=None).ticket.opened.zone

    def test_silence_does_not_close_a_ticket(self) -> None:
        """O1: the rules have office hours, but no deadline."""
        story = asked().until("2027-12-31 00:00")

        assert ("open", {}) == (story.ticket.status, story.pending())


class TestChannel:
    """O3: the customer replies in the support section; a reply by e-mail is refused."""

    @pytest.mark.parametrize("channel", ["email", "e-mail", "telephone"])
    def test_a_reply_by_another_channel_is_refused(self, channel: str) -> None:
        """O3: the refusal has the rule, and the ticket is unchanged."""
        story = asked()
        before = story.ticket

        assert ("channel-not-allowed", "O3") == story.refused(
            "reply", "2026-01-09 11:00", "customer", channel=channel, text="Re: your ticket"
        )
        assert before == story.ticket

    @pytest.mark.parametrize("channel", ["portal", None])
    def test_a_reply_in_the_support_section_is_accepted(self, channel: str | None) -> None:
        """O3: a reply without a channel counts as one in the support section."""
        story = asked().do("reply", "2026-01-09 11:00", "customer", channel=channel)

        assert "replied" == story.event_names()[-1]

    def test_support_can_reply_by_any_channel(self) -> None:
        """O3, O2: the rule on channels is for the customer only."""
        story = asked().do("reply", "2026-01-09 11:00", "support", channel="email")

        assert "pending" == story.ticket.status


class TestDuplicates:
    """O4: closing a duplicate ends its timers."""

    def test_marking_a_duplicate_ends_its_timers(self) -> None:
        """O4: the ticket closes as a duplicate, and is not acknowledged later."""
        story = asked("2026-01-10 12:00")
        story.do("mark-duplicate", "2026-01-10 13:00", "support", of="00000000007")
        story.until("2026-01-20 00:00")

        assert ("duplicate", "00000000007", {}) == (
            story.ticket.closed_kind,
            story.ticket.duplicate_of,
            story.pending(),
        )
        assert [] == story.dated_events("acknowledged")

    def test_the_customer_cannot_mark_duplicates(self) -> None:
        """O4: only support marks duplicates."""
        assert "not-permitted" == asked().refused("mark-duplicate", FRIDAY, "customer", of="7")[0]

    def test_a_closed_ticket_cannot_be_marked(self) -> None:
        """O4: marking a closed ticket as a duplicate is refused."""
        story = asked().do("close", "2026-01-09 11:00", "support")

        assert (
            "ticket-closed"
            == story.refused("mark-duplicate", "2026-01-09 12:00", "support", of="7")[0]
        )


class TestRouting:
    """O5: the kind of problem selects the team."""

    @pytest.mark.parametrize("category", ["payroll", "administration", "servers"])
    def test_each_category_has_its_team(self, category: str) -> None:
        """O5: a ticket is assigned to the team of its category at the opening."""
        assert category == asked(category=category).ticket.assigned_to

    def test_a_ticket_without_a_category_is_assigned_by_hand(self) -> None:
        """O5: a ticket without a category has no assignee until support assigns it."""
        story = asked()
        assert None is story.ticket.assigned_to

        assert (
            "ada"
            == story.do("assign", "2026-01-09 11:00", "support", assignee="ada").ticket.assigned_to
        )
