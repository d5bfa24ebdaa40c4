"""Prepared answers: which there are, and how one is filled with a ticket's fields (K10)."""

from collections.abc import Mapping

from ticketcore.errors import NoticeError
from ticketcore.events import Money
from ticketcore.notices._formats import Formats
from ticketcore.notices._phrases import filled
from ticketcore.notices._plain import one_line
from ticketcore.notices._readers import Reader
from ticketcore.policies import Policy, Template
from ticketcore.ticket import Ticket


def texts(policy: Policy, storefront: str | None = None) -> tuple[Template, ...]:
    """The prepared answers for a storefront: its own, and those for all."""
    return tuple(
        text for text in policy.templates if not text.storefronts or storefront in text.storefronts
    )


def text_for(policy: Policy, name: str, locale: str, storefront: str | None = None) -> Template:
    """A text by its name in the language of a locale, the storefront's own before one for all.

    Raises NoticeError when there is none.
    """
    language = locale.partition("-")[0]
    found = [
        text
        for text in texts(policy, storefront)
        if (text.name, text.language) == (name, language)
    ]
    if not found:
        raise NoticeError("text", name, f"is not there in {language} for {storefront or 'all'}")
    return max(found, key=lambda text: bool(text.storefronts))


def fill(text: Template, number: str, ticket: Ticket, policy: Policy, reader: Reader) -> str:
    """A text with the fields of ticket *number* in place, as plain text.

    Dates and money are written in the text's language, by the reader's country if he reads that
    language, in the reader's zone. Raises NoticeError for a field that this ticket lacks, such
    as the shipment of an order that was not sent.
    """
    own = reader.locale.partition("-")[0] == text.language
    formats = Formats(reader.locale if own else text.language, reader.zone)
    words = policy.words.get(text.language, {})
    values = {"ticket": number, "title": policy.title or policy.name}
    values |= _of_ticket(ticket, formats, words) | _of_order(ticket, formats)
    known = {field: one_line(value) for field, value in values.items() if value}
    return filled(text.text, known).strip()


def _of_ticket(ticket: Ticket, formats: Formats, words: Mapping[str, str]) -> dict[str, str]:
    opened = ticket.opened
    named = {
        "type": ticket.type,
        "category": opened.category or "",
        "subcategory": opened.subcategory or "",
        "reason": opened.reason or "",
        "storefront": opened.storefront or "",
    }
    said = {field: words.get(name, name) for field, name in named.items()}
    return said | {"opened": formats.day(opened.at), "subject": opened.subject or ""}


def _of_order(ticket: Ticket, formats: Formats) -> dict[str, str]:
    order = ticket.opened.order
    if order is None:
        return {}
    back = Money(ticket.refunded, order.amount.currency)
    values = {
        "order": order.number,
        "sold": formats.day(order.sold_at),
        "amount": formats.money(order.amount),
        "refunded": formats.money(back) if back.minor else "",
        "units": ", ".join(ticket.opened.units),
    }
    if order.shipments:
        sent = order.shipments[-1]
        values |= {"shipment": sent.number, "shipped": formats.day(sent.shipped_at)}
    return values
