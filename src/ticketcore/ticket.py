"""The ticket as its events have made it: what decisions need, not the conversation.

Everything that changes a ticket stands in this file, one small function per event, and the table
at its end names them all but Scheduled, which `apply` itself takes in. No rule and no calendar
lives here: an old ticket always loads.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

import attrs

from ticketcore._making import drafter
from ticketcore.errors import HistoryError
from ticketcore.events import (
    Acknowledged,
    Assigned,
    Billing,
    Breached,
    Cancelled,
    Closed,
    ClosingKind,
    DisputeAnswered,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    Money,
    Opened,
    Outcome,
    Party,
    PolicyChanged,
    RefundConfirmed,
    Refunded,
    RefundFailed,
    Reopened,
    Replied,
    Reviewed,
    ReviewRequested,
    Scheduled,
    Shared,
    Timer,
    TypeChanged,
    Unknown,
    Unshared,
    Warned,
)

Status = Literal["open", "pending", "closed"]


@attrs.frozen(kw_only=True)
class RefundRecord:
    """A refund of this ticket, and what became of it."""

    reference: str | None
    amount: Money
    state: Literal["pending", "succeeded", "failed"]


@attrs.frozen(kw_only=True)
class Dispute:
    """A claim or chargeback about this ticket's order."""

    id: str
    kind: str
    opened_at: datetime
    deadline: datetime | None
    answered: bool = False
    outcome: Outcome | None = None


@attrs.frozen(kw_only=True)
class Ticket:
    """What a ticket is after its events. All instants are UTC.

    *opened* holds the facts from the opening. *desk* answers the customer by default, *handler*
    is who does now, *turn* whose answer is awaited since *waiting_since*. *active_at* is when a
    party last did something, or that party since the opening; what the system does is not
    activity (C17). *types_set* are the types that parties changed it to, of each party the last,
    in order. *timers* are pending, the earliest first; *fired* remembers, per timer, from which
    instant it last counted.
    """

    version: int
    at: datetime
    opened: Opened
    type: str
    type_set_at: datetime
    type_set_by: Party
    previous_type: str | None = None
    types_set: tuple[tuple[str, Party], ...] = ()
    policy: str | None
    policy_version: str | None
    handler: Party
    waiting_for: Party
    waiting_since: datetime
    active_at: datetime
    customer_active_at: datetime | None = None
    vendor_active_at: datetime | None = None
    support_active_at: datetime | None = None
    last_message: Replied | InfoRequested | None = None
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
    timers: tuple[Timer, ...] = ()
    fired: tuple[tuple[str, datetime, str | None], ...] = ()

    @property
    def status(self) -> Status:
        """Open when the desk's answer is awaited, waiting when another's, or closed (K1)."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.waiting_for == self.opened.default_handler else "pending"

    @property
    def billing(self) -> Billing | None:
        """How the order is billed; None without an order."""
        return None if self.opened.order is None else self.opened.order.billing

    def last_active(self, parties: Iterable[Party]) -> datetime:
        """When one of these parties last did something; the opening where none has since."""
        acts = (getattr(self, f"{party}_active_at") for party in parties)
        return max((at for at in acts if at is not None), default=self.opened.at)

    @property
    def reimbursed(self) -> bool:
        """Whether a dispute was decided for the customer, who then has the money already (A2)."""
        return any(dispute.outcome == "lost" for dispute in self.disputes)

    @property
    def refunded(self) -> int:
        """What was paid back, in minor units of the order's currency; failed refunds excepted."""
        return sum(r.amount.minor for r in self.refunds if r.state != "failed")


def evolve(ticket: Ticket | None, event: Event) -> Ticket:
    """The ticket after one more event. Total and silent: it never refuses, whatever the event.

    Raises HistoryError only for what no history begins with: anything but Opened on no ticket.
    """
    return fold((event,), ticket)


def fold(events: Iterable[Event], ticket: Ticket | None = None) -> Ticket:
    """The ticket after these events: ``functools.reduce(evolve, events, ticket)``, and fast.

    Works on a draft that is sealed at the end, so its cost is linear in the events. Raises
    HistoryError when there is no event, or when the first one on no ticket is not Opened.
    """
    told = tuple(events)
    if ticket is None:
        draft = begin(told[0] if told else None)
        told = told[1:]
    else:
        draft = draft_of(ticket)
    apply(told, draft)
    return sealed(draft)


def replay(events: Iterable[Event]) -> Iterable[tuple[Ticket, Event]]:
    """Each event with the ticket after it, in order. Raises HistoryError as `fold` does."""
    ticket: Ticket | None = None
    for event in events:
        ticket = evolve(ticket, event)
        yield ticket, event


# What `fold` is made of, for those who ask a ticket something between its events.


draft_of = drafter(Ticket)
"""A ticket's copy that can be changed, until it is `sealed`."""


_NOTHING: Any = None
_BLANK = Ticket(  # what the opening says is yet to come
    version=0,
    at=_NOTHING,
    opened=_NOTHING,
    type="",
    type_set_at=_NOTHING,
    type_set_by="system",
    policy=None,
    policy_version=None,
    handler="system",
    waiting_for="system",
    waiting_since=_NOTHING,
    active_at=_NOTHING,
)


def begin(event: Event | None) -> Any:
    """The draft of a ticket that was just opened. Raises HistoryError for any other event."""
    if not isinstance(event, Opened):
        problem = "empty" if event is None else "not-opened"
        found = "no events" if event is None else f"{type(event).__name__} at {event.at}"
        raise HistoryError(problem, f"a history begins with opened, found {found}")
    draft: Any = draft_of(_BLANK)
    at, by = event.at, event.by
    draft.version = 1
    draft.at = at
    draft.opened = event
    draft.type = event.type
    draft.type_set_at = at
    draft.type_set_by = by
    draft.policy = event.policy
    draft.policy_version = event.policy_version
    draft.handler = event.default_handler
    draft.waiting_for = event.waiting_for
    draft.waiting_since = at
    draft.active_at = at
    draft.has_grace_period = event.has_grace_period
    return draft


def apply(events: tuple[Event, ...], draft: Any) -> None:
    """Take these events in on a draft."""
    changes = _CHANGES
    for event in events:
        if type(event) is Scheduled:  # nearly every second event is one
            draft.timers = event.timers
        else:
            changes[type(event)](draft, event)
    if events:
        draft.version += len(events)
        draft.at = events[-1].at


def sealed(draft: Any) -> Ticket:
    """The draft itself as a ticket, which cannot be changed from here on."""
    draft.__class__ = Ticket
    ticket: Ticket = draft
    return ticket


# What each event changes. `d` is the draft; a rule that fired is noted by `_fire`.


def _act(d: Any, e: Any) -> None:
    by = e.by  # C17: system events are not activity
    if by == "customer":
        d.active_at = d.customer_active_at = e.at
    elif by == "vendor":
        d.active_at = d.vendor_active_at = e.at
    elif by == "support":
        d.active_at = d.support_active_at = e.at


def _pass_turn(d: Any, to: Party, at: datetime) -> None:
    if d.waiting_for != to:
        d.waiting_for, d.waiting_since = to, at


def _fire(d: Any, rule: str | None) -> None:
    if rule is None:
        return
    timers, fired = d.timers, d.fired
    for place, timer in enumerate(timers):
        if timer.name == rule:
            dispute = timer.dispute
            for before, (name, _, about) in enumerate(fired):
                if name == rule and about == dispute:
                    fired = fired[:before] + fired[before + 1 :]
                    break
            d.timers = timers[:place] + timers[place + 1 :]
            d.fired = (*fired, (rule, timer.since, dispute))
            return


def _answered_by(d: Any, e: Any) -> None:
    """The turn goes to the other side; a third party's word answers for nobody."""
    if e.by == "customer":
        _pass_turn(d, d.handler, e.at)
    elif e.by == d.handler:
        _pass_turn(d, "customer", e.at)


# Most events are replies: what is `_act` and `_answered_by` elsewhere is written out here.


def _replied(d: Any, e: Replied) -> None:
    by = e.by
    if by == "customer":
        waiting_for = d.handler
        d.active_at = d.customer_active_at = e.at
    else:
        waiting_for = "customer" if by == d.handler else d.waiting_for
        if by == "vendor":
            d.active_at = d.vendor_active_at = e.at
        elif by == "support":
            d.active_at = d.support_active_at = e.at
    d.last_message = e
    if e.interim:  # K9: an interim notice keeps the turn and the clock
        return
    if d.waiting_for != waiting_for:
        d.waiting_for = waiting_for
        d.waiting_since = e.at
    d.solved = e.solution
    if by != "customer":
        d.answered = True


def _type_changed(d: Any, e: TypeChanged) -> None:
    _act(d, e)
    _answered_by(d, e)
    d.previous_type, d.type = d.type, e.type
    d.types_set = (*(one for one in d.types_set if one[1] != e.by), (e.type, e.by))
    d.type_set_at, d.type_set_by = e.at, e.by
    d.solved = False


def _escalated(d: Any, e: Escalated) -> None:
    _fire(d, e.timer)
    _act(d, e)
    d.handler = e.to
    d.solved = False
    _pass_turn(d, e.to, e.at)


def _handed_back(d: Any, e: HandedBack) -> None:
    _act(d, e)
    d.handler = d.opened.default_handler
    _pass_turn(d, d.handler, e.at)


def _acknowledged(d: Any, e: Acknowledged) -> None:
    _fire(d, e.timer)
    _act(d, e)
    d.acknowledged = True


def _info_requested(d: Any, e: InfoRequested) -> None:
    _act(d, e)
    d.last_message = e
    d.answered = True
    d.solved = False
    _pass_turn(d, "customer", e.at)


def _assigned(d: Any, e: Assigned) -> None:
    d.assigned_to = e.assignee


def _shared(d: Any, e: Shared) -> None:
    d.shared_with = (*(p for p in d.shared_with if p != e.with_person), e.with_person)


def _unshared(d: Any, e: Unshared) -> None:
    d.shared_with = tuple(p for p in d.shared_with if p != e.with_person)


def _rang(d: Any, e: Warned | Breached) -> None:
    _fire(d, e.timer)


def _refunded(d: Any, e: Refunded) -> None:
    _act(d, e)
    state: Literal["pending", "succeeded"] = "pending" if e.awaits_confirmation else "succeeded"
    record = RefundRecord(reference=e.reference, amount=e.amount, state=state)
    d.refunds = (*d.refunds, record)


def _refund_settled(d: Any, e: RefundConfirmed | RefundFailed) -> None:
    state: Literal["succeeded", "failed"] = (
        "succeeded" if isinstance(e, RefundConfirmed) else "failed"
    )
    d.refunds = tuple(
        attrs.evolve(r, state=state) if r.reference == e.reference else r for r in d.refunds
    )


def _cancelled(d: Any, e: Cancelled) -> None:
    _act(d, e)
    d.subscription_ended = d.subscription_ended or e.subscription
    d.cancelled_units = (*d.cancelled_units, *e.units)


def _closed(d: Any, e: Closed) -> None:
    by, rule = e.by, e.timer
    if rule is not None:
        _fire(d, rule)
    _act(d, e)
    if d.closed_at is None:
        d.closed_at, d.closed_kind, d.closing_timer = e.at, e.kind, rule
    if by not in d.closed_by:
        d.closed_by = (*d.closed_by, by)
    if e.final:
        d.final = True
    if e.duplicate_of is not None:
        d.duplicate_of = e.duplicate_of
    if d.timers:
        d.timers = tuple([t for t in d.timers if t.dispute is not None])  # a dispute outlives it


def _reopened(d: Any, e: Reopened) -> None:
    _act(d, e)
    d.closed_at = d.closed_kind = d.closing_timer = d.duplicate_of = None
    d.closed_by = ()
    d.final = d.solved = False
    d.reopenings += 1
    d.waiting_for = "customer" if e.by == d.handler else d.handler
    d.waiting_since = e.at


def _review_requested(d: Any, _: ReviewRequested) -> None:
    d.review = "requested"


def _reviewed(d: Any, e: Reviewed) -> None:
    d.review = "abuse" if e.abuse else "cleared"
    d.has_grace_period = d.has_grace_period and not e.abuse


def _dispute_opened(d: Any, e: DisputeOpened) -> None:
    dispute = Dispute(id=e.dispute, kind=e.kind, opened_at=e.at, deadline=e.deadline)
    d.disputes = (*d.disputes, dispute)


def _dispute_answered(d: Any, e: DisputeAnswered) -> None:
    _act(d, e)
    d.disputes = tuple(
        attrs.evolve(x, answered=True) if x.id == e.dispute else x for x in d.disputes
    )


def _dispute_resolved(d: Any, e: DisputeResolved) -> None:
    d.disputes = tuple(
        attrs.evolve(x, outcome=e.outcome) if x.id == e.dispute else x for x in d.disputes
    )
    d.timers = tuple(t for t in d.timers if t.dispute != e.dispute)


def _policy_changed(d: Any, e: PolicyChanged) -> None:
    d.policy, d.policy_version = e.policy, e.policy_version


def _nothing(d: Any, e: Opened | Unknown) -> None:
    """A second opening is no opening, and what is not known changes nothing."""


_CHANGES: dict[type[Event], Callable[[Any, Any], None]] = {
    Opened: _nothing,
    Replied: _replied,
    TypeChanged: _type_changed,
    Escalated: _escalated,
    HandedBack: _handed_back,
    Acknowledged: _acknowledged,
    InfoRequested: _info_requested,
    Assigned: _assigned,
    Shared: _shared,
    Unshared: _unshared,
    Warned: _rang,
    Breached: _rang,
    Refunded: _refunded,
    RefundConfirmed: _refund_settled,
    RefundFailed: _refund_settled,
    Cancelled: _cancelled,
    Closed: _closed,
    Reopened: _reopened,
    ReviewRequested: _review_requested,
    Reviewed: _reviewed,
    DisputeOpened: _dispute_opened,
    DisputeAnswered: _dispute_answered,
    DisputeResolved: _dispute_resolved,
    PolicyChanged: _policy_changed,
    Unknown: _nothing,
}
