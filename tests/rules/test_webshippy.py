"""Webshippy's rules, each through the decider under the preset as it is shipped."""

from typing import Any

import pytest

from support.builders import LocalStory

BUDAPEST = "Europe/Budapest"
MONDAY = "2026-01-12 09:00"
CONDITIONS = {"category": "orders", "subject": "Order 4711", "text": "It has not arrived."}


def asked(at: str = MONDAY, by: str = "customer", **facts: Any) -> LocalStory:
    """A ticket of a shop that Webshippy works for."""
    return LocalStory("webshippy", BUDAPEST).open(at, by, **{**CONDITIONS, **facts})


class TestWhatATicketSays:
    """W1: a category with sub-categories, a subject and a description; all three are required."""

    @pytest.mark.parametrize("missing", CONDITIONS)
    @pytest.mark.parametrize("empty", [None, "", "  \n"])
    def test_all_three_are_required(self, missing: str, empty: str | None) -> None:
        """W1: without one of them, or with an empty one, the ticket is refused."""
        story = LocalStory("webshippy", BUDAPEST)
        facts = {**CONDITIONS, missing: empty}

        assert ("field-required", "W1") == story.refused("open", MONDAY, "customer", **facts)

    def test_a_sub_category_narrows_down(self) -> None:
        """W1: one of the category's own, or none."""
        story = LocalStory("webshippy", BUDAPEST)
        facts = {**CONDITIONS, "subcategory": "damage"}

        assert "unknown-subcategory" == story.refused("open", MONDAY, "customer", **facts)[0]
        assert "status" == asked(subcategory="status").ticket.opened.subcategory
        assert None is asked().ticket.opened.subcategory

    def test_a_category_is_one_of_the_list(self) -> None:
        """W1: another is refused."""
        story = LocalStory("webshippy", BUDAPEST)
        facts = {**CONDITIONS, "category": "complaints"}

        assert "unknown-category" == story.refused("open", MONDAY, "customer", **facts)[0]


class TestRouting:
    """W2: the category decides which team a ticket is given to."""

    @pytest.mark.parametrize(
        ("category", "team"),
        [
            ("orders", "fulfilment"),
            ("inbound", "warehouse"),
            ("stock", "warehouse"),
            ("invoicing", "finance"),
            ("integration", "it"),
        ],
    )
    def test_each_category_has_its_team(self, category: str, team: str) -> None:
        """W2: it is assigned as it is opened."""
        assert team == asked(category=category).ticket.assigned_to

    def test_it_can_be_given_to_a_colleague(self) -> None:
        """W2: within the team, to whom knows best."""
        story = asked().do("assign", "2026-01-12 09:10", "support", assignee="eszter")

        assert "eszter" == story.ticket.assigned_to


class TestExpectedAnswer:
    """W3: minutes for simple cases, up to 2 days for complex ones; no consequence."""

    @pytest.mark.parametrize(
        ("facts", "due"),
        [
            ({"subcategory": "status"}, "2026-03-28 09:15"),
            ({"subcategory": "complaint"}, "2026-03-30 09:00"),
            ({}, "2026-03-30 09:00"),
        ],
        ids=["simple", "complex", "not narrowed down"],
    )
    def test_it_is_shown(self, facts: dict[str, str], due: str) -> None:
        """W3: two days at the same local time, the clocks' change in between or not."""
        assert due == asked("2026-03-28 09:00", **facts).due("expected-answer")

    def test_it_is_measured_and_has_no_consequence(self) -> None:
        """W3: what passes is recorded; the ticket stays as it is, for ever."""
        story = asked().until("2026-12-31 00:00")

        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")
        assert ("open", "support", {}) == (
            story.ticket.status,
            story.ticket.waiting_for,
            story.pending(),
        )

    def test_an_answer_meets_it(self) -> None:
        """W3: an answer to the very instant is within the 2 days; the next word starts anew."""
        story = asked().do("reply", "2026-01-14 09:00", "support")
        assert ([], {}) == (story.dated_events("breached"), story.pending())

        story.do("reply", "2026-01-15 10:00", "customer")
        assert "2026-01-17 10:00" == story.due("expected-answer")


class TestSharing:
    """W5: all users of the customer's account add to its tickets; a further person may be let in
    and shut out."""

    def test_every_user_of_the_account_may_add(self) -> None:
        """W5: who adds is kept beside the party."""
        story = asked(actor="anna", account="shop-1")
        story.do("reply", "2026-01-12 10:00", "customer", actor="bela", text="me too")

        assert story.ticket.last_message is not None
        assert "bela" == story.ticket.last_message.actor

    def test_sharing_begins_and_ends(self) -> None:
        """W5: each person once, in order; ending what is not there is nothing."""
        story = asked()
        for at, do, person in [
            ("2026-01-12 10:00", "share", "carla"),
            ("2026-01-12 10:01", "share", "david"),
            ("2026-01-12 10:02", "share", "carla"),
            ("2026-01-12 10:03", "unshare", "carla"),
            ("2026-01-12 10:04", "unshare", "carla"),
        ]:
            story.do(do, at, "customer", with_person=person)

        assert ("david",) == story.ticket.shared_with
        assert ["shared", "shared", "unshared"] == [
            name for name in story.event_names() if name.endswith("shared")
        ]

    def test_a_closed_ticket_can_still_be_shown_to_a_colleague(self) -> None:
        """W5, W7: it can be looked back at, so it can be shared."""
        story = asked().do("close", "2026-01-13 10:00", "support")

        assert ("carla",) == story.do(
            "share", "2026-01-14 10:00", "customer", with_person="carla"
        ).ticket.shared_with


class TestWithdrawal:
    """W6: the customer may withdraw a ticket: solved in house, or no longer needed."""

    def test_the_customer_withdraws(self) -> None:
        """W6: the ticket is closed, as withdrawn, with the reason; nothing is pending."""
        story = asked().do("withdraw", "2026-01-12 12:00", "customer", reason="solved in house")

        assert ("withdrawn", ("customer",), {}) == (
            story.ticket.closed_kind,
            story.ticket.closed_by,
            story.pending(),
        )

    def test_nobody_else_does(self) -> None:
        """W6: support closes and does not withdraw; the customer withdraws and does not close."""
        story = asked()

        assert "not-permitted" == story.refused("withdraw", "2026-01-12 12:00", "support")[0]
        assert "not-permitted" == story.refused("close", "2026-01-12 12:00", "customer")[0]

    def test_what_is_withdrawn_is_closed(self) -> None:
        """W6: nobody answers it any more, and withdrawing it again is nothing."""
        story = asked().do("withdraw", "2026-01-12 12:00", "customer")
        before = story.ticket

        assert "ticket-closed" == story.refused("reply", "2026-01-12 13:00", "support")[0]
        assert before == story.do("withdraw", "2026-01-12 13:00", "customer").ticket
