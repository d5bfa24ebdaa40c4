"""Webshippy: required fields, routing, expected answers, sharing and withdrawal."""

from typing import Any

import pytest

from support.builders import LocalStory
from ticketcore.events import Reference

BUDAPEST = "Europe/Budapest"
MONDAY = "2026-01-12 09:00"
REQUIRED = {"category": "orders", "subject": "Order 4711", "text": "It has not arrived."}
ACCOUNT = {"account": "shop-1"}


def asked(at: str = MONDAY, by: str = "customer", **facts: Any) -> LocalStory:
    """Open a ticket of a shop that is a customer of Webshippy."""
    return LocalStory("webshippy", BUDAPEST).open(at, by, **{**ACCOUNT, **REQUIRED, **facts})


class TestRequiredFields:
    """W1: category, subject and description are required; a sub-category is optional."""

    @pytest.mark.parametrize("missing", REQUIRED)
    @pytest.mark.parametrize("empty", [None, "", "  \n"])
    def test_all_three_are_required(self, missing: str, empty: str | None) -> None:
        """W1: an opening without category, subject or description is refused."""
        story = LocalStory("webshippy", BUDAPEST)
        facts = {**ACCOUNT, **REQUIRED, missing: empty}

        assert ("field-required", "W1") == story.refused("open", MONDAY, "customer", **facts)

    def test_a_sub_category_belongs_to_its_category(self) -> None:
        """W1: a sub-category of another category is refused."""
        story = LocalStory("webshippy", BUDAPEST)
        facts = {**ACCOUNT, **REQUIRED, "subcategory": "damage"}

        assert "unknown-subcategory" == story.refused("open", MONDAY, "customer", **facts)[0]
        assert "status" == asked(subcategory="status").ticket.opened.subcategory
        assert None is asked().ticket.opened.subcategory

    def test_an_unlisted_category_is_refused(self) -> None:
        """W1: an opening with a category that the policy does not list is refused."""
        story = LocalStory("webshippy", BUDAPEST)
        facts = {**ACCOUNT, **REQUIRED, "category": "complaints"}

        assert "unknown-category" == story.refused("open", MONDAY, "customer", **facts)[0]


class TestRouting:
    """W2: the category selects the team."""

    @pytest.mark.parametrize(
        ("category", "team"),
        [
            ("orders", "fulfilment"),
            ("inbound", "warehouse"),
            ("stock", "warehouse"),
            ("invoicing", "finance"),
            ("integration", "it"),
            ("contract", "sales"),
        ],
    )
    def test_each_category_has_its_team(self, category: str, team: str) -> None:
        """W2: a ticket is assigned to the team of its category at the opening."""
        assert team == asked(category=category).ticket.assigned_to

    def test_a_ticket_can_be_assigned_to_a_person(self) -> None:
        """W2: support can assign the ticket to one person of the team."""
        story = asked().do("assign", "2026-01-12 09:10", "support", assignee="eszter")

        assert "eszter" == story.ticket.assigned_to


class TestExpectedAnswer:
    """W3: an expected answer time is shown. Missing it has no consequence."""

    @pytest.mark.parametrize(
        ("facts", "due"),
        [
            ({"subcategory": "status"}, "2026-03-28 09:15"),
            ({"subcategory": "complaint"}, "2026-03-30 09:00"),
            ({}, "2026-03-30 09:00"),
        ],
        ids=["simple", "complex", "no sub-category"],
    )
    def test_the_expected_time_depends_on_the_sub_category(
        self, facts: dict[str, str], due: str
    ) -> None:
        """W3: the expected answer time depends on the sub-category."""
        assert due == asked("2026-03-28 09:00", **facts).due("expected-answer")

    def test_a_late_answer_has_no_consequence(self) -> None:
        """W3: the breach is recorded, and the ticket stays open."""
        story = asked().until("2026-12-31 00:00")

        assert ["breached 2026-01-14 09:00"] == story.dated_events("breached")
        assert ("open", "support", {}) == (
            story.ticket.status,
            story.ticket.waiting_for,
            story.pending(),
        )

    def test_an_answer_at_the_due_instant_is_in_time(self) -> None:
        """W3: an answer at the due instant causes no breach."""
        story = asked().do("reply", "2026-01-14 09:00", "support")
        assert ([], {}) == (story.dated_events("breached"), story.pending())

        story.do("reply", "2026-01-15 10:00", "customer")
        assert "2026-01-17 10:00" == story.due("expected-answer")


class TestSharing:
    """W5: the account's users see a ticket and add to it. A ticket can be shared with others."""

    def test_a_reply_keeps_its_person(self) -> None:
        """W5: a reply of another user of the account is recorded with the id of that user."""
        story = asked(actor="anna", account="shop-1")
        story.do("reply", "2026-01-12 10:00", "customer", actor="bela", text="me too")

        assert story.ticket.last_message is not None
        assert "bela" == story.ticket.last_message.actor

    def test_sharing_begins_and_ends(self) -> None:
        """W5: sharing twice with one person, or ending it twice, changes nothing."""
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

    def test_a_closed_ticket_can_be_shared(self) -> None:
        """W5, W7: closed tickets can be read, so they can be shared."""
        story = asked().do("close", "2026-01-13 10:00", "support")

        assert ("carla",) == story.do(
            "share", "2026-01-14 10:00", "customer", with_person="carla"
        ).ticket.shared_with


class TestWithdrawal:
    """W6: the customer can withdraw a ticket."""

    def test_the_customer_withdraws(self) -> None:
        """W6: a withdrawn ticket is closed, and no timer is pending."""
        story = asked().do("withdraw", "2026-01-12 12:00", "customer", reason="solved in house")

        assert ("withdrawn", ("customer",), {}) == (
            story.ticket.closed_kind,
            story.ticket.closed_by,
            story.pending(),
        )

    def test_only_the_customer_withdraws(self) -> None:
        """W6: support cannot withdraw a ticket, and the customer cannot close one."""
        story = asked()

        assert "not-permitted" == story.refused("withdraw", "2026-01-12 12:00", "support")[0]
        assert "not-permitted" == story.refused("close", "2026-01-12 12:00", "customer")[0]

    def test_a_withdrawn_ticket_is_closed(self) -> None:
        """W6: a withdrawn ticket refuses replies, and a second withdrawal changes nothing."""
        story = asked().do("withdraw", "2026-01-12 12:00", "customer")
        before = story.ticket

        assert "ticket-closed" == story.refused("reply", "2026-01-12 13:00", "support")[0]
        assert before == story.do("withdraw", "2026-01-12 13:00", "customer").ticket


class TestExamples:
    """W8: a ticket can name several orders, shipments and products as examples."""

    EXAMPLES = (
        Reference(kind="order", number="4711"),
        Reference(kind="order", number="4712"),
        Reference(kind="shipment", number="GLS-1"),
        Reference(kind="product", number="SKU-7"),
    )

    def test_an_opening_names_several_examples(self) -> None:
        """W8: the ticket keeps all of them, in their order."""
        assert self.EXAMPLES == asked(references=self.EXAMPLES).ticket.references

    def test_an_example_is_added_once(self) -> None:
        """W8: customer and support add examples; one that is known changes nothing."""
        story = asked(references=self.EXAMPLES[:1])
        for minute, example in enumerate([*self.EXAMPLES, self.EXAMPLES[3]]):
            by = "customer" if minute % 2 else "support"
            story.do("link", f"2026-01-12 10:0{minute}", by, target=example)

        assert self.EXAMPLES == story.ticket.references
        assert 3 == len(story.dated_events("linked"))

    def test_examples_are_no_order_of_the_ticket(self) -> None:
        """W8: examples are not the ticket's order, so refunds do not concern them."""
        assert None is asked(references=self.EXAMPLES).ticket.order


class TestContracts:
    """W9: a customer without a contract has no account, and may ask about a contract only."""

    @pytest.mark.parametrize(
        "category", ["orders", "inbound", "stock", "invoicing", "integration"]
    )
    def test_other_categories_need_an_account(self, category: str) -> None:
        """W9: an opening without an account is refused, with the rule."""
        facts = {**REQUIRED, "category": category}
        story = LocalStory("webshippy", BUDAPEST)

        assert ("not-permitted", "W9") == story.refused("open", MONDAY, "customer", **facts)
        assert category == asked(category=category).ticket.category

    def test_a_contract_can_be_asked_for_without_one(self) -> None:
        """W9: a customer without a contract may ask for one at the sales team."""
        assert "sales" == asked(category="contract", account=None).ticket.assigned_to

    def test_support_opens_for_customers_without_an_account(self) -> None:
        """W9: support opens tickets for customers without an account."""
        assert "orders" == asked(by="support", account=None).ticket.category
