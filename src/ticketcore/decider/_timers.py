"""The pending timers of a ticket under a policy.

A timer is pending while its definition applies to the ticket. `plan` computes the whole list after
each command and each timer that fires:

- A definition applies if its condition holds, on an open ticket; one that counts "from" the
  closing applies to closed tickets, one that counts from the opening of a dispute to both.
- A timer is identified by its name, the instant from which it counts, and its dispute. If a timer
  with this identity is pending already, it keeps its recorded due instant: a deadline does not
  move because a calendar or a policy file changed. A timer that has fired does not come back.
- If an action moves the instant from which a timer counts, the timer gets a new identity, and so a
  new deadline.
- A timer whose definition no longer applies disappears from the list.

`Reschedule` and `ChangePolicy` compute every deadline again, `CorrectDispute` its dispute's.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import get_args

from ticketcore._internal.declared import require_all
from ticketcore._internal.fast_attrs import fast
from ticketcore.events import Scheduled, Timer, utc
from ticketcore.policies import Anchor, Policy, TimerDefinition
from ticketcore.ticket import Dispute, Ticket

_new_timer, _new_scheduled = fast(Timer), fast(Scheduled)
_DUE = attrgetter("due")
_FAR_OFF = datetime(9000, 1, 1, tzinfo=UTC)


def plan(
    ticket: Ticket, policy: Policy, at: datetime, *, keep: Collection[Timer] | None = None
) -> tuple[Timer, ...]:
    """Return all pending timers of the ticket at *at*, the earliest first.

    The timers in *keep* keep their recorded due instants; these are all pending ones unless it is
    given. A timer that has fired does not come back. A new due instant is never before *at*.
    Raises InstantError or NaiveDatetimeError for a wrong *at*, CalendarRangeError as :func:`due`
    does.
    """
    at = utc(at)
    timers: list[Timer] = []
    pending = ticket.timers if keep is None else keep
    for definition in policy.timer_definitions(ticket):
        if definition.since == "dispute-opened":
            timers += [
                _dispute_timer(ticket, policy, definition, dispute, at, pending)
                for dispute in ticket.disputes
                if _awaits_answer(dispute, definition)
            ]
            continue
        since = (
            ticket.last_active(definition.activity_by)
            if definition.activity_by
            else _COUNTED_FROM[definition.since](ticket)
        )
        if ticket.fired and (definition.name, since, None) in ticket.fired:
            continue
        timer = _find(pending, definition.name, since, None) if pending else None
        if timer is None:
            instant = due(ticket, policy, definition, since)
            timer = _new_timer(
                definition.name, instant if instant > at else at, since, None, definition.fires
            )
        timers.append(timer)
    timers.sort(key=_DUE)
    return tuple(timers)


def schedule(
    ticket: Ticket, policy: Policy, at: datetime, *, keep: Collection[Timer] | None = None
) -> tuple[Scheduled, ...]:
    """Return the event that records the pending timers, if they differ from the recorded ones."""
    timers = plan(ticket, policy, at, keep=keep)
    return () if timers == ticket.timers else (record_timers(at, timers),)


def record_timers(at: datetime, timers: tuple[Timer, ...]) -> Scheduled:
    """Return the event that records these timers as pending."""
    return _new_scheduled(at=at, timers=timers)


_COUNTED_FROM: Mapping[Anchor, Callable[[Ticket], datetime]] = {
    "opened": attrgetter("opened.at"),
    "type-set": attrgetter("type_set_at"),
    "waiting-since": attrgetter("waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),  # not None: such timers apply to closed tickets only
}
require_all(_COUNTED_FROM, {*get_args(Anchor)} - {"dispute-opened"}, "instants of anchors")


def _find(
    pending: Iterable[Timer], name: str, since: datetime, dispute: str | None
) -> Timer | None:
    for timer in pending:
        if timer.name == name and timer.since == since and timer.dispute == dispute:
            return timer
    return None


def due(ticket: Ticket, policy: Policy, definition: TimerDefinition, since: datetime) -> datetime:
    """Return the due instant of a timer of this ticket that counts from *since*, in UTC.

    Raises CalendarRangeError if it lies outside the supported years of its calendar, and
    InstantError or NaiveDatetimeError for a wrong *since*.
    """
    since = utc(since)
    if definition.elapsed is not None and since < _FAR_OFF:  # without a calendar: the common case
        return since + definition.elapsed
    calendar = policy.calendar(definition.calendar, ticket)
    return calendar.due(
        since,
        (definition.after, *definition.then) if definition.then else definition.after,
        boundary=definition.boundary,
        roll=definition.roll,
        at_time=definition.at_time,
    )


def _awaits_answer(dispute: Dispute, definition: TimerDefinition) -> bool:
    return (
        not dispute.answered
        and dispute.outcome is None
        and dispute.kind in definition.dispute_kinds
    )


def _dispute_timer(
    ticket: Ticket,
    policy: Policy,
    definition: TimerDefinition,
    dispute: Dispute,
    at: datetime,
    pending: Iterable[Timer],
) -> Timer:
    since = dispute.opened_at
    kept = _find(pending, definition.name, since, dispute.id)
    # A1: a deadline in the notice of the dispute overrides the policy's
    own = dispute.deadline if definition.notice_deadline else None
    instant = own or due(ticket, policy, definition, since)
    return kept or _new_timer(
        definition.name, max(instant, at), since, dispute.id, definition.fires
    )
