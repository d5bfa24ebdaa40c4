"""Events about money: refunds, cancellations and disputes."""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._internal.instants import utc_or_none
from ticketcore.events._events import Event
from ticketcore.events._values import Money, Party

Outcome: TypeAlias = Literal["lost", "won", "superseded"]
"""The end of a dispute, from the merchant's side."""


@frozen(kw_only=True)
class Refunded(Event):
    """Money went back to the customer.

    *reference* identifies the refund in its order. *invoice* names the invoice that it pays back,
    *dispute* is the id of the dispute that it settles. A refund that *awaits_confirmation* counts
    until it fails.
    """

    NAME: ClassVar[str] = "refunded"
    by: Party = "system"
    amount: Money
    reference: str | None = None
    units: tuple[str, ...] = ()
    invoice: str | None = None
    dispute: str | None = None
    reason: str | None = None
    awaits_confirmation: bool = False
    timer: str | None = None


@frozen(kw_only=True)
class RefundConfirmed(Event):
    """The payment provider carried out the refund."""

    NAME: ClassVar[str] = "refund-confirmed"
    reference: str


@frozen(kw_only=True)
class RefundFailed(Event):
    """The payment provider declined the refund: no money moved."""

    NAME: ClassVar[str] = "refund-failed"
    reference: str
    reason: str | None = None


@frozen(kw_only=True)
class Cancelled(Event):
    """The subscription ended, or units of the order were cancelled. It moves no money."""

    NAME: ClassVar[str] = "cancelled"
    by: Party = "system"
    subscription: bool = False
    units: tuple[str, ...] = ()
    reason: str | None = None
    timer: str | None = None


@frozen(kw_only=True)
class DisputeOpened(Event):
    """The customer opened a claim or a chargeback with the payment provider or bank (A1).

    *amount* is the part of the order's money that it holds. *supersedes* names the kinds of
    disputes about the same order that it ends (A2).
    """

    NAME: ClassVar[str] = "dispute-opened"
    dispute: str
    kind: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = None
    supersedes: tuple[str, ...] = ()
    reason: str | None = None


@frozen(kw_only=True)
class DisputeCorrected(Event):
    """Deadline or amount of a dispute were corrected (A2). It holds both, as they are now."""

    NAME: ClassVar[str] = "dispute-corrected"
    dispute: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = None


@frozen(kw_only=True)
class DisputeAnswered(Event):
    """The vendor answered a dispute."""

    NAME: ClassVar[str] = "dispute-answered"
    dispute: str
    text: str | None = None


@frozen(kw_only=True)
class DisputeResolved(Event):
    """A dispute ended: lost, won, or superseded by another one (A2)."""

    NAME: ClassVar[str] = "dispute-resolved"
    by: Party = "system"
    dispute: str
    outcome: Outcome
    timer: str | None = None
