"""Permissions, types, categories, and the tables of a policy about money, disputes and closing."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import attrs

from ticketcore._toml import FLAG, NAME, TEXT, ByName, Several, choice, integer, key, literal
from ticketcore.calendar import Span
from ticketcore.commands import COMMANDS
from ticketcore.events import PARTIES, Billing, Money, Party
from ticketcore.policies._conditions import WHEN, Condition
from ticketcore.policies._kinds import PARTY, WINDOW, Amounts

Requirement: TypeAlias = Literal["consent", "text", "reason"]
Evidence: TypeAlias = Literal["order", "shipment", "reason", "text"]
"""The facts that a recommendation may ask for (A3)."""

_RULE = key(
    TEXT,
    "The ids of the written rules that this table carries; refusals show them.",
    example='"C1"',
    unset="no id is shown",
)


@attrs.frozen(kw_only=True)
class Permission:
    """A permission: who may give which commands, when, and with what."""

    commands: tuple[str, ...] = attrs.field(
        metadata=key(
            Several(choice(COMMANDS.keys())),
            "The commands that may be given. Of several permissions for a command and a party, "
            "the first whose `when` holds counts.",
            example='["open", "reply"]',
        )
    )
    by: tuple[Party, ...] = attrs.field(
        metadata=key(
            Several(PARTY), "The parties that may give them.", example='["customer", "vendor"]'
        )
    )
    when: Condition = attrs.field(
        default=Condition(),
        metadata=key(
            WHEN,
            "The conditions under which they may.",
            example='{ type = "refund" }',
            unset="always",
        ),
    )
    requires: tuple[Requirement, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(
                literal(
                    Requirement,
                    {
                        "consent": "The customer has agreed.",
                        "text": "The command says something.",
                        "reason": "The command gives a reason.",
                    },
                    {"comment": "text"},
                )
            ),
            "What the command must contain.",
            example='"consent"',
            unset="nothing",
        ),
    )
    channels: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The channels on which the command may arrive.",
            example='["portal", "telephone"]',
            unset="any channel",
        ),
    )
    within: Span | None = attrs.field(
        default=None,
        metadata=key(
            WINDOW,
            "For `reopen`: how long after the closing.",
            example='"14 days"',
            unset="at any time",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=_RULE)


@attrs.frozen(kw_only=True)
class TicketType:
    """A type of ticket, and the limits that apply when a ticket is opened or changed to it."""

    name: str
    rule: str | None = attrs.field(default=None, metadata=_RULE)
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
            ByName(WINDOW, PARTIES),
            "For each party, how long after the sale it may ask for this type. Invoiced "
            "subscriptions count from the latest invoice. Needs `order = true`.",
            example='{ customer = "60 days", vendor = "90 days" }',
            unset="unlimited, also for a party that is not listed",
        ),
    )
    window_bound: Literal["inclusive", "exclusive", "end-of-day"] = attrs.field(
        default="inclusive",
        metadata=key(
            choice(
                {
                    "inclusive": "The last instant of the window still counts.",
                    "exclusive": "The last instant of the window is already too late.",
                    "end-of-day": "The whole last local day of the window still counts.",
                }
            ),
            "The end of a window.",
            example='"end-of-day"',
        ),
    )
    window_checked: Literal["on-request", "when-due"] = attrs.field(
        default="on-request",
        metadata=key(
            choice(
                {
                    "on-request": "The window is compared with the instant of the request.",
                    "when-due": "The window is compared with the instant at which the timer would "
                    "pay the refund or cancel.",
                }
            ),
            "The instant that is compared with the window.",
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


@attrs.frozen(kw_only=True)
class Opening:
    """The facts that an opening must bring, and how possible duplicates are treated."""

    rule: str | None = attrs.field(default=None, metadata=_RULE)
    required: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(
                choice(
                    (
                        "category",
                        "subcategory",
                        "subject",
                        "text",
                        "reason",
                        "order",
                        "customer",
                        "account",
                        "units",
                    )
                )
            ),
            "The facts that an opening must bring.",
            example='["category", "text"]',
            unset="none",
        ),
    )
    possible_duplicates: Literal["report", "refuse"] = attrs.field(
        default="report",
        metadata=key(
            choice(
                {
                    "report": "The ticket is opened and names the others.",
                    "refuse": "A second ticket for the same problem is refused.",
                }
            ),
            "What happens if the host names open tickets that may be about the same problem.",
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


@attrs.frozen(kw_only=True)
class Category:
    """A category of tickets, its sub-categories, and the team that gets its tickets."""

    name: str
    subcategories: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The words that narrow the category down.",
            example='["brakes", "gears"]',
            unset="any word",
        ),
    )
    team: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The team to which tickets of the category are assigned.",
            example='"workshop"',
            unset="nobody",
        ),
    )
    rule: str | None = attrs.field(default=None, metadata=_RULE)


@attrs.frozen(kw_only=True)
class Escalation:
    """The reasons for which support may be called in."""

    rule: str | None = attrs.field(default=None, metadata=_RULE)
    reasons: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The reasons for which support may be called in.",
            example='["unable-to-help", "payment"]',
            unset="any reason",
        ),
    )


@attrs.frozen(kw_only=True)
class RefundRules:
    """Limits of the refunds that people ask for."""

    rule: str | None = attrs.field(default=None, metadata=_RULE)
    partial: bool = attrs.field(
        default=False,
        metadata=key(FLAG, "`true`: less than everything can be refunded.", example="true"),
    )
    max_refunds: int | None = attrs.field(
        default=None,
        metadata=key(
            integer(minimum=1),
            "How many refunds a ticket can have.",
            example="10",
            unset="any number",
        ),
    )
    over_refund_percent: int = attrs.field(
        default=0,
        metadata=key(
            integer(minimum=0, maximum=100),
            "How much more than the captured amount may be refunded, in percent of it, up to "
            "`over_refund_max`.",
            example="15",
        ),
    )
    over_refund_max: Mapping[str, Money] = attrs.field(
        factory=dict,
        metadata=key(
            Amounts(),
            "How much more than the captured amount may be refunded at most, by currency (A4).",
            example='["75.00 USD", "75.00 EUR"]',
            unset="nothing more, also in a currency that is not listed",
        ),
    )
    requires_confirmation: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: a refund is pending until the payment provider confirms it.",
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


@attrs.frozen(kw_only=True)
class ClosingRules:
    """Whether each party closes for itself, whose closing is final, and whose reply reopens."""

    rule: str | None = attrs.field(default=None, metadata=_RULE)
    per_party: bool = attrs.field(
        default=False,
        metadata=key(
            FLAG,
            "`true`: each party closes for itself, and the ticket records who did.",
            example="true",
        ),
    )
    final_by: tuple[Party, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(PARTY),
            "The parties after whose closing the ticket stays closed for good.",
            example='"support"',
            unset="none",
        ),
    )
    reply_reopens: tuple[Party, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(PARTY),
            "The parties whose reply opens a closed ticket again.",
            example='"customer"',
            unset="none",
        ),
    )


@attrs.frozen(kw_only=True)
class DisputeKind:
    """A kind of dispute."""

    name: str
    supersedes: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "The kinds of disputes that end when one of this kind is opened.",
            example='["claim"]',
            unset="none",
        ),
    )


@attrs.frozen(kw_only=True)
class Advice:
    """When to simply refund an unhappy customer, and what to ask for otherwise (A3)."""

    rule: str | None = attrs.field(default=None, metadata=_RULE)
    refund_below: Mapping[str, Money] = attrs.field(
        factory=dict,
        metadata=key(
            Amounts(),
            "The amounts, by currency, strictly below which the advice is to refund.",
            example='["15.00 EUR"]',
            unset="no such advice",
        ),
    )
    ask_when_missing: tuple[Evidence, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(choice(get_args(Evidence))),
            "The facts to ask for otherwise, if they are not known.",
            example='["order", "reason"]',
            unset="none",
        ),
    )


@attrs.frozen(kw_only=True)
class Profile:
    """What a vendor's profile must contain."""

    rule: str | None = attrs.field(default=None, metadata=_RULE)
    items: Mapping[str, str] = attrs.field(
        factory=dict,
        metadata=key(
            ByName(TEXT),
            "The items that a vendor's profile must contain, each with the words that name it "
            "when it is missing.",
            example='{ contact = "an address that customers find" }',
            unset="none",
        ),
    )
