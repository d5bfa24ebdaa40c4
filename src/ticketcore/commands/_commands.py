"""The commands: requests to change a ticket, as values that can be stored and sent as JSON (C19).

A command is declared here and nowhere else: its class is an attrs class below `Command` with a
name. The JSON reader, the JSON Schema and the registry `COMMANDS` follow from the declaration.
:func:`ticketcore.decider.decide` says whether a command is allowed, and what it causes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import attrs

from ticketcore._internal.declared import check_fields, check_visible
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import utc
from ticketcore.errors import FieldError, MoneyError
from ticketcore.events import (
    Attachment,
    FieldContent,
    Order,
    Party,
    Reference,
    Shipment,
    field_text,
)

HOST = {"host": True}
"""Metadata of a field that carries money or trust: the host alone supplies it, never a client."""

COMMANDS: dict[str, type["Command"]] = {}
"""The classes of all commands by the names that JSON and scenarios use."""


@frozen(kw_only=True)
class Command(Value):
    """The base class of all commands, with the fields that every command has.

    *at* is the instant of the request, in UTC; *by* is the party that asks and *actor* the id of
    the person, if known. The host checks that the person is who they claim to be, belongs to the
    party and may see the ticket. The events that a command causes carry its *command_id*.

    Raises FieldError for a value of a wrong type, and for a name, reference or text that has no
    visible character; NaiveDatetimeError or InstantError for a wrong *at*.
    """

    NAME: ClassVar[str]
    at: datetime = attrs.field(converter=utc, metadata=HOST)
    by: Party = attrs.field(metadata=HOST)
    actor: str | None = attrs.field(default=None, metadata=HOST)
    command_id: str | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "NAME" in cls.__dict__:
            COMMANDS[cls.NAME] = cls

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        check_visible(self)


_CONTENT = "text, a Decimal, Money, a date, an aware datetime, True or False"


def text_of(
    value: FieldContent | None, owner: str = "SetField", field: str = "value"
) -> str | None:
    """Convert the value of one of the policy's fields to text."""
    if value is None or isinstance(value, FieldContent):
        return None if value is None else field_text(value)
    raise FieldError(owner, field, value, _CONTENT)


def texts_of(fields: Mapping[str, FieldContent]) -> Mapping[str, str]:
    """Convert the values of several fields to text."""
    if not isinstance(fields, Mapping):
        return fields  # type: ignore[unreachable]  # refused when the fields are checked
    return {
        name: text_of(value, "Open", f"fields.{name}")  # type: ignore[misc]  # None is refused
        for name, value in fields.items()
    }


def _amounts(command: object, _: object, order: Any) -> None:
    if not isinstance(order, Order):
        return
    for amount in (order.amount, order.invoice_amount, *(unit.amount for unit in order.units)):
        if amount is None:
            continue
        if amount.minor < 0:
            raise MoneyError(amount, "the amounts of an order cannot be negative")
        if amount.currency != order.amount.currency:
            expected = f"amounts in {order.amount.currency}, the currency of the order"
            raise FieldError(type(command).__name__, "order", str(amount), expected)


@frozen(kw_only=True)
class Open(Command):
    """Open a ticket.

    *number* is the ticket's number and *vendor* the id of the vendor; tickets about one order of
    one vendor share a ledger. *zone* is the vendor's IANA time zone, required unless the policy or
    the storefront gives one. *type* may be left out if the policy has a default type.
    *possible_duplicates* are the numbers of open tickets about the same problem, as the host's
    inbox finds them (O4). *reference* is the id of the message, such as a Message-ID; *references*
    name earlier tickets (O10), and further orders, shipments or products (W8). *fields* are values
    of the policy's own fields by name, each as `SetField` takes it.

    Raises MoneyError for negative amounts of the order, FieldError for amounts of two currencies.
    """

    NAME: ClassVar[str] = "open"
    number: str | None = attrs.field(default=None, metadata=HOST)
    type: str | None = None
    zone: str | None = attrs.field(default=None, metadata=HOST)
    storefront: str | None = attrs.field(default=None, metadata=HOST)
    vendor: str | None = attrs.field(default=None, metadata=HOST)
    order: Order | None = attrs.field(default=None, validator=_amounts, metadata=HOST)
    units: tuple[str, ...] = ()
    customer: str | None = attrs.field(default=None, metadata=HOST)
    account: str | None = attrs.field(default=None, metadata=HOST)
    category: str | None = None
    subcategory: str | None = None
    reason: str | None = None
    subject: str | None = None
    text: str | None = None
    channel: str | None = attrs.field(default=None, metadata=HOST)
    has_grace_period: bool = attrs.field(default=True, metadata=HOST)
    possible_duplicates: tuple[str, ...] = attrs.field(default=(), metadata=HOST)
    reference: str | None = None
    attachments: tuple[Attachment, ...] = attrs.field(default=(), metadata=HOST)
    references: tuple[Reference, ...] = ()
    fields: Mapping[str, str] = attrs.field(default={}, converter=texts_of)
    tags: tuple[str, ...] = attrs.field(default=(), metadata=HOST)


@frozen(kw_only=True)
class Reply(Command):
    """Answer.

    An *interim* notice does not change whose answer is awaited (K9); the customer's replies are
    never interim. A *solution* claims that the matter is settled. An *automatic* message was
    written by a machine: it reopens nothing and answers nothing. *reference* is the id of the
    message, such as a Message-ID: sent twice, it is recorded once.
    """

    NAME: ClassVar[str] = "reply"
    text: str | None = None
    channel: str | None = attrs.field(default=None, metadata=HOST)
    interim: bool = False
    solution: bool = False
    automatic: bool = attrs.field(default=False, metadata=HOST)
    reference: str | None = None
    attachments: tuple[Attachment, ...] = attrs.field(default=(), metadata=HOST)


@frozen(kw_only=True)
class ChangeType(Command):
    """Change the ticket's type.

    *consent*: the customer agreed (C11), in the message with the reference *consent_message* if
    it is given.
    """

    NAME: ClassVar[str] = "change-type"
    type: str
    text: str | None = None
    consent: bool = False
    consent_message: str | None = None


@frozen(kw_only=True)
class Escalate(Command):
    """Call support in, for a reason that the policy lists (K6)."""

    NAME: ClassVar[str] = "escalate"
    reason: str | None = None
    text: str | None = None


@frozen(kw_only=True)
class HandBack(Command):
    """Return an escalated ticket to its default handler (K6)."""

    NAME: ClassVar[str] = "hand-back"
    text: str | None = None


@frozen(kw_only=True)
class Acknowledge(Command):
    """Begin work on the ticket."""

    NAME: ClassVar[str] = "acknowledge"


@frozen(kw_only=True)
class RequestInfo(Command):
    """Ask the customer for more information."""

    NAME: ClassVar[str] = "request-info"
    text: str | None = None


@frozen(kw_only=True)
class Assign(Command):
    """Assign the ticket to a person or team."""

    NAME: ClassVar[str] = "assign"
    assignee: str


@frozen(kw_only=True)
class Share(Command):
    """Give a further person access to the ticket (W5)."""

    NAME: ClassVar[str] = "share"
    with_person: str


@frozen(kw_only=True)
class Unshare(Command):
    """Withdraw a person's access to the ticket (W5)."""

    NAME: ClassVar[str] = "unshare"
    with_person: str


@frozen(kw_only=True)
class Close(Command):
    """Close the ticket.

    *consent*: the customer agreed (C11), in the message with the reference *consent_message* if
    it is given.
    """

    NAME: ClassVar[str] = "close"
    text: str | None = None
    consent: bool = False
    consent_message: str | None = None


@frozen(kw_only=True)
class Withdraw(Command):
    """Withdraw the ticket: the customer solved the problem, or needs no help any more (W6)."""

    NAME: ClassVar[str] = "withdraw"
    reason: str | None = None


@frozen(kw_only=True)
class MarkDuplicate(Command):
    """Mark the ticket as a duplicate of another, which ends its timers (O4)."""

    NAME: ClassVar[str] = "mark-duplicate"
    of: str


@frozen(kw_only=True)
class Classify(Command):
    """Correct category, sub-category or reason (O9). A field that is left out stays as it is."""

    NAME: ClassVar[str] = "classify"
    category: str | None = None
    subcategory: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class CorrectOrder(Command):
    """Correct the facts of the order, or add an order to a ticket without one (A5).

    Shipments of the same order stay as they are if the *order* has none.

    Raises MoneyError for negative amounts of the order, FieldError for amounts of two currencies.
    """

    NAME: ClassVar[str] = "correct-order"
    order: Order = attrs.field(validator=_amounts, metadata=HOST)


@frozen(kw_only=True)
class AddShipment(Command):
    """Add a shipment to the order (A5)."""

    NAME: ClassVar[str] = "add-shipment"
    shipment: Shipment = attrs.field(metadata=HOST)


@frozen(kw_only=True)
class UnmarkDuplicate(Command):
    """Take back the mark of a duplicate: the ticket is open again (O4)."""

    NAME: ClassVar[str] = "unmark-duplicate"
    text: str | None = None


@frozen(kw_only=True)
class SplitTicket(Command):
    """Record that a part of the ticket became a ticket of its own (O9).

    *into* is the number of the new ticket, whose opening refers to this one; *messages* are the
    references of the messages that it takes over.
    """

    NAME: ClassVar[str] = "split"
    into: str = attrs.field(metadata=HOST)
    messages: tuple[str, ...] = ()


@frozen(kw_only=True)
class Link(Command):
    """Name another ticket, or a further order, shipment or product (O10, W8)."""

    NAME: ClassVar[str] = "link"
    target: Reference


@frozen(kw_only=True)
class Reopen(Command):
    """Open a closed ticket again."""

    NAME: ClassVar[str] = "reopen"
    text: str | None = None


@frozen(kw_only=True)
class RequestReview(Command):
    """Ask for a review of a closed or changed ticket (C13)."""

    NAME: ClassVar[str] = "request-review"
    text: str | None = None


@frozen(kw_only=True)
class Review(Command):
    """End a review. *abuse*: the vendor had no right to close or change the ticket (C13)."""

    NAME: ClassVar[str] = "review"
    abuse: bool
    text: str | None = None


@frozen(kw_only=True)
class Reschedule(Command):
    """Compute all pending deadlines again by the present policy and calendars."""

    NAME: ClassVar[str] = "reschedule"


@frozen(kw_only=True)
class ChangePolicy(Command):
    """Move the ticket to the policy that decides this command, and reschedule it."""

    NAME: ClassVar[str] = "change-policy"
