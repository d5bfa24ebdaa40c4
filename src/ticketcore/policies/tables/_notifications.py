"""The notifications of a policy: recipients, addresses, and templates of prepared answers."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias, get_args

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.terminal import has_visible
from ticketcore._toml import (
    NAME,
    TEXT,
    ByName,
    Node,
    Reading,
    Several,
    choice,
    key,
    literal,
    nearest,
    parsed,
    quoted,
)
from ticketcore.events import EVENTS, PARTIES, Party
from ticketcore.policies._kinds import PARTIES_MEANT, PARTY, RULE
from ticketcore.policies.conditions._conditions import WHEN, Condition, exclude
from ticketcore.policies.tables._languages import LANGUAGE

RecipientRole: TypeAlias = Literal["customer", "vendor", "support", "account", "shared"]
"""The role of a recipient: a party, a user of the customer's *account*, or a person of a
*shared* ticket."""

AddressKind: TypeAlias = Literal["support", "account"]
"""The purpose of an address: for customer support, or of the account."""

NotificationKind: TypeAlias = Literal[
    "opened",
    "reply",
    "changed",
    "closed",
    "inactivity-warning",
    "review",
    "breached",
    "refund-confirmation",
    "refund-failure",
    "dispute",
]
Language: TypeAlias = Literal["en", "it", "hu", "de"]
"""A language that has all phrases of notifications."""

_SPECIFIC_KINDS: Mapping[str, NotificationKind] = {
    "opened": "opened",
    "replied": "reply",
    "info-requested": "reply",
    "closed": "closed",
    "warned": "inactivity-warning",
    "review-requested": "review",
    "reviewed": "review",
    "breached": "breached",
    "refunded": "refund-confirmation",
    "refund-confirmed": "refund-confirmation",
    "refund-failed": "refund-failure",
    "dispute-opened": "dispute",
    "dispute-answered": "dispute",
    "dispute-corrected": "dispute",
    "dispute-resolved": "dispute",
}

NOTIFICATION_KINDS: Mapping[str, NotificationKind] = {
    name: _SPECIFIC_KINDS.get(name, "changed") for name in EVENTS if name != "scheduled"
}
"""The kind of notification for each event. `scheduled` has none: it only records deadlines."""

TEMPLATE_FIELDS: Mapping[str, bool] = {
    "ticket": True,
    "title": True,
    "type": True,
    "opened": True,
    "subject": False,
    "category": False,
    "subcategory": False,
    "reason": False,
    "storefront": False,
    "order": False,
    "sold": False,
    "amount": False,
    "refunded": False,
    "units": False,
    "shipment": False,
    "shipped": False,
}
"""The fields that a template may name, each with whether every ticket has it."""


_ROLE = literal(
    RecipientRole,
    {
        "customer": "The customer.",
        "vendor": "The vendor.",
        "support": "The marketplace's support.",
        "account": "All users of the customer's account.",
        "shared": "The persons that the ticket is shared with.",
    },
    PARTIES_MEANT,
)
_ADDRESS = literal(
    AddressKind,
    {
        "support": "The address for customer support.",
        "account": "The address of the account.",
    },
)


class RecipientKind:
    """The kind of recipients: a role that every desk has, or one that the policy declares."""

    expected = f"{_ROLE.expected}, or a role of the policy"

    def read(self, node: Node, reading: Reading) -> str:
        """Return the role; the check knows those of the policy."""
        name = NAME.read(node, reading)
        return name if name not in _ROLE.others else str(_ROLE.read(node, reading))

    def schema(self) -> dict[str, Any]:
        """Suggest the roles that every desk has, and allow any."""
        return {"anyOf": [_ROLE.schema(), NAME.schema()]}


@frozen(kw_only=True)
class NotificationDefinition(Value):
    """One `[[notification]]`: the events that are notified, and the recipients."""

    name: str = attrs.field(metadata=key(NAME, "The notification's name.", example='"answer"'))
    on: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(choice(NOTIFICATION_KINDS.keys()), least=1),
            "The events, by their stored names. Any event except `scheduled`.",
            example='["replied", "info-requested"]',
        )
    )
    by: tuple[Party, ...] = attrs.field(
        default=PARTIES,
        metadata=key(
            Several(PARTY, least=1),
            "The parties whose events count.",
            example='["vendor", "support"]',
            unset="any party",
        ),
    )
    to: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(RecipientKind(), least=1),
            "The recipients: `customer`, `vendor`, `support`, all users of the customer's "
            "`account`, the people that the ticket is `shared` with, and the policy's own roles.",
            example='["customer", "account"]',
        )
    )
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            WHEN,
            "The conditions that the ticket must meet after the event.",
            example='{ status = "open" }',
            unset="always",
        ),
    )
    unless: Condition | None = attrs.field(
        default=None,
        metadata=key(
            WHEN,
            "The conditions under which nobody is notified although `when` holds.",
            example='{ tags = "vip" }',
            unset="no exception",
        ),
    )
    include: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The name of a template that the message contains as well. The template must exist in "
            "every language of the policy, for all storefronts, and may use only fields that "
            "every ticket has.",
            example='"refund-is-possible"',
            unset="no template",
        ),
    )
    offers: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The type that the included template offers. The template is left out if the "
            "recipient could not change the ticket to this type at the instant of the event.",
            example='"refund"',
            unset="the template is always included",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)

    __attrs_post_init__ = exclude


@frozen(kw_only=True)
class NotificationSettings(Value):
    """The addresses to which notifications are sent."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    addresses: Mapping[str, tuple[AddressKind, ...]] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(Several(_ADDRESS, least=1), get_args(RecipientRole), PARTIES_MEANT),
            'For each recipient, the address to use: `"support"`, `"account"`, or a list of both, '
            "of which the first that exists is used.",
            example='{ vendor = ["support", "account"] }',
            unset='`"account"`',
        ),
    )


def _with_fields(text: str) -> str:
    if not has_visible(text):
        raise ValueError("expected text with a visible character")
    unknown = [field for _, field in placeholders(text) if field and field not in TEMPLATE_FIELDS]
    if unknown:
        wrong = (
            f"no field {quoted(field)}; {nearest(field, TEMPLATE_FIELDS)}" for field in unknown
        )
        raise ValueError("; ".join(wrong))
    return text


@frozen(kw_only=True)
class Template(Value):
    """A prepared answer (K10) in one language, for these storefronts, or for all.

    *language* is an ISO 639-1 code; *text* names `TEMPLATE_FIELDS` in braces.
    """

    name: str = attrs.field(
        metadata=key(
            NAME, "The template's name, the same in each language.", example='"on-its-way"'
        )
    )
    language: str = attrs.field(
        metadata=key(LANGUAGE, "The language of the text, as an ISO 639-1 code.", example='"de"')
    )
    storefronts: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The storefronts for which the text is meant.",
            example='["de", "at"]',
            unset="all storefronts",
        ),
    )
    text: str = attrs.field(
        metadata=key(
            parsed(_with_fields, example="Ticket {ticket}"),
            "The text. Fields of the ticket are in braces; `{{` and `}}` print a brace.",
            example='"Ihre Bestellung {order} ist unterwegs: {shipment}."',
        )
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)


def placeholders(text: str) -> Iterator[tuple[str, str | None]]:
    """Split a text into pieces, each with the field that follows it; None follows the last.

    A placeholder is a name in braces and nothing else: no attribute, no index, no conversion and
    no format, so that a text can name a value but reach nothing inside it. Two braces make one.
    Raises ValueError for anything else in braces.
    """
    from string import Formatter

    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        message = "a brace is unmatched: write {{ or }} for a brace in the text"
        raise ValueError(message) from None
    for piece, field, form, conversion in pieces:
        if field is not None and (form or conversion or not field.isidentifier()):
            found = f"{field}{'!' if conversion else ''}{conversion or ''}{form and ':'}{form}"
            raise ValueError(f"{{{found}}} is not a field; write its name only, as in {{ticket}}")
        yield piece, field
