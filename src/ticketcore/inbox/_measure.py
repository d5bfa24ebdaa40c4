"""From histories to service figures, one ticket at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from ticketcore.errors import TicketcoreError
from ticketcore.events import Event, Refunded, RefundFailed, Reopened, Replied, Warned
from ticketcore.inbox._answers import Target, answers
from ticketcore.inbox._figures import Figures
from ticketcore.inbox._groups import Grouping, group_of
from ticketcore.inbox._tally import Tally
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold


def measure(
    histories: Iterable[tuple[str, tuple[Event, ...]]],
    policy: Policy,
    by: Grouping | None = None,
    *,
    target: Target | None = None,
    until: datetime | None = None,
    on_broken: Callable[[str, TicketcoreError], None] | None = None,
) -> tuple[Figures, ...]:
    """The service figures of tickets with their events, group by group in order of their names;
    without *by*, of all of them as one.

    *policy*, *target* and *until* say when an answer is late, as in `answers`. Of each ticket no
    more is kept than its times and units. A ticket that cannot be measured is left out and told
    to *on_broken*; without it, its error is raised: HistoryError as by `fold`, CalendarRangeError
    as by `plan`, CalendarError for an unknown zone, InstantError for an instant without a date
    there.
    """
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for number, events in histories:
        try:
            ticket = fold(events)
            group = group_of(ticket, policy, by)
            opened = group(ticket.opened.at)
            group(ticket.at)  # the latest that is asked for
            owed = tuple(answers(events, policy, target=target, until=until))
        except TicketcoreError as error:
            if on_broken is None:
                raise
            on_broken(number, error)
            continue
        _count_ticket(tallies[opened], ticket, events)
        for answer in owed:
            tallies[group(answer.since)].answer(answer)
        _count_events(tallies, group, events)
    return tuple(tallies[name].figures(name) for name in sorted(tallies))


def _count_ticket(tally: Tally, ticket: Ticket, events: Iterable[Event]) -> None:
    tally.ticket(ticket)
    if ticket.closed_at is not None:
        claims = [e.at for e in events if isinstance(e, Replied) and e.solution and not e.interim]
        solved_at = claims[-1] if ticket.solved else ticket.closed_at
        tally.solution((solved_at - ticket.opened.at).total_seconds())


def _count_events(
    tallies: defaultdict[str, Tally], group: Callable[[datetime], str], events: Iterable[Event]
) -> None:
    failed = {e.reference for e in events if isinstance(e, RefundFailed)}
    for event in events:
        match event:
            case Warned():
                tallies[group(event.at)].warnings += 1
            case Reopened():
                tallies[group(event.at)].reopenings += 1
            case Refunded() if event.reference is None or event.reference not in failed:
                tallies[group(event.at)].refund(event.amount)
