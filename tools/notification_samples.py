"""One notice of every kind, out of dated stories, and the page of them that stands in the docs.

Run as a program it writes docs/generated/notification-samples.md.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import attrs

from ticketcore import commands as c
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.events import Event, Money, Order, Recorded, Shipment
from ticketcore.notices import Notice, Reader, Sender, notices, render
from ticketcore.policies import Kind, Language, Policy, load_policy, parse_policy
from ticketcore.ticket import replay

PAGE = Path(__file__).parents[1] / "docs" / "generated" / "notification-samples.md"
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
class Told:
    """A notice, with what it takes to render it."""

    notice: Notice
    history: tuple[Recorded, ...]
    policy: Policy

    def to(self, reader: Reader, **changes: Any) -> EmailMessage:
        """The mail to a reader."""
        given: dict[str, Any] = {"sender": SENDER, "link": LINK, "names": NAMES, **changes}
        return render(self.notice, self.history, self.policy, reader, **given)


def reader(language: Language, **changes: Any) -> Reader:
    """Somebody who reads this language."""
    locale, zone = LOCALES[language]
    given: dict[str, Any] = {
        "addresses": {"account": "anna@post.example"},
        "name": "Anna Kovács",
        "locale": locale,
        "zone": zone,
        **changes,
    }
    return Reader(**given)


def boise(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 by the vendor's clock."""
    return datetime(2026, 1, day, hour, minute, tzinfo=ZoneInfo("America/Boise"))


def told(policy: Policy, *asked: c.Command, until: datetime | None = None) -> tuple[Told, ...]:
    """All notices of a ticket that these commands make, and the clocks until then."""
    ticket, happened = decide_and_apply(None, asked[0], policy)
    events: list[Event] = list(happened)
    for command in asked[1:]:
        ticket, happened = decide_and_apply(ticket, command, policy)
        events += happened
    if until is not None:
        events += advance_ticket(ticket, policy, until.astimezone(UTC))[1]
    history = tuple(Recorded("00123456789", i, event) for i, event in enumerate(events, 1))
    return tuple(
        Told(notice, history, policy)
        for recorded, (after, _) in zip(history, replay(events), strict=True)
        for notice in notices(recorded, after, policy, {"shop-1": ("anna", "bruno")})
    )


def opening(kind: str | None, **changes: Any) -> c.Open:
    """A customer opens a ticket about the order."""
    given: dict[str, Any] = {
        "at": boise(12, 10),
        "by": "customer",
        "actor": "anna",
        "customer": "anna",
        "type": kind,
        "zone": "America/Boise",
        "order": ORDER,
        "subject": "The download stops half way",
        "text": "Hello,\n\nthe download stops at 52 %.\nI tried two browsers.",
        **changes,
    }
    return c.Open(**given)


def clickbank() -> tuple[Told, ...]:
    """A refund asked for, answered, and turned into a support ticket that falls silent; then
    asked for again, and carried out."""
    policy = load_policy("clickbank")
    answer = "Please try the link below:\nhttps://shop.example/download/again"
    return told(
        policy,
        opening("refund"),
        c.Reply(at=boise(12, 10, 30), by="vendor", actor="bruno", text=answer),
        c.ChangeType(at=boise(12, 11), by="customer", actor="anna", type="technical", text="OK."),
        c.ChangeType(at=boise(15, 9), by="customer", actor="anna", type="refund", text="No use."),
        until=boise(20, 0),
    )


def amazon_pay() -> tuple[Told, ...]:
    """A refund that the provider declines, and a claim."""
    return told(
        load_policy("amazon-pay"),
        opening(None),
        c.Refund(at=boise(12, 11), by="vendor", reference="R-1", amount=Money.parse("49.00 USD")),
        c.FailRefund(at=boise(12, 12), by="system", reference="R-1"),
        c.OpenDispute(at=boise(13, 9), by="customer", dispute="A-77", kind="claim"),
    )


def kaufland() -> tuple[Told, ...]:
    """An answer that does not come in time, told to the seller by a policy that says so."""
    policy = parse_policy(
        'extends = "kaufland"\nname = "kaufland-told"\n'
        '[[notification]]\nname = "late"\non = "breached"\nto = "vendor"\n'
    )
    facts = {"storefront": "de", "reason": "not-delivered", "zone": None}
    return told(policy, opening(None, **facts), until=boise(20, 0))


@cache
def samples() -> dict[Kind, Told]:
    """One notice of every kind; to the customer where the kind is told to him."""
    found: dict[Kind, Told] = {}
    every = (*clickbank(), *amazon_pay(), *kaufland())
    for one in sorted(every, key=lambda one: one.notice.to.role != "customer"):
        found.setdefault(one.notice.kind, one)
    return {kind: found[kind] for kind in get_args(Kind)}


def body(message: EmailMessage, form: str = "plain") -> str:
    """What a message says in one of its forms."""
    part = message.get_body((form,))
    assert part is not None
    content: str = part.get_content()
    return content


def page() -> str:
    """The page of samples, in Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield "# Samples of notices\n"
    yield "Each kind of e-mail in each language, as plain text."
    yield "The script `tools/notification_samples.py` writes this page."
    for kind, sample in samples().items():
        yield f"\n## {kind}"
        for language in get_args(Language):
            message = sample.to(reader(language))
            yield f"\n### {kind} in {language}\n"
            yield f"```text\nSubject: {message['Subject']}\n\n{body(message).strip()}\n```"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
