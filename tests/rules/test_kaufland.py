"""Kaufland: states, units, refunds, reasons and storefronts under the preset."""

from datetime import datetime

import pytest

from support.builders import (
    MONDAY,
    PHOTO,
    STOREFRONT_ZONES,
    LocalStory,
    order,
    storefront_ticket,
)
from ticketcore.commands import Open
from ticketcore.errors import RefusedError
from ticketcore.events import (
    Money,
    Opened,
    Recorded,
    Refunded,
    Replied,
    Unit,
    from_line,
    to_line,
)
from ticketcore.ticket import fold


def of_units(amounts: tuple[str | None, ...]) -> LocalStory:
    """Open a ticket about an order of 49.00 EUR, with units of these amounts."""
    units = tuple(
        Unit(id=f"u{number}", amount=None if amount is None else Money.parse(amount))
        for number, amount in enumerate(amounts, 1)
    )
    return storefront_ticket(order=order(amount=Money(4900, "EUR"), units=units))


class TestStates:
    """K1: a ticket is open while it waits for the seller, else pending, or closed."""

    def test_a_ticket_goes_through_its_states(self) -> None:
        """K1: a ticket is open or pending, depending on the awaited party, and then closed."""
        story = storefront_ticket()
        states = [story.ticket.status]
        for do, at, by, fields in [
            ("reply", "2026-01-12 10:00", "vendor", {}),
            ("reply", "2026-01-12 11:00", "customer", {}),
            ("escalate", "2026-01-12 12:00", "vendor", {"reason": "unable-to-help"}),
            ("close", "2026-01-12 13:00", "support", {}),
        ]:
            states.append(story.do(do, at, by, **fields).ticket.status)

        assert ["open", "pending", "open", "pending", "closed"] == states

    def test_a_ticket_opened_by_the_seller_is_pending(self) -> None:
        """K1: a ticket that the seller opened waits for the customer, without a timer."""
        story = storefront_ticket(by="vendor")

        assert ("pending", {}) == (story.ticket.status, story.pending())


class TestTicketNumbers:
    """K3: ticket numbers are texts of 11 digits."""

    def test_leading_zeros_survive_storage(self) -> None:
        """K3: the number 00123456789 is stored and read with its zeros."""
        number = "00123456789"
        opened = storefront_ticket().events[0]
        line = to_line(Recorded(ticket=number, seq=1, event=opened))

        assert number == from_line(line).ticket

    @pytest.mark.parametrize("number", ["12", "001234567890", "0012345678X", "1"])
    def test_another_number_is_refused(self, number: str) -> None:
        """K3: a number that has not exactly 11 digits is refused, with the rule."""
        story = LocalStory("kaufland", STOREFRONT_ZONES["de"])
        facts = {"storefront": "de", "order": order(), "number": number}

        assert ("wrong-number", "K3") == story.refused("open", MONDAY, "customer", **facts)

    def test_a_number_of_11_digits_is_accepted(self) -> None:
        """K3: a ticket number of 11 digits is accepted."""
        assert "00123456789" == storefront_ticket(number="00123456789").ticket.number


class TestAttachments:
    """K14: openings and replies carry attachments as references."""

    def test_a_message_keeps_its_attachments(self) -> None:
        """K14: the events of opening and reply have the references, even after storage."""
        story = storefront_ticket(attachments=(PHOTO,))
        story.do("reply", "2026-01-12 10:00", "vendor", attachments=(PHOTO,))
        stored = [
            from_line(to_line(Recorded(ticket="00123456789", seq=seq, event=event))).event
            for seq, event in enumerate(story.events, 1)
        ]

        assert [(PHOTO,)] * 2 == [
            event.attachments for event in stored if isinstance(event, Opened | Replied)
        ]


class TestActions:
    """K5: one or more units of an order can be refunded in part and cancelled."""

    def test_a_ticket_concerns_units_of_the_order(self) -> None:
        """K5: a ticket concerns the units that the opening names, or all of them."""
        assert ("u2",) == storefront_ticket(units=("u2",)).ticket.opened.units
        assert ("u1", "u2") == storefront_ticket().ticket.opened.units

    def test_a_unit_that_is_named_twice_counts_once(self) -> None:
        """K5: a unit named twice counts once, at the opening and in a cancellation."""
        story = storefront_ticket(units=("u2", "u2"))
        story.do("cancel", "2026-01-12 10:00", "vendor", units=("u2", "u2"))

        assert ("u2",) == story.ticket.opened.units == story.ticket.cancelled_units

    def test_a_unit_of_another_order_is_refused(self) -> None:
        """K5: openings, refunds and cancellations refuse a unit of another order."""
        story = LocalStory("kaufland", STOREFRONT_ZONES["de"])
        wish = {
            "storefront": "de",
            "order": storefront_ticket().ticket.opened.order,
            "units": ("u9",),
        }
        assert "unknown-unit" == story.refused("open", MONDAY, "customer", **wish)[0]

        story = storefront_ticket(units=("u1",))
        at = "2026-01-12 10:00"
        for do, fields in [("cancel", {}), ("refund", {"reference": "r1"})]:
            assert "unknown-unit" == story.refused(do, at, "vendor", units=("u2",), **fields)[0]

    def test_partial_refunds_are_limited_by_the_payment(self) -> None:
        """K5: a second refund can be as high as the rest, and not a cent higher."""
        story = storefront_ticket()
        story.do("refund", "2026-01-12 10:00", "vendor", reference="r1", units=("u2",))
        rest, at = {"reference": "r2", "units": ("u1",)}, "2026-01-12 11:00"

        assert ("cap-exceeded", "K5") == story.refused(
            "refund", at, "vendor", **rest, amount=Money(3001, "EUR")
        )
        story.do("refund", at, "vendor", **rest, amount=Money(3000, "EUR"))
        assert 4900 == story.ticket.refunded
        assert "unit-refunded" == story.refused("refund", at, "vendor", reference="r3")[0]

    @pytest.mark.parametrize(
        ("amounts", "units", "paid"),
        [
            (("19.00 EUR", "30.00 EUR"), ("u1",), 1900),
            (("19.00 EUR", "30.00 EUR"), ("u2", "u1", "u2"), 4900),
            (("19.00 EUR", None), ("u1",), 1900),
            (("19.00 EUR", "30.00 EUR"), (), 4900),
        ],
    )
    def test_a_refund_of_units_is_the_sum_of_their_amounts(
        self, amounts: tuple[str | None, ...], units: tuple[str, ...], paid: int
    ) -> None:
        """K5: a refund without an amount pays the amounts of its units, each unit once."""
        story = of_units(amounts)
        story.do("refund", "2026-01-12 10:00", "vendor", reference="r1", units=units)

        (refunded,) = (event for event in story.events if isinstance(event, Refunded))
        named = tuple(dict.fromkeys(units)) or ("u1", "u2")
        assert (paid, named) == (refunded.amount.minor, refunded.units)

    def test_a_unit_without_a_price_needs_an_amount(self) -> None:
        """K5: a unit whose price is unknown is refunded with an amount only."""
        story = of_units(("19.00 EUR", None))
        wish = {"reference": "r1", "units": ("u2",)}

        assert ("amount-required", "K5") == story.refused("refund", MONDAY, "vendor", **wish)
        story.do("refund", MONDAY, "vendor", **wish, amount=Money(3000, "EUR"))
        assert 3000 == story.ticket.refunded

    def test_a_unit_is_refunded_once(self) -> None:
        """K5: a second refund of a unit is refused, even after a refund of a part of its price."""
        story = storefront_ticket()
        wish = {"units": ("u1",), "amount": Money(1000, "EUR")}
        story.do("refund", "2026-01-12 10:00", "vendor", reference="r1", **wish)

        assert ("unit-refunded", "K5") == story.refused(
            "refund", "2026-01-12 11:00", "vendor", reference="r2", **wish
        )

    def test_a_ticket_about_one_unit_pays_for_that_unit(self) -> None:
        """K5: a refund without an amount pays the price of the ticket's unit."""
        story = storefront_ticket(units=("u1",))
        story.do("refund", "2026-01-12 10:00", "vendor", reference="r1")

        assert 3000 == story.ticket.refunded

    def test_an_amount_for_several_units_names_them(self) -> None:
        """K5: an amount below the sum of several units says which units it is for."""
        wish = {"reference": "r1", "amount": Money(1000, "EUR")}

        assert ("units-required", "K5") == storefront_ticket().refused(
            "refund", MONDAY, "vendor", **wish
        )

    def test_a_ticket_without_an_order_is_refused(self) -> None:
        """K5: an opening without an order is refused."""
        story = LocalStory("kaufland", STOREFRONT_ZONES["de"])

        assert ("order-required", "K5 K7") == story.refused(
            "open", MONDAY, "customer", storefront="de"
        )

    def test_a_unit_is_not_refunded_beyond_the_payment(self) -> None:
        """K5: a unit with a higher amount than the payment is refused."""
        story, wish = of_units(("50.00 EUR", None)), {"reference": "r1", "units": ("u1",)}

        assert ("cap-exceeded", "K5") == story.refused("refund", MONDAY, "vendor", **wish)

    @pytest.mark.parametrize(
        ("first", "paid"), [((), [4900]), (("u1",), [3000, 1900])], ids=["both", "the rest"]
    )
    def test_units_of_a_reduced_order_are_refunded_for_what_was_paid(
        self, first: tuple[str, ...], paid: list[int]
    ) -> None:
        """K5: a refund without units and amount pays what is left, below the units' prices."""
        story = of_units(("30.00 EUR", "30.00 EUR"))
        if first:
            story.do("refund", MONDAY, "vendor", reference="r1", units=first)
        story.do("refund", MONDAY, "vendor", reference="r2")

        assert paid == [e.amount.minor for e in story.events if isinstance(e, Refunded)]
        assert "unit-refunded" == story.refused("refund", MONDAY, "vendor", reference="r3")[0]

    def test_a_refund_sent_twice_pays_once(self) -> None:
        """K5: two refunds with one reference are one refund."""
        story = storefront_ticket()
        for minute in ("00", "01"):
            at = f"2026-01-12 10:{minute}"
            story.do("refund", at, "vendor", reference="r1", units=("u2",))

        assert (1900, 1) == (story.ticket.refunded, len(story.dated_events("refunded")))

    def test_another_currency_is_refused(self) -> None:
        """K5: a refund in another currency than the payment is refused."""
        wish = {"reference": "r1", "amount": Money(1900, "CZK"), "units": ("u2",)}

        assert (
            "currency-differs"
            == storefront_ticket().refused("refund", MONDAY, "vendor", **wish)[0]
        )

    def test_units_are_cancelled_once(self) -> None:
        """K5: cancelling a cancelled unit again changes nothing."""
        story = storefront_ticket().do("cancel", "2026-01-12 10:00", "vendor", units=("u1",))
        story.do("cancel", "2026-01-12 11:00", "vendor", units=("u1", "u2"))
        story.do("cancel", "2026-01-12 12:00", "vendor", units=("u1",))

        assert ("u1", "u2") == story.ticket.cancelled_units
        assert 2 == len(story.dated_events("cancelled"))

    @pytest.mark.parametrize("do", ["refund", "cancel"])
    def test_the_customer_cannot_refund_or_cancel(self, do: str) -> None:
        """K5: refunds and cancellations are not permitted to the customer."""
        fields = {"reference": "r1"} if do == "refund" else {"units": ("u1",)}

        assert "not-permitted" == storefront_ticket().refused(do, MONDAY, "customer", **fields)[0]


class TestReasons:
    """K7: there are five reasons; a history with an unknown one can be read."""

    @pytest.mark.parametrize(
        "reason", ["not-as-described", "defective", "not-delivered", "return", "other"]
    )
    def test_each_reason_opens_a_ticket(self, reason: str) -> None:
        """K7: each reason can open a ticket, which keeps it."""
        assert reason == storefront_ticket(reason=reason).ticket.opened.reason

    def test_an_unlisted_reason_is_refused(self) -> None:
        """K7: an opening with another reason is refused."""
        story = LocalStory("kaufland", STOREFRONT_ZONES["de"])

        assert (
            "unknown-reason"
            == story.refused("open", MONDAY, "customer", storefront="de", reason="bored")[0]
        )

    def test_a_history_with_an_unlisted_reason_can_be_read(self) -> None:
        """K7: a ticket whose stored reason is not listed has its timers like any other."""
        opened = storefront_ticket().events[0]
        assert isinstance(opened, Opened)
        line = to_line(Recorded(ticket="00123456789", seq=1, event=opened))
        line = line.replace('"storefront"', '"reason":"admonition","storefront"')
        story = storefront_ticket()
        ticket = fold((from_line(line).event, *story.events[1:]))

        assert "admonition" == ticket.opened.reason
        assert ticket.timers == story.ticket.timers


class TestStorefronts:
    """K12: there are seven storefronts."""

    @pytest.mark.parametrize("storefront", STOREFRONT_ZONES)
    def test_each_has_its_zone(self, storefront: str) -> None:
        """K12: each storefront gives the ticket its time zone."""
        story = LocalStory("kaufland", STOREFRONT_ZONES[storefront])
        opening = Open(
            at=story.instant(MONDAY), by="customer", storefront=storefront, order=order()
        )

        assert STOREFRONT_ZONES[storefront] == story.give(opening).ticket.opened.zone

    @pytest.mark.parametrize("storefront", ["nl", None])
    def test_another_storefront_is_refused(self, storefront: str | None) -> None:
        """K12: an opening with another storefront, or without one, is refused."""
        story = LocalStory("kaufland", STOREFRONT_ZONES["de"])

        with pytest.raises(RefusedError) as caught:
            story.give(
                Open(
                    at=datetime.fromisoformat("2026-01-12T09:00:00Z"),
                    by="customer",
                    storefront=storefront,
                )
            )
        assert "unknown-storefront" == caught.value.code
