"""Disputes that a dispute on another ticket ends (A2)."""

import attrs

from support.orders.hosts import ONE, TWO, OrderHost, dispute, hours, resolve
from ticketcore.events import Timer
from ticketcore.ledger import AFTER, AT, COMMAND, moment_of, superseded


def amazon() -> OrderHost:
    """Return an order under amazon-pay, with two tickets."""
    return OrderHost(dict.fromkeys((ONE, TWO), "amazon-pay")).open(ONE, 0).open(TWO, 0)


def ended(host: OrderHost) -> list[tuple[str, object]]:
    """Return the disputes of the first ticket that the second one ends, with the instants."""
    found = superseded(host.tickets[ONE], [host.tickets[TWO]])
    return [(each.id, moment) for each, moment in found]


def test_a_deadline_in_the_past_acts_at_once() -> None:
    """A deadline in the past acts at the ticket's last event, before commands of that instant."""
    ticket = amazon().send(ONE, dispute(3)).tickets[ONE]
    late, soon = (Timer("t", hours(hour), hours(0), fires="after") for hour in (2, 3))

    assert (hours(3), AT) == moment_of(late, ticket)
    assert (hours(3), AFTER) == moment_of(soon, ticket)


def test_a_chargeback_ends_a_claim_of_the_same_instant() -> None:
    """A chargeback ends a claim of the same instant, since the claim is not settled yet."""
    host = amazon().send(ONE, dispute(1)).send(TWO, dispute(1, "chargeback"))

    assert [("claim", (hours(1), COMMAND))] == ended(host)


def test_a_dispute_of_the_ticket_itself_ends_none_of_its_disputes() -> None:
    """A chargeback of the ticket itself, such as of an imported history, ends none of its claims:
    the ticket may be among the others."""
    host = amazon().send(ONE, dispute(1)).send(TWO, dispute(2, "chargeback"))
    claimed, charged = host.tickets[ONE], host.tickets[TWO]
    both = attrs.evolve(claimed, disputes=(*claimed.disputes, *charged.disputes))

    assert [] == [*superseded(both, [both])]
    assert ["claim"] == [each.id for each, _ in superseded(both, [both, charged])]


def test_a_dispute_that_was_resolved_does_not_hide_the_next_one() -> None:
    """A resolved dispute does not hide the next one, since only running disputes end."""
    host = amazon().send(ONE, dispute(1, amount=10), resolve(2, "claim", "won"))
    host.send(ONE, dispute(3, amount=10, dispute="second")).send(TWO, dispute(4, "chargeback"))

    assert [("second", (hours(4), COMMAND))] == ended(host)
