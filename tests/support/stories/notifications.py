"""Stories of tickets under the presets, with the notifications that they cause."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

import attrs

from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.events import Event, Money, Order, Recorded, Shipment
from ticketcore.ledger import Ledger
from ticketcore.notifications import Notification, Recipient, Sender, notifications, render
from ticketcore.policies import Language, NotificationKind, Policy, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold_each

SENDER = Sender(address="tickets@shop.example", name="Shop")
LINK = "https://shop.example/tickets/00123456789"
NAMES = {"anna": "Anna Kovács", "bruno": "Bruno Rossi"}
LOCALES: dict[Language, tuple[str, str]] = {
    "en": ("en-US", "America/Boise"),
    "it": ("it-IT", "Europe/Rome"),
    "hu": ("hu-HU", "Europe/Budapest"),
    "de": ("de-DE", "Europe/Berlin"),
}
ORDER = Order(
    number="W-4711",
    sold_at=datetime(2026, 1, 2, 17, 30, tzinfo=UTC),
    amount=Money.parse("1249.00 USD"),
    billing="recurring",
    invoice_amount=Money.parse("49.00 USD"),
    invoiced_at=datetime(2026, 1, 2, 17, 30, tzinfo=UTC),
    shipments=(Shipment(number="1Z999", shipped_at=datetime(2026, 1, 3, 9, 0, tzinfo=UTC)),),
)


@attrs.frozen
class Notified:
    """A notification with the history and the policy that rendering needs."""

    notification: Notification
    history: tuple[Recorded, ...]
    policy: Policy

    def email_to(self, recipient: Recipient, **changes: Any) -> EmailMessage:
        """Return the e-mail for a recipient."""
        given: dict[str, Any] = {"sender": SENDER, "link": LINK, "names": NAMES, **changes}
        return render(self.notification, self.history, self.policy, recipient, **given)


def recipient_in(language: Language, **changes: Any) -> Recipient:
    """Return a recipient who reads this language."""
    locale, zone = LOCALES[language]
    given: dict[str, Any] = {
        "addresses": {"account": "anna@post.example"},
        "name": "Anna Kovács",
        "locale": locale,
        "zone": zone,
        **changes,
    }
    return Recipient(**given)


def boise(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of January 2026 in the vendor's zone."""
    return datetime(2026, 1, day, hour, minute, tzinfo=ZoneInfo("America/Boise"))


def notify(
    policy: Policy,
    opening: c.Open,
    *commands: c.Command,
    until: datetime | None = None,
    others: Mapping[str, Ticket] | None = None,
) -> tuple[Notified, ...]:
    """Return all notifications about a ticket after these commands, advanced to *until*.

    *others* are the other tickets about its order, by number.
    """
    ticket, new_events = decide_and_apply(None, opening, policy)
    events: list[Event] = list(new_events)
    for command in commands:
        ticket, new_events = decide_and_apply(ticket, command, policy)
        events += new_events
    if until is not None:
        tickets = {"2": ticket, **others} if others else None
        ledger = None if tickets is None else Ledger.of(tickets)
        events += advance_ticket(ticket, policy, until.astimezone(UTC), ledger)[1]
    history = tuple(Recorded("00123456789", i, event) for i, event in enumerate(events, 1))
    return tuple(
        Notified(notification, history, policy)
        for recorded, (after, _) in zip(history, fold_each(events), strict=True)
        for notification in notifications(recorded, after, policy, {"shop-1": ("anna", "bruno")})
    )


def opening(ticket_type: str | None, **changes: Any) -> c.Open:
    """Return the command with which a customer opens a ticket about the order."""
    given: dict[str, Any] = {
        "at": boise(12, 10),
        "by": "customer",
        "actor": "anna",
        "customer": "anna",
        "type": ticket_type,
        "zone": "America/Boise",
        "order": ORDER,
        "subject": "The download stops half way",
        "text": "Hello,\n\nthe download stops at 52 %.\nI tried two browsers.",
        **changes,
    }
    return c.Open(**given)


def clickbank() -> tuple[Notified, ...]:
    """Return the notifications of a refund request that becomes a support ticket.

    The vendor does not answer the support ticket, the customer requests the refund again, and it
    is paid.
    """
    policy = load_policy("clickbank")
    answer = "Please try the link below:\nhttps://shop.example/download/again"
    return notify(
        policy,
        opening("refund"),
        c.Reply(at=boise(12, 10, 30), by="vendor", actor="bruno", text=answer),
        c.ChangeType(at=boise(12, 11), by="customer", actor="anna", type="technical", text="OK."),
        c.ChangeType(at=boise(15, 9), by="customer", actor="anna", type="refund", text="No use."),
        until=boise(20, 0),
    )


def amazon_pay() -> tuple[Notified, ...]:
    """Return the notifications of a refund that the provider declines, and of a claim."""
    return notify(
        load_policy("amazon-pay"),
        opening(None),
        c.Refund(at=boise(12, 11), by="vendor", reference="R-1", amount=Money.parse("49.00 USD")),
        c.FailRefund(at=boise(12, 12), by="system", reference="R-1"),
        c.OpenDispute(at=boise(13, 9), by="customer", dispute="A-77", kind="claim"),
    )


def kaufland() -> tuple[Notified, ...]:
    """Return the notifications of a late answer, under a policy that notifies the vendor."""
    policy = parse_policy(
        'extends = "kaufland"\nname = "kaufland-with-notifications"\n'
        '[[notification]]\nname = "late"\non = "breached"\nto = "vendor"\n'
    )
    facts = {"storefront": "de", "reason": "not-delivered", "zone": None}
    return notify(policy, opening(None, **facts), until=boise(20, 0))


def review() -> tuple[Notified, ...]:
    """Return the notifications of a closing that the customer hands over for review."""
    return notify(
        load_policy("clickbank"),
        opening("refund"),
        c.Close(at=boise(12, 11), by="vendor", actor="bruno", consent=True, text="As agreed."),
        c.RequestReview(at=boise(12, 12), by="customer", actor="anna", text="I did not agree."),
    )


@cache
def samples() -> dict[NotificationKind, Notified]:
    """Return one notification of every kind, to the customer if the customer gets that kind."""
    by_kind: dict[NotificationKind, Notified] = {}
    notified = (*clickbank(), *amazon_pay(), *review(), *kaufland())
    for one in sorted(notified, key=lambda one: one.notification.role != "customer"):
        by_kind.setdefault(one.notification.kind, one)
    return {kind: by_kind[kind] for kind in get_args(NotificationKind)}


def body(message: EmailMessage, form: str = "plain") -> str:
    """Return the text of a message, in its plain or its HTML form."""
    part = message.get_body((form,))
    assert part is not None
    content: str = part.get_content()
    return content
