"""Disputes that a dispute on another ticket ends (A2)."""

from support.orders import ONE, TWO, OrderHost, dispute, hours, resolve
from ticketcore.ledger import COMMAND, superseded


def amazon() -> OrderHost:
    """Return an order under amazon-pay, with two tickets."""
    return OrderHost(dict.fromkeys((ONE, TWO), "amazon-pay")).open(ONE, 0).open(TWO, 0)


def ended(host: OrderHost) -> list[tuple[str, object]]:
    """Return the disputes of the first ticket that the second one ends, and when."""
    found = superseded(host.tickets[ONE], [host.tickets[TWO]])
    return [(each.id, moment) for each, moment in found]


def test_a_chargeback_ends_a_claim_of_the_same_instant() -> None:
    """The claim was not settled before the chargeback."""
    host = amazon().send(ONE, dispute(1)).send(TWO, dispute(1, "chargeback"))

    assert [("claim", (hours(1), COMMAND))] == ended(host)


def test_a_dispute_that_was_resolved_does_not_hide_the_next_one() -> None:
    """Only running disputes end."""
    host = amazon().send(ONE, dispute(1, amount=10), resolve(2, "claim", "won"))
    host.send(ONE, dispute(3, amount=10, dispute="second")).send(TWO, dispute(4, "chargeback"))

    assert [("second", (hours(4), COMMAND))] == ended(host)
