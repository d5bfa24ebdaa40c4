"""What may be asked for. A command is a value: build it, store it, send it as JSON (C19).

Every command has *at*, an aware datetime made UTC, *by*, the party that asks, and *who*, the id
of the person. Whether it is granted is for :func:`ticketcore.decider.decide` to say.
"""

from datetime import datetime
from typing import ClassVar, TypeAlias

import attrs

from ticketcore.errors import MoneyError
from ticketcore.events import Money, Order, Outcome, Party, utc, utc_or_none


def _not_negative(_: object, __: object, order: Order | None) -> None:
    if order is None:
        return
    for amount in (order.amount, order.invoice, *(unit.amount for unit in order.units)):
        if amount is not None and amount.minor < 0:
            raise MoneyError(amount, "what an order comes to is not negative")


@attrs.frozen(kw_only=True)
class Open:
    """Open a ticket. *zone* is the vendor's, needed unless the policy or the storefront gives it;
    *type* may be left out where the policy names a default. *possible_duplicates*: the numbers of
    open tickets about the same problem, as the host's inbox finds them (O4). An order's amounts
    are not negative."""

    DO: ClassVar[str] = "open"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    type: str | None = None
    zone: str | None = None
    storefront: str | None = None
    order: Order | None = attrs.field(default=None, validator=_not_negative)
    units: tuple[str, ...] = ()
    customer: str | None = None
    account: str | None = None
    category: str | None = None
    subcategory: str | None = None
    reason: str | None = None
    subject: str | None = None
    text: str | None = None
    channel: str | None = None
    saving_window: bool = True
    possible_duplicates: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Reply:
    """Answer. *interim*: a notice that keeps the turn (K9), which a customer's word never does;
    *solution*: the matter is settled."""

    DO: ClassVar[str] = "reply"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    text: str | None = None
    channel: str | None = None
    interim: bool = False
    solution: bool = False


@attrs.frozen(kw_only=True)
class ChangeType:
    """Make it a ticket of another type. *consent*: the customer agreed (C11)."""

    DO: ClassVar[str] = "change-type"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    type: str
    text: str | None = None
    consent: bool = False


@attrs.frozen(kw_only=True)
class Escalate:
    """Call support in, for a reason that the policy lists (K6)."""

    DO: ClassVar[str] = "escalate"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    reason: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class HandBack:
    """Give an escalated ticket back to the party whose desk it is (K6)."""

    DO: ClassVar[str] = "hand-back"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class TakeUp:
    """Begin work on the ticket."""

    DO: ClassVar[str] = "take-up"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None


@attrs.frozen(kw_only=True)
class RequestInfo:
    """Ask the customer for more information."""

    DO: ClassVar[str] = "request-info"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Assign:
    """Give the ticket to a person or team."""

    DO: ClassVar[str] = "assign"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    to: str


@attrs.frozen(kw_only=True)
class Share:
    """Let a further person see the ticket (W5)."""

    DO: ClassVar[str] = "share"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    person: str


@attrs.frozen(kw_only=True)
class Unshare:
    """End a sharing (W5)."""

    DO: ClassVar[str] = "unshare"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    person: str


@attrs.frozen(kw_only=True)
class Refund:
    """Pay money back now. *reference* is the sender's id of this refund: sent twice, it pays once.
    Without *amount*, what the *units* that are named cost, where the order says it of each; else
    all that is left of the order."""

    DO: ClassVar[str] = "refund"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    reference: str
    amount: Money | None = None
    units: tuple[str, ...] = ()
    reason: str | None = None


@attrs.frozen(kw_only=True)
class ConfirmRefund:
    """Report that the provider carried a refund out."""

    DO: ClassVar[str] = "confirm-refund"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    reference: str


@attrs.frozen(kw_only=True)
class FailRefund:
    """Report that the provider declined a refund."""

    DO: ClassVar[str] = "fail-refund"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    reference: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Cancel:
    """Cancel units of the order (K5)."""

    DO: ClassVar[str] = "cancel"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    units: tuple[str, ...]
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Close:
    """Close the ticket. *consent*: the customer agreed (C11)."""

    DO: ClassVar[str] = "close"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    text: str | None = None
    consent: bool = False


@attrs.frozen(kw_only=True)
class Withdraw:
    """Take the ticket back: solved in house, or no longer needed (W6)."""

    DO: ClassVar[str] = "withdraw"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class MarkDuplicate:
    """Say that the ticket is a duplicate of another, which ends its clocks (O4)."""

    DO: ClassVar[str] = "mark-duplicate"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    of: str


@attrs.frozen(kw_only=True)
class Reopen:
    """Let a closed ticket live again."""

    DO: ClassVar[str] = "reopen"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class RequestReview:
    """Hand a closed or changed ticket over for review (C13)."""

    DO: ClassVar[str] = "request-review"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Review:
    """End a review. *abuse*: the vendor closed or changed what was not his to end (C13)."""

    DO: ClassVar[str] = "review"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    abuse: bool
    text: str | None = None


@attrs.frozen(kw_only=True)
class OpenDispute:
    """Report a claim or chargeback. A *deadline* in the notice counts before the policy's (A1)."""

    DO: ClassVar[str] = "open-dispute"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    dispute: str
    kind: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class AnswerDispute:
    """Answer a dispute in time."""

    DO: ClassVar[str] = "answer-dispute"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    dispute: str
    text: str | None = None


@attrs.frozen(kw_only=True)
class ResolveDispute:
    """Report how a dispute ended."""

    DO: ClassVar[str] = "resolve-dispute"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None
    dispute: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class Replan:
    """Work out every pending deadline anew: the only way a recorded promise moves."""

    DO: ClassVar[str] = "replan"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None


@attrs.frozen(kw_only=True)
class ChangePolicy:
    """Put the ticket under the policy that decides this command, and replan it."""

    DO: ClassVar[str] = "change-policy"
    at: datetime = attrs.field(converter=utc)
    by: Party
    who: str | None = None


Command: TypeAlias = (
    Open
    | Reply
    | ChangeType
    | Escalate
    | HandBack
    | TakeUp
    | RequestInfo
    | Assign
    | Share
    | Unshare
    | Refund
    | ConfirmRefund
    | FailRefund
    | Cancel
    | Close
    | Withdraw
    | MarkDuplicate
    | Reopen
    | RequestReview
    | Review
    | OpenDispute
    | AnswerDispute
    | ResolveDispute
    | Replan
    | ChangePolicy
)

COMMANDS: dict[str, type[Command]] = {
    c.DO: c
    for c in (
        Open,
        Reply,
        ChangeType,
        Escalate,
        HandBack,
        TakeUp,
        RequestInfo,
        Assign,
        Share,
        Unshare,
        Refund,
        ConfirmRefund,
        FailRefund,
        Cancel,
        Close,
        Withdraw,
        MarkDuplicate,
        Reopen,
        RequestReview,
        Review,
        OpenDispute,
        AnswerDispute,
        ResolveDispute,
        Replan,
        ChangePolicy,
    )
}
"""The commands by the name that JSON and scenarios use."""
