"""The office's rules, under the preset as shipped."""

from typing import Any

import pytest

from support.builders import LocalStory

ROME = "Europe/Rome"
FRIDAY = "2026-01-09 10:00"


def asked(at: str = FRIDAY, by: str = "customer", **facts: Any) -> LocalStory:
    """Return a ticket of the office."""
    return LocalStory("office", ROME).open(at, by, **facts)


class TestOfficeHours:
    """O1: a ticket can be opened at any hour; work begins Monday to Friday 8:30 to 17:30, except
    on Italian holidays."""

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
            "at 17:30 sharp it is closed",
            "saturday",
            "the eve of epiphany",
            "clocks forward",
            "clocks back",
            "good friday is worked",
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
    def test_work_begins_in_office_hours(self, at: str, acknowledged: str) -> None:
        """O1: at once if the office is open, otherwise at the next opening."""
        story = asked(at).until("2027-12-31 00:00")

        assert [f"acknowledged {acknowledged}"] == story.dated_events("acknowledged")
        assert story.ticket.acknowledged

    def test_work_outside_the_hours_is_possible(self) -> None:
        """O1: if somebody acknowledges the ticket on a Saturday, the timer does nothing on
        Monday."""
        story = asked("2026-01-10 12:00").do(
            "acknowledge", "2026-01-10 13:00", "support", actor="ada"
        )
        story.until("2026-01-20 00:00")

        assert ["acknowledged 2026-01-10 13:00"] == story.dated_events("acknowledged")

    def test_the_zone_is_the_offices(self) -> None:
        """O1: Europe/Rome, although nobody names it."""
        assert ROME == LocalStory("office", ROME).open(FRIDAY, zone=None).ticket.opened.zone

    def test_a_ticket_is_not_closed_by_silence(self) -> None:
        """O1: the text has hours, but no deadline."""
        story = asked().until("2027-12-31 00:00")

        assert ("open", {}) == (story.ticket.status, story.pending())


class TestChannel:
    """O3: the customer answers in the support section, not by email."""

    @pytest.mark.parametrize("channel", ["email", "e-mail", "telephone"])
    def test_a_reply_by_another_channel_is_refused(self, channel: str) -> None:
        """O3: the refusal has a code of its own and the rule; the ticket does not change."""
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

    def test_the_office_may_answer_by_any_channel(self) -> None:
        """O3, O2: the rule binds only the customer."""
        story = asked().do("reply", "2026-01-09 11:00", "support", channel="email")

        assert "pending" == story.ticket.status


class TestDuplicates:
    """O4: one ticket for one problem; the timers of a duplicate end."""

    def test_marking_a_duplicate_ends_its_timers(self) -> None:
        """O4: the ticket closes as a duplicate, and no work on it begins on Monday."""
        story = asked("2026-01-10 12:00")
        story.do("mark-duplicate", "2026-01-10 13:00", "support", of="00000000007")
        story.until("2026-01-20 00:00")

        assert ("duplicate", "00000000007", {}) == (
            story.ticket.closed_kind,
            story.ticket.duplicate_of,
            story.pending(),
        )
        assert [] == story.dated_events("acknowledged")

    def test_the_customer_cannot_mark_a_duplicate(self) -> None:
        """O4: the office decides whether two problems are the same."""
        assert "not-permitted" == asked().refused("mark-duplicate", FRIDAY, "customer", of="7")[0]

    def test_a_closed_ticket_cannot_become_a_duplicate(self) -> None:
        """O4: the ticket has already been answered."""
        story = asked().do("close", "2026-01-09 11:00", "support")

        assert (
            "ticket-closed"
            == story.refused("mark-duplicate", "2026-01-09 12:00", "support", of="7")[0]
        )


class TestRouting:
    """O5: the kind of problem selects the team."""

    @pytest.mark.parametrize("kind", ["payroll", "administration", "servers"])
    def test_each_kind_has_its_team(self, kind: str) -> None:
        """O5: the ticket is assigned when it is opened."""
        assert kind == asked(category=kind).ticket.assigned_to

    def test_a_ticket_without_a_kind_is_assigned_by_hand(self) -> None:
        """O5: a ticket without a kind waits for an assignment."""
        story = asked()
        assert None is story.ticket.assigned_to

        assert (
            "ada"
            == story.do("assign", "2026-01-09 11:00", "support", assignee="ada").ticket.assigned_to
        )
