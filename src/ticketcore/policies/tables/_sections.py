"""Types, categories, and the tables of a policy about money, disputes and closing."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import FLAG, NAME, TEXT, ByName, Several, choice, integer, key
from ticketcore.calendar import Span
from ticketcore.events import PARTIES, Billing, Money, Party
from ticketcore.policies._kinds import (
    ACTOR,
    PARTIES_MEANT,
    PARTY,
    PATTERN,
    RULE,
    WINDOW,
    AmountsKind,
)
from ticketcore.policies.conditions._anchors import AnchorKind

Evidence: TypeAlias = Literal["order", "shipment", "reason", "text"]
"""The facts that a recommendation may ask for (A3)."""


@frozen(kw_only=True)
class TicketType(Value):
    """A type of ticket, and the limits that apply when a ticket is opened or changed to it."""

    name: str
    rule: str | None = attrs.field(default=None, metadata=RULE)
    order: bool = attrs.field(
        default=False,
        metadata=key(FLAG, "`true`: a ticket without an order is refused.", example="true"),
    )
    billing: tuple[Billing, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(choice(get_args(Billing))),
            "The billing modes for which the type exists. Tickets without an order are not "
            "checked.",
            example='["recurring"]',
            unset="both",
        ),
    )
    billing_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when `billing` refuses a command.",
            example='"C9"',
            unset="no id is shown",
        ),
    )
    windows: Mapping[Party, Span] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(WINDOW, PARTIES, PARTIES_MEANT),
            "For each party, how long after the sale it may ask for this type. Invoiced "
            "subscriptions count from the latest invoice. A party that is not listed may ask at "
            "any time. Needs `order = true`.",
            example='{ customer = "60 days", vendor = "90 days" }',
            unset="unlimited",
        ),
    )
    window_bound: Literal["inclusive", "exclusive", "end-of-day"] = attrs.field(
        default="inclusive",
        metadata=key(
            choice(
                {
                    "inclusive": "The final instant still counts.",
                    "exclusive": "It is already too late at the final instant.",
                    "end-of-day": "The whole local day still counts.",
                }
            ),
            "The last moment of a window.",
            example='"end-of-day"',
        ),
    )
    window_checked: Literal["on-request", "when-due"] = attrs.field(
        default="on-request",
        metadata=key(
            choice(
                {
                    "on-request": "When the party asks.",
                    "when-due": "When the timer would pay the refund or cancel.",
                }
            ),
            "The instant compared with the window.",
            example='"when-due"',
        ),
    )
    window_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when `windows` refuses a command.",
            example='"C14"',
            unset="no id is shown",
        ),
    )


_FACTS_OF_OPENINGS = (
    "category", "subcategory", "subject", "text", "reason", "order", "customer", "account",
    "units",
)  # fmt: skip


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


@frozen(kw_only=True)
class OpeningRules(Value):
    """The facts that an opening must contain, and how possible duplicates are treated."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    required: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(AnchorKind(choice(_FACTS_OF_OPENINGS))),
            f"The facts that an opening must contain: {_listed(_FACTS_OF_OPENINGS)}, or fields "
            "of the policy such as `fields.product`.",
            example='["category", "text", "fields.product"]',
            unset="none",
        ),
    )
    waiting_for: Mapping[str, Party] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(ACTOR, PARTIES, PARTIES_MEANT),
            "For some of the parties that open tickets, the party whose answer a new ticket waits "
            "for. The `waiting_for` of a field comes first.",
            example='{ support = "customer" }',
            unset="the default handler; the customer if a vendor opens a ticket that they handle",
        ),
    )
    number: str | None = attrs.field(
        default=None,
        metadata=key(
            PATTERN,
            "A regular expression that the number of every ticket must match.",
            example='"[0-9]{11}"',
            unset="any number",
        ),
    )
    number_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when a number is refused.",
            example='"K3"',
            unset="no id is shown",
        ),
    )
    possible_duplicates: Literal["report", "refuse"] = attrs.field(
        default="report",
        metadata=key(
            choice(
                {
                    "report": "The ticket opens and records the others.",
                    "refuse": "It is refused.",
                }
            ),
            "The answer to an opening for which the host names possible duplicates.",
            example='"refuse"',
        ),
    )
    duplicates_rule: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The rule ids shown when a possible duplicate is refused.",
            example='"O4"',
            unset="no id is shown",
        ),
    )


@frozen(kw_only=True)
class Category(Value):
    """A category of tickets, its sub-categories, and the team that gets its tickets."""

    name: str
    subcategories: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The sub-categories that an opening may name.",
            example='["brakes", "gears"]',
            unset="any sub-category",
        ),
    )
    team: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The team that tickets of the category are assigned to.",
            example='"workshop"',
            unset="nobody is assigned",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=RULE)


@frozen(kw_only=True)
class Escalation(Value):
    """The reasons for which support may be called in."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    reasons: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The reasons that an `escalate` command may give.",
            example='["unable-to-help", "payment"]',
            unset="any reason",
        ),
    )


@frozen(kw_only=True)
class RefundRules(Value):
    """Limits of the refunds that people ask for."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    partial: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG, "`true`: a refund may be smaller than the remaining amount.", example="true"
        ),
    )
    per_unit: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: every refund belongs to units of the order: to those that it names, or else "
            "to all units of the ticket that were not refunded yet. A timer refunds those that "
            "have a price.",
            example="true",
        ),
    )
    max_refunds: int | None = attrs.field(
        default=None,
        metadata=key(
            integer(minimum=1),
            "The number of refunds that an order can have.",
            example="10",
            unset="no limit",
        ),
    )
    over_refund_percent: int = attrs.field(
        default=0,
        metadata=key(
            integer(minimum=0, maximum=100),
            "The percentage of the amount paid by which all refunds together may exceed it, up to "
            "`over_refund_max`.",
            example="15",
        ),
    )
    over_refund_max: Mapping[str, Money] = attrs.field(
        factory=dict,
        metadata=key(
            AmountsKind(),
            "The sums, one per currency, by which all refunds together may exceed the amount "
            "paid. A currency that is not listed allows nothing extra.",
            example='["75.00 USD", "75.00 EUR"]',
            unset="nothing extra",
        ),
    )
    requires_confirmation: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: a refund stays `pending` until the payment provider confirms it.",
            example="true",
        ),
    )

    def cap(self, captured: Money) -> int:
        """Return the most that may be refunded in total, in minor units.

        The cap is the captured amount plus the smaller of *over_refund_percent* of it and the
        amount for its currency in *over_refund_max* (A4).
        """
        most = self.over_refund_max.get(captured.currency)
        limit = 0 if most is None else most.minor
        return captured.minor + min(captured.minor * self.over_refund_percent // 100, limit)


@frozen(kw_only=True)
class ClosingRules(Value):
    """Whether each party closes for itself, whose closing is final, and whose reply reopens."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    per_party: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: each party can close the ticket for itself, also after another one, and the "
            "ticket lists them all.",
            example="true",
        ),
    )
    final_by: tuple[Party, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(PARTY),
            "The parties whose closing is final. After it, every command is refused.",
            example='"support"',
            unset="none",
        ),
    )
    reply_reopens: tuple[Party, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(PARTY),
            "The parties whose reply reopens a closed ticket.",
            example='"customer"',
            unset="none",
        ),
    )
    reply_reopens_within: Span | None = attrs.field(
        default=None,
        metadata=key(
            WINDOW,
            "How long after the closing a reply reopens the ticket. Later replies are refused.",
            example='"30 days"',
            unset="no limit",
        ),
    )


@frozen(kw_only=True)
class DisputeKind(Value):
    """A kind of dispute."""

    name: str
    supersedes: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The kinds of running disputes that a new dispute of this kind ends.",
            example='["claim"]',
            unset="none",
        ),
    )


@frozen(kw_only=True)
class Advice(Value):
    """When to simply refund an unhappy customer, and what to ask for otherwise (A3)."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    refund_below: Mapping[str, Money] = attrs.field(
        factory=dict,
        metadata=key(
            AmountsKind(),
            "`advise` suggests a refund if the remaining amount is strictly below this sum, per "
            "currency.",
            example='["15.00 EUR"]',
            unset="never",
        ),
    )
    ask_when_missing: tuple[Evidence, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(choice(get_args(Evidence))),
            "The facts that `advise` suggests to ask for if the ticket lacks them.",
            example='["order", "reason"]',
            unset="none",
        ),
    )


@frozen(kw_only=True)
class Profile(Value):
    """The items that a vendor's profile must contain."""

    rule: str | None = attrs.field(default=None, metadata=RULE)
    items: Mapping[str, str] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(TEXT, removable=True),
            "A checklist of facts that a vendor must publish. Each item has the text that "
            "`check_profile` returns if the fact is missing.",
            example='{ contact = "an address that customers find" }',
            unset="none",
        ),
    )
