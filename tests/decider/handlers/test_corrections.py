"""Commands that correct a ticket, and commands that link it to others."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import OPEN, ORDER, T0, at
from support.policies.small_policies import opened, policy_of, refund, refusal
from ticketcore import commands as c
from ticketcore.decider import check_move, decide, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import (
    Assigned,
    Classified,
    DuplicateUnmarked,
    Linked,
    Money,
    Order,
    OrderCorrected,
    Reference,
    Shipment,
    ShipmentAdded,
    Split,
    Unit,
)
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

BY: dict[str, Any] = {"at": at(2), "by": "support", "actor": "ann"}
T_2 = Reference(kind="ticket", number="T-2")
SHIPMENT = Shipment(number="S-1", shipped_at=T0)
POLICY = policy_of(
    """
[categories.billing]
[categories.delivery]
team = "logistics"
[refunds]
partial = true
"""
)


def after(*commands: c.Command, policy: Policy = POLICY, **facts: Any) -> Ticket:
    """Return a ticket about an order after these commands."""
    ticket = opened(policy, **{"order": ORDER, **facts})
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


class TestClassification:
    """O9: category, sub-category and reason can be corrected."""

    def test_a_field_that_is_left_out_stays(self) -> None:
        """A classification keeps the fields that it leaves out, and its event has all three."""
        ticket = after(category="billing", reason="late")
        command = c.Classify(**BY, reason="broken")

        assert (Classified(**BY, category="billing", reason="broken"),) == decide(
            ticket, command, POLICY
        )

    @pytest.mark.parametrize(
        ("given", "subcategory"),
        [
            ({"reason": "late"}, "card"),
            ({"category": "billing", "reason": "late"}, "card"),
            ({"subcategory": "cash"}, "cash"),
            ({"category": "delivery"}, None),
        ],
    )
    def test_a_subcategory_stays_with_its_category(
        self, given: dict[str, Any], subcategory: str | None
    ) -> None:
        """O9: another category removes the sub-category, unless the command gives one."""
        ticket = after(c.Classify(**BY, **given), category="billing", subcategory="card")

        assert subcategory == ticket.subcategory

    def test_another_category_goes_to_its_team(self) -> None:
        """W2: another category assigns the ticket to that category's team."""
        events = decide(after(category="billing"), c.Classify(**BY, category="delivery"), POLICY)

        assert (
            Classified(**BY, category="delivery"),
            Assigned(at=at(2), assignee="logistics", derived=True),
        ) == events

    def test_an_unknown_category_is_refused(self) -> None:
        """An unknown category is refused as at the opening."""
        command = c.Classify(**BY, category="weather")

        assert "unknown-category" == refusal(after(), command, POLICY).code

    def test_the_same_classification_changes_nothing(self) -> None:
        """A classification changes nothing if each given field has its value already."""
        ticket = after(category="billing", subcategory="a", reason="late")
        command = c.Classify(**BY, category="billing", subcategory="a", reason="late")

        assert () == decide(ticket, command, POLICY)


class TestCorrectedOrder:
    """A5: the facts of the order can be added and corrected."""

    def test_an_order_can_be_added(self) -> None:
        """If an order is added, the ticket concerns all of its units."""
        command = c.CorrectOrder(**BY, order=ORDER)

        assert (OrderCorrected(**BY, order=ORDER, units=("u1", "u2")),) == decide(
            after(order=None), command, POLICY
        )

    def test_a_ticket_about_some_units_stays_about_them(self) -> None:
        """A ticket about some units keeps those that the corrected order has."""
        order = attrs.evolve(ORDER, units=(Unit(id="u2"), Unit(id="u3")))
        corrected = after(c.CorrectOrder(**BY, order=order), units=("u2",))

        assert (order, ("u2",), at(2)) == (corrected.order, corrected.units, corrected.order_at)

    def test_the_same_order_changes_nothing(self) -> None:
        """A correction with the same order changes nothing."""
        command = c.CorrectOrder(**BY, order=ORDER)

        assert () == decide(after(order=ORDER), command, POLICY)

    def test_the_currency_stays_once_money_has_moved(self) -> None:
        """The currency of an order can be corrected only before a refund."""
        order = attrs.evolve(ORDER, amount=Money.parse("100.00 USD"))
        command = c.CorrectOrder(**BY, order=order)

        assert 1 == len(decide(after(), command, POLICY))
        assert "currency-differs: the order was paid in EUR, not USD" == str(
            refusal(after(refund("R", "1.00 EUR")), command, POLICY)
        )

    def test_tickets_of_one_order_have_one_currency(self) -> None:
        """An order is not corrected to another currency than the order's other tickets have."""
        first, second = (
            opened(POLICY, number=number, order=ORDER, zone="UTC") for number in ("1", "2")
        )
        order = attrs.evolve(ORDER, amount=Money.parse("100.00 USD"))
        ledger = Ledger.of({"1": first, "2": second})
        with pytest.raises(RefusedError, match="the order was paid in EUR, not USD"):
            decide(first, c.CorrectOrder(**BY, order=order), POLICY, ledger)

    def test_a_dispute_fixes_the_currency(self) -> None:
        """An order is not added or corrected in another currency than that of a dispute."""
        amount = Money.parse("10.00 USD")
        claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim", amount=amount)
        command = c.CorrectOrder(**BY, order=ORDER)

        assert "currency-differs: the order was paid in USD, not EUR" == str(
            refusal(after(claim, order=None), command, POLICY)
        )
        whole = attrs.evolve(claim, amount=None)
        assert 1 == len(decide(after(whole, order=None), command, POLICY))

    def test_the_number_can_be_corrected_before_money_has_moved(self) -> None:
        """The number of an order can be corrected before a refund, and the ticket moves to it."""
        moved = attrs.evolve(ORDER, number="O-2")
        command = c.CorrectOrder(**BY, order=moved)
        cancelled = c.Cancel(at=at(1), by="vendor", units=("u1",))

        assert moved == after(command).order
        assert "order-fixed" == refusal(after(cancelled), command, POLICY).code

    def test_a_ticket_leaves_the_currency_of_its_order(self) -> None:
        """A4: the tickets of the order that a ticket leaves say nothing about its new order."""
        first, second = (
            opened(POLICY, number=number, order=ORDER, zone="UTC") for number in ("1", "2")
        )
        order = attrs.evolve(ORDER, number="O-2", amount=Money.parse("100.00 USD"))
        ledger = Ledger.of({"1": first, "2": second})

        assert 1 == len(decide(first, c.CorrectOrder(**BY, order=order), POLICY, ledger))

    def test_shipments_stay_unless_the_correction_names_some(self) -> None:
        """A5: a corrected amount does not remove the evidence that a shipment was made."""
        shipped = after(c.AddShipment(**BY, shipment=SHIPMENT))
        other = Shipment(number="S-2", shipped_at=T0)
        earlier = T0 - timedelta(days=1)
        corrected = attrs.evolve(ORDER, sold_at=earlier)

        for order, expected in (
            (corrected, (SHIPMENT,)),
            (attrs.evolve(corrected, shipments=(other,)), (other,)),
            (attrs.evolve(corrected, number="O-2"), ()),
        ):
            (event,) = decide(shipped, c.CorrectOrder(**BY, order=order), POLICY)
            assert isinstance(event, OrderCorrected)
            assert (order.number, earlier, expected) == (
                event.order.number,
                event.order.sold_at,
                event.order.shipments,
            )
        assert () == decide(shipped, c.CorrectOrder(**BY, order=ORDER), POLICY)

    def test_a_shipment_is_added_once(self) -> None:
        """A shipment is added once, to a ticket with an order."""
        command = c.AddShipment(**BY, shipment=SHIPMENT)

        assert (ShipmentAdded(**BY, shipment=SHIPMENT),) == decide(after(), command, POLICY)
        assert () == decide(after(command), command, POLICY)
        assert "order-required: the ticket has no order" == str(
            refusal(after(order=None), command, POLICY)
        )


class TestMoves:
    """A2, A4: a ticket moves only to an order that it does not contradict."""

    MOVED = c.CorrectOrder(**BY, order=attrs.evolve(ORDER, number="O-2"))

    def move(self, ticket: Ticket, *commands: c.Command, **facts: Any) -> None:
        """Check the move of a ticket to an order with one ticket, after these commands."""
        other = after(*commands, number="2", **{"order": self.MOVED.order, **facts})
        check_move(ticket, self.MOVED, Ledger.of({"2": other}))

    def refused(self, reason: str, ticket: Ticket, *commands: c.Command, **facts: Any) -> None:
        """Check that such a move is refused for this reason."""
        with pytest.raises(RefusedError) as caught:
            self.move(ticket, *commands, **facts)
        assert (self.MOVED, reason) == (caught.value.command, str(caught.value))

    def test_a_ticket_moves_to_an_order_of_its_currency(self) -> None:
        """A ticket can move where currency, disputes and instants fit; it may stand there."""
        self.move(after())
        moved = after(self.MOVED, number="1")
        check_move(after(number="1"), self.MOVED, Ledger.of({"1": moved}))

    def test_a_ticket_does_not_move_to_an_order_of_another_currency(self) -> None:
        """A4: no order has tickets in two currencies."""
        dollars = Order(number="O-2", sold_at=T0, amount=Money.parse("100.00 USD"))
        self.refused(
            "currency-differs: ticket 2 of the same order is in USD, not EUR",
            after(),
            order=dollars,
        )

    def test_a_ticket_does_not_bring_the_id_of_a_dispute_along(self) -> None:
        """A2: the id of a dispute is unique in the order, also if a ticket joins it later."""
        claim = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")
        self.refused(
            'dispute-conflict: ticket 2 of the order has a dispute "D" too',
            after(claim, order=None),
            claim,
        )
        self.move(after(claim, order=None), attrs.evolve(claim, dispute="E"))

    def test_a_ticket_does_not_move_to_an_order_whose_money_moved_later(self) -> None:
        """A4: what an order paid rests on the facts that were known then."""
        paid = attrs.evolve(refund("R", "1.00 EUR"), at=at(3))
        self.refused(
            "out-of-order: the command is dated Mon 2026-01-05 11:00 UTC+00:00, before ticket 2"
            " of the same order moved its money on Mon 2026-01-05 12:00 UTC+00:00",
            after(),
            paid,
        )
        self.move(after(), attrs.evolve(paid, at=at(2)))


class TestLinks:
    """O4, O9, O10, W8: duplicates, splits, and references."""

    def test_the_mark_of_a_duplicate_can_be_taken_back(self) -> None:
        """The mark of a duplicate can be removed, which opens the ticket again."""
        mark = c.MarkDuplicate(at=at(1), by="support", of="T-2")
        command = c.UnmarkDuplicate(**BY, text="another problem")

        assert (DuplicateUnmarked(**BY, text="another problem"),) == decide(
            after(mark), command, POLICY
        )
        assert "open" == after(mark, command).status
        assert () == decide(after(), command, POLICY)

    def test_a_split_names_messages_of_the_ticket(self) -> None:
        """A split names messages of the ticket, and is recorded once for each new ticket."""
        reply = c.Reply(at=at(1), by="customer", text="…", reference="<1@x>")
        command = c.SplitTicket(**BY, into="T-2", messages=("<1@x>",))

        assert (Split(**BY, into="T-2", messages=("<1@x>",)),) == decide(
            after(reply), command, POLICY
        )
        assert () == decide(after(reply, command), command, POLICY)
        assert 'unknown-message: the ticket has no message with the reference "<1@x>"' == str(
            refusal(after(), command, POLICY)
        )

    def test_a_message_moves_once(self) -> None:
        """O9: a later split moves further messages, but none that another ticket took."""
        first, second = (
            c.Reply(at=at(1), by="customer", text="…", reference=name) for name in ("<1>", "<2>")
        )
        split = c.SplitTicket(**BY, into="T-2", messages=("<1>",))
        ticket = after(first, second, c.Link(**BY, target=T_2), split)
        both = attrs.evolve(split, messages=("<1>", "<2>"))
        elsewhere = attrs.evolve(split, into="T-3")

        assert (T_2,) == ticket.references
        assert () == decide(ticket, split, POLICY)
        assert (Split(**BY, into="T-2", messages=("<2>",)),) == decide(ticket, both, POLICY)
        assert 'unknown-message: ticket T-2 has taken the message "<1>" already' == str(
            refusal(ticket, elsewhere, POLICY)
        )

    @pytest.mark.parametrize(
        "command",
        [
            c.MarkDuplicate(**BY, of="T-1"),
            c.SplitTicket(**BY, into="T-1"),
            c.Link(**BY, target=Reference(kind="ticket", number="T-1")),
        ],
    )
    def test_a_ticket_does_not_name_itself(self, command: c.Command) -> None:
        """O4, O9, O10: a ticket is no duplicate or part of itself, and does not name itself."""
        assert "same-ticket: T-1 is the ticket itself: name another one" == str(
            refusal(after(number="T-1"), command, POLICY)
        )

    def test_an_opening_does_not_name_itself(self) -> None:
        """O10: a new ticket names an earlier one, and not itself."""
        opening = c.Open(at=T0, by="customer", number="T-2", references=(T_2,))

        assert "same-ticket" == refusal(None, opening, POLICY).code

    def test_a_reference_is_recorded_once(self) -> None:
        """A reference is recorded once; one of another kind is a different reference."""
        link = c.Link(**BY, target=Reference(kind="order", number="O-2"))
        other = attrs.evolve(link, target=Reference(kind="ticket", number="O-2"))

        assert (Linked(**BY, target=link.target),) == decide(after(), link, POLICY)
        assert () == decide(after(link), link, POLICY)
        assert 1 == len(decide(after(link), other, POLICY))


class TestLateReplies:
    """A reply to a closed ticket."""

    WITHIN = policy_of(
        '[closing]\nrule = "R1"\nreply_reopens = ["customer"]\nreply_reopens_within = "30 days"\n'
    )
    CLOSED = c.Close(at=at(1), by="vendor")

    def test_a_reply_to_a_duplicate_is_refused(self) -> None:
        """A reply to a duplicate is refused with the number of the other ticket."""
        mark = c.MarkDuplicate(at=at(1), by="support", of="T-2")
        command = c.Reply(at=at(2), by="customer", text="…")

        assert "ticket-merged: the ticket is a duplicate of T-2: reply there" == str(
            refusal(after(mark), command, POLICY)
        )

    def test_a_reply_reopens_within_a_limit(self) -> None:
        """A reply reopens a closed ticket up to a limit, whose last instant is included."""
        ticket = after(self.CLOSED, policy=self.WITHIN)
        in_time, late = (
            c.Reply(at=instant, by="customer", text="…")
            for instant in (at(1 + 30 * 24), at(2 + 30 * 24))
        )

        assert ["reopened", "replied"] == [e.NAME for e in decide(ticket, in_time, self.WITHIN)]
        assert (
            "window-passed: a reply by the customer reopens the ticket only within 30 days after "
            "the closing, until Wed 2026-02-04 10:00 UTC+00:00 (R1)"
        ) == str(refusal(ticket, late, self.WITHIN))

    def test_a_message_of_a_machine_reopens_nothing(self) -> None:
        """An automatic message is recorded on a closed ticket and reopens nothing."""
        command = c.Reply(at=at(2), by="customer", text="out of office", automatic=True)

        assert ["replied"] == [e.NAME for e in decide(after(self.CLOSED), command, POLICY)]
        assert "closed" == after(self.CLOSED, command).status

    def test_a_message_of_a_machine_is_recorded_once(self) -> None:
        """A second copy of an automatic message changes nothing, even without a reference."""
        command = c.Reply(at=at(2), by="customer", text="out of office", automatic=True)

        assert () == decide(after(command), command, POLICY)

    def test_a_message_is_recorded_once(self) -> None:
        """A message is recognised by its reference, even if the second copy came later."""
        reply = c.Reply(at=at(1), by="customer", text="…", reference="<1@x>")

        assert () == decide(after(reply), attrs.evolve(reply, at=at(3)), POLICY)


def test_a_ticket_number_has_the_form_that_the_policy_wants() -> None:
    """K3: a ticket number in another form is refused with the pattern."""
    policy = policy_of('[opening]\nnumber = "[0-9]{3}"\nnumber_rule = "K3"\n')

    assert 1 == len(decide(None, attrs.evolve(OPEN, number="007"), policy))
    assert 'wrong-number: the number "7" does not match [0-9]{3} (K3)' == str(
        refusal(None, attrs.evolve(OPEN, number="7"), policy)
    )
