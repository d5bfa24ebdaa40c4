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
    for amount in (order.amount, order.invoice_amount, *(unit.amount for unit in order.units)):
        if amount is not None and amount.minor < 0:
            raise MoneyError(amount, "what an order comes to is not negative")


@attrs.frozen(kw_only=True)
class Open:
    """Open a ticket. *zone* is the vendor's, needed unless the policy or the storefront gives it;
    *type* may be left out where the policy names a default. *possible_duplicates*: the numbers of
    open tickets about the same problem, as the host's inbox finds them (O4). An order's amounts
    are not negative."""

    NAME: ClassVar[str] = "open"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
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
    has_grace_period: bool = True
    possible_duplicates: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Reply:
    """Answer. *interim*: a notice that keeps the turn (K9), which a customer's word never does;
    *solution*: the matter is settled."""

    NAME: ClassVar[str] = "reply"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None
    channel: str | None = None
    interim: bool = False
    solution: bool = False


@attrs.frozen(kw_only=True)
class ChangeType:
    """Make it a ticket of another type. *consent*: the customer agreed (C11)."""

    NAME: ClassVar[str] = "change-type"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    type: str
    text: str | None = None
    consent: bool = False


@attrs.frozen(kw_only=True)
class Escalate:
    """Call support in, for a reason that the policy lists (K6)."""

    NAME: ClassVar[str] = "escalate"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reason: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class HandBack:
    """Give an escalated ticket back to the party whose desk it is (K6)."""

    NAME: ClassVar[str] = "hand-back"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Acknowledge:
    """Begin work on the ticket."""

    NAME: ClassVar[str] = "acknowledge"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None


@attrs.frozen(kw_only=True)
class RequestInfo:
    """Ask the customer for more information."""

    NAME: ClassVar[str] = "request-info"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Assign:
    """Give the ticket to a person or team."""

    NAME: ClassVar[str] = "assign"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    assignee: str


@attrs.frozen(kw_only=True)
class Share:
    """Let a further person see the ticket (W5)."""

    NAME: ClassVar[str] = "share"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    with_person: str


@attrs.frozen(kw_only=True)
class Unshare:
    """End a sharing (W5)."""

    NAME: ClassVar[str] = "unshare"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    with_person: str


@attrs.frozen(kw_only=True)
class Refund:
    """Pay money back now. *reference* is the sender's id of this refund: sent twice, it pays once.
    Without *amount*, what the *units* that are named cost, where the order says it of each; else
    all that is left of the order."""

    NAME: ClassVar[str] = "refund"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reference: str
    amount: Money | None = None
    units: tuple[str, ...] = ()
    reason: str | None = None


@attrs.frozen(kw_only=True)
class ConfirmRefund:
    """Report that the provider carried a refund out."""

    NAME: ClassVar[str] = "confirm-refund"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reference: str


@attrs.frozen(kw_only=True)
class FailRefund:
    """Report that the provider declined a refund."""

    NAME: ClassVar[str] = "fail-refund"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reference: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Cancel:
    """Cancel units of the order (K5)."""

    NAME: ClassVar[str] = "cancel"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    units: tuple[str, ...]
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Close:
    """Close the ticket. *consent*: the customer agreed (C11)."""

    NAME: ClassVar[str] = "close"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None
    consent: bool = False


@attrs.frozen(kw_only=True)
class Withdraw:
    """Take the ticket back: solved in house, or no longer needed (W6)."""

    NAME: ClassVar[str] = "withdraw"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class MarkDuplicate:
    """Say that the ticket is a duplicate of another, which ends its clocks (O4)."""

    NAME: ClassVar[str] = "mark-duplicate"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    of: str


@attrs.frozen(kw_only=True)
class Reopen:
    """Let a closed ticket live again."""

    NAME: ClassVar[str] = "reopen"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class RequestReview:
    """Hand a closed or changed ticket over for review (C13)."""

    NAME: ClassVar[str] = "request-review"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Review:
    """End a review. *abuse*: the vendor closed or changed what was not his to end (C13)."""

    NAME: ClassVar[str] = "review"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    abuse: bool
    text: str | None = None


@attrs.frozen(kw_only=True)
class OpenDispute:
    """Report a claim or chargeback. A *deadline* in the notice counts before the policy's (A1)."""

    NAME: ClassVar[str] = "open-dispute"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    dispute: str
    kind: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class AnswerDispute:
    """Answer a dispute in time."""

    NAME: ClassVar[str] = "answer-dispute"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    dispute: str
    text: str | None = None


@attrs.frozen(kw_only=True)
class ResolveDispute:
    """Report how a dispute ended."""

    NAME: ClassVar[str] = "resolve-dispute"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    dispute: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class Reschedule:
    """Work out every pending deadline anew: the only way a recorded promise moves."""

    NAME: ClassVar[str] = "reschedule"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None


@attrs.frozen(kw_only=True)
class ChangePolicy:
    """Put the ticket under the policy that decides this command, and reschedule it."""

    NAME: ClassVar[str] = "change-policy"
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None


Command: TypeAlias = (
    Open
    | Reply
    | ChangeType
    | Escalate
    | HandBack
    | Acknowledge
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
    | Reschedule
    | ChangePolicy
)

COMMANDS: dict[str, type[Command]] = {
    c.NAME: c
    for c in (
        Open,
        Reply,
        ChangeType,
        Escalate,
        HandBack,
        Acknowledge,
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
        Reschedule,
        ChangePolicy,
    )
}
"""The commands by the name that JSON and scenarios use."""
