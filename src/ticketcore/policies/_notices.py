"""What a policy says about telling people: who is told of what, where to, and in which words."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from ticketcore.events import EVENTS, Party
from ticketcore.policies._conditions import Condition

Role: TypeAlias = Literal["customer", "vendor", "support", "account", "shared"]
"""As what somebody is told: as one of the parties, as a user of the customer's *account*, or as
a person with whom the ticket is *shared*."""

Address: TypeAlias = Literal["support", "account"]
"""Which of somebody's addresses: the one for customer support, or the one of the account."""

Kind: TypeAlias = Literal[
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
"""The languages that notices are written in."""

_NOT_JUST_CHANGED: Mapping[str, Kind] = {
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

KINDS: Mapping[str, Kind] = {
    name: _NOT_JUST_CHANGED.get(name, "changed") for name in EVENTS if name != "scheduled"
}
"""The kind of notice for each event. `scheduled` has none: a plan is nothing that happened."""

TEXT_FIELDS: Mapping[str, bool] = {
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
"""The fields that a text may name, and whether every ticket has them."""


@attrs.frozen(kw_only=True)
class NotificationDefinition:
    """Who is told of which events. *by* narrows them to those parties' doings, *include* is the name
    of a text that the notice says too. *rule* holds the rule ids."""

    name: str
    on: tuple[str, ...]
    by: tuple[Party, ...]
    to: tuple[Role, ...]
    when: Condition
    include: str | None = None
    rule: str | None = None


@attrs.frozen(kw_only=True)
class NotificationSettings:
    """All that a policy says about notices. Nobody is told anything that it does not say.

    *addresses* names, for each role, the address to use, and what to use where there is none.
    """

    rule: str | None = None
    told: tuple[NotificationDefinition, ...] = ()
    addresses: Mapping[Role, tuple[Address, ...]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Template:
    """A prepared answer (K10) in one language, for these storefronts, or for all.

    *language* is an ISO 639 code; *text* names `TEXT_FIELDS` in braces.
    """

    name: str
    language: str
    storefronts: tuple[str, ...] = ()
    text: str
    rule: str | None = None
