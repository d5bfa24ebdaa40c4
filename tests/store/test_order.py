"""The tickets of a locked order, and the rows that an append changes."""

import attrs
import pytest

from support.stores.store_stories import AT, ONE, ORDER, TWO, opening
from ticketcore import decide, load_policy
from ticketcore.errors import LedgerError
from ticketcore.events import OrderCorrected
from ticketcore.store import LockedOrder, order_key

CLICKBANK = load_policy("clickbank")
KEY = order_key(ONE, None, ORDER)


def order_with(*numbers: str) -> LockedOrder:
    """Return a locked order with these tickets."""
    order = LockedOrder(
        tenant="", key=KEY, versions={KEY: 0}, histories={}, folded={}, set_aside=frozenset()
    )
    for number in numbers:
        events = decide(None, opening(number), CLICKBANK)
        order = order.append([(number, events)], AT).after
    return order


def test_orders_of_vendors_and_tickets_without_an_order_have_different_keys() -> None:
    """Orders of different vendors, and tickets without an order, have different keys."""
    keys = {
        order_key(ONE, None, ORDER),
        order_key(ONE, "v-1", ORDER),
        order_key(ONE, "v-2", ORDER),
        order_key(ONE, None, None),
        order_key(TWO, None, None),
        order_key(TWO, "v-1", attrs.evolve(ORDER, number='","')),
    }

    assert 6 == len(keys)
    assert order_key(ONE, "v-1", ORDER) == order_key(TWO, "v-1", ORDER)


def test_an_append_changes_the_version_once() -> None:
    """An append raises the version of its order by one, unless it has no events."""
    order = order_with(ONE, TWO)

    assert {KEY: 2} == order.versions
    append = order.append([(ONE, ())], AT)
    assert ((), order) == (append.recorded, append.after)


def test_a_ticket_moves_only_to_a_locked_order() -> None:
    """A ticket can move only to an order that is locked, too."""
    order = order_with(ONE)
    other = attrs.evolve(ORDER, number="C-8")
    corrected = OrderCorrected(at=AT, by="support", order=other)

    with pytest.raises(LedgerError, match=r"C-8.*lock both"):
        order.append([(ONE, (corrected,))], AT)
