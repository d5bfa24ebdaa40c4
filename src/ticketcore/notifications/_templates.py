"""Find the prepared answers of a policy, and fill them with a ticket's fields (K10)."""

from collections.abc import Collection, Iterable, Mapping

from ticketcore._internal.arguments import typed
from ticketcore.errors import NotificationError
from ticketcore.events import Money
from ticketcore.notifications._formats import Formats
from ticketcore.notifications._phrases import fill
from ticketcore.notifications._recipients import Recipient
from ticketcore.notifications._sanitizing import one_line
from ticketcore.policies import Policy, Template
from ticketcore.ticket import Ticket


@typed
def templates_for(
    policy: Policy, storefront: str | None = None, own: Iterable[Template] = ()
) -> tuple[Template, ...]:
    """Return the templates for a storefront: its own, and those for all storefronts.

    *own* are the templates of the seller (K13), as `parse_templates` reads them; they come first.
    """
    return tuple(
        template
        for template in (*own, *policy.templates)
        if not template.storefronts or storefront in template.storefronts
    )


@typed
def find_template(
    policy: Policy,
    name: str,
    locale: str,
    storefront: str | None = None,
    own: Collection[Template] = (),
) -> Template:
    """Return the template with this name in the language of a locale.

    A template of the seller's *own* (K13) takes precedence over one of the policy, and then one of
    the storefront over one for all storefronts. Raises NotificationError if it does not exist.
    """
    language = locale.partition("-")[0]
    matching = [
        template
        for template in templates_for(policy, storefront, own)
        if (template.name, template.language) == (name, language)
    ]
    if not matching:
        why = f"has no version in {language} for {storefront or 'all storefronts'}"
        raise NotificationError("template", name, why)
    return max(matching, key=lambda each: (each in own, bool(each.storefronts)))


@typed
def fill_template(
    template: Template, number: str, ticket: Ticket, policy: Policy, recipient: Recipient
) -> str:
    """Return the template filled with the fields of ticket *number*, as plain text.

    Dates and money are written in the language of the template and in the recipient's time zone;
    the recipient's country counts if the recipient reads that language. Raises NotificationError
    for a field that this ticket lacks, such as the shipment of an order that was not shipped.
    """
    same_language = recipient.locale.partition("-")[0] == template.language
    locale = recipient.locale if same_language else template.language
    formats = Formats(locale, recipient.zone)
    words = policy.words.get(template.language, {})
    fields = {"ticket": number, "title": words.get("title") or policy.title or policy.name}
    fields |= _ticket_fields(ticket, formats, words) | _order_fields(ticket, formats)
    values = {field: one_line(value) for field, value in fields.items() if value}
    return fill(template.text, values).strip()


def _ticket_fields(ticket: Ticket, formats: Formats, words: Mapping[str, str]) -> dict[str, str]:
    opened = ticket.opened
    names = {
        "type": ticket.type,
        "category": ticket.category or "",
        "subcategory": ticket.subcategory or "",
        "reason": ticket.reason or "",
        "storefront": opened.storefront or "",
    }
    fields = {field: words.get(name, name) for field, name in names.items()}
    return fields | {"opened": formats.day(opened.at), "subject": opened.subject or ""}


def _order_fields(ticket: Ticket, formats: Formats) -> dict[str, str]:
    order = ticket.order
    if order is None:
        return {}
    paid = sum(refund.amount.minor for refund in ticket.refunds if refund.state == "succeeded")
    refunded = Money(paid, order.amount.currency)
    fields = {
        "order": order.number,
        "sold": formats.day(order.sold_at),
        "amount": formats.money(order.amount),
        "refunded": formats.money(refunded) if refunded.minor else "",
        "units": ", ".join(ticket.units),
    }
    if order.shipments:
        latest = order.shipments[-1]
        fields |= {"shipment": latest.number, "shipped": formats.day(latest.shipped_at)}
    return fields
