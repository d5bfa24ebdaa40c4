"""Watch the guarantees of a policy while events happen.

A `never` is checked at each event alone. An `always` has a span on each ticket. An event in the
span satisfies it; without one, the guarantee is broken if its condition holds after the span. The
state between two events is one value (`Owed`), so that an exploration can treat it as a part of
the ticket's state.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import either
from ticketcore.events import Event
from ticketcore.policies import Always, Guarantee, Never, Policy
from ticketcore.ticket import Ticket, fold_each


@attrs.frozen
class Owed:
    """An event that an `always` guarantee asks for between *since* and *due*, both in UTC.

    An event at *due* is in time. *met* is True after one of the events, *applies* while the
    condition of the guarantee holds.
    """

    since: datetime
    due: datetime
    met: bool
    applies: bool

    def is_late(self, at: datetime) -> bool:
        """Return whether the event is missing at *at*."""
        return self.applies and not self.met and at > self.due


@attrs.frozen(kw_only=True)
class Violation:
    """A guarantee that a history breaks, and the instant (UTC) at which it does."""

    guarantee: Guarantee
    at: datetime
    message: str

    def __str__(self) -> str:
        return f"{self.title}: {self.message}"

    @property
    def title(self) -> str:
        """The name of the guarantee, and its rule if it has one."""
        rule = f" ({self.guarantee.rule})" if self.guarantee.rule else ""
        return f'guarantee "{self.guarantee.name}"{rule}'


@typed
def broken_guarantees(
    events: Iterable[Event], policy: Policy, until: datetime | None = None
) -> Iterator[Violation]:
    """Yield the first violation of each guarantee that a history breaks, in the file's order.

    Time passes to *until* after the last event; None means that it stops there. Raises
    HistoryError if the events do not begin with an opening.
    """
    if policy.guarantees:
        steps = tuple(fold_each(events))
        for guarantee in policy.guarantees:
            yield from _first_violation(guarantee, steps, policy, until)


def _first_violation(
    guarantee: Guarantee,
    steps: tuple[tuple[Ticket, Event], ...],
    policy: Policy,
    until: datetime | None,
) -> Iterator[Violation]:
    before: Ticket | None = None
    owed: Owed | None = None
    for ticket, event in steps:
        if owed is not None and owed.is_late(event.at):
            break
        if guarantee.never is not None and is_never(guarantee.never, before or ticket, event):
            when = str(guarantee.when)
            while_it_holds = f" although this holds: {when}" if when else ""
            at = local_text(event.at, ticket.opened.zone)
            message = f"{event.NAME} on {at}{while_it_holds}"
            yield Violation(guarantee=guarantee, at=event.at, message=message)
            return
        if guarantee.always is not None:
            owed = after_event(guarantee.always, owed, event, ticket, policy)
        before = ticket
    if owed is not None and owed.is_late(until or steps[-1][1].at):
        assert guarantee.always is not None, "only an `always` is owed"
        names = either(guarantee.always.event)
        last = local_text(owed.due, steps[-1][0].opened.zone)
        message = f"{names} is missing on {last}, the last instant for it"
        yield Violation(guarantee=guarantee, at=owed.due, message=message)


def is_never(never: Never, ticket: Ticket, event: Event) -> bool:
    """Return whether an event breaks a `never`. *ticket* is the one before the event.

    For an opening, *ticket* is the one after it.
    """
    return event.NAME in never.event and event.by in never.by and never.when.holds(ticket)


def after_event(
    always: Always, owed: Owed | None, event: Event, ticket: Ticket, policy: Policy
) -> Owed | None:
    """Return what an `always` asks for after an event; *ticket* is the one after it.

    None if the ticket lacks the instant at which the span begins. If the event moves that instant,
    it does not count for the new span.
    """
    since = always.instant(ticket)
    if since is None:
        return None
    applies = always.when.holds(ticket)
    if owed is None or owed.since != since:
        due = policy.calendar(always.calendar, ticket).due(since, always.within)
        return Owed(since, due, met=False, applies=applies)
    counts = event.NAME in always.event and event.by in always.by
    return attrs.evolve(owed, met=owed.met or counts, applies=applies)
