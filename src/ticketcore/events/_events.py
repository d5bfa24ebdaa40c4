"""The events: immutable facts, in the past tense, from which a ticket is rebuilt.

*timer* is the name of the timer that brought an event about; None when a party did.

NOTE: NAME, SCHEMA and the field names are the stored form. A stored name never
changes, and a changed body is a new SCHEMA with an upcaster for the old one.
"""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import attrs

from ticketcore.events._values import Money, Order, Party, Timer, utc, utc_or_none

ClosingKind: TypeAlias = Literal["closed", "withdrawn", "duplicate"]
Outcome: TypeAlias = Literal["lost", "won", "superseded"]


@attrs.frozen(kw_only=True)
class Opened:
    """A ticket was opened. Carries the facts that rules will ask for, and what the policy says
    of it at this instant: who answers (*desk*) and whose *turn* it is.

    *zone* is the vendor's IANA zone, which weekends and calendar days go by.
    *has_grace_period* is False for a vendor who lost it (C13). *possible_duplicates* are the numbers
    of open tickets that may be about the same problem (O4).
    """

    NAME: ClassVar[str] = "opened"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    type: str
    zone: str
    default_handler: Party = "vendor"
    waiting_for: Party = "vendor"
    policy: str | None = None
    policy_version: str | None = None
    storefront: str | None = None
    order: Order | None = None
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
class Replied:
    """A party answered. An *interim* notice leaves the turn where it was (K9); a *solution*
    claims that the matter is settled."""

    NAME: ClassVar[str] = "replied"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None
    channel: str | None = None
    interim: bool = False
    solution: bool = False


@attrs.frozen(kw_only=True)
class TypeChanged:
    """The ticket became one of another type; who changed it is its requester from now on."""

    NAME: ClassVar[str] = "type-changed"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    type: str
    text: str | None = None
    consent: bool = False


@attrs.frozen(kw_only=True)
class Escalated:
    """Another party was called in and handles the ticket now; the turn is its (K6)."""

    NAME: ClassVar[str] = "escalated"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    to: Party = "support"
    reason: str | None = None
    text: str | None = None
    timer: str | None = None


@attrs.frozen(kw_only=True)
class HandedBack:
    """The ticket went back to the party whose desk it is; the turn is its."""

    NAME: ClassVar[str] = "handed-back"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Acknowledged:
    """Work on the ticket began (O1)."""

    NAME: ClassVar[str] = "acknowledged"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party = "system"
    actor: str | None = None
    timer: str | None = None


@attrs.frozen(kw_only=True)
class InfoRequested:
    """The customer was asked for more information; the turn is the customer's."""

    NAME: ClassVar[str] = "info-requested"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Assigned:
    """The ticket was given to a person or team."""

    NAME: ClassVar[str] = "assigned"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party = "system"
    actor: str | None = None
    assignee: str


@attrs.frozen(kw_only=True)
class Shared:
    """A further person may see the ticket and add to it (W5)."""

    NAME: ClassVar[str] = "shared"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    with_person: str


@attrs.frozen(kw_only=True)
class Unshared:
    """A person may no longer see the ticket (W5)."""

    NAME: ClassVar[str] = "unshared"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    with_person: str


@attrs.frozen(kw_only=True)
class Scheduled:
    """What is pending now: the whole list of timers, each a recorded promise."""

    NAME: ClassVar[str] = "scheduled"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    timers: tuple[Timer, ...] = ()


@attrs.frozen(kw_only=True)
class Warned:
    """A timer reminded the parties."""

    NAME: ClassVar[str] = "warned"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    timer: str


@attrs.frozen(kw_only=True)
class Breached:
    """An answer did not come in time: recorded, never erased, and nothing closes (K2)."""

    NAME: ClassVar[str] = "breached"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    timer: str


@attrs.frozen(kw_only=True)
class Refunded:
    """Money went back to the customer. *reference* tells one refund from another; one that
    *awaits_confirmation* counts until it fails."""

    NAME: ClassVar[str] = "refunded"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party = "system"
    actor: str | None = None
    amount: Money
    reference: str | None = None
    units: tuple[str, ...] = ()
    reason: str | None = None
    awaits_confirmation: bool = False
    timer: str | None = None


@attrs.frozen(kw_only=True)
class RefundConfirmed:
    """The payment provider carried the refund out."""

    NAME: ClassVar[str] = "refund-confirmed"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reference: str


@attrs.frozen(kw_only=True)
class RefundFailed:
    """The payment provider declined the refund: its money did not move."""

    NAME: ClassVar[str] = "refund-failed"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    reference: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Cancelled:
    """A subscription ended, or units of an order were cancelled; no money moved by this."""

    NAME: ClassVar[str] = "cancelled"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party = "system"
    actor: str | None = None
    subscription: bool = False
    units: tuple[str, ...] = ()
    reason: str | None = None
    timer: str | None = None


@attrs.frozen(kw_only=True)
class Closed:
    """A party, or a timer as the system, closed the ticket: settled, withdrawn by the customer
    (W6), or the duplicate of another (O4). After a *final* closing nothing may follow (K8)."""

    NAME: ClassVar[str] = "closed"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    kind: ClosingKind = "closed"
    final: bool = False
    consent: bool = False
    duplicate_of: str | None = None
    reason: str | None = None
    text: str | None = None
    timer: str | None = None


@attrs.frozen(kw_only=True)
class Reopened:
    """A closed ticket lives again."""

    NAME: ClassVar[str] = "reopened"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class ReviewRequested:
    """A closed or changed ticket was handed over for review (C13)."""

    NAME: ClassVar[str] = "review-requested"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Reviewed:
    """The review ended; with *abuse* found, the vendor loses the saving window (C13)."""

    NAME: ClassVar[str] = "reviewed"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    abuse: bool
    text: str | None = None


@attrs.frozen(kw_only=True)
class DisputeOpened:
    """The customer went to the payment provider or the bank: a claim, a chargeback (A1)."""

    NAME: ClassVar[str] = "dispute-opened"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    dispute: str
    kind: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class DisputeAnswered:
    """The vendor answered a dispute."""

    NAME: ClassVar[str] = "dispute-answered"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    dispute: str
    text: str | None = None


@attrs.frozen(kw_only=True)
class DisputeResolved:
    """A dispute ended: for the customer, for the vendor, or superseded by another (A2)."""

    NAME: ClassVar[str] = "dispute-resolved"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party = "system"
    actor: str | None = None
    dispute: str
    outcome: Outcome
    timer: str | None = None


@attrs.frozen(kw_only=True)
class PolicyChanged:
    """The ticket goes by another policy, or another version of it, from now on."""

    NAME: ClassVar[str] = "policy-changed"
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    policy: str
    policy_version: str


@attrs.frozen(kw_only=True)
class Unknown:
    """An event of a name that this version does not know: kept as it was stored, changes nothing.

    *body* is its data as JSON text.
    """

    name: str
    schema: int
    at: datetime = attrs.field(converter=utc)
    body: str = "{}"


Event: TypeAlias = (
    Opened
    | Replied
    | TypeChanged
    | Escalated
    | HandedBack
    | Acknowledged
    | InfoRequested
    | Assigned
    | Shared
    | Unshared
    | Scheduled
    | Warned
    | Breached
    | Refunded
    | RefundConfirmed
    | RefundFailed
    | Cancelled
    | Closed
    | Reopened
    | ReviewRequested
    | Reviewed
    | DisputeOpened
    | DisputeAnswered
    | DisputeResolved
    | PolicyChanged
    | Unknown
)


@attrs.frozen
class Recorded:
    """An event where it stands: in which ticket's history, and at which place from 1."""

    ticket: str
    seq: int
    event: Event
