"""The office: office hours, channels, duplicates, corrections and routing under the preset."""

from typing import Any

import pytest

from support.builders import LocalStory
from ticketcore.events import Reference, Split

ROME = "Europe/Rome"
FRIDAY = "2026-01-09 10:00"
REQUIRED = {"category": "servers", "subject": "Mail server", "text": "No mail since 9:00."}


def asked(at: str = FRIDAY, by: str = "customer", **facts: Any) -> LocalStory:
    """Open a ticket of the office, in the support section."""
    return LocalStory("office", ROME).open(at, by, **{"channel": "portal", **REQUIRED, **facts})


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
        assert ROME == asked(zone=None).ticket.opened.zone

    def test_silence_does_not_close_a_ticket(self) -> None:
        """O1: the office has no deadline, so silence does not close a ticket."""
        story = asked().until("2027-12-31 00:00")

        assert ("open", {}) == (story.ticket.status, story.pending())


class TestChannel:
    """O3: the customer replies in the support section; a reply by e-mail is refused."""

    @pytest.mark.parametrize("channel", ["email", "e-mail", "telephone"])
    def test_a_reply_by_another_channel_is_refused(self, channel: str) -> None:
        """O3: a reply by another channel is refused with the rule."""
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
        """O3, O2: support can reply by any channel."""
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

    def test_support_assigns_a_ticket_to_a_person(self) -> None:
        """O5: support can assign the ticket to one person of the team."""
        story = asked().do("assign", "2026-01-09 11:00", "support", assignee="ada")

        assert "ada" == story.ticket.assigned_to


class TestOpening:
    """O7, O8: a ticket is opened in the support section, and says what the problem is."""

    @pytest.mark.parametrize("channel", ["email", "telephone"])
    def test_an_opening_by_another_channel_is_refused(self, channel: str) -> None:
        """O7: an opening by e-mail is refused with the rule."""
        story = LocalStory("office", ROME)

        assert ("channel-not-allowed", "O7") == story.refused(
            "open", FRIDAY, "customer", channel=channel, **REQUIRED
        )

    def test_support_opens_by_any_channel(self) -> None:
        """O7: support can open a ticket by any channel."""
        assert "telephone" == asked(by="support", channel="telephone").ticket.opened.channel

    @pytest.mark.parametrize("missing", REQUIRED)
    @pytest.mark.parametrize("empty", [None, "", "  \n"])
    def test_subject_text_and_category_are_required(self, missing: str, empty: str | None) -> None:
        """O8: an opening without subject, text or category is refused."""
        facts = {"channel": "portal", **REQUIRED, missing: empty}
        story = LocalStory("office", ROME)

        assert ("field-required", "O8") == story.refused("open", FRIDAY, "customer", **facts)

    def test_an_unlisted_category_is_refused(self) -> None:
        """O8: an opening with a category that the office does not have is refused."""
        facts = {"channel": "portal", **REQUIRED, "category": "garden"}
        story = LocalStory("office", ROME)

        assert "unknown-category" == story.refused("open", FRIDAY, "customer", **facts)[0]


class TestOneProblem:
    """O9: one ticket holds one problem; a ticket with several is split or corrected."""

    def test_a_ticket_with_two_problems_is_split(self) -> None:
        """O9: the old ticket names the new one and the messages that it takes over."""
        story = asked()
        second = {"reference": "<m2@office>", "channel": "portal", "text": "The printer, too."}
        story.do("reply", "2026-01-09 10:30", "customer", **second)
        story.do("split", "2026-01-09 11:00", "support", into="7", messages=("<m2@office>",))
        new = asked(references=(Reference(kind="ticket", number="6"),))

        assert (Reference(kind="ticket", number="7"),) == story.ticket.references
        assert ("<m2@office>",) == split_messages(story)
        assert (Reference(kind="ticket", number="6"),) == new.ticket.references

    def test_an_unknown_message_cannot_move(self) -> None:
        """O9: a split that names an unknown message is refused."""
        wish = {"into": "7", "messages": ("<m9@office>",)}

        assert "unknown-message" == asked().refused("split", FRIDAY, "support", **wish)[0]

    def test_a_wrong_category_is_corrected(self) -> None:
        """O9: the corrected ticket goes to the team of its category; the opening is unchanged."""
        story = asked().do("classify", "2026-01-09 11:00", "support", category="payroll")

        assert ("payroll", "payroll", "servers") == (
            story.ticket.category,
            story.ticket.assigned_to,
            story.ticket.opened.category,
        )

    def test_a_correction_keeps_the_team_of_the_same_category(self) -> None:
        """O9: correcting a ticket to its present category changes nothing."""
        story = asked().do("assign", "2026-01-09 11:00", "support", assignee="ada")
        before = story.ticket

        assert (
            before
            == story.do("classify", "2026-01-09 12:00", "support", category="servers").ticket
        )

    def test_an_unlisted_category_is_no_correction(self) -> None:
        """O9: a correction to a category that the office does not have is refused."""
        at = "2026-01-09 11:00"

        assert "unknown-category" == asked().refused("classify", at, "support", category="x")[0]

    @pytest.mark.parametrize(
        ("do", "fields"),
        [
            ("split", {"into": "7"}),
            ("classify", {"category": "payroll"}),
        ],
    )
    def test_only_support_corrects(self, do: str, fields: dict[str, Any]) -> None:
        """O9: the customer neither splits nor corrects a ticket."""
        assert "not-permitted" == asked().refused(do, FRIDAY, "customer", **fields)[0]

    def test_a_wrong_mark_is_taken_back(self) -> None:
        """O9, O4: a ticket that is not a duplicate after all is open again, with its timers."""
        story = asked("2026-01-10 12:00")
        story.do("mark-duplicate", "2026-01-10 13:00", "support", of="7")
        story.do("unmark-duplicate", "2026-01-10 14:00", "support")

        assert ("open", None, "2026-01-12 08:30") == (
            story.ticket.status,
            story.ticket.duplicate_of,
            story.due("examination"),
        )

    def test_only_support_takes_a_mark_back(self) -> None:
        """O9: only support can take back the mark of a duplicate."""
        story = asked().do("mark-duplicate", "2026-01-09 11:00", "support", of="7")

        assert ("not-permitted", "O9") == story.refused(
            "unmark-duplicate", "2026-01-09 12:00", "customer"
        )

    def test_a_ticket_that_is_no_duplicate_has_no_mark(self) -> None:
        """O9: without a mark there is nothing to take back, so nothing changes."""
        story = asked()
        before = story.ticket

        assert before == story.do("unmark-duplicate", "2026-01-09 11:00", "support").ticket

    def test_a_reply_to_a_duplicate_names_the_other_ticket(self) -> None:
        """O4: a reply to a duplicate is refused with the number of the other ticket."""
        story = asked().do("mark-duplicate", "2026-01-09 11:00", "support", of="7")
        code, _ = story.refused("reply", "2026-01-09 12:00", "customer", channel="portal")

        assert "ticket-merged" == code


class TestEarlierTickets:
    """O10: a ticket can name an earlier, closed one about the same problem."""

    EARLIER = Reference(kind="ticket", number="00000003001")

    def test_an_opening_names_an_earlier_ticket(self) -> None:
        """O10: an opening can name an earlier ticket, which stays a reference."""
        assert (self.EARLIER,) == asked(references=(self.EARLIER,)).ticket.references

    def test_an_earlier_ticket_is_named_later(self) -> None:
        """O10: customer and support can name an earlier ticket later, once each."""
        story = asked().do("close", "2026-01-09 11:00", "support")
        for minute, by in [("01", "customer"), ("02", "support")]:
            story.do("link", f"2026-01-09 11:{minute}", by, target=self.EARLIER)

        assert (self.EARLIER,) == story.ticket.references
        assert 1 == len(story.dated_events("linked"))


def split_messages(story: LocalStory) -> tuple[str, ...]:
    """Return the references of the messages that the first split of a ticket moved."""
    return next(event.messages for event in story.events if isinstance(event, Split))
