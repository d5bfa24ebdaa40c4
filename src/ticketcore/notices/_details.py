"""A ticket's details and those of its order, as rows of a label and what it is (C3)."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ticketcore.events import Money, Order
from ticketcore.notices._plain import one_line
from ticketcore.notices._wording import Wording
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket

Row: TypeAlias = tuple[str, str]


def ticket_rows(
    number: str, ticket: Ticket, policy: Policy, wording: Wording, names: Mapping[str, str]
) -> tuple[Row, ...]:
    """What a ticket is, and what the clocks will do to it next."""
    opened = ticket.opened
    category = " / ".join(map(wording.name, filter(None, (opened.category, opened.subcategory))))
    given_to = ticket.assigned_to
    rows = {
        "number": one_line(number),
        "type": wording.name(ticket.type),
        "status": status(ticket, wording),
        "subject": one_line(opened.subject or ""),
        "category": category,
        "reason": wording.name(opened.reason or ""),
        "storefront": wording.name(opened.storefront or ""),
        "opened": wording.formats.instant(opened.at),
        "assigned": one_line(names.get(given_to, given_to)) if given_to else "",
    }
    coming = ((wording.phrases["label.next"], said) for said in _next(ticket, policy, wording))
    return (*_labelled(rows, wording), *coming)


def status(ticket: Ticket, wording: Wording) -> str:
    """Whether a ticket is open, and whose answer is awaited then."""
    if ticket.closed_at is None:
        return wording.say("status.open", party=wording.party(ticket.waiting_for or "system"))
    return wording.phrases["status.final" if ticket.final else "status.closed"]


def _next(ticket: Ticket, policy: Policy, wording: Wording) -> Iterator[str]:
    for timer in ticket.timers:
        rule = policy.timer(timer.name, ticket)
        if rule is not None:
            yield wording.say(f"next.{rule.effect}", at=wording.formats.instant(timer.due))


def order_rows(ticket: Ticket, wording: Wording) -> tuple[Row, ...]:
    """What was bought, and what of it was paid back; nothing for a ticket without an order."""
    order = ticket.opened.order
    if order is None:
        return ()
    formats = wording.formats
    back = Money(ticket.refunded, order.amount.currency)
    rows = {
        "order": one_line(order.number),
        "sold": formats.instant(order.sold_at),
        "amount": formats.money(order.amount),
        "billing": wording.phrases[f"billing.{order.billing}"],
        "invoice": _invoice(order, wording),
        "units": ", ".join(map(one_line, ticket.opened.units)),
        "shipment": "; ".join(
            f"{one_line(sent.number)}, {formats.instant(sent.shipped_at)}"
            for sent in order.shipments
        ),
        "refunded": formats.money(back) if back.minor else "",
    }
    return _labelled(rows, wording)


def _invoice(order: Order, wording: Wording) -> str:
    amount = wording.formats.money(order.invoice_amount) if order.invoice_amount else ""
    day = wording.formats.day(order.invoiced_at) if order.invoiced_at else ""
    return ", ".join(filter(None, (amount, day)))


def _labelled(rows: Mapping[str, str], wording: Wording) -> tuple[Row, ...]:
    return tuple((wording.phrases[f"label.{key}"], value) for key, value in rows.items() if value)
