"""Folding events to a ticket. The functions are total and silent: they refuse no event.

The fold works on a mutable draft, and turns the draft itself into a ticket at the end: both
classes have the same slots, so Python lets it change the class of the instance. So the cost is
linear in the events, and no copy is made per event.
"""

from collections.abc import Iterable

from ticketcore._internal.fast_attrs import fast_copy
from ticketcore.errors import HistoryError
from ticketcore.events import Event, Opened
from ticketcore.ticket._changes import CHANGES
from ticketcore.ticket._ticket import Ticket, TicketDraft


def evolve(ticket: Ticket | None, event: Event) -> Ticket:
    """Return the ticket after one more event, whatever the event is.

    Raises HistoryError if *ticket* is None and the event is not Opened.
    """
    return fold((event,), ticket)


def fold(events: Iterable[Event], ticket: Ticket | None = None) -> Ticket:
    """Return the ticket after these events: ``functools.reduce(evolve, events, ticket)``.

    The cost is linear in the events. Raises HistoryError if *ticket* is None and there is no
    event, or the first event is not Opened.
    """
    events = tuple(events)
    if ticket is None:
        draft = _open(events[0] if events else None)
        events = events[1:]
    else:
        draft = fast_copy(TicketDraft)(ticket)
    changes = CHANGES
    for event in events:
        changes[type(event)](draft, event)
    if events:
        draft.version += len(events)
        draft.at = events[-1].at
    return _seal(draft)


def replay(events: Iterable[Event]) -> Iterable[tuple[Ticket, Event]]:
    """Yield each event with the ticket after it, in order. Raises HistoryError as `fold` does."""
    ticket: Ticket | None = None
    for event in events:
        ticket = evolve(ticket, event)
        yield ticket, event


def _open(event: Event | None) -> TicketDraft:
    if not isinstance(event, Opened):
        problem = "empty" if event is None else "not-opened"
        found = "no events" if event is None else f"{type(event).__name__} at {event.at}"
        raise HistoryError(problem, f"a history must begin with opened, found {found}")
    return TicketDraft(
        version=1,
        at=event.at,
        opened=event,
        type=event.type,
        type_set_at=event.at,
        type_set_by=event.by,
        policy=event.policy,
        policy_version=event.policy_version,
        handler=event.default_handler,
        waiting_for=event.waiting_for,
        waiting_since=event.at,
        active_at=event.at,
        has_grace_period=event.has_grace_period,
    )


def _seal(draft: TicketDraft) -> Ticket:
    draft.__class__ = Ticket  # both have the same slots
    assert isinstance(draft, Ticket)
    return draft
