"""Ledgers: the tickets of one order, and what a decision needs of the others."""

import attrs
import pytest

from support.orders.hosts import (
    MONDAY,
    ONE,
    THREE,
    TWO,
    OrderHost,
    dollars,
    hours,
    order_of,
    refund,
)
from ticketcore import commands as c
from ticketcore.decider import advance, available_commands, decide, refundable
from ticketcore.errors import LedgerError, NewerHistoryError, OrderNotAdvancedError
from ticketcore.events import Money, Order
from ticketcore.ledger import Ledger, wakes


def two_tickets() -> OrderHost:
    """Return an order with a refund request and a ticket about technical support."""
    host = OrderHost(dict.fromkeys((ONE, TWO, THREE), "clickbank-confirmed"))
    return host.open(ONE, 0, type="refund").open(TWO, 0, type="technical")


class TestLedgersOfOneOrder:
    """A ledger has the tickets of one order of one vendor."""

    def test_a_ledger_knows_its_order(self) -> None:
        """A ledger has the vendor and the number of its tickets' order."""
        tickets = OrderHost({ONE: "clickbank"}).open(ONE, 0, vendor="V").tickets
        ledger = Ledger.of(tickets)

        assert ("V", "O-1", tickets) == (ledger.vendor, ledger.order_number, ledger.tickets)

    def test_a_ledger_needs_a_ticket(self) -> None:
        """A ledger cannot be empty: the first ticket of an order is opened without one."""
        with pytest.raises(LedgerError, match="needs tickets of one order, found none"):
            Ledger.of({})

    def test_tickets_of_two_orders_are_refused(self) -> None:
        """Tickets of two orders, or of two vendors with one order number, are refused."""
        host = OrderHost({ONE: "clickbank"}).open(ONE, 0)
        other = OrderHost({TWO: "clickbank"}).open(TWO, 0, vendor="V").tickets

        with pytest.raises(LedgerError, match=r"found 'O-1' of vendor .*, 'O-1' of vendor"):
            Ledger.of({**host.tickets, **other})

    def test_a_ticket_has_the_number_of_its_opening(self) -> None:
        """A ledger refuses a key that differs from the number of the ticket's opening."""
        ticket = two_tickets().tickets[ONE]

        with pytest.raises(LedgerError, match=f"ticket 'X' was opened with the number '{ONE}'"):
            Ledger.of({"X": ticket})

    def test_a_ticket_without_an_order_is_refused(self) -> None:
        """A ticket without an order is refused in a ledger."""
        host = OrderHost({ONE: "clickbank"}).open(ONE, 0, order=None, type="technical")

        with pytest.raises(LedgerError, match=f"ticket '{ONE}' has no order"):
            Ledger.of(host.tickets)

    def test_a_ledger_of_another_order_is_refused(self) -> None:
        """Every function that takes a ledger refuses that of another order."""
        host = two_tickets()
        ledger, ticket, policy = host.ledger, host.tickets[ONE], host.policies[ONE]
        other = OrderHost({THREE: "clickbank-confirmed"})
        other.open(THREE, 0, order=Order(number="O-2", sold_at=MONDAY, amount=Money(1, "USD")))
        ticket = other.tickets[THREE]

        for call in (
            lambda: decide(ticket, refund(1), policy, ledger),
            lambda: advance(ticket, policy, hours(1), ledger),
            lambda: wakes(ticket, ledger),
            lambda: refundable(ticket, policy, ledger),
        ):
            with pytest.raises(LedgerError, match=r"does not concern order 'O-1' of vendor None"):
                call()

    def test_a_ticket_without_a_number_has_no_place_in_a_ledger(self) -> None:
        """A ticket without a number is refused with a ledger."""
        host = two_tickets()
        command = c.Open(at=hours(1), by="customer", order=order_of(), zone="UTC")

        with pytest.raises(LedgerError) as refused:
            decide(None, command, host.policies[ONE], host.ledger)
        assert "a ticket without a number has no place in a ledger" == str(refused.value)

    def test_a_stale_copy_of_the_ticket_itself_is_ignored(self) -> None:
        """A stale copy of the deciding ticket in the ledger is ignored."""
        host = two_tickets()
        stale = host.ledger
        host.send(TWO, refund(1, 60))
        ticket, policy = host.tickets[TWO], host.policies[TWO]

        assert dollars(40) == refundable(ticket, policy, stale)
        assert "refunded" == decide(ticket, refund(2, 40, "Q"), policy, stale)[0].NAME

    def test_an_order_has_one_currency(self) -> None:
        """Tickets of one order have one currency, or the opening is refused."""
        order = Order(number="O-1", sold_at=MONDAY, amount=Money(100, "EUR"))
        command = c.Open(
            at=hours(1), by="customer", number=THREE, order=order, zone="UTC", type="technical"
        )

        assert (f"currency-differs: ticket {ONE} of the same order is in USD, not EUR") == str(
            two_tickets().refused(THREE, command)
        )


class TestUnreadContent:
    """Content of a newer version blocks money in all tickets, and decisions of its own."""

    def test_it_blocks_the_ticket_itself(self) -> None:
        """Unread content blocks commands and due timers of its own ticket."""
        host = two_tickets().receive_unread(ONE)
        reply = c.Reply(at=hours(1), by="customer", text="…")

        with pytest.raises(NewerHistoryError, match=rf"ticket {ONE} .*\(teleported\)"):
            host.send(ONE, reply)
        with pytest.raises(NewerHistoryError):
            host.advance(ONE, hours(24))

    def test_nothing_due_is_nothing_to_decide(self) -> None:
        """With unread content, `advance` raises no error before the first due timer."""
        assert () == two_tickets().receive_unread(ONE).advance(ONE, hours(23))

    def test_it_blocks_the_money_of_other_tickets(self) -> None:
        """Unread content blocks refunds of other tickets of the order, but no change of type."""
        host = two_tickets().receive_unread(TWO)
        request = c.Open(
            at=hours(1), by="customer", number=THREE, order=order_of(), zone="UTC", type="refund"
        )

        with pytest.raises(NewerHistoryError, match=TWO):
            host.advance(ONE, hours(24))
        host.send(THREE, request, c.ChangeType(at=hours(2), by="customer", type="technical"))
        with pytest.raises(NewerHistoryError, match=TWO):
            host.send(THREE, refund(3))

    def test_advancing_the_order_reports_it(self) -> None:
        """`advance_order` reports unread content as the error of each ticket that needs it."""
        host = two_tickets().receive_unread(TWO)

        done = host.advanced(hours(60))

        assert {ONE, TWO} == set(done.failed)
        assert {NewerHistoryError} == {type(error) for error in done.failed.values()}
        assert () == done.events

    def test_an_event_of_the_host_blocks_nothing(self) -> None:
        """An event of the host, whose name has a dot, blocks nothing."""
        host = two_tickets().receive_unread(TWO, "shop.paid").advance_all(hours(24))

        assert ["100.00 USD"] == host.paid(ONE)


class TestAdvancingAnOrder:
    """`advance_order` takes the tickets in the order in which they act."""

    def test_a_ticket_that_waits_for_a_failed_one_fails(self) -> None:
        """If a ticket fails, tickets whose money must wait for it fail too; the others go on."""
        host = two_tickets().open(THREE, 0, type="refund").receive_unread(ONE)

        done = host.advanced(hours(50))

        assert {ONE: NewerHistoryError, THREE: NewerHistoryError} == {
            number: type(error) for number, error in done.failed.items()
        }
        assert ["Warned"] == [type(event).__name__ for _, (event, *_) in done.events]

    def test_a_single_ticket_may_have_no_order(self) -> None:
        """`advance_order` accepts a single ticket without an order."""
        host = OrderHost({ONE: "clickbank"}).open(ONE, 0, order=None, type="technical")

        ((number, events),) = host.advanced(hours(100)).events

        assert (ONE, ["warned", "warned"]) == (number, [event.NAME for event in events])

    def test_a_list_of_commands_does_not_hide_that_a_ticket_comes_first(self) -> None:
        """`available_commands` raises the error that another ticket must be advanced first."""
        host = OrderHost(dict.fromkeys((ONE, TWO), "amazon-pay")).open(ONE, 0).open(TWO, 0)
        host.send(ONE, c.OpenDispute(at=hours(1), by="support", dispute="D", kind="claim"))
        ticket, policy = host.tickets[TWO], host.policies[TWO]

        with pytest.raises(OrderNotAdvancedError) as waits:
            available_commands(ticket, "vendor", policy, hours(400), ledger=host.ledger)
        zoned = attrs.evolve(ticket, opened=attrs.evolve(ticket.opened, zone="America/Boise"))
        with pytest.raises(OrderNotAdvancedError) as waits_in_boise:
            available_commands(zoned, "vendor", policy, hours(400), ledger=host.ledger)

        rest = "advance it first, for example with advance_order"
        assert [
            f"ticket '{ONE}' of the same order acts on Mon 2026-01-12 09:00 UTC+00:00: {rest}",
            f"ticket '{ONE}' of the same order acts on Mon 2026-01-12 02:00 UTC-07:00: {rest}",
        ] == [str(waits.value), str(waits_in_boise.value)]
        host.advance_all(hours(400))
        available = available_commands(ticket, "vendor", policy, hours(400), ledger=host.ledger)

        assert ["refused"] == [a.state for a in available if isinstance(a.command, c.Refund)]


class TestWaking:
    """`wakes` is the first instant at which `advance` has events."""

    def test_a_timer_at_its_instant_wakes_then(self) -> None:
        """A ticket wakes at the due instant of its refund timer."""
        assert hours(24) == wakes(two_tickets().tickets[ONE])

    def test_a_ticket_that_has_no_timer_does_not_wake(self) -> None:
        """A ticket without a timer has no instant to wake."""
        host = OrderHost({ONE: "amazon-pay"}).open(ONE, 0)

        assert wakes(host.tickets[ONE], host.ledger) is None
