"""The office's rules, each through the decider under the preset as it is shipped."""

from typing import Any

import pytest

from support.builders import LocalStory

ROME = "Europe/Rome"
FRIDAY = "2026-01-09 10:00"


def asked(at: str = FRIDAY, by: str = "customer", **facts: Any) -> LocalStory:
    """A ticket of the office."""
    return LocalStory("office", ROME).open(at, by, **facts)


class TestOfficeHours:
    """O1: opened at any hour, taken up Monday to Friday 8:30 to 17:30, Italian holidays off."""

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
    def test_a_ticket_is_taken_up_in_office_hours(self, at: str, acknowledged: str) -> None:
        """O1: at once when the office is open, or else as it opens next."""
        story = asked(at).until("2027-12-31 00:00")

        assert [f"acknowledged {acknowledged}"] == story.dated_events("acknowledged")
        assert story.ticket.acknowledged

    def test_work_outside_the_hours_is_possible(self) -> None:
        """O1: who takes it up on a Saturday has taken it up; Monday has nothing to add."""
        story = asked("2026-01-10 12:00").do(
            "acknowledge", "2026-01-10 13:00", "support", actor="ada"
        )
        story.until("2026-01-20 00:00")

        assert ["acknowledged 2026-01-10 13:00"] == story.dated_events("acknowledged")

    def test_the_zone_is_the_offices(self) -> None:
        """O1: Europe/Rome, without anybody naming it."""
        assert ROME == LocalStory("office", ROME).open(FRIDAY, zone=None).ticket.opened.zone

    def test_a_ticket_is_not_closed_by_silence(self) -> None:
        """O1: the text has hours, and no deadline."""
        story = asked().until("2027-12-31 00:00")

        assert ("open", {}) == (story.ticket.status, story.pending())


class TestChannel:
    """O3: the customer answers in the support section, not by e-mail."""

    @pytest.mark.parametrize("channel", ["email", "e-mail", "telephone"])
    def test_a_reply_by_another_way_is_refused(self, channel: str) -> None:
        """O3: with a code of its own, and the rule; the ticket stays as it was."""
        story = asked()
        before = story.ticket

        assert ("channel-not-allowed", "O3") == story.refused(
            "reply", "2026-01-09 11:00", "customer", channel=channel, text="Re: your ticket"
        )
        assert before == story.ticket

    @pytest.mark.parametrize("channel", ["portal", None])
    def test_a_reply_in_the_support_section_is_accepted(self, channel: str | None) -> None:
        """O3: which is also meant where no channel is named."""
        story = asked().do("reply", "2026-01-09 11:00", "customer", channel=channel)

        assert "replied" == story.event_names()[-1]

    def test_the_office_answers_as_it_likes(self) -> None:
        """O3, O2: the rule is for the customer."""
        story = asked().do("reply", "2026-01-09 11:00", "support", channel="email")

        assert "pending" == story.ticket.status


class TestDuplicates:
    """O4: one ticket for one problem; a duplicate's clocks end."""

    def test_marking_a_duplicate_ends_its_clocks(self) -> None:
        """O4: it closes as the duplicate of the other, and is not taken up on Monday."""
        story = asked("2026-01-10 12:00")
        story.do("mark-duplicate", "2026-01-10 13:00", "support", of="00000000007")
        story.until("2026-01-20 00:00")

        assert ("duplicate", "00000000007", {}) == (
            story.ticket.closed_kind,
            story.ticket.duplicate_of,
            story.pending(),
        )
        assert [] == story.dated_events("acknowledged")

    def test_the_customer_marks_none(self) -> None:
        """O4: what is the same problem, the office says."""
        assert "not-permitted" == asked().refused("mark-duplicate", FRIDAY, "customer", of="7")[0]

    def test_a_closed_ticket_is_no_duplicate_any_more(self) -> None:
        """O4: it has been answered for itself."""
        story = asked().do("close", "2026-01-09 11:00", "support")

        assert (
            "ticket-closed"
            == story.refused("mark-duplicate", "2026-01-09 12:00", "support", of="7")[0]
        )


class TestRouting:
    """O5: whom a ticket goes to depends on its kind."""

    @pytest.mark.parametrize("kind", ["payroll", "administration", "servers"])
    def test_each_kind_has_its_people(self, kind: str) -> None:
        """O5: assigned as it is opened."""
        assert kind == asked(category=kind).ticket.assigned_to

    def test_without_a_kind_somebody_assigns_it(self) -> None:
        """O5: a ticket whose kind nobody named waits for an assignment."""
        story = asked()
        assert None is story.ticket.assigned_to

        assert (
            "ada"
            == story.do("assign", "2026-01-09 11:00", "support", assignee="ada").ticket.assigned_to
        )
