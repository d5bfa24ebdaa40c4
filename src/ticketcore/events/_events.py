"""The events: immutable facts in the past tense, from which a ticket is rebuilt.

An event is declared here and nowhere else: its class is an attrs class below `Event` with a
stored name. The codec, the JSON Schema and the registry `EVENTS` follow from the declaration.
Stored names and field names never change; when a body changes, its SCHEMA grows by one and an
upcaster converts the older bodies.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

import attrs

from ticketcore._internal.declared import check_fields
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import utc, utc_or_none
from ticketcore._internal.terminal import has_visible
from ticketcore.events._field_values import FieldValue
from ticketcore.events._values import (
    Attachment,
    Order,
    Party,
    Reference,
    Shipment,
)

ClosingKind: TypeAlias = Literal["closed", "withdrawn", "duplicate"]
"""Settled, withdrawn by the customer, or marked as a duplicate."""

EVENTS: dict[str, type["Event"]] = {}
"""The classes of all known events by their stored names."""

ENVELOPE = ("at", "command_id", "derived")
"""The fields of an event that a stored line has outside ``data``."""

NO_FIELDS: Mapping[str, FieldValue] = {}


@frozen(kw_only=True)
class Event(Value):
    """The base class of all events, with the fields that every event has.

    *at* is the instant of the event, in UTC; *by* is the party that acted and *actor* the id of
    the person, if known. *command_id* is the id of the command that caused the event, if the
    command had one. *derived* is True for an event that follows from others: deciding the
    recorded commands again, or advancing, produces it again.

    Raises FieldError for a value of a wrong type, NaiveDatetimeError or InstantError for a wrong
    *at*.
    """

    NAME: ClassVar[str]
    SCHEMA: ClassVar[int] = 1
    at: datetime = attrs.field(converter=utc)
    by: Party
    actor: str | None = None
    command_id: str | None = None
    derived: bool = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "NAME" in cls.__dict__:
            EVENTS[cls.NAME] = cls

    __attrs_post_init__ = check_fields


def copied(fields: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    """Copy the mapping, so that the event does not change with it."""
    if not isinstance(fields, Mapping):
        return fields  # type: ignore[unreachable]  # refused when the fields are checked
    return dict(fields)


@frozen(kw_only=True)
class Opened(Event):
    """A ticket was opened.

    Holds the facts that rules read, and what the policy decided at this instant: the party that
    answers by default (*default_handler*) and whose answer is awaited (*waiting_for*). The digest
    of the policy tells whether its file was edited since. *zone* is the vendor's IANA time zone,
    for weekends and calendar days. *has_grace_period* is False for a vendor who lost it (C13).
    *possible_duplicates* are the numbers of open tickets that may concern the same problem (O4).
    *reference* is the id of the message, such as a Message-ID, and *references* name earlier
    tickets, and further orders, shipments or products. *fields* holds the policy's own fields by
    name, with their defaults.
    """

    NAME: ClassVar[str] = "opened"
    number: str | None = None
    type: str
    zone: str
    default_handler: Party = "vendor"
    waiting_for: Party = "vendor"
    policy: str | None = None
    policy_version: str | None = None
    policy_digest: str | None = None
    storefront: str | None = None
    vendor: str | None = None
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
    reference: str | None = None
    attachments: tuple[Attachment, ...] = ()
    references: tuple[Reference, ...] = ()
    fields: Mapping[str, FieldValue] = attrs.field(default=NO_FIELDS, converter=copied)
    tags: tuple[str, ...] = ()


@frozen(kw_only=True)
class Replied(Event):
    """A party answered.

    An *interim* notice does not change whose answer is awaited (K9). A *solution* claims that the
    matter is settled. An *automatic* message was written by a machine, such as an out-of-office
    notice; it is neither an answer nor activity. *reference* is the id of the message, such as a
    Message-ID. A *text* of None was not recorded, so it counts as one; a blank text does not.
    `is_answer` says whether the message answers, for people, timers and metrics alike.
    """

    NAME: ClassVar[str] = "replied"
    text: str | None = None
    channel: str | None = None
    interim: bool = False
    solution: bool = False
    automatic: bool = False
    reference: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether vendor or support sent a text without a visible character, and nothing else.

        Such a message is neither an answer nor activity, as a machine's is not (K11).
        """
        text = self.text
        if text is None or text[:1].isalnum():  # nearly all messages
            return False
        says_something = has_visible(text) or self.attachments or self.solution
        return not says_something and self.by != "customer"

    @property
    def is_answer(self) -> bool:
        """Whether the message answers: it is neither interim, nor automatic, nor blank."""
        return not (self.interim or self.automatic or self.is_blank)


@frozen(kw_only=True)
class TypeChanged(Event):
    """The ticket's type changed; the party that changed it is its requester from now on.

    *consent_message* is the reference of the customer's message that gives the consent; without
    it, only the party says so (C11). With *answers*, the change is an answer and an activity
    (C12).
    """

    NAME: ClassVar[str] = "type-changed"
    type: str
    text: str | None = None
    consent: bool = False
    consent_message: str | None = None
    answers: bool = True
    timer: str | None = None
    level: str | None = None


@frozen(kw_only=True)
class Escalated(Event):
    """Another party was called in: it handles the ticket, and its answer is awaited (K6)."""

    NAME: ClassVar[str] = "escalated"
    to: Party = "support"
    reason: str | None = None
    text: str | None = None
    timer: str | None = None
    level: str | None = None


@frozen(kw_only=True)
class HandedBack(Event):
    """The ticket went back to its default handler, whose answer is awaited now (K6)."""

    NAME: ClassVar[str] = "handed-back"
    text: str | None = None


@frozen(kw_only=True)
class Acknowledged(Event):
    """Work on the ticket began (O1)."""

    NAME: ClassVar[str] = "acknowledged"
    by: Party = "system"
    timer: str | None = None


@frozen(kw_only=True)
class InfoRequested(Event):
    """The customer was asked for more information; their answer is awaited now."""

    NAME: ClassVar[str] = "info-requested"
    text: str | None = None


@frozen(kw_only=True)
class Assigned(Event):
    """The ticket was assigned to a person or team (W2, O5)."""

    NAME: ClassVar[str] = "assigned"
    by: Party = "system"
    assignee: str
    timer: str | None = None
    level: str | None = None


@frozen(kw_only=True)
class Shared(Event):
    """A further person got access to the ticket (W5)."""

    NAME: ClassVar[str] = "shared"
    with_person: str


@frozen(kw_only=True)
class Unshared(Event):
    """A person lost access to the ticket (W5)."""

    NAME: ClassVar[str] = "unshared"
    with_person: str


@frozen(kw_only=True)
class Closed(Event):
    """The ticket was closed, by a party or by a timer.

    *kind* tells a settled ticket from one that the customer withdrew (W6) or that is a duplicate
    (O4). After a *final* closing the ticket can only be read (K8). *consent_message* is the
    reference of the customer's message that gives the consent, if there is one (C11).
    """

    NAME: ClassVar[str] = "closed"
    kind: ClosingKind = "closed"
    final: bool = False
    consent: bool = False
    consent_message: str | None = None
    duplicate_of: str | None = None
    reason: str | None = None
    text: str | None = None
    timer: str | None = None


@frozen(kw_only=True)
class Reopened(Event):
    """A closed ticket was opened again."""

    NAME: ClassVar[str] = "reopened"
    text: str | None = None


@frozen(kw_only=True)
class Classified(Event):
    """Category, sub-category and reason of the ticket were corrected (O9). It holds all three."""

    NAME: ClassVar[str] = "classified"
    category: str | None = None
    subcategory: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class OrderCorrected(Event):
    """The facts of the order were corrected or added (A5). *units* are those of the ticket."""

    NAME: ClassVar[str] = "order-corrected"
    order: Order
    units: tuple[str, ...] = ()


@frozen(kw_only=True)
class ShipmentAdded(Event):
    """A shipment of the order became known (A5)."""

    NAME: ClassVar[str] = "shipment-added"
    shipment: Shipment


@frozen(kw_only=True)
class DuplicateUnmarked(Event):
    """The ticket is not a duplicate after all: it is open again (O4)."""

    NAME: ClassVar[str] = "duplicate-unmarked"
    text: str | None = None


@frozen(kw_only=True)
class Split(Event):
    """A part of the ticket became a ticket of its own (O9).

    *into* is the number of the new ticket; *messages* are the references of the messages that it
    takes over.
    """

    NAME: ClassVar[str] = "split"
    into: str
    messages: tuple[str, ...] = ()


@frozen(kw_only=True)
class Linked(Event):
    """The ticket names another ticket, or a further order, shipment or product (O10, W8)."""

    NAME: ClassVar[str] = "linked"
    target: Reference


@frozen(kw_only=True)
class ReviewRequested(Event):
    """A party asked for a review of a closed or changed ticket (C13)."""

    NAME: ClassVar[str] = "review-requested"
    text: str | None = None


@frozen(kw_only=True)
class Reviewed(Event):
    """The review ended. If it found *abuse*, the vendor loses the grace period (C13)."""

    NAME: ClassVar[str] = "reviewed"
    abuse: bool
    text: str | None = None


@frozen(kw_only=True)
class PolicyChanged(Event):
    """The ticket follows another policy, or another version of it, from now on."""

    NAME: ClassVar[str] = "policy-changed"
    policy: str
    policy_version: str
    policy_digest: str | None = None


@frozen(kw_only=True)
class Unknown(Event):
    """An event that this version cannot read: its name, its schema or its content is unknown.

    It keeps its stored form and changes nothing. *body* is its data as JSON text; *by* is not
    read from it.
    """

    by: Party = "system"
    name: str
    schema: int
    body: str = "{}"


@frozen
class Recorded(Value):
    """An event with its position: the ticket's number, and the event's number in it from 1.

    *recorded_at* is the instant, in UTC, at which a store recorded the event, if a store did.
    """

    ticket: str
    seq: int
    event: Event
    recorded_at: datetime | None = attrs.field(default=None, converter=utc_or_none)
