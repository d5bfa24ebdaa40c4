"""What is pending on a ticket under a policy: each applicable timer, with its due instant."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import attrgetter

from ticketcore._making import maker
from ticketcore.events import Scheduled, Timer, utc
from ticketcore.policies import Anchor, Policy, TimerDefinition
from ticketcore.ticket import Dispute, Ticket

_new_timer, _new_scheduled = maker(Timer), maker(Scheduled)
_DUE = attrgetter("due")
_FAR_OFF = datetime(9000, 1, 1, tzinfo=UTC)


def plan(ticket: Ticket, policy: Policy, at: datetime, *, anew: bool = False) -> tuple[Timer, ...]:
    """All timers of the ticket as of *at*, the earliest first.

    A timer that is already pending keeps its recorded due instant, unless *anew* (`Reschedule`); one
    that has fired from the same instant does not come back. No due instant lies before *at*: a
    promise is not made for the past. Raises InstantError or NaiveDatetimeError for an *at* that is
    no instant, CalendarRangeError as :func:`due` does.
    """
    at = utc(at)
    timers: list[Timer] = []
    pending = () if anew else ticket.timers
    for rule in policy.timer_definitions(ticket):
        if rule.since == "dispute-opened":
            timers += [
                _dispute_timer(ticket, policy, rule, dispute, at, pending)
                for dispute in ticket.disputes
                if _awaits_answer(dispute, rule)
            ]
            continue
        since = (
            ticket.last_active(rule.activity_by)
            if rule.activity_by
            else _COUNTED_FROM[rule.since](ticket)
        )
        if ticket.fired and (rule.name, since, None) in ticket.fired:
            continue
        timer = _find(pending, rule.name, since, None) if pending else None
        if timer is None:
            instant = due(ticket, policy, rule, since)
            timer = _new_timer(rule.name, instant if instant > at else at, since)
        timers.append(timer)
    timers.sort(key=_DUE)
    return tuple(timers)


def reschedule(
    ticket: Ticket, policy: Policy, at: datetime, *, anew: bool = False
) -> tuple[Scheduled, ...]:
    """The event that records what is pending, if that is other than what is recorded."""
    timers = plan(ticket, policy, at, anew=anew)
    return () if timers == ticket.timers else (_new_scheduled(at=at, timers=timers),)


_COUNTED_FROM: Mapping[Anchor, Callable[[Ticket], datetime]] = {
    "opened": attrgetter("opened.at"),
    "type-set": attrgetter("type_set_at"),
    "waiting-since": attrgetter("waiting_since"),
    "last-activity": attrgetter("active_at"),
    "closed": attrgetter("closed_at"),  # set: such a timer applies to closed tickets only
}


def _find(
    pending: Iterable[Timer], name: str, since: datetime, dispute: str | None
) -> Timer | None:
    for timer in pending:
        if timer.name == name and timer.since == since and timer.dispute == dispute:
            return timer
    return None


def due(ticket: Ticket, policy: Policy, rule: TimerDefinition, since: datetime) -> datetime:
    """When a timer of this ticket falls due, counted from *since*, in UTC.

    Raises CalendarRangeError when that lies beyond the dates that its calendar reaches,
    InstantError or NaiveDatetimeError for a *since* that is no instant.
    """
    since = utc(since)
    if rule.elapsed is not None and since < _FAR_OFF:  # the common case, without a calendar
        return since + rule.elapsed
    calendar = policy.calendar(rule.calendar, ticket)
    end = calendar.due(since, rule.after, boundary=rule.boundary)
    for span in rule.then:
        end = calendar.due(end, span, boundary=rule.boundary)
    return calendar.next_open(end) if rule.roll else end


def _awaits_answer(dispute: Dispute, rule: TimerDefinition) -> bool:
    return not dispute.answered and dispute.outcome is None and dispute.kind in rule.dispute_kinds


def _dispute_timer(
    ticket: Ticket,
    policy: Policy,
    rule: TimerDefinition,
    dispute: Dispute,
    at: datetime,
    pending: Iterable[Timer],
) -> Timer:
    since = dispute.opened_at
    kept = _find(pending, rule.name, since, dispute.id)
    # A1: a deadline that the notice carries counts before the policy's
    own = dispute.deadline if rule.notice_deadline else None
    instant = own or due(ticket, policy, rule, since)
    return kept or _new_timer(rule.name, max(instant, at), since, dispute.id)
