"""The sections of an e-mail: comments, details of the ticket, details of the order (C3)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from ticketcore.events import DisputeAnswered, Money, Order, Party, Recorded, Shipment
from ticketcore.ledger import OrderState
from ticketcore.notifications._phrases import Wording, status_word
from ticketcore.notifications._sanitizing import lines, one_line
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

Detail: TypeAlias = tuple[str, str]
"""A label and its value."""


@attrs.frozen
class Comment:
    """A message as the e-mail shows it: author, local time and lines."""

    author: str
    time: str
    lines: tuple[str, ...]


def comments(
    history: Iterable[Recorded], wording: Wording, names: Mapping[str, str]
) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
    """Return the latest comments and all comments, each oldest first (C3).

    The latest comments are the last ones in a row by one party. *names* are names of persons by
    their ids. A comment names its attachments (K14). An answer to a dispute is left out: it is
    addressed to whoever decides the dispute.
    """
    label = wording.phrases["label.attachment"]
    shown: list[Comment] = []
    first_of_latest = 0
    last_party: Party | None = None
    for recorded in history:
        event = recorded.event
        files = getattr(event, "attachments", ())
        text = (
            *lines(getattr(event, "text", None) or ""),
            *(f"{label}: {one_line(file.name)}" for file in files),
        )
        if not text or isinstance(event, DisputeAnswered):
            continue
        if event.by != last_party:
            first_of_latest, last_party = len(shown), event.by
        name = one_line(names.get(event.actor or "", ""))
        party = wording.party(event.by)
        author = f"{name} ({party})" if name else party
        shown.append(Comment(author, wording.formats.instant(event.at), text))
    return tuple(shown[first_of_latest:]), tuple(shown)


def ticket_details(
    number: str,
    ticket: Ticket,
    policy: Policy,
    wording: Wording,
    names: Mapping[str, str],
    reader: str,
) -> tuple[Detail, ...]:
    """Return the details of the ticket, and what its pending timers will do.

    *names* are names of persons by their ids.
    """
    opened = ticket.opened
    category = " / ".join(map(wording.name, filter(None, (ticket.category, ticket.subcategory))))
    assignee = ticket.assigned_to
    details = {
        "number": one_line(number),
        "type": wording.name(ticket.type),
        "status": _status(ticket, policy, wording, reader),
        "subject": one_line(opened.subject or ""),
        "category": category,
        "reason": wording.name(ticket.reason or ""),
        "storefront": wording.name(opened.storefront or ""),
        "opened": wording.formats.instant(opened.at),
        "assigned": one_line(names.get(assignee) or wording.name(assignee)) if assignee else "",
    }
    label = wording.phrases["label.next"]
    effects = ((label, effect) for effect in _next_effects(ticket, policy, wording))
    return (*_labelled(details, wording), *effects)


def _status(ticket: Ticket, policy: Policy, wording: Wording, reader: str) -> str:
    """Return the ticket's status in the word that lists use, and whose answer is awaited."""
    word = status_word(ticket.status, policy, wording.formats.language)
    if ticket.waiting_for == reader:
        return wording.phrase("status.awaiting-you", status=word)
    if ticket.waiting_for is not None:
        return wording.phrase(
            "status.awaiting", status=word, party=wording.party(ticket.waiting_for)
        )
    return wording.phrase("status.final", status=word) if ticket.final else one_line(word)


def _next_effects(ticket: Ticket, policy: Policy, wording: Wording) -> Iterator[str]:
    """Yield one phrase per pending timer. A timer that the policy no longer has is left out."""
    for timer in ticket.pending_timers:
        definition = policy.timer(timer.name, ticket)
        if definition is not None:
            at = wording.formats.instant(timer.due)
            yield wording.phrase(f"next.{definition.effect}", at=at)


def order_details(state: OrderState, wording: Wording) -> tuple[Detail, ...]:
    """Return the details of the order and its refunds, or ``()`` for a ticket without an order."""
    ticket = state.ticket
    order = ticket.order
    if order is None:
        return ()
    formats = wording.formats
    ended = order.billing == "recurring" and state.subscription_ended
    details = {
        "order": one_line(order.number),
        "sold": formats.instant(order.sold_at),
        "amount": formats.money(order.amount),
        "billing": wording.phrases["billing.ended" if ended else f"billing.{order.billing}"],
        "invoice": _invoice(order, wording),
        "units": ", ".join(map(one_line, ticket.units)),
        "shipment": "; ".join(shipment(sent, wording) for sent in order.shipments),
        **refunds_by_state(state, order.amount.currency, wording),
    }
    return _labelled(details, wording)


def refunds_by_state(state: OrderState, currency: str, wording: Wording) -> dict[str, str]:
    """Return what went back for the order, and what awaits confirmation; empty texts for nothing.

    C2: money has not moved before the refund is confirmed.
    """
    sums = {}
    for key, wanted in (("refunded", "succeeded"), ("refund-pending", "pending")):
        amount = sum(refund.amount.minor for refund in state.refunds if refund.state == wanted)
        sums[key] = wording.formats.money(Money(amount, currency)) if amount else ""
    return sums


def shipment(sent: Shipment, wording: Wording) -> str:
    """Return number and time of a shipment."""
    return f"{one_line(sent.number)}, {wording.formats.instant(sent.shipped_at)}"


def _invoice(order: Order, wording: Wording) -> str:
    amount = wording.formats.money(order.invoice_amount) if order.invoice_amount else ""
    day = wording.formats.day(order.invoiced_at) if order.invoiced_at else ""
    return ", ".join(filter(None, (amount, day)))


def _labelled(details: Mapping[str, str], wording: Wording) -> tuple[Detail, ...]:
    """Return the details that have a value, with their labels."""
    return tuple(
        (wording.phrases[f"label.{key}"], value) for key, value in details.items() if value
    )
