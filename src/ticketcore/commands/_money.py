"""Commands about money: refunds, cancellations and disputes."""

from datetime import datetime
from typing import ClassVar

import attrs

from ticketcore._internal.frozen import frozen
from ticketcore._internal.instants import utc_or_none
from ticketcore.commands._commands import Command
from ticketcore.errors import MoneyError
from ticketcore.events import Money, Outcome


def _no_debt(_: object, __: object, amount: Money | None) -> None:
    if isinstance(amount, Money) and amount.minor < 0:
        raise MoneyError(amount, "the amount of a dispute cannot be negative")


@frozen(kw_only=True)
class Refund(Command):
    """Refund money now.

    *reference* is the sender's id of this refund: sent twice, it pays once. *dispute* is the id of
    a running dispute that the refund settles. Without an *amount*, the price of the named *units*
    is refunded, or what the dispute holds, or all that is left of the ticket's part of the order.
    """

    NAME: ClassVar[str] = "refund"
    reference: str
    amount: Money | None = None
    units: tuple[str, ...] = ()
    dispute: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class ConfirmRefund(Command):
    """Report that the payment provider carried out a refund."""

    NAME: ClassVar[str] = "confirm-refund"
    reference: str


@frozen(kw_only=True)
class FailRefund(Command):
    """Report that the payment provider declined a refund."""

    NAME: ClassVar[str] = "fail-refund"
    reference: str
    reason: str | None = None


@frozen(kw_only=True)
class Cancel(Command):
    """Cancel units of the order (K5)."""

    NAME: ClassVar[str] = "cancel"
    units: tuple[str, ...]
    reason: str | None = None


@frozen(kw_only=True)
class OpenDispute(Command):
    """Report a claim or a chargeback. A *deadline* in its notice overrides the policy's (A1)."""

    NAME: ClassVar[str] = "open-dispute"
    dispute: str
    kind: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = attrs.field(default=None, validator=_no_debt)
    reason: str | None = None


@frozen(kw_only=True)
class CorrectDispute(Command):
    """Correct deadline or amount of a dispute (A2). A field that is left out stays as it is."""

    NAME: ClassVar[str] = "correct-dispute"
    dispute: str
    deadline: datetime | None = attrs.field(default=None, converter=utc_or_none)
    amount: Money | None = attrs.field(default=None, validator=_no_debt)


@frozen(kw_only=True)
class AnswerDispute(Command):
    """Answer a dispute, or add to the answer while the dispute runs (A5).

    The text of the last answer again changes nothing. Any other text is recorded, also that of an
    answer before the last one.
    """

    NAME: ClassVar[str] = "answer-dispute"
    dispute: str
    text: str | None = None


@frozen(kw_only=True)
class ResolveDispute(Command):
    """Report how a dispute ended."""

    NAME: ClassVar[str] = "resolve-dispute"
    dispute: str
    outcome: Outcome
