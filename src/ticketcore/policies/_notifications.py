"""The notifications of a policy: recipients, addresses, and templates of prepared answers."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from ticketcore.events import EVENTS, Party
from ticketcore.policies._conditions import Condition

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
    "breached": "breached",
    "refunded": "refund-confirmation",
    "refund-confirmed": "refund-confirmation",
    "refund-failed": "refund-failure",
    "dispute-opened": "dispute",
    "dispute-answered": "dispute",
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


@attrs.frozen(kw_only=True)
class NotificationDefinition:
    """One [[notification]]: who is notified of which events.

    *on* are names of events, *by* the parties whose actions count, *to* the recipients. *when*
    must hold on the ticket after the event. *include* names a template that the e-mail contains.
    *rule* holds the rule ids.
    """

    name: str
    on: tuple[str, ...]
    by: tuple[Party, ...]
    to: tuple[RecipientRole, ...]
    when: Condition
    include: str | None = None
    rule: str | None = None


@attrs.frozen(kw_only=True)
class NotificationSettings:
    """All notifications of a policy. Without definitions, nobody is notified.

    *addresses* lists, for each role, the kinds of address to try, the first one first.
    """

    rule: str | None = None
    definitions: tuple[NotificationDefinition, ...] = ()
    addresses: Mapping[RecipientRole, tuple[AddressKind, ...]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Template:
    """A prepared answer in one language, for some storefronts or for all (K10).

    *language* is an ISO 639 code. *storefronts* is empty if the template is for all. *text* names
    `TEMPLATE_FIELDS` in braces.
    """

    name: str
    language: str
    storefronts: tuple[str, ...] = ()
    text: str
    rule: str | None = None
