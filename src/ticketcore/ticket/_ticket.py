"""The state of a ticket: what decisions need, not the conversation."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.events import (
    Billing,
    ClosingKind,
    DisputeAnswered,
    FieldContent,
    InfoRequested,
    Money,
    NoteAdded,
    Opened,
    Order,
    Outcome,
    Party,
    Reference,
    Replied,
    Timer,
)

Status: TypeAlias = Literal["open", "pending", "closed"]
"""Open: the default handler's answer is awaited. Pending: another party's is (K1)."""

RefundState: TypeAlias = Literal["pending", "succeeded", "failed"]
"""The state of a refund with the payment provider."""


_ACTIVE_AT = {party: f"{party}_active_at" for party in ("customer", "vendor", "support")}


@frozen(kw_only=True)
class RefundRecord(Value):
    """A refund of this ticket, and its present state.

    *units* are the units that it pays for, *invoice* names the invoice that it pays back, and
    *dispute* is the id of the dispute that it settles.
    """

    reference: str | None
    amount: Money
    state: RefundState
    units: tuple[str, ...] = ()
    invoice: str | None = None
    dispute: str | None = None


@frozen(kw_only=True)
class Dispute(Value):
    """A claim or chargeback about this ticket's order. Instants are UTC.

    *deadline* is the one that its notice carried, if any. *amount* is the part of the order's
    money that it holds; *supersedes* names the kinds of disputes that it ends (A2). *answer* is
    the last one. *outcome* is None while it runs.
    """

    id: str
    kind: str
    opened_at: datetime
    deadline: datetime | None
    amount: Money | None = None
    supersedes: tuple[str, ...] = ()
    answer: DisputeAnswered | None = None
    outcome: Outcome | None = None

    @property
    def answered(self) -> bool:
        """Whether it was answered."""
        return self.answer is not None


@frozen
class Pause(Value):
    """A pause of the policy that held from the instant *since* until *until*, in UTC."""

    name: str
    since: datetime
    until: datetime


@frozen
class FiredLevel(Value):
    """A level of a timer that fired in a cycle, and the last time, in UTC.

    *times* is the number of its last repetition. Those that were overtaken before count.
    """

    timer: str
    cycle: int
    level: str
    times: int
    at: datetime


@frozen
class EndedCycle(Value):
    """The last cycle of a timer that ended.

    *timer* is as it was before, *at* the instant of the end in UTC; outcome and cause are those of
    the event.
    """

    timer: Timer
    at: datetime
    outcome: Literal["met", "cancelled"]
    cause: str | None


@attrs.define(kw_only=True, eq=False, repr=False)
class TicketDraft:
    """A ticket while events are applied to it: its fields can be set. `fold` alone uses it."""

    version: int
    at: datetime
    opened: Opened
    order: Order | None
    order_at: datetime
    units: tuple[str, ...]
    category: str | None
    subcategory: str | None
    reason: str | None
    type: str
    type_set_at: datetime
    type_set_by: Party
    previous_type: str | None = None
    types_set: tuple[tuple[str, Party], ...] = ()
    policy: str | None
    policy_version: str | None
    policy_digest: str | None
    handler: Party
    waiting_for: Party | None
    waiting_since: datetime | None
    active_at: datetime
    customer_active_at: datetime | None = None
    vendor_active_at: datetime | None = None
    support_active_at: datetime | None = None
    references: tuple[Reference, ...]
    message_references: tuple[str, ...]
    customer_messages: tuple[str, ...]
    moved_messages: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, FieldContent]
    tags: tuple[str, ...]
    last_message: Replied | InfoRequested | None = None
    last_note: NoteAdded | None = None
    answered: bool = False
    solved: bool = False
    acknowledged: bool = False
    assigned_to: str | None = None
    shared_with: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_by: tuple[Party, ...] = ()
    closed_kind: ClosingKind | None = None
    closing_timer: str | None = None
    final: bool = False
    duplicate_of: str | None = None
    reopenings: int = 0
    refunds: tuple[RefundRecord, ...] = ()
    subscription_ended: bool = False
    cancelled_units: tuple[str, ...] = ()
    review: Literal["requested", "cleared", "abuse"] | None = None
    has_grace_period: bool = True
    disputes: tuple[Dispute, ...] = ()
    reopened_at: datetime | None = None
    timers: tuple[Timer, ...] = ()
    ended_timers: tuple[EndedCycle, ...] = ()
    levels: tuple[FiredLevel, ...] = ()
    pausing: tuple[tuple[str, datetime], ...] = ()
    pauses: tuple[Pause, ...] = ()
    snoozed_until: datetime | None = None
    by_hand: bool = False
    money_at: datetime | None = None
    unread: tuple[str, ...] = ()


@frozen(kw_only=True)
class Ticket(TicketDraft, Value):
    """The state of a ticket after its events. All instants are UTC.

    *version* counts the events, *at* is the instant of the last one. *opened* holds the facts of
    the opening; *order* holds the facts of the order since *order_at*, and *units* those units of
    it that the ticket concerns. *handler* is the party that handles the ticket now; *waiting_for*
    is the party whose answer is awaited since *waiting_since*, both None while the ticket is
    closed. *active_at* is the instant of the last action of any party, and *customer_active_at*,
    *vendor_active_at* and *support_active_at* that of one party since the opening; events of the
    system are not actions (C17). *types_set* are the types that parties changed the ticket to, the
    last of each party, in order.

    *timers* are those of the last `Scheduled`, with what happened to them since. *ended_timers*
    has the last cycle of each timer that ended. *levels* are those that fired in the present cycle
    of their timer. *pausing* has the pauses that hold now, each with the instant since when;
    *pauses* are those that ended, in the order of their ends. *snoozed_until* is the instant until
    which the ticket is put aside. *by_hand* says whether a party has set a deadline.

    *references* are the other tickets, orders, shipments and products that it names;
    *message_references* the ids of the messages received, *customer_messages* those of the
    customer. *moved_messages* are those that a split moved, each with the number of the ticket
    that took it. *fields* are the values of the policy's own fields by name; a field without a
    value is left out. *money_at* is the instant of the last event that moved money of the order,
    or was decided by it. *unread* are the names of stored events that this version cannot read; no
    decision is made while there are any.
    """

    @property
    def status(self) -> Status:
        """The status (K1).

        Open while the default handler's answer is awaited, closed after the closing, otherwise
        pending.
        """
        if self.closed_at is not None:
            return "closed"
        return "open" if self.waiting_for == self.opened.default_handler else "pending"

    @property
    def number(self) -> str | None:
        """The number of the ticket, if its opening has one."""
        return self.opened.number

    @property
    def has_account(self) -> bool:
        """Whether the ticket was opened for an account of a customer."""
        return self.opened.account is not None

    @property
    def billing(self) -> Billing | None:
        """The billing of the order; None without an order."""
        return None if self.order is None else self.order.billing

    @property
    def pending_timers(self) -> tuple[Timer, ...]:
        """The timers whose deadline has not passed."""
        return tuple([timer for timer in self.timers if not timer.passed])

    @property
    def next_timer(self) -> Timer | None:
        """The timer that acts next if nothing happens before; None if none will."""
        first = self.timers[0] if self.timers else None
        return None if first is None or first.wakes is None else first

    def last_active(self, parties: Iterable[Party]) -> datetime:
        """Return the last action of these parties; the opening if they did nothing since."""
        acts = [at for p in parties if (at := getattr(self, _ACTIVE_AT[p])) is not None]
        return max(acts) if acts else self.opened.at

    @property
    def refunded(self) -> int:
        """The sum of refunds that have not failed, in minor units of the order's currency."""
        return sum(r.amount.minor for r in self.refunds if r.state != "failed")
