"""Invariants of the tickets of one order together: its money leaves once (C8, A2, A4, K5).

A history does not record the order of two tickets' events within one instant. So the checks look
at the tickets at the end of each instant.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import attrs

from ticketcore.errors import TicketcoreError
from ticketcore.events import (
    Cancelled,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Event,
    Opened,
    OrderCorrected,
    Refunded,
)
from ticketcore.ledger import Ledger, OrderState, price_of
from ticketcore.policies import Policy
from ticketcore.testing._invariants import above_cap
from ticketcore.testing._policy_facts import policy_of as to_policy
from ticketcore.ticket import Ticket, evolve

# Reports from outside, which may exceed the cap: a bank can decide for the buyer after a refund.
_FROM_OUTSIDE = (DisputeOpened, DisputeResolved, DisputeCorrected, OrderCorrected, Opened)


@attrs.frozen(kw_only=True)
class Instant:
    """All events of one instant, each with its ticket's number, and the tickets after them."""

    at: datetime
    events: tuple[tuple[str, Event], ...]
    tickets: Mapping[str, Ticket]

    def state_of(self, number: str) -> OrderState:
        """Return the state of the order, seen from one ticket."""
        others = tuple(ticket for key, ticket in self.tickets.items() if key != number)
        return OrderState(self.tickets[number], others)


OrderInvariant: TypeAlias = Callable[
    [Sequence[Instant], Callable[[Ticket], Policy]], Iterator[str]
]


def order_violations(
    histories: Mapping[str, Sequence[Event]],
    policy_of: Callable[[Ticket], Policy | str | Path],
) -> tuple[str, ...]:
    """Check the histories of all tickets of one order, by their numbers, together.

    *policy_of* returns the policy of a ticket, or its name or file. Returns one sentence for each
    violation of `ORDER_INVARIANTS`. If the histories do not fold, or do not form the ledger of one
    order, that error is the only sentence. Check each history with `violations` too.
    """
    try:
        instants = tuple(_instants(histories))
        Ledger.of(instants[-1].tickets if instants else {})
    except TicketcoreError as error:
        return (f"the tickets form a ledger: {error}",)
    return tuple(
        f"{name}: {violation}"
        for name, invariant in ORDER_INVARIANTS.items()
        for violation in invariant(instants, lambda ticket: to_policy(policy_of(ticket)))
    )


def _instants(histories: Mapping[str, Sequence[Event]]) -> Iterator[Instant]:
    """Yield the instants of all histories in order."""
    recorded = [(number, event) for number, events in histories.items() for event in events]
    recorded.sort(key=lambda each: each[1].at)
    tickets: dict[str, Ticket] = {}
    for at, group in groupby(recorded, key=lambda each: each[1].at):
        events = tuple(group)
        for number, event in events:
            tickets[number] = evolve(tickets.get(number), event)
        yield Instant(at=at, events=events, tickets=dict(tickets))


def _stay_within_the_cap(
    instants: Sequence[Instant], policy_of: Callable[[Ticket], Policy]
) -> Iterator[str]:
    """Check that no refund takes more than other refunds and disputes leave of the cap."""
    for instant in instants:
        if any(isinstance(event, _FROM_OUTSIDE) for _, event in instant.events):
            continue
        for number, event in instant.events:
            if isinstance(event, Refunded):
                order = instant.state_of(number)
                for sentence in above_cap(order, event, policy_of(order.ticket)):
                    yield f"ticket {number} at {instant.at}: {sentence}"


def _refund_units_once(
    instants: Sequence[Instant], _: Callable[[Ticket], Policy]
) -> Iterator[str]:
    """Check that a unit is refunded once, and that units are refunded for their prices (K5)."""
    for instant in instants:
        for number, event in instant.events:
            if not isinstance(event, Refunded) or not event.units:
                continue
            order = instant.state_of(number)
            paid = Counter(unit for refund in order.refunds for unit in refund.units)
            for unit in event.units:
                if paid[unit] > 1:
                    yield f"ticket {number} refunded the unit {unit} again at {instant.at}"
            known = () if order.facts is None else order.facts.units
            price = price_of(unit for unit in known if unit.id in event.units)
            if price is not None and event.amount.minor > price:
                yield f"ticket {number} refunded {event.amount} for units of {price} minor units"


def _refund_invoices_once(
    instants: Sequence[Instant], _: Callable[[Ticket], Policy]
) -> Iterator[str]:
    """Check that no timer pays back more of an invoice than its amount (C8)."""
    for instant in instants:
        refunds = [(n, event) for n, event in instant.events if isinstance(event, Refunded)]
        if any(event.timer is None for _, event in refunds):
            continue
        for number, _event in refunds:
            order = instant.tickets[number].order
            if order is None or order.invoice_amount is None:
                continue
            records = instant.state_of(number).refunds
            paid = sum(r.amount.minor for r in records if r.invoice == order.invoice)
            if paid > order.invoice_amount.minor:
                yield f"ticket {number} paid the invoice {order.invoice} again at {instant.at}"


def _use_names_once(instants: Sequence[Instant], _: Callable[[Ticket], Policy]) -> Iterator[str]:
    """Check that the references of refunds, and the ids of disputes, are unique in the order."""
    tickets = instants[-1].tickets.values()
    references = Counter(r.reference for t in tickets for r in t.refunds if r.reference)
    disputes = Counter(dispute.id for ticket in tickets for dispute in ticket.disputes)
    for kind, names in (("reference", references), ("dispute", disputes)):
        for name, count in names.items():
            if count > 1:
                yield f"the {kind} {name} was used {count} times"


def _end_subscriptions_once(
    instants: Sequence[Instant], _: Callable[[Ticket], Policy]
) -> Iterator[str]:
    """Check that a subscription ends once (C9)."""
    ended = [
        number
        for instant in instants
        for number, event in instant.events
        if isinstance(event, Cancelled) and event.subscription
    ]
    if len(ended) > 1:
        yield f"the subscription ended {len(ended)} times, in tickets {', '.join(ended)}"


def _supersede_claims(instants: Sequence[Instant], _: Callable[[Ticket], Policy]) -> Iterator[str]:
    """Check that no claim is opened while a chargeback runs that supersedes it (A2)."""
    for instant in instants:
        for number, event in instant.events:
            if not isinstance(event, DisputeOpened):
                continue
            for dispute in instant.state_of(number).disputes:
                runs = dispute.outcome is None and dispute.opened_at < instant.at
                if runs and event.kind in dispute.supersedes:
                    yield f"ticket {number} opened a {event.kind} beside the {dispute.kind}"


ORDER_INVARIANTS: dict[str, OrderInvariant] = {
    "refunds and disputes stay within the cap": _stay_within_the_cap,
    "a unit is refunded once, for its price at most": _refund_units_once,
    "an invoice is paid back once": _refund_invoices_once,
    "references and ids of disputes are unique": _use_names_once,
    "a subscription ends once": _end_subscriptions_once,
    "a claim does not run beside a chargeback": _supersede_claims,
}
"""The checks, each under the sentence that must be true of the tickets of every order."""
